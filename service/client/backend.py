"""Where a client's calls go: the port that HTTP and this process implement."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from index.retrieval.explaining import Explanation
from index.snapshots.publishing import SnapshotSummary
from service.collection.deleting import DeletionReceipt
from service.collection.ingest_report import IngestReport
from service.collection.reading_quality import QualityReport
from service.receipts.replaying import Replay
from service.values.answer import Answer, Passage, Search, Statement
from service.values.find import Find
from service.values.request import Request
from service.values.verification import CitedReference, VerificationReport
from service.wire.wire import DocumentEntry, PageEntry, ShownDocument

StreamPart = tuple[Passage, ...] | Statement | Answer
OnProgress = Callable[[str, float], None]


class Backend(Protocol):
    """One collection. Raises the errors of `corpus.errors`."""

    @property
    def base_url(self) -> str:
        """Address that pages are shown under."""
        ...

    def ask(self, question: str, request: Request) -> Answer:
        """Return the answer."""
        ...

    def stream(self, question: str, request: Request) -> Iterator[StreamPart]:
        """Yield the passages, each statement, the answer."""
        ...

    def search(self, query: str, request: Request) -> Search:
        """Return passages."""
        ...

    def find(
        self, terms: Sequence[str], filters: tuple[str, ...], exact: bool, semantic: bool
    ) -> Find:
        """Return every mention of the terms."""
        ...

    def explain(self, question: str, passage_id: str, request: Request) -> Explanation:
        """Return why a passage ranks where it does."""
        ...

    def verify(self, answer: Answer | Mapping[str, object]) -> VerificationReport:
        """Return one verdict a citation."""
        ...

    def cite(
        self, answer: Answer | Mapping[str, object], number: int, style: str
    ) -> CitedReference:
        """Return the reference to a citation."""
        ...

    def replay(self, answer: Answer | Mapping[str, object]) -> Replay:
        """Return whether an answer comes out equal."""
        ...

    def ingest(
        self, path: Path, collection: str, metadata: Mapping[str, str], tell: OnProgress
    ) -> IngestReport:
        """Add a file."""
        ...

    def documents(self, collection: str | None) -> list[DocumentEntry]:
        """Return the documents by id."""
        ...

    def document(self, doc_id: str) -> ShownDocument:
        """Return one document."""
        ...

    def edit(self, doc_id: str, changes: Mapping[str, str | None]) -> ShownDocument:
        """Keep values said by hand."""
        ...

    def quality(self, collection: str | None) -> QualityReport:
        """Return how well pages were read."""
        ...

    def page(self, doc_id: str, number: int) -> PageEntry:
        """Return a page."""
        ...

    def delete(self, doc_id: str, purge: bool) -> DeletionReceipt:
        """Delete a document."""
        ...

    def snapshots(self) -> list[SnapshotSummary]:
        """Return the snapshots, the newest first."""
        ...

    def roll_back(self, snapshot_id: str) -> None:
        """Let an older snapshot answer."""
        ...

    def close(self) -> None:
        """Release what is open."""
        ...
