"""What `find` gives back: the JSON of DESIGN, field by field, in order."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.values.answer import Citation, Passage


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document that was searched: how often it mentions each term, zero included."""

    doc_id: str
    title: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Mention:
    """One place that mentions a term. `form` is what stands there, on one line.

    `excerpt` is the line or two around it, for reading; the citation's quote is the mention alone.
    Its `passage_id` is empty where no passage holds the place, as in a running header.
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
    """How much was searched. `pages` counts those of the documents, `pages_searched` with text."""

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
    """A name with several meanings in the collection: it is searched for as it is, no more."""

    term: str
    meanings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Find:
    """Every mention of the terms, documents in order of title, mentions in reading order.

    `related` holds, for each term, passages that speak of it without naming it; empty unless
    asked for.
    """

    terms: tuple[str, ...]
    documents: tuple[FoundDocument, ...]
    mentions: tuple[Mention, ...]
    coverage: Coverage
    also_searched: tuple[SearchedForm, ...] = ()
    ambiguous: tuple[AmbiguousTerm, ...] = ()
    related: Mapping[str, tuple[Passage, ...]] | None = None
