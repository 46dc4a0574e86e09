"""The room's main path: files in, documents with pages and chunks in the store."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace

from corpus.document import Document
from corpus.ids import Fingerprint
from corpus.store import Store
from ingest.pipeline.intake import Intake, Ticket
from ingest.pipeline.isolating import ReadingWorkers
from ingest.pipeline.opening import opened
from ingest.pipeline.settings import IngestSettings, is_as_read_now, reading_fingerprint
from ingest.pipeline.stored_documents import has_edits
from ingest.pipeline.stored_sources import stored_sources
from ingest.sources.source import Outcome, Source


def ingest(
    sources: Iterable[Source | Outcome],
    store: Store,
    settings: IngestSettings,
    *,
    tokenizer_json: str,
    window_tokens: int,
) -> Iterator[Outcome]:
    """Yield what became of each source, in the order given; each is stored before it is yielded.

    Outcomes among the sources (see `find_sources`) are passed on. Files are read in worker
    processes, a few ahead of the one that is stored. Archives and messages are opened (see
    `ingest.pipeline.opening`). A file whose bytes are current elsewhere is
    left there; where that place gets other bytes in the same run, it is added in a second outcome.

    Raises: StoreError. What cannot be read is an outcome, not an error.
    """
    chunking = replace(settings.chunking, window_tokens=window_tokens)
    reading = reading_fingerprint(
        settings, tokenizer_json=tokenizer_json, window_tokens=window_tokens
    )
    with ReadingWorkers(chunking, tokenizer_json, settings.limits) as workers:
        intake = Intake(store, settings, reading, workers)
        ahead: deque[Ticket] = deque()
        arriving = opened(
            sources,
            workers,
            max_bytes=settings.max_bytes,
            password=settings.password,
            limits=settings.unpacking,
        )
        for source in arriving:
            ahead.append(intake.begin(source))
            while not workers.has_room(len(ahead), sum(len(ticket.content) for ticket in ahead)):
                yield intake.finish(ahead.popleft())
        while ahead:
            yield intake.finish(ahead.popleft())
        for twin in intake.orphaned_twins():
            yield intake.finish(intake.begin(twin))


def outdated(store: Store, reading: Fingerprint) -> list[Document]:
    """Return the current documents that were read otherwise, or before they were edited."""
    edits = store.edits()
    return [
        document
        for document in store.documents()
        if not is_as_read_now(document.reading, reading)
        or not has_edits(document, edits.get(document.source, {}))
    ]


def reread(
    documents: Iterable[Document],
    store: Store,
    settings: IngestSettings,
    *,
    tokenizer_json: str,
    window_tokens: int,
) -> Iterator[Outcome]:
    """Read stored documents again from their stored bytes; yield as `ingest` does.

    They keep their title, collection and other fields.
    """
    yield from ingest(
        stored_sources(documents, store),
        store,
        replace(settings, collection=None, metadata={}),
        tokenizer_json=tokenizer_json,
        window_tokens=window_tokens,
    )
