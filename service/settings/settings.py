"""Settings of a collection and its server, from the environment (`CITEWELL_…`)."""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import SettingsError
from corpus.home import Home

PREFIX = "CITEWELL_"
PASSWORD_VARIABLE = f"{PREFIX}INGEST_PASSWORD"  # read by the ingest command alone


class Settings(BaseModel):
    """Every setting, its type and its default. Frozen; read once, at an entry point."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Annotated[Path, Field(description="Folder that holds the collection's state.")] = Path(
        "var"
    )
    store: Annotated[
        str | None,
        Field(description="SQLAlchemy address of the store; default: SQLite in the home folder."),
    ] = None
    embedder: Annotated[
        str,
        Field(description="`default`, a Hugging Face id, or a local sentence-transformers folder."),
    ] = "default"
    reranker: Annotated[
        str,
        Field(
            description="The reading model: `default` (citewell's span finder), `none`, a file "
            "that ends in `.onnx`, or a cross-encoder by its Hugging Face id or local folder."
        ),
    ] = "default"
    confidence: Annotated[
        str, Field(description="`default`, `none`, or a file that `citewell eval calibrate` wrote.")
    ] = "default"
    max_wrong: Annotated[
        float,
        Field(gt=0, le=1, description="Share of answers that may be wrong; else it is unsure."),
    ] = 0.15
    threads: Annotated[
        int, Field(ge=1, le=64, description="Texts embedded or reranked side by side.")
    ] = 2
    chunk_tokens: Annotated[
        int, Field(ge=32, le=8192, description="Size that chunks aim at, in the embedder's tokens.")
    ] = 200
    generator_url: Annotated[
        str | None,
        Field(description="An OpenAI-compatible server that drafts answers, such as http://…/v1."),
    ] = None
    generator_model: Annotated[str, Field(description="The model that is asked for there.")] = (
        "default"
    )
    generator_key: Annotated[
        str | None, Field(description="Sent to the generator as Bearer.", repr=False)
    ] = None
    generator_timeout_s: Annotated[
        float, Field(gt=0, description="Longest time to draft one answer.")
    ] = 60.0
    base_url: Annotated[
        str, Field(description="Address under which `citewell serve` is reached; begins citations.")
    ] = "http://127.0.0.1:8000"
    ocr: Annotated[
        Literal["auto", "off", "force"],
        Field(description="Pages read from their image: without usable text, none, scans too."),
    ] = "auto"
    reading_workers: Annotated[
        int, Field(ge=1, le=64, description="Files read side by side, each in its own process.")
    ] = 2
    read_timeout_s: Annotated[float, Field(gt=0, description="Longest time to read one file.")] = (
        600.0
    )
    drawing_workers: Annotated[
        int, Field(ge=1, le=64, description="Pages drawn at once, each in its own process.")
    ] = 2
    draw_timeout_s: Annotated[float, Field(gt=0, description="Longest time to draw one page.")] = (
        15.0
    )
    fetch_timeout_s: Annotated[
        float, Field(gt=0, description="Longest time to fetch one address.")
    ] = 60.0
    max_file_bytes: Annotated[int, Field(gt=0, description="Largest file that is read.")] = (
        512 * 1024 * 1024
    )
    max_upload_bytes: Annotated[
        int, Field(gt=0, description="Largest file that is taken over HTTP.")
    ] = 128 * 1024 * 1024
    max_question_characters: Annotated[
        int, Field(gt=0, description="Longest question, in characters.")
    ] = 2000
    max_passages: Annotated[
        int, Field(ge=1, le=1000, description="Largest number of passages for one question.")
    ] = 100
    asking_at_once: Annotated[
        int, Field(ge=1, le=256, description="Questions that the server answers at once.")
    ] = 4
    asking_waiting: Annotated[
        int, Field(ge=0, description="Questions that wait behind these; more are refused (503).")
    ] = 8
    requests_at_once: Annotated[
        int, Field(ge=1, description="Requests of all kinds under way; more are refused (503).")
    ] = 256
    connections_at_once: Annotated[
        int, Field(ge=1, description="Open connections; at most half of the files it may open.")
    ] = 512
    address_connections_at_once: Annotated[
        int, Field(ge=1, description="Open connections of one address of another machine.")
    ] = 64
    header_timeout_s: Annotated[
        float, Field(gt=0, description="Longest time for the headers of a request.")
    ] = 10.0
    body_timeout_s: Annotated[
        float,
        Field(gt=0, description="Longest time for a body, and 1 s more for each 500 bytes."),
    ] = 20.0
    uploads_waiting: Annotated[
        int, Field(ge=1, description="Uploads of one key that wait; more of it are refused (503).")
    ] = 100
    change_wait_s: Annotated[
        float,
        Field(ge=0, description="Longest wait of an edit or deletion for a writer before (503)."),
    ] = 10.0
    key_requests_per_minute: Annotated[
        int, Field(ge=1, description="Requests a minute with one key; more are refused (429).")
    ] = 600
    embedding_tokens: Annotated[
        int,
        Field(ge=1, description="Tokens of one request for embeddings; more are refused (400)."),
    ] = 32_768
    key_embedding_tokens_per_minute: Annotated[
        int,
        Field(ge=1, description="Tokens embedded a minute for one key; more are refused (429)."),
    ] = 131_072
    address_requests_per_minute: Annotated[
        int,
        Field(ge=1, description="Requests a minute without a key from one address, as above."),
    ] = 600
    budget_ms: Annotated[
        float | None,
        Field(
            ge=1,
            le=600_000,
            description="Milliseconds in which passages are found and reranked, where a request "
            "says no other; default: however long it takes.",
        ),
    ] = None
    allowed_origins: Annotated[
        str,
        Field(description="Sites whose pages may use the API (CORS), separated by commas."),
    ] = ""
    allowed_hosts: Annotated[
        str,
        Field(description="Names under which it may be asked without a key, separated by commas."),
    ] = ""
    widget_origins: Annotated[
        str,
        Field(description="Sites on whose pages the widget may stand, separated by commas."),
    ] = ""
    slack_signing_secret: Annotated[
        str | None, Field(description="Proves that a request is from your Slack app.", repr=False)
    ] = None
    slack_bot_token: Annotated[
        str | None, Field(description="Posts answers to mentions in Slack.", repr=False)
    ] = None
    slack_api_url: Annotated[str, Field(description="Where Slack's methods are.")] = (
        "https://slack.com/api"
    )
    teams_secret: Annotated[
        str | None,
        Field(description="Proves that a request is from your Teams webhook.", repr=False),
    ] = None
    integration_collections: Annotated[
        str, Field(description="Collections that Slack and Teams see; default: all of them.")
    ] = ""
    keep_snapshots: Annotated[
        int, Field(ge=1, description="Snapshots kept whole, for rollback.")
    ] = 5
    keep_past: Annotated[
        int,
        Field(
            ge=0,
            description="Outlines of older snapshots kept (30 bytes a chunk): replay, as_of.",
        ),
    ] = 1000

    @property
    def layout(self) -> Home:
        """The files of the home folder."""
        return Home(self.home)

    @property
    def origins(self) -> frozenset[str]:
        """The sites whose pages may use the API."""
        return _origins(self.allowed_origins)

    @property
    def embedding_origins(self) -> frozenset[str]:
        """The sites on whose pages the widget may stand."""
        return _origins(self.widget_origins)

    @property
    def store_url(self) -> str:
        """The SQLAlchemy address of the store."""
        return self.store or self.layout.store_url


def read_settings(environment: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Return the settings of the environment; `overrides` that are not None win.

    Raises: SettingsError for a `CITEWELL_…` name that does not exist (with the nearest one that
    does) and for a value that is not allowed.
    """
    found = os.environ if environment is None else environment
    known = {f"{PREFIX}{name.upper()}": name for name in Settings.model_fields}
    given: dict[str, object] = {}
    for name, value in found.items():
        if not name.upper().startswith(PREFIX) or name == PASSWORD_VARIABLE:
            continue
        if name.upper() not in known:
            raise SettingsError(_unknown(name, list(known)))
        given[known[name.upper()]] = value
    given |= {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name = f"{PREFIX}{str(first['loc'][0]).upper()}" if first["loc"] else PREFIX
        raise SettingsError(
            f"{name}: found {first['input']!r}; expected: {first['msg']}."
        ) from error


def _origins(listed: str) -> frozenset[str]:
    return frozenset(each.strip().rstrip("/") for each in listed.split(",")) - {""}


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(known))}."
    return f"{name} is not a setting of citewell; {hint}"
