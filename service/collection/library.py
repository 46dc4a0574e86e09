"""The documents as a reader looks through them: narrowed, counted by facet, sorted, in pages."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from corpus.document import Document
from corpus.ids import DocId
from corpus.page_grades import QualityCount
from index.documents.filters import Condition, Filters
from index.documents.indexed_document import IndexedDocument
from service.collection.listing import remembered
from service.collection.reading_quality import DOUBTFUL

PAGE_SIZE = 100
FACETS = ("collection", "publisher", "year", "kind", "language", "quality")
Reading = Literal["well", "doubtful", "partial"]
SORTS = ("title", "publisher", "date", "kind", "language", "pages", "quality")


@dataclass(frozen=True, slots=True)
class ShelvedDocument:
    """A document with how many of its pages could not be read well."""

    document: Document
    doubtful_pages: int

    @property
    def reading(self) -> Reading:
        """How well it was read: `partial` where a part of the file was not read at all."""
        if self.document.partial:
            return "partial"
        return "doubtful" if self.doubtful_pages else "well"

    def value(self, facet: str) -> str:
        """Return what the document has for a facet; empty for nothing."""
        document = self.document
        match facet:
            case "year":
                return (document.date or "")[:4]
            case "kind":
                return document.metadata.get("kind", "")
            case "language":
                return (document.language or "").partition("-")[0]
            case "quality":
                return self.reading
            case _:
                return getattr(document, facet) or ""


class Shelf(Protocol):
    """Where the documents are looked up: a store, or the part of it that may be seen."""

    def documents(self) -> list[Document]:
        """Return the current documents."""
        ...

    def quality_counts(self) -> list[QualityCount]:
        """Return the pages of current documents, counted by document, grade and source."""
        ...


@dataclass(frozen=True, slots=True)
class LibraryQuery:
    """Which documents are shown, and how.

    `conditions` are filters by facet: one of those of a facet has to hold. `readings` are chosen
    values of `quality`. `sort` is one of `SORTS`; `text` is matched as `remembered` does.
    """

    text: str = ""
    conditions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    readings: Sequence[str] = ()
    sort: str = "title"
    descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet, empty for documents without one, and how many documents have it."""

    value: str
    documents: int


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """The documents of one page; `found` of `total` match. Facets name their values by number.

    A facet counts the documents that match everything but the choice in that facet.
    """

    documents: tuple[ShelvedDocument, ...]
    found: int
    total: int
    page: int
    pages: int
    facets: Mapping[str, tuple[FacetValue, ...]]


def shelved(shelf: Shelf) -> list[ShelvedDocument]:
    """Return the current documents with how well they were read."""
    doubtful: Counter[DocId] = Counter()
    for count in shelf.quality_counts():
        if count.grade in DOUBTFUL:
            doubtful[count.doc_id] += count.pages
    return [ShelvedDocument(each, doubtful[each.doc_id]) for each in shelf.documents()]


class Shelves:
    """The documents of the snapshot that answers, read once for each snapshot."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[str, list[ShelvedDocument]] | None = None

    def of(self, shelf: Shelf, snapshot: str | None) -> list[ShelvedDocument]:
        """Return the documents of `shelf`, those of before while the snapshot is the same.

        `shelf` is the whole store: what a sender may see is left to the caller.
        """
        if snapshot is None:
            return shelved(shelf)
        with self._lock:
            if self._kept is None or self._kept[0] != snapshot:
                self._kept = (snapshot, shelved(shelf))
            return self._kept[1]


def library_page(documents: Sequence[ShelvedDocument], query: LibraryQuery) -> LibraryPage:
    """Return a page of the documents that match. Raises: FilterError for a condition that is none.

    A page behind the last one is the last one.
    """
    tests = _tests(query)
    if query.text:
        wanted = {each.doc_id for each in remembered((d.document for d in documents), query.text)}
        candidates = [each for each in documents if each.document.doc_id in wanted]
    else:
        candidates = list(documents)
    failing = [{facet for facet, test in tests.items() if not test(each)} for each in candidates]
    found = [each for each, failed in zip(candidates, failing, strict=True) if not failed]
    facets = {
        facet: _counted(
            each.value(facet)
            for each, failed in zip(candidates, failing, strict=True)
            if failed <= {facet}
        )
        for facet in FACETS
    }
    # A year narrows by its dates, which what has none cannot be found by.
    years = sorted(facets["year"], key=lambda each: each.value, reverse=True)
    facets["year"] = tuple(each for each in years if each.value)
    ordered = _sorted(found, query)
    pages = max(1, -(-len(ordered) // PAGE_SIZE))
    page = min(max(1, query.page), pages)
    shown = ordered[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return LibraryPage(tuple(shown), len(found), len(documents), page, pages, facets)


def _tests(query: LibraryQuery) -> dict[str, Callable[[ShelvedDocument], bool]]:
    tests: dict[str, Callable[[ShelvedDocument], bool]] = {}
    for facet, texts in query.conditions.items():
        if texts:
            tests[facet] = _holding(Filters.parse(texts).conditions, every=facet == "year")
    if query.readings:
        tests["quality"] = lambda each: each.reading in query.readings
    return tests


def _holding(conditions: Sequence[Condition], *, every: bool) -> Callable[[ShelvedDocument], bool]:
    joined = all if every else any
    return lambda each: joined(
        condition.holds(IndexedDocument.of(each.document)) for condition in conditions
    )


def _counted(values: Iterable[str]) -> tuple[FacetValue, ...]:
    counts = Counter(values)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0].casefold()))
    return tuple(FacetValue(value, number) for value, number in ordered)


def _sorted(found: list[ShelvedDocument], query: LibraryQuery) -> list[ShelvedDocument]:
    """Return the documents in order; those without a value come last either way."""
    name = query.sort if query.sort in SORTS else "title"
    ordered = sorted(found, key=lambda each: (each.document.title.casefold(), each.document.doc_id))
    if name in ("pages", "quality"):
        number = (
            (lambda each: each.document.pages)
            if name == "pages"
            else (lambda each: each.doubtful_pages + 0.5 * bool(each.document.partial))
        )
        return sorted(ordered, key=number, reverse=query.descending)

    def text(each: ShelvedDocument) -> str:
        value = each.document.date or "" if name == "date" else each.value(name)
        return value.casefold()

    known = [each for each in ordered if text(each)]
    unknown = [each for each in ordered if not text(each)]
    return sorted(known, key=text, reverse=query.descending) + unknown
