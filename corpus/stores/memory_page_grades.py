"""The port `LedgerStore` over documents and pages in dictionaries."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

from corpus.document import Document, Grade, Page, TextSource
from corpus.ids import DocId
from corpus.page_grades import PageSummary, QualityCount


class _Pages(Protocol):
    def documents(self, *, collection: str | None = None) -> list[Document]: ...

    def pages(self, doc_id: DocId, numbers: Sequence[int] | None = None) -> dict[int, Page]: ...


class MemoryLedger:
    """The quality of the pages of a store in memory."""

    def ledger(self: _Pages, doc_id: DocId) -> list[PageSummary]:
        """Return the pages of a document in order, without their text."""
        return [
            PageSummary(page.number, page.label, page.language, page.quality)
            for page in self.pages(doc_id).values()
        ]

    def quality_counts(self: _Pages, *, collection: str | None = None) -> list[QualityCount]:
        """Return the pages of current documents, counted by document, grade and source."""
        found: list[QualityCount] = []
        for document in self.documents(collection=collection):
            sizes: defaultdict[tuple[Grade, TextSource], list[int]] = defaultdict(list)
            for page in self.pages(document.doc_id).values():
                quality = page.quality
                sizes[quality.grade, quality.source].append(quality.characters)
            found += [
                QualityCount(
                    document.doc_id, document.collection, grade, source, len(each), sum(each)
                )
                for (grade, source), each in sorted(sizes.items())
            ]
        return found
