"""The intake: a source taken in and read, and its document stored, one after another."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.document import Document
from corpus.errors import NotFoundError, ReadError
from corpus.ids import DocId, Fingerprint, Sha256, doc_id_of, sha256_of
from corpus.store import Store
from corpus.stores.storable import readable
from ingest.metadata.describing import (
    EDIT,
    Description,
    described,
    put_together,
    with_wanted,
)
from ingest.pipeline.isolating import ReadingWorkers, ReadRequest, ReadResult
from ingest.pipeline.settings import IngestSettings, without_tesseract
from ingest.pipeline.stored_documents import StoredDocuments, agrees
from ingest.quality.page_figures import count_without_tesseract, missing_text_reason
from ingest.readers.document.reader import Reading
from ingest.sources.source import MEMBER, Outcome, Source
from ingest.workers.pending_read import PendingRead

DEFAULT_COLLECTION = "default"
_ELSEWHERE = (
    "A document of this name, or with these bytes, was moved to another collection. Send the file "
    "with a key of that collection, or other bytes under another name."
)
_DELETED = "The document was deleted while it was read again."
_NONE, _NO_ID = Sha256(""), DocId("")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A source on its way, with an outcome where it is clear and a read where one was started."""

    source: Source
    sha256: Sha256 = _NONE
    doc_id: DocId = _NO_ID
    content: bytes = b""
    pending: PendingRead[ReadResult] | None = None
    outcome: Outcome | None = None


class Intake:
    """Where sources are taken in and outcomes handed out, in the same order."""

    def __init__(
        self, store: Store, settings: IngestSettings, reading: Fingerprint, workers: ReadingWorkers
    ) -> None:
        self._store = store
        self._settings = settings
        self._reading = reading
        self._workers = workers
        self._known = StoredDocuments(store)
        self._edits = store.edits()
        self._in_flight: set[DocId] = set()
        self._refused: dict[DocId, str] = {}
        self._twins: list[tuple[DocId, Source]] = []

    def begin(self, source: Source | Outcome) -> Ticket:
        """Take a source in; start reading it unless it is stored already or being read."""
        if isinstance(source, Outcome):
            return Ticket(Source(source.source, source.source), outcome=source)
        try:
            content = source.read_bytes(self._settings.max_bytes)
        except ReadError as error:
            return Ticket(source, outcome=_rejected(source, str(error)))
        sha256 = sha256_of(content)
        ticket = Ticket(source, sha256, self._id_of(source, sha256), content)
        if self._is_elsewhere(ticket):
            return replace(ticket, outcome=_rejected(source, _ELSEWHERE))
        if ticket.doc_id in self._in_flight or self._unchanged(ticket) is not None:
            return ticket
        self._in_flight.add(ticket.doc_id)
        return replace(ticket, pending=self._read(ticket))

    def finish(self, ticket: Ticket) -> Outcome:
        """Wait for a source, store its document and return what became of it."""
        outcome = self._finished(ticket)
        return replace(outcome, root=ticket.source.root) if ticket.source.root else outcome

    def _finished(self, ticket: Ticket) -> Outcome:
        if ticket.outcome is not None:
            return ticket.outcome
        if ticket.pending is None:
            # Sources before this one are done by now, so its case is clear.
            if unchanged := self._unchanged(ticket):
                self._follow(ticket.doc_id, ticket.source.source)
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

    def _id_of(self, source: Source, sha256: Sha256) -> DocId:
        """Return the id of the document that these bytes are, or become, at this source."""
        if source.doc_id is not None:
            return source.doc_id
        stored = self._known.current_of(source.source)
        if stored is not None and stored.sha256 == sha256:
            return stored.doc_id
        if not self._settings.apart:
            return doc_id_of(sha256)
        collection = self._settings.collection or DEFAULT_COLLECTION
        twin = self._known.with_bytes(sha256, collection)
        return twin.doc_id if twin else doc_id_of(sha256, apart_in=collection)

    def _is_elsewhere(self, ticket: Ticket) -> bool:
        """Tell whether what is ingested apart would go to, or take from, another collection."""
        collection, source = self._settings.collection, ticket.source.source
        if not self._settings.apart or collection is None:
            return False
        goes_to = self._wanted(ticket.source).values.get("collection", collection)
        taken = self._known.is_elsewhere(collection, source, ticket.doc_id)
        return goes_to != collection or taken

    def orphaned_twins(self) -> list[Source]:
        """Return the sources that were left to a place which has other bytes by now."""
        return [source for doc_id, source in self._twins if self._known.current(doc_id) is None]

    def _unchanged(self, ticket: Ticket) -> Outcome | None:
        stored = self._known.current(ticket.doc_id)
        if stored is None:
            return None
        source, reason = ticket.source.source, None
        if stored.source != source and not _is_gone(stored.source):
            reason = f"the same bytes as {stored.source}"
        elif not agrees(stored, self._wanted(ticket.source, stored.source), self._reading):
            return None
        elif stored.source != source:
            reason = f"renamed from {stored.source}"
        return Outcome(source, "unchanged", stored.doc_id, stored.pages, reason=reason)

    def _follow(self, doc_id: DocId, source: str) -> None:
        """Give a document the place that its file was moved to; nothing is read or embedded."""
        document = self._known.current(doc_id)
        if document is None or document.source == source or not _is_gone(document.source):
            return
        try:
            self._store.rename(doc_id, source)
        except NotFoundError:  # deleted while files were read
            return
        self._known.keep(replace(document, source=source))
        if said := self._edits.pop(document.source, None):
            self._edits[source] = said

    def _wanted(self, source: Source, edited: str | None = None) -> Description:
        """Return what is said of a source from outside: by hand, by the command, by a manifest.

        `edited` is the source whose edits count, where it is another: the one before a renaming.
        """
        edits = self._edits.get(edited or source.source, {})
        by_hand = Description(edits, dict.fromkeys(edits, EDIT))
        given = described(source.fields, "manifest")
        wanted = put_together((by_hand, self._settings.said, given))
        # The title goes into the chunks, so it must be such as can be stored from here on.
        return replace(wanted, values={readable(k): readable(v) for k, v in wanted.values.items()})

    def _read(self, ticket: Ticket) -> PendingRead[ReadResult]:
        wanted = self._wanted(ticket.source)
        return self._workers.submit(
            ReadRequest(
                doc_id=ticket.doc_id,
                name=ticket.source.name,
                content=ticket.content,
                title=wanted.values.get("title"),
                listed=wanted.has_listed_title(),
                password=self._settings.password,
                ocr=self._settings.ocr,
            )
        )

    def _keep(self, ticket: Ticket, result: ReadResult) -> Outcome:
        """Store the document in one transaction."""
        source = ticket.source.source
        before = self._known.current_of(source)
        document = self._document(ticket, result)
        again = ticket.source.doc_id is not None
        try:
            self._store.add(
                document, ticket.content, result.reading.pages, result.chunks, again=again
            )
        except NotFoundError:
            return _rejected(ticket.source, _DELETED)
        self._known.keep(document)
        return Outcome(
            source=source,
            status="added" if before is None else "replaced",
            doc_id=document.doc_id,
            pages=document.pages,
            chunks=result.chunks,
            reason=_amiss(result.reading),
            without_tesseract=count_without_tesseract(result.reading.pages),
        )

    def _document(self, ticket: Ticket, result: ReadResult) -> Document:
        """Return the document: what was said of it goes before what the file says."""
        whole = with_wanted(result.said, self._wanted(ticket.source))
        fields = whole.fields()
        unread = count_without_tesseract(result.reading.pages)
        return Document(
            doc_id=ticket.doc_id,
            sha256=ticket.sha256,
            source=ticket.source.source,
            title=readable(result.title),
            collection=readable(fields.collection or DEFAULT_COLLECTION),
            media_type=result.media_type,
            reading=without_tesseract(self._reading) if unread else self._reading,
            pages=len(result.reading.pages),
            publisher=_readable(fields.publisher),
            date=_readable(fields.date),
            language=_readable(fields.language),
            metadata={readable(k): readable(v) for k, v in fields.metadata.items()},
            provenance={readable(k): v for k, v in whole.provenance.items()},
            partial=_readable(result.reading.partial),
        )


def _amiss(reading: Reading) -> str | None:
    """Return what an analyst has to know of a document that was added: what of it is missing."""
    partial = f"partial: {reading.partial}" if reading.partial else None
    return "; ".join(filter(None, (partial, missing_text_reason(reading.pages)))) or None


def _readable(text: str | None) -> str | None:
    return None if text is None else readable(text)


def _is_gone(source: str) -> bool:
    """Tell whether a source was a file, or in one, and that file is there no more."""
    places = (source, source.partition(MEMBER)[0])
    return Path(source).is_absolute() and not any(map(os.path.lexists, places))


def _rejected(source: Source, reason: str) -> Outcome:
    return Outcome(source.source, "rejected", reason=reason)
