"""Whole and parts: which documents belong to one report, as its annexes, briefs and case studies.

A part is told by its kind. The whole is the document of its collection whose symbol it adds to, or
whose title it bears or holds. Case studies of one title and year without a whole are siblings.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.ids import DocId
from corpus.kinds import PART_KINDS
from index.documents.distinct_titles import title_key
from index.documents.indexed_document import IndexedDocument

BELONGS_TO = "belongs_to"
"""The metadata key by which a person says which document another belongs to, by id or symbol."""
_FEWEST_WORDS = 3
_MOST_YEARS = 2
_ADDED = re.compile(r"(?:/(?:Add|Corr|Summary)\.\d+)+$")


@dataclass(frozen=True, slots=True)
class Wholes:
    """Which document each part belongs to, and which documents are of one report without a whole.

    `siblings` has each document of such a report with the others.
    """

    whole_of: Mapping[DocId, DocId]
    siblings: Mapping[DocId, tuple[DocId, ...]]

    @classmethod
    def of(cls, documents: Iterable[IndexedDocument]) -> "Wholes":
        """Return how documents belong together; only those of one collection do."""
        by_collection: dict[str, list[IndexedDocument]] = {}
        for document in documents:
            by_collection.setdefault(document.collection, []).append(document)
        whole_of: dict[DocId, DocId] = {}
        siblings: dict[DocId, tuple[DocId, ...]] = {}
        for together in by_collection.values():
            found = _whole_of(together)
            whole_of |= found
            siblings |= _siblings([each for each in together if each.doc_id not in found])
        return cls(whole_of, siblings)

    def parts_of(self, doc_id: DocId) -> tuple[DocId, ...]:
        """Return the documents that belong to one."""
        return tuple(part for part, whole in self.whole_of.items() if whole == doc_id)

    def family(self, doc_id: DocId) -> tuple[DocId, ...]:
        """Return the documents of one report, this one among them: the whole first."""
        whole = self.whole_of.get(doc_id, doc_id)
        return (whole, *self.parts_of(whole), *self.siblings.get(whole, ()))


def _whole_of(documents: Sequence[IndexedDocument]) -> dict[DocId, DocId]:
    wholes = _Titles([each for each in documents if each.metadata.get("kind") not in PART_KINDS])
    named = {each.doc_id: each for each in documents}
    symbols = {each.metadata["symbol"]: each for each in documents if "symbol" in each.metadata}
    found: dict[DocId, DocId] = {}
    for part in documents:
        said = part.metadata.get(BELONGS_TO, "")
        symbol = _ADDED.sub("", part.metadata.get("symbol", ""))
        whole = named.get(DocId(said)) or symbols.get(said)
        if whole is None and symbol != part.metadata.get("symbol", ""):
            whole = symbols.get(symbol)
        if whole is None and not said and part.metadata.get("kind") in PART_KINDS:
            whole = wholes.borne_by(part)
        if whole is not None and whole.doc_id != part.doc_id:
            found[part.doc_id] = whole.doc_id
    return {part: whole for part, whole in found.items() if whole not in found}


class _Titles:
    """Wholes by their titles."""

    def __init__(self, wholes: Sequence[IndexedDocument]) -> None:
        self._by_title: dict[str, list[IndexedDocument]] = {}
        for whole in wholes:
            key = title_key(whole.title)
            if len(key.split()) >= _FEWEST_WORDS:
                self._by_title.setdefault(key, []).append(whole)

    def borne_by(self, part: IndexedDocument) -> IndexedDocument | None:
        """Return the one whole whose title a part has in its title or subtitle, the longest one.

        None where several have it, or where the years are apart.
        """
        texts = [title_key(text) for text in (part.title, part.metadata.get("subtitle", ""))]
        held = sorted((run for text in texts for run in _runs(text)), key=len, reverse=True)
        for run in held:
            near = [each for each in self._by_title.get(run, ()) if _near(each, part)]
            if near:
                return near[0] if len(near) == 1 else None
        return None


def _runs(text: str) -> list[str]:
    """Return the texts that begin or end at an end of a text: a part's title has words beside it.

    >>> _runs("annex to roads of kenya")
    ['annex to roads of kenya', 'to roads of kenya', 'roads of kenya', 'annex to roads of', \
'annex to roads']
    """
    words = text.split()
    last = len(words) - _FEWEST_WORDS + 1
    ends = [" ".join(words[start:]) for start in range(max(0, last))]
    beginnings = [" ".join(words[:end]) for end in range(len(words) - 1, _FEWEST_WORDS - 1, -1)]
    return ends + beginnings


def _siblings(documents: Sequence[IndexedDocument]) -> dict[DocId, tuple[DocId, ...]]:
    """Return documents of one title and year with the others, where their subtitles differ."""
    groups: dict[tuple[str, str], list[IndexedDocument]] = {}
    for each in documents:
        if each.metadata.get("subtitle"):
            key = (title_key(each.title), (each.date or "")[:4])
            groups.setdefault(key, []).append(each)
    found = {}
    for alike in groups.values():
        told_apart = {title_key(each.metadata["subtitle"]) for each in alike}
        if 1 < len(alike) == len(told_apart):
            for each in alike:
                found[each.doc_id] = tuple(x.doc_id for x in alike if x is not each)
    return found


def _near(one: IndexedDocument, other: IndexedDocument) -> bool:
    """Tell whether two documents are of about one time; those without a date are."""
    if not one.date or not other.date:
        return True
    return abs(int(one.date[:4]) - int(other.date[:4])) <= _MOST_YEARS
