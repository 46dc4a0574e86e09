"""What the store says of how well pages were read, without their text."""

from dataclasses import dataclass
from typing import Protocol

from corpus.document import Grade, PageQuality, TextSource
from corpus.ids import DocId


@dataclass(frozen=True, slots=True)
class PageSummary:
    """One page of a document, without its text."""

    number: int
    label: str
    language: str | None
    quality: PageQuality


@dataclass(frozen=True, slots=True)
class QualityCount:
    """How many pages of a current document have this grade and source, and their characters."""

    doc_id: DocId
    collection: str
    grade: Grade
    source: TextSource
    pages: int
    characters: int


class LedgerStore(Protocol):
    """The quality of pages. Raises StoreError when the database fails."""

    def ledger(self, doc_id: DocId) -> list[PageSummary]:
        """Return the pages of a document in order. Raises: NotFoundError."""
        ...

    def quality_counts(self, *, collection: str | None = None) -> list[QualityCount]:
        """Return the pages of current documents, counted by document, grade and source."""
        ...
