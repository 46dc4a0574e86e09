"""Which documents a page is about, as it stands in the page's address."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from service.collection.library import LibraryDocument

FACETS = ("collection", "publisher", "kind", "language")
NONE = "none"  # in an address: documents without a value
MOST_OPTIONS = 200  # of a facet, to choose from
_MOST = 100  # values of one facet


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Values by facet, a range of dates, and documents by id; what is not given is not narrowed.

    An empty value of a facet means the documents that have none.
    """

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: str = ""
    until: str = ""
    documents: tuple[str, ...] = ()

    @classmethod
    def of(cls, query: QueryParams) -> "Narrowing":
        """Return what an address says: `collection=a&collection=b&from=2019&document=d…`.

        An empty value that a form sends for a field that nobody filled in is no value; `none` is
        how an address says that documents have none.
        """
        chosen = {}
        for facet in FACETS:
            values = [each.strip() for each in query.getlist(facet)]
            kept = tuple(dict.fromkeys(each for each in values if each))[:_MOST]
            if kept:
                chosen[facet] = tuple("" if each == NONE else each for each in kept)
        documents = dict.fromkeys(each.strip() for each in query.getlist("document"))
        return cls(
            chosen,
            query.get("from", "").strip(),
            query.get("to", "").strip(),
            tuple(each for each in documents if each)[:_MOST],
        )

    def __bool__(self) -> bool:
        return bool(self.chosen or self.since or self.until or self.documents)

    def conditions(self) -> dict[str, tuple[str, ...]]:
        """Return filters by facet; those of `year` must all hold, of another facet one."""
        found = {
            facet: tuple(f"{facet}={each}" if each else f"{facet} not exists" for each in values)
            for facet, values in self.chosen.items()
        }
        dates = (("date>=", self.since), ("date<=", self.until))
        if years := tuple(f"{sign}{date}" for sign, date in dates if date):
            found["year"] = years
        if self.documents:
            found["document"] = tuple(f"doc_id={each}" for each in self.documents)
        return found

    def filters(self) -> tuple[str, ...]:
        """Return everything as filters of a question."""
        return tuple(each for texts in self.conditions().values() for each in texts)

    def pairs(self) -> list[tuple[str, str]]:
        """Return everything as it stands in an address."""
        found = [(facet, each or NONE) for facet, values in self.chosen.items() for each in values]
        dates = (("from", self.since), ("to", self.until))
        found += [(name, date) for name, date in dates if date]
        return found + [("document", each) for each in self.documents]

    def toggled(self, facet: str, value: str) -> "Narrowing":
        """Return the narrowing with a value chosen, or not any more."""
        if facet == "year":
            same = (self.since, self.until) == (value, value)
            return replace(self, since="" if same else value, until="" if same else value)
        if facet == "document":
            return replace(self, documents=_toggled(self.documents, value))
        chosen = {**self.chosen, facet: _toggled(self.chosen.get(facet, ()), value)}
        return replace(self, chosen={name: values for name, values in chosen.items() if values})

    def holds(self, facet: str, value: str) -> bool:
        """Return whether a value is chosen."""
        if facet == "year":
            return (self.since, self.until) == (value, value)
        return value in self.chosen.get(facet, ())


def facet_options(seen: Sequence[LibraryDocument]) -> dict[str, list[str]]:
    """Return the values to choose from by facet: those of most documents, in order."""
    counts = {facet: Counter(each.value(facet) for each in seen) for facet in FACETS}
    return {
        facet: sorted(value for value, _ in counted.most_common(MOST_OPTIONS) if value)
        for facet, counted in counts.items()
    }


def chosen_titles(seen: Sequence[LibraryDocument], narrowing: Narrowing) -> dict[str, str]:
    """Return the titles of the documents that a narrowing names, by id."""
    wanted = set(narrowing.documents)
    documents = (each.document for each in seen)
    return {each.doc_id: each.title for each in documents if each.doc_id in wanted}


def address(path: str, *pairs: Iterable[tuple[str, str]]) -> str:
    """Return a path with the pairs that have a value.

    >>> address("/library", [("q", "roads"), ("sort", "")])
    '/library?q=roads'
    """
    query = urlencode([(name, value) for each in pairs for name, value in each if value])
    return f"{path}?{query}" if query else path


def _toggled(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(each for each in values if each != value) if value in values else (*values, value)
