"""The collection as a librarian looks at it: doubtful ones first, or found by what is known."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from corpus.document import Document
from index.documents.distinct_titles import full_title, title_key
from ingest.metadata.describing import CONFIDENCE, UNTITLED

_SURE = 0.8
_ALIKE = 85.0  # of 100: one letter in seven may be another
_FEWEST_LETTERS = 4
_SMALL = frozenset(
    "a an and by for from in of on or the to with de la le les el los du des".split()
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A document with what of its description is in doubt, and how sure it is at worst, 0..1."""

    document: Document
    doubts: tuple[str, ...]
    sureness: float


def listed(document: Document) -> Listed:
    """Return a document with its doubts: what is missing, guessed, or not from its pages."""
    doubts = list(_doubts(document))
    return Listed(
        document,
        tuple(text for text, _ in doubts),
        min((sureness for _, sureness in doubts), default=1.0),
    )


def doubtful_first(documents: Iterable[Document]) -> list[Listed]:
    """Return the documents whose description is in doubt, the most doubtful first."""
    found = [each for each in map(listed, documents) if each.doubts]
    return sorted(found, key=lambda each: (each.sureness, -len(each.doubts), each.document.doc_id))


def remembered(documents: Iterable[Document], text: str) -> list[Document]:
    """Return the documents that answer to a text, the best first.

    Each of its words is one of the title, the publisher, the symbol or another value, perhaps
    misspelt; the acronym of one of them; or the year.
    """
    wanted = [word for word in title_key(text).split() if word not in _SMALL]
    scored = [(_answers(each, wanted), each) for each in documents]
    found = [(score, each) for score, each in scored if score > 0]
    return [each for _, each in sorted(found, key=lambda pair: (-pair[0], pair[1].doc_id))]


def _doubts(document: Document) -> Iterator[tuple[str, float]]:
    """Yield what is in doubt, and how sure it is all the same."""
    origins = document.provenance
    if origins.get("title") == "name":
        untitled = document.title.startswith(UNTITLED)
        yield "no title is printed" if untitled else "title: the file's name", 0.0
    for name in ("title", "publisher", "date", "subtitle", "kind"):
        said = origins.get(f"{name}{CONFIDENCE}")
        if said and float(said) < _SURE:
            yield f"{name}: {said} sure", float(said)
    for name, value in (("publisher", document.publisher), ("date", document.date)):
        if value is None:
            yield f"no {name}", 0.3
        elif origins.get(name) == "file":
            yield f"{name}: the file's, not printed", 0.4


def _answers(document: Document, wanted: Sequence[str]) -> float:
    """Return how well a document answers to words, 0 where one of them is not its own."""
    values = [
        full_title(document.title, document.metadata),
        document.publisher or "",
        document.date or "",
        *document.metadata.values(),
    ]
    words = {word for value in values for word in title_key(value).split()}
    acronyms = {_acronym(value) for value in values}
    total = 0.0
    for word in wanted:
        if word in words or word in acronyms:
            total += 1.0
            continue
        near = max((fuzz.ratio(word, each) for each in words), default=0.0)
        if len(word) < _FEWEST_LETTERS or word.isdecimal() or near < _ALIKE:
            return 0.0
        total += near / 100 - 0.1
    return total / len(wanted) if wanted else 0.0


def _acronym(text: str) -> str:
    """Return the first letters of a name.

    >>> _acronym("Migration Dialogue for Southern Africa")
    'mdsa'
    """
    return "".join(word[0] for word in title_key(text).split() if word not in _SMALL)
