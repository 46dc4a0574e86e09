"""What `find` gives back: the JSON of DESIGN, field by field, in order."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.values.answer import Citation, Passage


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A searched document and its number of mentions of each term, zeros included."""

    doc_id: str
    title: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention of a term. `form` is the text as written, on one line.

    `excerpt` is a line or two around it; the citation's quote is the mention alone. `passage_id` is
    empty if the place is in no passage, as in a running header.
    """

    term: str
    form: str
    excerpt: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class UnreadablePage:
    """A page that could not be searched, and why."""

    doc_id: str
    page: int
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much was searched: `pages` counts all pages, `pages_searched` those with text."""

    documents: int
    pages: int
    pages_searched: int
    unreadable: tuple[UnreadablePage, ...]


@dataclass(frozen=True, slots=True)
class SearchedForm:
    """Another name of a term that was searched for too."""

    term: str
    form: str


@dataclass(frozen=True, slots=True)
class AmbiguousTerm:
    """A name with several meanings in the collection: only the name itself is searched."""

    term: str
    meanings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Find:
    """Every mention of the terms: documents by title, mentions in reading order.

    `related` has, for each term, passages on the subject that do not mention it, if requested.
    """

    terms: tuple[str, ...]
    documents: tuple[FoundDocument, ...]
    mentions: tuple[Mention, ...]
    coverage: Coverage
    also_searched: tuple[SearchedForm, ...] = ()
    ambiguous: tuple[AmbiguousTerm, ...] = ()
    related: Mapping[str, tuple[Passage, ...]] | None = None
