"""The library as HTML: its list, and one document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import HTMLResponse

from corpus.document import Document
from corpus.source_name import source_name
from service.citations.page import PDF
from service.collection.description_sheet import FIELDS
from service.collection.library import SORTS, LibraryPage, LibraryQuery
from service.collection.reading_quality import DOUBTFUL, DocumentQuality
from service.http.web.narrowing import Narrowing, address
from service.http.web.rendering import filters, html
from service.http.web.viewer import say
from service.http.web.wording import localized_language

FACET_VALUES = 8  # of a facet, before the rest is folded away
EDITED = ("title", "subtitle", "publisher", "date", "kind", "language", "collection")
_ORIGINS = {name: name for name in ("edit", "command", "manifest", "file", "text", "name")}
_ORIGINS["first page"] = "page"


@dataclass(frozen=True, slots=True)
class LibraryView:
    """What the address asks of the library."""

    narrowing: Narrowing
    text: str = ""
    readings: tuple[str, ...] = ()
    sort: str = "title"
    descending: bool = False
    page: int = 1

    @property
    def query(self) -> LibraryQuery:
        """The query that the collection answers."""
        return LibraryQuery(
            self.text,
            self.narrowing.conditions(),
            self.readings,
            self.sort,
            self.descending,
            self.page,
        )

    def pairs(self) -> list[tuple[str, str]]:
        """Return the view as it stands in an address, without the page."""
        order = ("-" if self.descending else "") + self.sort
        return [
            ("q", self.text),
            *self.narrowing.pairs(),
            *(("quality", each) for each in self.readings),
            ("sort", "" if order == "title" else order),
        ]

    def toggled(self, facet: str, value: str) -> str:
        """Return the address with a value of a facet chosen, or not any more."""
        if facet == "quality":
            rest = tuple(each for each in self.readings if each != value)
            kept = rest if value in self.readings else (*rest, value)
            return address("/library", _with(self, readings=kept))
        return address("/library", _with(self, narrowing=self.narrowing.toggled(facet, value)))

    def holds(self, facet: str, value: str) -> bool:
        """Return whether a value of a facet is chosen."""
        return value in self.readings if facet == "quality" else self.narrowing.holds(facet, value)

    def narrows(self, facet: str) -> bool:
        """Return whether anything is chosen in a facet."""
        if facet == "quality":
            return bool(self.readings)
        return facet in self.narrowing.conditions()

    def sorted_by(self, name: str) -> str:
        """Return the address with another order; the same once more turns it around."""
        turned = name == self.sort and not self.descending
        return address("/library", _with(self, sort=name, descending=turned))

    def at(self, page: int) -> str:
        """Return the address of a page of the list."""
        return address("/library", self.pairs(), [("page", "" if page == 1 else str(page))])


def _with(view: LibraryView, **changes: object) -> list[tuple[str, str]]:
    values = {name: getattr(view, name) for name in LibraryView.__slots__} | changes | {"page": 1}
    return LibraryView(**values).pairs()


def library_list(view: LibraryView, shown: LibraryPage, collections: Sequence[str]) -> HTMLResponse:
    """Return the list of documents with its facets."""
    return html(
        "library.html",
        view=view,
        shown=shown,
        collections=collections,
        sorts=SORTS,
        facet_values=FACET_VALUES,
        ask_all=address("/", view.narrowing.pairs()),
    )


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document, its depth from 1, and the page on which its text begins."""

    title: str
    depth: int
    page: int


@dataclass(frozen=True, slots=True)
class DocumentView:
    """Everything that a document's page shows."""

    document: Document
    current: bool
    headings: Sequence[Heading]
    quality: DocumentQuality
    editions: Sequence[Document]
    belongs_to: Document | None
    parts: Sequence[Document]
    siblings: Sequence[Document]

    @property
    def doubtful(self) -> set[int]:
        """The numbers of the pages that could not be read well."""
        return {page.number for page in self.quality.pages if page.quality.grade in DOUBTFUL}

    @property
    def description(self) -> Mapping[str, str]:
        """What is known of the document, by name, in the order it is shown and edited."""
        document = self.document
        fields = {name: getattr(document, name) or "" for name in FIELDS}
        known = {name: fields.get(name, document.metadata.get(name, "")) for name in EDITED}
        rest = {name: value for name, value in document.metadata.items() if name not in known}
        return {**known, **dict(sorted(rest.items()))}


def document_page(view: DocumentView) -> HTMLResponse:
    """Return a document's own page."""
    return html(
        "document.html",
        view=view,
        document=view.document,
        source_name=source_name(view.document.source),
        pictured=view.document.media_type == PDF,
        edited=EDITED,
        fields=FIELDS,
    )


def facet_label(facet: str, value: str) -> str:
    """Return a value of a facet for people."""
    if not value:
        return say("library.missing")
    if facet == "quality":
        return say(f"library.{value}")
    return localized_language(value) if facet == "language" else value


def origin_label(document: Document, name: str) -> str:
    """Return where a value is from, for people; empty where that is not kept."""
    origin = _ORIGINS.get(document.provenance.get(name, ""))
    return say(f"document.from_{origin}") if origin else ""


filters(facet_label=facet_label, origin_label=origin_label, localized_language=localized_language)
