"""Settings of a collection and its server."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from corpus.home import Home
from service.settings.operating import OperatingSettings

PREFIX = "CITEWELL_"


class Settings(OperatingSettings):
    """Every setting, its type and its default. Frozen; read once, at an entry point."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Annotated[
        Path,
        Field(description="Folder of the collections' state; also `citewell --home`."),
    ] = Path("var")
    store: Annotated[
        str | None,
        Field(description="SQLAlchemy URL of the store. Default: SQLite in the home folder."),
    ] = None
    embedder: Annotated[
        str,
        Field(description="`default`, a Hugging Face id, or a local sentence-transformers folder."),
    ] = "default"
    multilingual: Annotated[
        bool,
        Field(
            description="Whether questions and passages in other languages than English are "
            "embedded by a multilingual model, beside the default embedder."
        ),
    ] = True
    reranker: Annotated[
        str,
        Field(
            description="The reading model: `default` (citewell's span finder), `none`, a "
            "file that ends in `.onnx`, or a cross-encoder by its Hugging Face "
            "id or local folder. A cross-encoder ranks passages and marks no "
            "answer spans."
        ),
    ] = "default"
    confidence: Annotated[
        str,
        Field(description="`default`, `none`, or a file that `citewell eval calibrate` wrote."),
    ] = "default"
    max_wrong: Annotated[
        float,
        Field(
            gt=0,
            le=1,
            description="Largest share of answers that may be wrong, above 0 and up to 1. "
            "Less certain answers are marked `unsure`.",
        ),
    ] = 0.15
    threads: Annotated[
        int, Field(ge=1, le=64, description="Texts embedded or reranked in parallel.")
    ] = 2
    chunk_tokens: Annotated[
        int, Field(ge=32, le=8192, description="Target size of a chunk, in tokens of the embedder.")
    ] = 200
    generator_url: Annotated[
        str | None,
        Field(
            description="OpenAI-compatible server that drafts answers: `http://127.0.0.1:8080/v1`."
        ),
    ] = None
    generator_model: Annotated[str, Field(description="Model to request from that server.")] = (
        "default"
    )
    generator_key: Annotated[
        str | None, Field(description="Sent to that server as a Bearer token.", repr=False)
    ] = None
    generator_timeout_s: Annotated[
        float,
        Field(
            gt=0,
            description="Longest time for one draft; then the quotes.",
        ),
    ] = 60.0
    base_url: Annotated[
        str,
        Field(description="Public URL of the server; the `url` of every citation begins with it."),
    ] = "http://127.0.0.1:8000"
    ocr: Annotated[
        Literal["auto", "off", "force"],
        Field(
            description="Pages that Tesseract reads: those without usable text, none, or all scans."
        ),
    ] = "auto"
    reading_workers: Annotated[
        int,
        Field(
            ge=1,
            le=64,
            description="Files read in parallel, each in a process of at most 2 GiB.",
        ),
    ] = 2
    read_timeout_s: Annotated[float, Field(gt=0, description="Longest time to read one file.")] = (
        600.0
    )
    drawing_workers: Annotated[
        int,
        Field(
            ge=1,
            le=64,
            description="Pages rendered in parallel, each in a process of at most 1 GiB.",
        ),
    ] = 2
    draw_timeout_s: Annotated[
        float,
        Field(gt=0, description="Longest time to render a page; then 422."),
    ] = 15.0
    fetch_timeout_s: Annotated[float, Field(gt=0, description="Longest time to fetch one URL.")] = (
        60.0
    )
    max_file_bytes: Annotated[
        int, Field(gt=0, description="Largest file that is read, in bytes.")
    ] = 512 * 1024 * 1024
    max_upload_bytes: Annotated[
        int, Field(gt=0, description="Largest upload over HTTP, in bytes; larger ones get 413.")
    ] = 128 * 1024 * 1024
    max_question_characters: Annotated[
        int, Field(gt=0, description="Longest question, in characters.")
    ] = 2000
    max_passages: Annotated[
        int, Field(ge=1, le=1000, description="Most passages that one request may ask for.")
    ] = 100
    asking_at_once: Annotated[
        int, Field(ge=1, le=256, description="Questions answered in parallel.")
    ] = 4
    asking_waiting: Annotated[
        int, Field(ge=0, description="Questions that may wait in the queue; more get 503.")
    ] = 8
    requests_at_once: Annotated[
        int, Field(ge=1, description="Requests of all kinds in progress; more get 503.")
    ] = 256
    connections_at_once: Annotated[
        int,
        Field(
            ge=1,
            description="Open connections; at most half of the file limit.",
        ),
    ] = 512
    address_connections_at_once: Annotated[
        int, Field(ge=1, description="Open connections from one remote address; more get 503.")
    ] = 64
    header_timeout_s: Annotated[
        float,
        Field(gt=0, description="Longest time for the headers of a request."),
    ] = 10.0
    body_timeout_s: Annotated[
        float,
        Field(
            gt=0,
            description="Longest time for a body, plus 1 s per 500 bytes received; then 408.",
        ),
    ] = 20.0
    uploads_waiting: Annotated[
        int,
        Field(ge=1, description="Uploads of one key that wait to be ingested; more get 503."),
    ] = 100
    change_wait_s: Annotated[
        float,
        Field(
            ge=0,
            description="Longest time that a change waits for another writer; then 503.",
        ),
    ] = 10.0
    key_requests_per_minute: Annotated[
        int, Field(ge=1, description="Requests per minute with one key; more get 429.")
    ] = 600
    embedding_tokens: Annotated[
        int,
        Field(ge=1, description="Most tokens in a request to `/v1/embeddings`; more get 400."),
    ] = 32_768
    key_embedding_tokens_per_minute: Annotated[
        int,
        Field(
            ge=1,
            description="Tokens embedded per minute with one key; more get 429.",
        ),
    ] = 131_072
    address_requests_per_minute: Annotated[
        int,
        Field(
            ge=1,
            description="Requests per minute without a key from one address; more get 429.",
        ),
    ] = 600
    budget_ms: Annotated[
        float | None,
        Field(
            ge=1,
            le=600_000,
            description="Time budget for retrieval and reranking, in milliseconds, where a "
            "request sets none. Default: no limit.",
        ),
    ] = None
    allowed_origins: Annotated[
        str,
        Field(description="Origins whose pages may use the API (CORS), separated by commas."),
    ] = ""
    allowed_hosts: Annotated[
        str,
        Field(
            description="Further `Host` names accepted without a key, separated by commas, or `*`."
        ),
    ] = ""
    widget_origins: Annotated[
        str,
        Field(description="Origins whose pages may embed the widget, separated by commas."),
    ] = ""
    slack_signing_secret: Annotated[
        str | None,
        Field(
            description="Signing secret of your Slack app.",
            repr=False,
        ),
    ] = None
    slack_bot_token: Annotated[
        str | None,
        Field(
            description="Token that posts answers to mentions and direct messages in Slack.",
            repr=False,
        ),
    ] = None
    slack_api_url: Annotated[str, Field(description="Base URL of Slack's Web API.")] = (
        "https://slack.com/api"
    )
    teams_secret: Annotated[
        str | None,
        Field(
            description="Secret of your Teams webhook.",
            repr=False,
        ),
    ] = None
    integration_collections: Annotated[
        str,
        Field(description="Collections that Slack and Teams may see. Default: all."),
    ] = ""
    keep_snapshots: Annotated[
        int, Field(ge=1, description="Snapshots kept whole, for rollback.")
    ] = 5
    keep_past: Annotated[
        int,
        Field(
            ge=0,
            description="Outlines of older snapshots kept for replay.",
        ),
    ] = 1000

    @property
    def layout(self) -> Home:
        """The files of the home folder."""
        database = self.store if (self.store or "").startswith("postgresql") else None
        return Home(self.home, database, self.signing_key)

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


def _origins(listed: str) -> frozenset[str]:
    return frozenset(each.strip().rstrip("/") for each in listed.split(",")) - {""}
