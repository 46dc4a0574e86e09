"""Settings for those who run a server: what it logs, records and sends elsewhere."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FilePath


class OperatingSettings(BaseModel):
    """The part of `Settings` that no answer depends on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    signing_key: Annotated[
        FilePath | None,
        Field(
            description="File of the Ed25519 key that signs answers, in PEM. Default: "
            "`signing-key.pem` in the home folder, made when it is first needed."
        ),
    ] = None
    log_format: Annotated[
        Literal["text", "json"],
        Field(
            description="The log of `citewell serve`: lines for people, or one JSON object each."
        ),
    ] = "text"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"] | None,
        Field(
            description="Least level that is logged; `info` has a line for each request. Default: "
            "`info` with `json`, else `warning`."
        ),
    ] = None
    metrics: Annotated[
        bool,
        Field(
            description="Whether `GET /metrics` tells Prometheus what it does; to keys with "
            "the scope `metrics` or `admin`, once a key was made."
        ),
    ] = True
    traces: Annotated[
        bool,
        Field(
            description="Whether spans of requests and answers are sent by OpenTelemetry, as the "
            "`OTEL_…` variables say. Needs `pip install 'citewell[traces]'`."
        ),
    ] = False
    trace_texts: Annotated[
        bool, Field(description="Whether spans hold questions, answers and quotes.")
    ] = False
    audit: Annotated[
        Literal["off", "changes", "all"],
        Field(
            description="What the audit log records: nothing, changes of documents and keys, or "
            "questions too."
        ),
    ] = "changes"
    audit_texts: Annotated[
        bool,
        Field(description="Whether it holds the text of questions; else their SHA-256 alone."),
    ] = False
