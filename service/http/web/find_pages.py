"""Finding as HTML: the matrix of documents and terms, and the mentions behind a cell."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from starlette.responses import HTMLResponse

from service.http.web.narrowing import Narrowing, address
from service.http.web.rendering import filters, html
from service.values.find import Find, FoundDocument, Mention
from service.wire.problems import Problem

MOST_ROWS = 1000  # of the matrix in one page
MOST_MENTIONS = 200  # in one page
LEVELS = 5  # of a cell's colour, beside that of no mention
FIRST_ORDER = "-total"


@dataclass(frozen=True, slots=True)
class FindForm:
    """What the address asks of the page.

    `sort` is `title`, `total` or the number of a term from 1, after a `-` for the largest first.
    `without` is the number of a term: only documents that never mention it are shown. `options`
    are values to choose from by facet, `titles` those of documents by id, `examples` are terms.
    """

    typed: str = ""
    exact: bool = False
    narrowing: Narrowing = field(default_factory=Narrowing)
    sort: str = FIRST_ORDER
    without: int = 0
    options: Mapping[str, Sequence[str]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    examples: Sequence[str] = ()
    is_empty: bool = False

    @property
    def column(self) -> str:
        """The column that the rows are sorted by."""
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        """Whether the largest come first."""
        return self.sort.startswith("-")

    def searched(self) -> list[tuple[str, str]]:
        """Return what is searched, and where, as it stands in an address."""
        exact = "true" if self.exact else ""
        return [("q", self.typed), ("exact", exact), *self.narrowing.pairs()]

    def address(self, path: str = "/find") -> str:
        """Return the address of this view."""
        sort = "" if self.sort == FIRST_ORDER else self.sort
        without = str(self.without) if self.without else ""
        return address(path, self.searched(), [("sort", sort), ("without", without)])

    def sorted_by(self, column: str) -> str:
        """Return the address with another order; the same column once more turns it around."""
        first = column if column == "title" else f"-{column}"
        other = f"-{column}" if column == "title" else column
        return replace(self, sort=other if self.sort == first else first).address()

    def only_without(self, term: int) -> str:
        """Return the address of the documents that never mention a term; again, of all."""
        return replace(self, without=0 if self.without == term else term).address()

    def download(self, name: str) -> str:
        """Return the address of a file with everything that was found."""
        return address(f"/find/{name}", self.searched())

    def mentions_of(self, doc_id: str, term: str = "") -> str:
        """Return the address of the mentions in a document: of one term, or of all of them."""
        exact = "true" if self.exact else ""
        return address(
            "/find/mentions", [("q", term or self.typed), ("exact", exact), ("document", doc_id)]
        )

    def example(self, terms: str) -> str:
        """Return the address that finds an example."""
        return replace(self, typed=terms).address()


@dataclass(frozen=True, slots=True)
class Cell:
    """How often a document mentions a term, and how dark that is shown: 0 is never."""

    term: str
    count: int
    level: int


@dataclass(frozen=True, slots=True)
class Row:
    """A document of the matrix; `unread` of its pages could not be searched."""

    document: FoundDocument
    cells: tuple[Cell, ...]
    unread: int

    @property
    def total(self) -> int:
        """All mentions of the document."""
        return sum(cell.count for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Documents and terms: the rows shown, and for each term how many documents never mention it.

    `naming` documents mention any of the terms; `left` rows have no room in one page.
    """

    rows: tuple[Row, ...]
    never: Mapping[str, int]
    naming: int
    left: int

    @classmethod
    def of(cls, found: Find, form: FindForm) -> "Matrix":
        """Return the matrix as a form asks for it."""
        most = max((n for each in found.documents for n in each.counts.values()), default=0)
        unread: defaultdict[str, int] = defaultdict(int)
        for page in found.coverage.unreadable:
            unread[page.doc_id] += 1
        rows = [
            Row(
                each,
                tuple(
                    Cell(term, each.counts[term], level_of(each.counts[term], most))
                    for term in found.terms
                ),
                unread[each.doc_id],
            )
            for each in found.documents
        ]
        never = {
            term: sum(not each.counts[term] for each in found.documents) for term in found.terms
        }
        kept = sorted_rows(rows, form)
        if 1 <= form.without <= len(found.terms):
            kept = [row for row in kept if not row.cells[form.without - 1].count]
        naming = sum(bool(row.total) for row in rows)
        return cls(tuple(kept[:MOST_ROWS]), never, naming, max(0, len(kept) - MOST_ROWS))


def level_of(count: int, most: int) -> int:
    """Return how dark a cell is, from 0 for never to `LEVELS` for the most, by logarithm.

    >>> [level_of(n, 100) for n in (0, 1, 5, 20, 100)]
    [0, 1, 2, 4, 5]
    """
    return math.ceil(LEVELS * math.log1p(count) / math.log1p(most)) if count else 0


def sorted_rows(rows: Sequence[Row], form: FindForm) -> list[Row]:
    """Return the rows, which come by title, in the order of a form; ties stay by title."""

    def size(row: Row) -> int:
        if form.column.isdecimal() and 1 <= int(form.column) <= len(row.cells):
            return row.cells[int(form.column) - 1].count
        return row.total

    if form.column == "title":
        return list(reversed(rows)) if form.descending else list(rows)
    return sorted(rows, key=size, reverse=form.descending)


def find_page(
    form: FindForm, *, found: Find | None = None, problem: Problem | None = None
) -> HTMLResponse:
    """Return the form, and below it the matrix or what went wrong."""
    return html(
        "find.html",
        status=problem.status if problem else 200,
        form=form,
        found=found,
        matrix=Matrix.of(found, form) if found else None,
        titles={each.doc_id: each.title for each in found.documents} if found else {},
        problem=problem,
    )


def mentions_page(form: FindForm, found: Find) -> HTMLResponse:
    """Return the mentions, document by document, in reading order.

    `found` has one document or more.
    """
    return html(
        "find-mentions.html",
        form=form,
        found=found,
        sections=list(_mentions_by_document(found)),
        left=max(0, len(found.mentions) - MOST_MENTIONS),
    )


def _mentions_by_document(found: Find) -> Iterator[tuple[FoundDocument, list[Mention], int]]:
    """Yield each document that has mentions (all if none has), those on the page, their number."""
    shown: dict[str, list[Mention]] = defaultdict(list)
    for mention in found.mentions[:MOST_MENTIONS]:
        shown[mention.citation.doc_id].append(mention)
    counts = Counter(mention.citation.doc_id for mention in found.mentions)
    for document in found.documents:
        if counts[document.doc_id] or not counts:
            yield document, shown[document.doc_id], counts[document.doc_id]


def searched_share(found: Find) -> str:
    """Return the share of pages that was searched, as percents; never rounded up to all."""
    coverage = found.coverage
    if coverage.pages_searched == coverage.pages:
        return "100"
    return f"{math.floor(1000 * coverage.pages_searched / coverage.pages) / 10:.1f}"


filters(searched_share=searched_share)
