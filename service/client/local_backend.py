"""A client's calls in this process: no server, the same values."""

import json
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path

from corpus.errors import InputError
from corpus.ids import DocId
from index.retrieval.explaining import Explanation
from index.snapshots.publishing import SnapshotSummary, list_snapshots
from service.citations.page import page_of
from service.client.backend import OnProgress, StreamPart
from service.collection.belonging import belonging_of
from service.collection.deleting import DeletionReceipt, delete_document
from service.collection.editing import edit_document
from service.collection.ingest_report import IngestReport, IngestRequest, Progress
from service.collection.publishing import publish
from service.collection.reading_quality import QualityReport, quality_report
from service.collection.rolling_back import roll_back
from service.engine.engine import Engine
from service.finding.finding import FindRequest
from service.receipts.replaying import Replay
from service.receipts.written_references import cited_reference
from service.settings.environment import read_settings
from service.values.answer import Answer, Passage, Search
from service.values.find import Find
from service.values.request import Request
from service.values.verification import CitedReference, VerificationReport
from service.wire.wire import DocumentEntry, PageEntry, ShownDocument
from service.workload.job_progress import message_of, share_done
from service.workload.upload import Upload


class LocalBackend:
    """The collection of a home folder."""

    def __init__(self, home: Path) -> None:
        self._settings = read_settings(home=home)
        self._settings.home.mkdir(parents=True, exist_ok=True)
        self._engine = Engine.open(self._settings)

    @property
    def base_url(self) -> str:
        """The address that the settings name."""
        return self._settings.base_url

    def ask(self, question: str, request: Request) -> Answer:
        """Return the answer."""
        return self._engine.ask(question, request)

    def stream(self, question: str, request: Request) -> Iterator[StreamPart]:
        """Yield the passages as soon as they are found, each statement, the answer."""
        parts: queue.Queue[tuple[Passage, ...] | Answer | BaseException] = queue.Queue()

        def answer() -> None:
            try:
                parts.put(self._engine.ask(question, request, parts.put))
            except BaseException as error:  # noqa: BLE001 - raised again below
                parts.put(error)

        threading.Thread(target=answer, name="citewell-stream", daemon=True).start()
        while True:
            part = parts.get()
            if isinstance(part, BaseException):
                raise part
            if isinstance(part, Answer):
                yield from part.statements
                yield part
                return
            yield part

    def search(self, query: str, request: Request) -> Search:
        """Return passages."""
        return self._engine.search(query, request)

    def find(
        self, terms: Sequence[str], filters: tuple[str, ...], exact: bool, semantic: bool
    ) -> Find:
        """Return every mention of the terms."""
        request = FindRequest(tuple(terms), filters, exact=exact)
        return self._engine.find(request, related=semantic)

    def explain(self, question: str, passage_id: str, request: Request) -> Explanation:
        """Return why a passage ranks where it does."""
        return self._engine.explain(question, passage_id, request)

    def verify(self, answer: Answer | Mapping[str, object]) -> VerificationReport:
        """Return one verdict a citation."""
        return self._engine.verify(plain(answer))

    def cite(
        self, answer: Answer | Mapping[str, object], number: int, style: str
    ) -> CitedReference:
        """Return the reference to a citation."""
        return cited_reference(plain(answer), number, style, self._engine.store)

    def replay(self, answer: Answer | Mapping[str, object]) -> Replay:
        """Return whether an answer comes out equal."""
        return self._engine.replay(plain(answer))

    def ingest(
        self, path: Path, collection: str, metadata: Mapping[str, str], tell: OnProgress
    ) -> IngestReport:
        """Add a file; its name is its source, as of one that is uploaded to a server."""
        if not path.is_file():
            raise InputError(f"Found no file {path}; expected one to ingest.")

        def on_progress(progress: Progress) -> None:
            tell(message_of(progress), share_done(progress))

        source = Upload(path.name, collection, metadata).source
        request = IngestRequest([str(path)], collection, metadata, {str(path): source})
        return publish(request, self._settings, on_progress)

    def documents(self, collection: str | None) -> list[DocumentEntry]:
        """Return the documents by id."""
        found = self._engine.store.documents(collection=collection)
        return [DocumentEntry.of(document) for document in found]

    def document(self, doc_id: str) -> ShownDocument:
        """Return one document."""
        found = self._engine.store.document(DocId(doc_id))
        return ShownDocument.among(found, belonging_of(found, self._engine.store))

    def edit(self, doc_id: str, changes: Mapping[str, str | None]) -> ShownDocument:
        """Keep values said by hand, and publish."""
        edited = edit_document(doc_id, changes, self._settings).document
        return ShownDocument.among(edited, belonging_of(edited, self._engine.store))

    def quality(self, collection: str | None) -> QualityReport:
        """Return how well pages were read."""
        return quality_report(self._engine.store, collection=collection)

    def page(self, doc_id: str, number: int) -> PageEntry:
        """Return a page."""
        return PageEntry.of(doc_id, page_of(self._engine.store, DocId(doc_id), number))

    def delete(self, doc_id: str, purge: bool) -> DeletionReceipt:
        """Delete a document."""
        return delete_document(doc_id, self._settings, purge_older=purge)

    def snapshots(self) -> list[SnapshotSummary]:
        """Return the snapshots, the newest first."""
        return list(list_snapshots(self._settings.layout))

    def roll_back(self, snapshot_id: str) -> None:
        """Let an older snapshot answer."""
        roll_back(snapshot_id, self._settings)

    def close(self) -> None:
        """Release the store."""
        self._engine.close()


def plain(answer: Answer | Mapping[str, object]) -> Mapping[str, object]:
    """Return an answer as the object that its JSON is."""
    if not is_dataclass(answer):
        return answer
    found: dict[str, object] = json.loads(json.dumps(asdict(answer)))
    return found
