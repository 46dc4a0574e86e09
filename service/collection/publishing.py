"""A list of paths in, a published snapshot out: read, chunk, embed, build."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

from corpus.document import Document
from corpus.origin import Origin
from corpus.stores.sql_store import SqlStore
from index.embedding.embedding import EmbeddingQueue
from index.embedding.opening import open_vectors
from index.embedding.vector_cache import VectorCache
from index.snapshots.publishing import current_id
from index.values.ports import Embedder
from ingest.chunking.chunking import ChunkingSettings
from ingest.pipeline.ingesting import ingest, outdated, reread
from ingest.pipeline.pruning import removed_sources
from ingest.pipeline.settings import IngestSettings, reading_fingerprint
from ingest.sources.fetching import Fetcher, FetchLimits
from ingest.sources.fetching_sources import FetchedSources
from ingest.sources.listing import find_sources, root_of
from ingest.sources.sitemap import addresses_in
from ingest.sources.source import Outcome, Source
from service.access.opening import open_guarded_store
from service.access.writing import Writer, sole_ingest
from service.auditing.recording import open_audit
from service.collection.debts import published
from service.collection.ingest_report import (
    DocumentReport,
    IngestReport,
    IngestRequest,
    Progress,
    Status,
)
from service.settings.models import Models
from service.settings.settings import Settings

_NO_TESSERACT = (
    "Tesseract is not installed, so the images of {pages} pages were not read. Install it (Debian: "
    "tesseract-ocr) and ingest again, or say that images are not to be read: CITEWELL_OCR=off."
)

# A deletion that comes in between embeds what is stored and waits: it should be little.
_MOST_WAITING_CHUNKS = 512

__all__ = ["DocumentReport", "IngestReport", "IngestRequest", "Progress", "Status", "publish"]


def publish(
    request: IngestRequest,
    settings: Settings,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> IngestReport:
    """Ingest and publish. One ingest at a time: a second waits for the first; deletions do not.

    What is read is stored document by document and embedded while the next one is read; the
    snapshot is built when all is embedded. Stopped at any moment, the next call goes on from there.

    Raises: InputError, StoreError, SnapshotError, ModelError. Sources that cannot be read do not
    raise: they are `rejected` in the report, with the reason, and the rest is done.
    """
    watch, writer = _Watch(on_progress), Writer(settings.layout)
    audit = open_audit(settings)
    with (
        sole_ingest(settings.layout, on_waiting=watch.waiting),
        open_guarded_store(settings, request.access, writer.changing) as store,
        open_vectors(settings.layout) as cache,
    ):
        embedder = Models.open(settings).embedder
        with writer.changing():
            if store.debts():
                published(store, cache, settings, ingest_ended=True)
        arrivals = FetchedSources(store, _fetcher(request, settings))
        with (
            arrivals.fetcher,
            EmbeddingQueue(
                embedder,
                cache,
                watch.embedded,
                waiting_chunks=_MOST_WAITING_CHUNKS,
                afresh=request.apart,
            ) as queue,
        ):
            outcomes: list[Outcome] = []
            for outcome in _outcomes(request, settings, embedder, store, watch, arrivals):
                queue.put(outcome.chunks)
                watch.read(outcome)
                if outcome.status != "unchanged":
                    audit.record("ingested", _recorded(outcome))
                outcomes.append(replace(outcome, chunks=()))
        with writer.changing():
            _keep_origins(store, outcomes, arrivals.said)
            if _is_nothing_to_publish(outcomes, store):
                return watch.done(current_id(settings.layout), queue.embedded)
            if request.prune:
                for document in _prune(request, store, cache, outcomes):
                    watch.removed(document)
                    about = {"doc_id": document.doc_id, "source": document.source}
                    audit.record("deleted", about | {"document_sha256": document.sha256})
            watch.building()
            snapshot = published(store, cache, settings, ingest_ended=True)
    return watch.done(snapshot, queue.embedded)


def _fetcher(request: IngestRequest, settings: Settings) -> Fetcher:
    return Fetcher(
        FetchLimits(settings.fetch_timeout_s, settings.max_file_bytes, request.allow_private)
    )


def _is_nothing_to_publish(outcomes: Sequence[Outcome], store: SqlStore) -> bool:
    """Tell whether every source was rejected, nothing is stored and no deletion is owed."""
    rejected = bool(outcomes) and all(outcome.status == "rejected" for outcome in outcomes)
    return rejected and not store.documents() and not store.debts()


def _outcomes(
    request: IngestRequest,
    settings: Settings,
    embedder: Embedder,
    store: SqlStore,
    watch: "_Watch",
    arrivals: FetchedSources,
) -> Iterator[Outcome]:
    """Yield what became of each source; then of each document read with other settings before.

    What is ingested apart reads only its own collection's documents again, and tells of no other.
    """
    listed = partial(addresses_in, fetcher=arrivals.fetcher)
    sources = [_addressed(found, request) for found in find_sources(request.paths, listed)]
    reading, tokenizer = ingest_settings(request, settings), embedder.tokenizer
    text, window = tokenizer.tokenizer_json, tokenizer.window_tokens
    watch.found(len(sources))
    reading = replace(reading, workers=min(reading.workers, len(sources) or 1))
    arriving = arrivals.arrived(sources)
    yield from ingest(arriving, store, reading, tokenizer_json=text, window_tokens=window)
    fingerprint = reading_fingerprint(reading, tokenizer_json=text, window_tokens=window)
    stale = [
        document
        for document in outdated(store, fingerprint)
        if not request.apart or document.collection == reading.collection
    ]
    watch.found(len(stale))
    yield from reread(stale, store, reading, tokenizer_json=text, window_tokens=window)


def _recorded(outcome: Outcome) -> dict[str, object]:
    return {"doc_id": outcome.doc_id, "source": outcome.source, "status": outcome.status}


def _keep_origins(store: SqlStore, outcomes: Sequence[Outcome], said: Mapping[str, Origin]) -> None:
    """Keep where sources were found, and what servers said, where either is news."""
    known = store.origins()
    news = []
    for outcome in outcomes:
        if outcome.status == "rejected" or not outcome.root:
            continue
        before = known.get(outcome.source)
        kept = before or Origin(outcome.source, outcome.root)
        origin = said.get(outcome.source) or replace(kept, root=outcome.root)
        if origin != before:
            news.append(origin)
    if news:
        store.keep_origins(news)


def _prune(
    request: IngestRequest,
    store: SqlStore,
    cache: VectorCache,
    outcomes: Sequence[Outcome],
) -> Iterator[Document]:
    """Remove what has left its source, and yield it; a document found elsewhere goes there."""
    for left in removed_sources(store, map(root_of, request.paths), outcomes):
        if left.twin is not None:
            store.rename(left.document.doc_id, left.twin)
            continue
        deletion = store.delete(left.document.doc_id)
        cache.remove(deletion.embedded_sha256s)
        yield left.document


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
        apart=request.apart,
        chunking=ChunkingSettings(chunk_tokens=settings.chunk_tokens),
        timeout_s=settings.read_timeout_s,
        max_bytes=settings.max_file_bytes,
        workers=settings.reading_workers,
        ocr=settings.ocr,
    )


class _Watch:
    """Keeps the report while it grows, and tells how far it is."""

    def __init__(self, on_progress: Callable[[Progress], None]) -> None:
        self._tell = on_progress
        self._documents: list[DocumentReport] = []
        self._sources = 0
        self._texts = (0, 0)
        self._unread = 0

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
        self._unread += outcome.without_tesseract
        self._sources = max(self._sources, len(self._documents))
        self._tell(self._progress("reading", report))

    def removed(self, document: Document) -> None:
        """One document was removed, since its source is gone."""
        reason = "no longer in its source"
        source, pages = document.source, document.pages
        report = DocumentReport(document.doc_id, source, "removed", pages, 0, reason)
        self._documents.append(report)

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
        notes = (_NO_TESSERACT.format(pages=self._unread),) if self._unread else ()
        return IngestReport(tuple(self._documents), snapshot, embedded, notes)

    def _progress(
        self,
        step: Literal["waiting", "reading", "embedding", "building", "done"],
        latest: DocumentReport | None = None,
    ) -> Progress:
        return Progress(step, len(self._documents), self._sources, *self._texts, latest)
