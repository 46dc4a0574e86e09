"""Which documents a name means: by what identifies them, and by what their passages say.

A symbol ("A/79/352") that a document bears is certain, and the search stays within that document.
Words are not: a name is matched with title, publisher, date and metadata of each document, and with
its passages, and the documents that stand out are meant.
"""

import calendar
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from index.analysing import ENGLISH, supported, words_of
from index.analysing import analyse as stems_of
from index.indexed_document import IndexedDocument
from index.ports import FloatVector, LexicalIndex, RowMask
from index.understanding import SYMBOL

_CANDIDATE_ROWS = 500
_BEST_PASSAGES = 5
_NAMED_SHARE = 0.8
_MOST_NAMED = 5
_IDENTITY_WEIGHT = 0.5
# Two symbols of one document are written together: A/79/797-S/2025/109.
_JOINED_SYMBOLS = re.compile(r"-(?=[A-Z]+/)")
_REVISION = re.compile(r"/(?:rev|corr)\.?\d*", re.IGNORECASE)
_LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class NamedDocuments:
    """How well each document answers to a name: (documents,), 0..1, the best one 1.

    `meant` is (documents,), True for the few that stand out; none where many are as good.
    `certain` tells that they bear a symbol of the name: the others need not be searched. `lead` is
    how far the best document stands before those that are not meant, 0..1.5.
    """

    match: FloatVector
    meant: RowMask
    certain: bool = False
    lead: float = 1.5


class DocumentNames:
    """What identifies each document of a snapshot. Nothing is read before it is needed."""

    def __init__(
        self, documents: Sequence[IndexedDocument], spoken: Sequence[str] = (ENGLISH,)
    ) -> None:
        self._documents = documents
        self._spoken = tuple(spoken)

    def __len__(self) -> int:
        return len(self._documents)

    def bearing(self, name: str, permitted: RowMask) -> RowMask | None:
        """Return (documents,), True for those that bear a symbol of the name; None for none.

        `permitted` is (documents,): the others are as if they were not there.
        """
        found = np.zeros(len(self._documents), dtype=np.bool_)
        for symbol in symbols_in(name):
            found[self._bearers(symbol, permitted)] = True
        return found if found.any() else None

    def identified(self, name: str, permitted: RowMask) -> FloatVector:
        """Return (documents,), the weight of the name's words that identify each one, 0..1.

        A word weighs the more, the fewer of the permitted documents it identifies.
        """
        scores = np.zeros(len(self._documents), dtype=np.float32)
        whole = 0.0
        for _, forms in words_of(name, self._spoken):
            held = np.zeros(len(self._documents), dtype=np.bool_)
            for form in forms:
                held[self._words.get(form, [])] = True
            held &= permitted
            weight = _rarity(int(np.count_nonzero(held)), int(np.count_nonzero(permitted)))
            scores[held] += weight
            whole += weight
        return scores / whole if whole else scores

    def _bearers(self, symbol: str, permitted: RowMask) -> list[int]:
        for borne in (self._symbols, self._title_symbols):
            found = [each for each in borne.get(symbol, ()) if permitted[each]]
            if found:
                return found
        return []

    @cached_property
    def _symbols(self) -> dict[str, list[int]]:
        return _by_key(
            (symbol, number)
            for number, document in enumerate(self._documents)
            for value in document.metadata.values()
            if SYMBOL.fullmatch(value)
            for symbol in _with_original(value)
        )

    @cached_property
    def _title_symbols(self) -> dict[str, list[int]]:
        return _by_key(
            (symbol, number)
            for number, document in enumerate(self._documents)
            for symbol in symbols_in(document.title)
        )

    @cached_property
    def _words(self) -> dict[str, list[int]]:
        return _by_key(
            (word, number)
            for number, document in enumerate(self._documents)
            for word in set(stems_of(_identity(document), supported(document.language)))
        )


def symbols_in(text: str) -> list[str]:
    """Return the symbols in a text, those that are written together apart too.

    >>> symbols_in("In A/79/797-S/2025/109 and CW/ISCM/03, …")
    ['a/79/797-s/2025/109', 'a/79/797', 's/2025/109', 'cw/iscm/03']
    """
    return [part for match in SYMBOL.finditer(text) for part in _parts(match.group())]


def documents_named(
    named: str,
    names: DocumentNames,
    lexical: LexicalIndex,
    document_rows: npt.NDArray[np.int32],
    allowed: RowMask | None = None,
) -> NamedDocuments | None:
    """Return how well documents answer to a name; None if none does.

    A document's match in its passages is the mean score of its best five (of all, where it has
    fewer): its title is part of every passage, while a mention in another document is in one.
    `allowed` is (n,): documents without an allowed row are as if they were not there.
    """
    looked_at = document_rows if allowed is None else document_rows[allowed]
    passages = np.bincount(looked_at, minlength=len(names))
    permitted: RowMask = passages > 0
    bearing = names.bearing(named, permitted)
    if bearing is not None:
        return NamedDocuments(bearing.astype(np.float32), bearing, certain=True)
    match = _said(named, lexical, document_rows, passages, allowed)
    if match is None:
        return None
    match += _IDENTITY_WEIGHT * names.identified(named, permitted)
    ranked = np.sort(match)[::-1]
    lead = float(ranked[0] - ranked[_MOST_NAMED]) if len(ranked) > _MOST_NAMED else float(ranked[0])
    match /= match.max()
    meant: RowMask = match >= _NAMED_SHARE
    if np.count_nonzero(meant) > _MOST_NAMED:
        meant = np.zeros_like(meant)
    return NamedDocuments(match, meant, lead=lead)


def _said(
    named: str,
    lexical: LexicalIndex,
    document_rows: npt.NDArray[np.int32],
    passages: npt.NDArray[np.int64],
    allowed: RowMask | None,
) -> FloatVector | None:
    """Return how well the passages of each document answer to a name, the best one 1."""
    rows, scores = lexical.search(named, _CANDIDATE_ROWS, allowed)
    if not len(rows):
        return None
    best: dict[int, list[float]] = {}
    for document, score in zip(document_rows[rows].tolist(), scores.tolist(), strict=True):
        best.setdefault(document, []).append(score)
    match = np.zeros(len(passages), dtype=np.float32)
    for document, found in best.items():
        counted = min(_BEST_PASSAGES, int(passages[document]))
        match[document] = sum(found[:counted]) / counted
    said: FloatVector = match / match.max()
    return said


def _identity(document: IndexedDocument) -> str:
    """Return the words that identify a document: title, publisher, date, metadata."""
    said = [value for value in document.metadata.values() if len(value) <= _LONGEST_VALUE]
    return " ".join([document.title, document.publisher or "", *_date(document.date), *said])


def _date(date: str | None) -> Iterator[str]:
    year, _, rest = (date or "").partition("-")
    yield year
    if rest[:2].isdecimal() and 1 <= int(rest[:2]) <= 12:
        yield calendar.month_name[int(rest[:2])]


def _with_original(symbol: str) -> list[str]:
    """Return the parts of a symbol; of a revision that of what it revises too."""
    parts = _parts(symbol)
    return list(dict.fromkeys([*parts, *(_REVISION.sub("", part) for part in parts)]))


def _parts(symbol: str) -> list[str]:
    whole = symbol.rstrip(".").casefold()
    parts = [part.casefold() for part in _JOINED_SYMBOLS.split(symbol.rstrip("."))]
    return [whole, *parts] if len(parts) > 1 else [whole]


def _rarity(holding: int, of: int) -> float:
    return math.log(1 + (of - holding + 0.5) / (holding + 0.5))


def _by_key(pairs: "Iterator[tuple[str, int]]") -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for key, number in pairs:
        found.setdefault(key, []).append(number)
    return found
