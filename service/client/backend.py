"""Where a client's calls go: the port that HTTP and this process implement."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from service.collection.deleting import DeletionReceipt
from service.collection.ingest_report import IngestReport
from service.receipts.replaying import Replay
from service.values.answer import Answer, Passage, Search, Statement
from service.values.request import Request
from service.values.verification import VerificationReport
from service.wire.wire import DocumentEntry, PageEntry

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

    def verify(self, answer: Answer | Mapping[str, object]) -> VerificationReport:
        """Return one verdict a citation."""
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

    def page(self, doc_id: str, number: int) -> PageEntry:
        """Return a page."""
        ...

    def delete(self, doc_id: str, purge: bool) -> DeletionReceipt:
        """Delete a document."""
        ...

    def close(self) -> None:
        """Release what is open."""
        ...
