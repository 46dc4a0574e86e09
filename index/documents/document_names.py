"""What identifies each document of a snapshot: the words of its description, its symbol."""

import calendar
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from corpus.document import Document
from corpus.ids import DocId
from corpus.kinds import PART_KINDS
from index.documents.distinct_titles import distinct_titles
from index.documents.indexed_document import IndexedDocument
from index.documents.wholes import Wholes
from index.indexes.analysing import ENGLISH, supported, words_of
from index.indexes.analysing import analyse as stems_of
from index.values.ports import FloatVector, RowMask

# Three parts and more, of letters and digits: A/79/352, CW/ISCM/03, 10-P-0154; not COVID-19.
_SYMBOL = re.compile(r"(?=\S*\d)(?=\S*[^\W\d])\w+(?:[./-]+\w+){2,}")
_LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class WordWeights:
    """How the words of a question identify documents.

    `held` is (documents, words), True where a word is among those that identify a document;
    `rarity` is (words,), the greater, the fewer documents a word identifies; `symbols` is (words,),
    True for the symbol of a document.
    """

    held: npt.NDArray[np.bool_]
    rarity: FloatVector
    symbols: npt.NDArray[np.bool_]


class DocumentNames:
    """What identifies each document of a snapshot. Nothing is read before it is needed."""

    def __init__(
        self, documents: Sequence[IndexedDocument], spoken: Sequence[str] = (ENGLISH,)
    ) -> None:
        self._documents = documents
        self.spoken = tuple(spoken)

    @classmethod
    def of(cls, documents: Iterable[Document]) -> "DocumentNames":
        """Return what identifies the documents of a store."""
        indexed = [IndexedDocument.of(each) for each in documents]
        return cls(indexed, sorted({ENGLISH, *(supported(each.language) for each in indexed)}))

    def __len__(self) -> int:
        return len(self._documents)

    def bearing(self, name: str, permitted: RowMask) -> RowMask | None:
        """Return (documents,), True for those whose symbol the name holds; None for none.

        `permitted` is (documents,): the others are as if they were not there.
        """
        found = np.zeros(len(self._documents), dtype=np.bool_)
        for symbol in symbols_in(name):
            found[self._bearers(symbol, permitted)] = True
        return found if found.any() else None

    def word_weights(self, words: Sequence[str], permitted: RowMask | None = None) -> WordWeights:
        """Return how each of the words identifies documents.

        `permitted` is (documents,): the others are as if they were not there; None for all.
        """
        if permitted is None:
            permitted = np.ones(len(self._documents), dtype=np.bool_)
        held = np.zeros((len(self._documents), len(words)), dtype=np.bool_)
        symbols = np.zeros(len(words), dtype=np.bool_)
        for at, word in enumerate(words):
            for _, forms in words_of(word, self.spoken):
                for form in forms:
                    held[self._words.get(form, []), at] = True
            for symbol in symbols_in(word):
                bearers = self._bearers(symbol, permitted)
                held[bearers, at] = True
                symbols[at] = bool(bearers)
        held &= permitted[:, None]
        seen = int(np.count_nonzero(permitted))
        rarity = np.array([_rarity(each, seen) for each in held.sum(0).tolist()], dtype=np.float32)
        return WordWeights(held, rarity, symbols)

    def identified(self, name: str, permitted: RowMask) -> FloatVector:
        """Return (documents,), the weight of the name's words that identify each one, 0..1.

        A word weighs the more, the fewer of the permitted documents it identifies.
        """
        scores = np.zeros(len(self._documents), dtype=np.float32)
        whole = 0.0
        for _, forms in words_of(name, self.spoken):
            held = np.zeros(len(self._documents), dtype=np.bool_)
            for form in forms:
                held[self._words.get(form, [])] = True
            held &= permitted
            weight = _rarity(int(np.count_nonzero(held)), int(np.count_nonzero(permitted)))
            scores[held] += weight
            whole += weight
        return scores / whole if whole else scores

    def _bearers(self, symbol: str, permitted: RowMask) -> list[int]:
        """Return the documents of a symbol, else those whose symbol has it as a part."""
        found = [each for each in self._symbols.get(symbol, ()) if permitted[each]]
        if found:
            return found
        part = re.compile(rf"(?<!\w){re.escape(symbol)}(?!\w)")
        holders = {each for of, who in self._symbols.items() if part.search(of) for each in who}
        found = sorted(each for each in holders if permitted[each])
        return found or [each for each in self._title_symbols.get(symbol, ()) if permitted[each]]

    @cached_property
    def shown_titles(self) -> dict[DocId, str]:
        """The titles by which documents are shown that share theirs with another one."""
        return distinct_titles(self._documents)

    @cached_property
    def wholes(self) -> Wholes:
        """Which documents belong to one report."""
        return Wholes.of(self._documents)

    def with_family(self, name: str, meant: RowMask, permitted: RowMask) -> RowMask:
        """Return (documents,), True for all documents of the reports that a name means.

        Where the name says which part (its kind, a word of its subtitle), that part alone is meant.
        """
        found = np.zeros_like(meant)
        for number in np.flatnonzero(meant).tolist():
            family = [
                self._numbers[each]
                for each in self.wholes.family(self._documents[number].doc_id)
                if permitted[self._numbers[each]]
            ]
            found[self._parts_named(name, family)] = True
        return found

    def _parts_named(self, name: str, family: Sequence[int]) -> list[int]:
        """Return the documents of a family that a name tells from the others, or all of them.

        What tells them apart are the words of kind and subtitle that not all of them have.
        """
        if len(family) < 2:
            return list(family)
        telling = [self._part_words(number) for number in family]
        common = set.intersection(*(words | self._title_words(n) for words, n in
                                    zip(telling, family, strict=True)))  # fmt: skip
        asked = {form for _, forms in words_of(name, self.spoken) for form in forms} - common
        named = [len(words & asked) for words in telling]
        most = max(named)
        return [n for n, count in zip(family, named, strict=True) if count == most]

    def _part_words(self, number: int) -> set[str]:
        """Return the words by which a part is told from its whole; none for a whole."""
        document = self._documents[number]
        said = [document.metadata.get(key, "") for key in ("kind", "subtitle")]
        if document.metadata.get("kind") not in PART_KINDS:
            said = said[1:]
        return set(stems_of(" ".join(said), supported(document.language)))

    def _title_words(self, number: int) -> set[str]:
        document = self._documents[number]
        return set(stems_of(document.title, supported(document.language)))

    @cached_property
    def _numbers(self) -> dict[DocId, int]:
        return {document.doc_id: number for number, document in enumerate(self._documents)}

    @cached_property
    def _symbols(self) -> dict[str, list[int]]:
        return _by_key(
            (value.casefold(), number)
            for number, document in enumerate(self._documents)
            for value in document.metadata.values()
            if _SYMBOL.fullmatch(value)
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
    """Return the words of a text that have the form of a document's symbol, in lower case.

    >>> symbols_in("In A/79/352, CW/ISCM/03 and COVID-19's report, …")
    ['a/79/352', 'cw/iscm/03']
    """
    return [match.group().casefold() for match in _SYMBOL.finditer(text)]


def _identity(document: IndexedDocument) -> str:
    """Return the words that identify a document: title, publisher, date, metadata."""
    said = [value for value in document.metadata.values() if len(value) <= _LONGEST_VALUE]
    return " ".join([document.title, document.publisher or "", *_date(document.date), *said])


def _date(date: str | None) -> Iterator[str]:
    year, _, rest = (date or "").partition("-")
    yield year
    if rest[:2].isdecimal() and 1 <= int(rest[:2]) <= 12:
        yield calendar.month_name[int(rest[:2])]


def _rarity(holding: int, of: int) -> float:
    return math.log(1 + (of - holding + 0.5) / (holding + 0.5))


def _by_key(pairs: "Iterator[tuple[str, int]]") -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for key, number in pairs:
        found.setdefault(key, []).append(number)
    return found
