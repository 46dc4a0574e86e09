"""The room's main path: files in, documents with pages and chunks in the store."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from corpus.document import Document
from corpus.errors import ReadError
from corpus.ids import DocId, Fingerprint, Sha256, doc_id_of, sha256_of
from corpus.storable import readable
from corpus.store import Store
from ingest.isolating import PendingRead, ReadingWorkers, ReadRequest, ReadResult
from ingest.known import Known, agrees
from ingest.readers.quality import missing_text_reason
from ingest.settings import IngestSettings, reading_fingerprint
from ingest.source import Fields, Outcome, Source

DEFAULT_COLLECTION = "default"
_NONE = Sha256("")


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
    processes, a few ahead of the one that is stored. A file whose bytes are current elsewhere is
    left there; where that place gets other bytes in the same run, it is added in a second outcome.

    Raises: StoreError. What cannot be read is an outcome, not an error.
    """
    chunking = replace(settings.chunking, window_tokens=window_tokens)
    reading = reading_fingerprint(
        settings, tokenizer_json=tokenizer_json, window_tokens=window_tokens
    )
    with ReadingWorkers(chunking, tokenizer_json, settings.limits) as workers:
        desk = _Desk(store, settings, reading, workers)
        ahead: deque[_Ticket] = deque()
        for source in sources:
            ahead.append(desk.begin(source))
            while len(ahead) > workers.in_flight:
                yield desk.finish(ahead.popleft())
        while ahead:
            yield desk.finish(ahead.popleft())
        for source in desk.orphaned_twins():
            yield desk.finish(desk.begin(source))


def outdated(store: Store, reading: Fingerprint) -> list[Document]:
    """Return the current documents that were read with another fingerprint, by doc_id."""
    return [document for document in store.documents() if document.reading != reading]


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
        (_stored_source(document, store) for document in documents),
        store,
        replace(settings, collection=None, metadata={}),
        tokenizer_json=tokenizer_json,
        window_tokens=window_tokens,
    )


@dataclass(frozen=True, slots=True)
class _Ticket:
    """A source on its way, with an outcome where it is clear and a read where one was started."""

    source: Source
    sha256: Sha256
    content: bytes = b""
    pending: PendingRead | None = None
    outcome: Outcome | None = None

    @property
    def doc_id(self) -> DocId:
        """The id of the document that these bytes are."""
        return doc_id_of(self.sha256)


class _Desk:
    """Where sources are taken in and outcomes handed out, in the same order."""

    def __init__(
        self, store: Store, settings: IngestSettings, reading: Fingerprint, workers: ReadingWorkers
    ) -> None:
        self._store = store
        self._settings = settings
        self._reading = reading
        self._workers = workers
        self._known = Known(store)
        self._in_flight: set[DocId] = set()
        self._refused: dict[DocId, str] = {}
        self._twins: list[tuple[DocId, Source]] = []

    def begin(self, source: Source | Outcome) -> _Ticket:
        """Take a source in; start reading it unless it is stored already or being read."""
        if isinstance(source, Outcome):
            return _Ticket(Source(source.source, source.source), _NONE, outcome=source)
        try:
            content = source.read_bytes(self._settings.max_bytes)
        except ReadError as error:
            return _Ticket(source, _NONE, outcome=_rejected(source, str(error)))
        ticket = _Ticket(source, sha256_of(content), content)
        if ticket.doc_id in self._in_flight or self._unchanged(ticket) is not None:
            return ticket
        self._in_flight.add(ticket.doc_id)
        return replace(ticket, pending=self._read(ticket))

    def finish(self, ticket: _Ticket) -> Outcome:
        """Wait for a source, store its document and return what became of it."""
        if ticket.outcome is not None:
            return ticket.outcome
        if ticket.pending is None:
            # Sources before this one are done by now, so its case is clear.
            if unchanged := self._unchanged(ticket):
                self._twins.append((ticket.doc_id, ticket.source))
                return unchanged
            if reason := self._refused.get(ticket.doc_id):
                return _rejected(ticket.source, reason)
        pending = ticket.pending or self._read(ticket)
        self._in_flight.discard(ticket.doc_id)
        try:
            result = pending.result()
        except ReadError as error:
            self._refused[ticket.doc_id] = str(error)
            return _rejected(ticket.source, str(error))
        return self._keep(ticket, result)

    def orphaned_twins(self) -> list[Source]:
        """Return the sources that were left to a place which has other bytes by now."""
        return [source for doc_id, source in self._twins if self._known.current(doc_id) is None]

    def _unchanged(self, ticket: _Ticket) -> Outcome | None:
        stored = self._known.current(ticket.doc_id)
        if stored is None:
            return None
        source, reason = ticket.source.source, None
        if stored.source != source:
            reason = f"the same bytes as {stored.source}"
        elif not agrees(stored, self._fields(ticket), self._reading):
            return None
        return Outcome(source, "unchanged", stored.doc_id, stored.pages, reason=reason)

    def _fields(self, ticket: _Ticket) -> Fields:
        fields = self._settings.fields_over(ticket.source.fields)
        # The title goes into the chunks, so it must be such as can be stored from here on.
        return replace(fields, title=_readable(fields.title))

    def _read(self, ticket: _Ticket) -> PendingRead:
        return self._workers.submit(
            ReadRequest(
                doc_id=ticket.doc_id,
                name=ticket.source.name,
                content=ticket.content,
                title=self._fields(ticket).title,
                password=self._settings.password,
            )
        )

    def _keep(self, ticket: _Ticket, result: ReadResult) -> Outcome:
        """Store the document in one transaction."""
        source = ticket.source.source
        before = self._known.current_of(source)
        document = self._document(ticket, result)
        self._store.add(document, ticket.content, result.reading.pages, result.chunks)
        self._known.keep(document)
        return Outcome(
            source=source,
            status="added" if before is None else "replaced",
            doc_id=document.doc_id,
            pages=document.pages,
            chunks=result.chunks,
            reason=missing_text_reason(result.reading.pages),
        )

    def _document(self, ticket: _Ticket, result: ReadResult) -> Document:
        """Return the document: what was said of it goes before what the file says."""
        fields, reading = self._fields(ticket), result.reading
        metadata = {**reading.metadata, **fields.metadata}
        return Document(
            doc_id=ticket.doc_id,
            sha256=ticket.sha256,
            source=ticket.source.source,
            title=readable(result.title),
            collection=readable(fields.collection or DEFAULT_COLLECTION),
            media_type=result.media_type,
            reading=self._reading,
            pages=len(reading.pages),
            publisher=_readable(fields.publisher or reading.publisher),
            date=_readable(fields.date or reading.date),
            language=_readable(fields.language or reading.language),
            metadata={readable(key): readable(value) for key, value in metadata.items()},
        )


def _readable(text: str | None) -> str | None:
    return None if text is None else readable(text)


def _rejected(source: Source, reason: str) -> Outcome:
    return Outcome(source.source, "rejected", reason=reason)


def _stored_source(document: Document, store: Store) -> Source:
    return Source(
        source=document.source,
        name=document.source.rsplit("/", 1)[-1],
        content=store.content(document.doc_id),
        fields=Fields(
            title=document.title,
            publisher=document.publisher,
            date=document.date,
            language=document.language,
            collection=document.collection,
            metadata=document.metadata,
        ),
    )
