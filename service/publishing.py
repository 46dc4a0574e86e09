"""A list of paths in, a published snapshot out: read, chunk, embed, build."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Literal

from corpus.sql_store import SqlStore
from index.building import build
from index.embedding import EmbeddingQueue
from index.ports import Embedder
from index.publishing import purge_snapshots
from index.vector_cache import VectorCache
from ingest.chunking import ChunkingSettings
from ingest.finding import find_sources
from ingest.ingesting import ingest, outdated, reread
from ingest.settings import IngestSettings, reading_fingerprint
from ingest.source import Outcome, Source
from service.ingest_report import (
    DocumentReport,
    IngestReport,
    IngestRequest,
    Progress,
    Status,
)
from service.models import Models
from service.settings import Settings
from service.writing import sole_writer

__all__ = ["DocumentReport", "IngestReport", "IngestRequest", "Progress", "Status", "publish"]


def publish(
    request: IngestRequest,
    settings: Settings,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> IngestReport:
    """Ingest and publish. One writer at a time: a second waits for the first.

    What is read is stored document by document and embedded while the next one is read; the
    snapshot is built when all is embedded. Stopped at any moment, the next call goes on from there.

    Raises: InputError, StoreError, SnapshotError, ModelError. Sources that cannot be read do not
    raise: they are `rejected` in the report, with the reason, and the rest is done.
    """
    watch = _Watch(on_progress)
    with (
        sole_writer(settings.layout, on_waiting=watch.waiting),
        SqlStore.open(settings.store_url) as store,
        VectorCache.open(settings.layout.vectors) as cache,
    ):
        embedder = Models.open(settings).embedder
        with EmbeddingQueue(embedder, cache, watch.embedded) as queue:
            for outcome in _outcomes(request, settings, embedder, store, watch):
                queue.put(outcome.chunks)
                watch.read(outcome)
        watch.building()
        snapshot = build(store, cache, embedder, settings.layout)
        purge_snapshots(settings.layout, keep=settings.keep_snapshots)
    return watch.done(snapshot, queue.embedded)


def _outcomes(
    request: IngestRequest, settings: Settings, embedder: Embedder, store: SqlStore, watch: "_Watch"
) -> Iterator[Outcome]:
    """Yield what became of each source; then of each document read with other settings before."""
    sources = [_addressed(found, request) for found in find_sources(request.paths)]
    reading, tokenizer = ingest_settings(request, settings), embedder.tokenizer
    text, window = tokenizer.tokenizer_json, tokenizer.window_tokens
    watch.found(len(sources))
    yield from ingest(sources, store, reading, tokenizer_json=text, window_tokens=window)
    fingerprint = reading_fingerprint(reading, tokenizer_json=text, window_tokens=window)
    stale = outdated(store, fingerprint)
    watch.found(len(stale))
    yield from reread(stale, store, reading, tokenizer_json=text, window_tokens=window)


def _addressed(found: Source | Outcome, request: IngestRequest) -> Source | Outcome:
    if isinstance(found, Source) and str(found.path) in request.addresses:
        return replace(found, source=request.addresses[str(found.path)])
    return found


def ingest_settings(request: IngestRequest, settings: Settings) -> IngestSettings:
    """Return how files are read for a request."""
    return IngestSettings(
        collection=request.collection,
        metadata=request.metadata,
        password=request.password,
        chunking=ChunkingSettings(chunk_tokens=settings.chunk_tokens),
        timeout_s=settings.read_timeout_s,
        max_bytes=settings.max_file_bytes,
    )


class _Watch:
    """Keeps the report while it grows, and tells how far it is."""

    def __init__(self, on_progress: Callable[[Progress], None]) -> None:
        self._tell = on_progress
        self._documents: list[DocumentReport] = []
        self._sources = 0
        self._texts = (0, 0)

    def waiting(self) -> None:
        """Another process is writing."""
        self._tell(self._progress("waiting"))

    def found(self, sources: int) -> None:
        """So many more sources are to be read."""
        self._sources += sources
        self._tell(self._progress("reading"))

    def read(self, outcome: Outcome) -> None:
        """One source is done."""
        report = DocumentReport(
            doc_id=outcome.doc_id,
            source=outcome.source,
            status=outcome.status,
            pages=outcome.pages,
            chunks=len(outcome.chunks),
            reason=outcome.reason,
        )
        self._documents.append(report)
        self._sources = max(self._sources, len(self._documents))
        self._tell(self._progress("reading", report))

    def embedded(self, done: int, total: int) -> None:
        """So many texts of those known have their vectors."""
        self._texts = (done, total)
        self._tell(self._progress("embedding"))

    def building(self) -> None:
        """All is read and embedded."""
        self._tell(self._progress("building"))

    def done(self, snapshot: str | None, embedded: int) -> IngestReport:
        """Return the report."""
        self._tell(self._progress("done"))
        return IngestReport(tuple(self._documents), snapshot, embedded)

    def _progress(
        self,
        step: Literal["waiting", "reading", "embedding", "building", "done"],
        latest: DocumentReport | None = None,
    ) -> Progress:
        return Progress(step, len(self._documents), self._sources, *self._texts, latest)
