"""What is known of each span of a question: the words in and around it, and what they identify."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.documents.document_names import WordWeights
from index.query.question_words import CONTENT, LEADS, NAMING, QUESTIONING, Word

FloatMatrix = npt.NDArray[np.float32]

_NEAREST_DOCUMENTS = 16
# What stands between two words, by the marks that end one and begin the next.
MARKS = ("none", "comma", "colon", "opens", "closes", "ends")
_FIRST_PLACES = ("begin", "comma", "colon", "opens", "auxiliary", "none")
_LAST_PLACES = ("comma", "colon", "closes", "ends", *QUESTIONING, "tells", "lead", "none")
PLACE_SHAPE = (2 * len(_FIRST_PLACES), len(_LAST_PLACES))
_LENGTHS = (1, 2, 4, 8, 15)
DENSE = (
    "coverage", "lead", "share of the document's words", "uncovered words", "symbol of a document",
    "kind", "naming", "kind and naming", "neither", "questioning words",
    "one bracket", "marks within", "rest: no content", "rest: one", "rest: two", "rest: questions",
    "rest: begins as a question", "share of the words", "share of naming words",
    "coverage up to a mark", "coverage after a lead", *(f"up to {n} words" for n in _LENGTHS),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SpanFeatures:
    """What is known of each span of `n` words.

    `first`, `last` and `inside` are (n, features); `places` the pair of `first_place` (n,) and
    `last_place` (n,); `dense` is (len(DENSE), n, n), by first and last word.
    """

    first: FloatMatrix
    last: FloatMatrix
    inside: FloatMatrix
    first_place: npt.NDArray[np.int64]
    last_place: npt.NDArray[np.int64]
    dense: FloatMatrix


def features_of(
    words: Sequence[Word], weights: WordWeights, number: Mapping[str, int]
) -> SpanFeatures:
    """Return what is known of each span; `number` is the column of each class of words."""
    return _Features(number, words, weights).spans()


class _Features:
    def __init__(self, number: Mapping[str, int], words: Sequence[Word], held: WordWeights) -> None:
        self._words = words
        self._held = held
        self._classes = np.array([number[each.word_class] for each in words])
        self._number = number
        self._marks = np.array(
            [
                _mark(one.after + (two.before if two else ""), last=two is None)
                for one, two in zip(words, [*words[1:], None], strict=True)
            ]
        )

    def _is(self, *names: str) -> npt.NDArray[np.bool_]:
        wanted = np.zeros(len(self._number), dtype=np.bool_)
        wanted[[self._number[name] for name in names]] = True
        found: npt.NDArray[np.bool_] = wanted[self._classes]
        return found

    def spans(self) -> SpanFeatures:
        size, classes = len(self._number), self._classes
        marks_before = np.concatenate([[0], self._marks[:-1]])
        one_hot = np.eye(size + 1, dtype=np.float32)
        marks = np.eye(len(MARKS), dtype=np.float32)
        before = np.concatenate([[size], classes[:-1]])
        after = np.concatenate([classes[1:], [size]])
        identifying = self._held.held.any(0) * self._held.rarity
        return SpanFeatures(
            np.hstack([one_hot[classes], one_hot[before], marks[marks_before]]),
            np.hstack([one_hot[classes], one_hot[after], marks[self._marks]]),
            np.hstack([one_hot[classes][:, :size], identifying[:, None].astype(np.float32)]),
            self._first_places(before, marks_before),
            self._last_places(after),
            self._dense(),
        )

    def _first_places(
        self, before: npt.NDArray[np.int64], marks: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        places = np.full(len(before), _FIRST_PLACES.index("none"))
        places[before == self._number["auxiliary"]] = _FIRST_PLACES.index("auxiliary")
        for mark in ("comma", "colon", "opens"):
            places[marks == MARKS.index(mark)] = _FIRST_PLACES.index(mark)
        places[0] = 0
        return 2 * places + self._is(*LEADS)

    def _last_places(self, after: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        places = np.full(len(after), _LAST_PLACES.index("none"))
        for name in (*QUESTIONING, "tells"):
            places[after == self._number[name]] = _LAST_PLACES.index(name)
        for name in LEADS:
            places[after == self._number[name]] = _LAST_PLACES.index("lead")
        for mark in ("comma", "colon", "closes", "ends"):
            places[self._marks == MARKS.index(mark)] = _LAST_PLACES.index(mark)
        return places

    def _dense(self) -> FloatMatrix:
        n = len(self._words)
        kind, naming = _within(self._is("kind")), _within(self._is(*NAMING))
        content = self._is(*CONTENT)
        rest = content.sum() - _within(content)
        questions = self._is(*QUESTIONING)
        begins = questions | (self._is(*LEADS) & np.roll(self._is("asks"), -1))
        next_begins = np.append(begins[1:], False)
        opens = [each.before.count("(") + each.text.count("(") for each in self._words]
        closes = [each.after.count(")") + each.text.count(")") for each in self._words]
        quotes = [sum((each.before + each.after).count(q) for q in '"“”«»') for each in self._words]
        length = np.arange(n)[None, :] - np.arange(n)[:, None] + 1
        marked = np.append(self._marks[:-1] > 0, False).astype(np.int64)
        unquoted = (_within(np.array(quotes)) % 2 > 0) | (
            _within(np.array(opens)) != _within(np.array(closes))
        )
        begins_after = np.where(np.arange(n)[:, None] == 0, next_begins[None, :], begins[0])
        dense = np.empty((len(DENSE), n, n), dtype=np.float32)
        dense[:5] = self._covered(content)
        dense[5:] = [
            kind > 0,
            naming > 0,
            (kind > 0) & (naming > 0),
            (kind == 0) & (naming == 0),
            np.minimum(_within(questions), 2),
            unquoted,
            np.minimum(_within(marked) - marked[None, :], 3),
            rest == 0,
            rest == 1,
            rest == 2,
            questions.sum() - _within(questions) > 0,
            begins_after,
            length / n,
            naming / np.maximum(_within(content), 1.0),
            dense[0] * ((self._marks > 0)[None, :]),
            dense[0] * self._is(*LEADS)[:, None],
            *(length <= longest for longest in _LENGTHS),
        ]
        return dense

    def _covered(self, content: npt.NDArray[np.bool_]) -> list[FloatMatrix]:
        """Return how the documents cover each span: share, lead, share of theirs, rest, symbol."""
        weight = np.where(content, self._held.rarity, 0.0).astype(np.float32)
        held = self._held.held * weight
        if len(held) > _NEAREST_DOCUMENTS:
            order = np.argsort(-held.sum(1), kind="stable")
            held = held[order[:_NEAREST_DOCUMENTS]]
        spans = _within(held) if len(held) else np.zeros((1, len(weight), len(weight)))
        whole = _within(weight)
        ranked = np.sort(spans, axis=0)
        best, second = ranked[-1], ranked[-2] if len(ranked) > 1 else np.zeros_like(ranked[-1])
        most = np.maximum(spans.argmax(0), 0)
        totals = held.sum(1) if len(held) else np.zeros(1)
        share = np.divide(best, totals[most], out=np.zeros_like(best), where=totals[most] > 0)
        with np.errstate(invalid="ignore"):
            some = np.maximum(whole, 1e-6)
        return [
            best / some,
            (best - second) / some,
            share,
            np.minimum(whole - best, 20.0) / 5,
            _within(self._held.symbols) > 0,
        ]


def _within(counts: npt.NDArray[np.generic]) -> npt.NDArray[np.float32]:
    """Return (…, n, n), the sum of counts (…, n) from each first to each last word."""
    sums = np.cumsum(np.asarray(counts, dtype=np.float32), axis=-1)
    before = sums - np.asarray(counts, dtype=np.float32)
    found: npt.NDArray[np.float32] = sums[..., None, :] - before[..., :, None]
    return found


def _mark(text: str, *, last: bool) -> int:
    if last or any(sign in text for sign in "?!¿"):
        return MARKS.index("ends")
    for mark, signs in (("colon", ":"), ("closes", ")]"), ("opens", "([—–"), ("comma", ",;")):
        if any(sign in text for sign in signs):
            return MARKS.index(mark)
    return 0
