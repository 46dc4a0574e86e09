"""How well a collection was read: its pages by grade and source, and its doubtful documents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.document import Document, Grade, TextSource
from corpus.ids import DocId
from corpus.page_grades import PageSummary, QualityCount

GRADES: tuple[Grade, ...] = ("A", "B", "C", "D")
SOURCES: tuple[TextSource, ...] = ("layer", "ocr", "recovered", "none")
DOUBTFUL: frozenset[Grade] = frozenset({"C", "D"})


class Ledger(Protocol):
    """Where the quality of pages is looked up: a store, or the part of it that may be seen."""

    def documents(self, *, collection: str | None = None) -> list[Document]:
        """Return the current documents."""
        ...

    def document(self, doc_id: DocId) -> Document:
        """Return one document. Raises: NotFoundError."""
        ...

    def ledger(self, doc_id: DocId) -> list[PageSummary]:
        """Return the pages of a document without their text. Raises: NotFoundError."""
        ...

    def quality_counts(self, *, collection: str | None = None) -> list[QualityCount]:
        """Return the pages of current documents, counted by document, grade and source."""
        ...


@dataclass(frozen=True, slots=True)
class CollectionQuality:
    """The pages of a collection; `partial` of its documents could not be read as a whole."""

    collection: str
    documents: int
    partial: int
    pages: int
    characters: int
    grades: Mapping[Grade, int]
    sources: Mapping[TextSource, int]


@dataclass(frozen=True, slots=True)
class DoubtfulDocument:
    """A document with pages of grade C or D, or one that was read in part only."""

    doc_id: str
    title: str
    collection: str
    pages: int
    grades: Mapping[Grade, int]
    partial: str | None


@dataclass(frozen=True, slots=True)
class QualityReport:
    """Collections by name, and the doubtful documents, worst first."""

    collections: tuple[CollectionQuality, ...]
    doubtful: tuple[DoubtfulDocument, ...]


@dataclass(frozen=True, slots=True)
class DocumentQuality:
    """One document's pages, each with its quality."""

    doc_id: str
    title: str
    partial: str | None
    grades: Mapping[Grade, int]
    sources: Mapping[TextSource, int]
    pages: tuple[PageSummary, ...]


def quality_report(store: Ledger, *, collection: str | None = None) -> QualityReport:
    """Return how well the current documents were read, by collection."""
    documents = store.documents(collection=collection)
    counts: dict[DocId, list[QualityCount]] = {}
    for count in store.quality_counts(collection=collection):
        counts.setdefault(count.doc_id, []).append(count)
    names = sorted({document.collection for document in documents})
    doubtful = [
        _doubtful(document, counts.get(document.doc_id, []))
        for document in documents
        if document.partial or any(c.grade in DOUBTFUL for c in counts.get(document.doc_id, []))
    ]
    doubtful.sort(key=lambda d: (-sum(d.grades[grade] for grade in DOUBTFUL), d.doc_id))
    return QualityReport(
        tuple(
            _collection(name, [d for d in documents if d.collection == name], counts)
            for name in names
        ),
        tuple(doubtful),
    )


def document_quality(store: Ledger, doc_id: DocId) -> DocumentQuality:
    """Return the ledger of one document. Raises: NotFoundError."""
    document = store.document(doc_id)
    pages = store.ledger(doc_id)
    return DocumentQuality(
        doc_id,
        document.title,
        document.partial,
        {grade: sum(p.quality.grade == grade for p in pages) for grade in GRADES},
        {source: sum(p.quality.source == source for p in pages) for source in SOURCES},
        tuple(pages),
    )


def report_lines(report: QualityReport) -> list[str]:
    """Return the report for reading; titles are printed as they are."""
    lines = [f"{'collection':20} documents  pages      A      B      C      D"]
    for each in report.collections:
        grades = "".join(f"{each.grades[grade]:7}" for grade in GRADES)
        lines.append(f"{each.collection[:20]:20} {each.documents:9} {each.pages:6}{grades}")
    if report.doubtful:
        lines += ["", "To be looked at (citewell documents show ID --quality):"]
    for document in report.doubtful:
        found = ", ".join(f"{document.grades[g]} {g}" for g in GRADES if document.grades[g])
        partial = f"; partial: {document.partial}" if document.partial else ""
        lines.append(f"{document.doc_id}  {found} of {document.pages}  {document.title}{partial}")
    return lines


def ledger_lines(quality: DocumentQuality) -> list[str]:
    """Return one line a page for reading."""
    lines = [f"partial: {quality.partial}"] if quality.partial else []
    lines.append("page  label      grade  source     characters  words known  garbled  reason")
    for page in quality.pages:
        q = page.quality
        known, garbled = _percent(q.dictionary_share), _percent(q.garbled_share)
        source = "scanner" if q.scanned else q.source
        lines.append(
            f"{page.number:4}  {page.label[:10]:10} {q.grade:5}  {source:9} {q.characters:11}"
            f"  {known:>11}  {garbled:>7}  {q.reason or ''}".rstrip()
        )
    return lines


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _collection(
    name: str, documents: Sequence[Document], counts: Mapping[DocId, Sequence[QualityCount]]
) -> CollectionQuality:
    mine = [count for document in documents for count in counts.get(document.doc_id, ())]
    return CollectionQuality(
        collection=name,
        documents=len(documents),
        partial=sum(document.partial is not None for document in documents),
        pages=sum(count.pages for count in mine),
        characters=sum(count.characters for count in mine),
        grades=_grades(mine),
        sources={s: sum(c.pages for c in mine if c.source == s) for s in SOURCES},
    )


def _doubtful(document: Document, counts: Iterable[QualityCount]) -> DoubtfulDocument:
    return DoubtfulDocument(
        document.doc_id,
        document.title,
        document.collection,
        document.pages,
        _grades(list(counts)),
        document.partial,
    )


def _grades(counts: Sequence[QualityCount]) -> dict[Grade, int]:
    return {grade: sum(c.pages for c in counts if c.grade == grade) for grade in GRADES}
