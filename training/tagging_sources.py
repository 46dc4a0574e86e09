"""Fit the source tagger: a softmax over the spans of each question, by L-BFGS.

Each question is weighed against collections of several sizes, so that the weights hold for one
document as for hundreds.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from index.query.source_tagger import TaggerWeights
from index.query.span_features import DENSE, PLACE_SHAPE, FloatMatrix, SpanFeatures

_RIDGE = 1.0
_STEPS = 250
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class TaggedQuestion:
    """The features of a question's spans, and the words that name its source: first and last.

    `span` is None where no words name a source. `weight` is how much the question counts.
    """

    features: SpanFeatures
    span: tuple[int, int] | None
    weight: float = 1.0


def fit_tagger(
    questions: Sequence[TaggedQuestion], *, ridge: float = _RIDGE
) -> tuple[TaggerWeights, float]:
    """Return the weights under which the spans are likeliest, and the loss a question.

    `ridge` weighs the sum of the squared weights, against the sum of the losses.
    """
    data = _Spans.of(questions)
    result = minimize(
        data.loss,
        np.zeros(data.size),
        args=(ridge,),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _STEPS},
    )
    loss = data.loss(result.x, 0.0)[0] / sum(each.weight for each in questions)
    return data.weights(result.x), float(loss)


@dataclass(frozen=True, slots=True)
class _Spans:
    """All spans of all questions in flat arrays; words are counted over all questions."""

    first: FloatMatrix  # (words, features)
    last: FloatMatrix
    inside: FloatMatrix
    dense: FloatMatrix  # (spans, features)
    places: npt.NDArray[np.int64]  # (spans,), a pair of places as one number
    place_shape: tuple[int, int]
    starts: npt.NDArray[np.int64]  # (spans,), the first word
    ends: npt.NDArray[np.int64]
    question: npt.NDArray[np.int64]  # (spans,)
    target: npt.NDArray[np.int64]  # (questions,), a span; -1 for none
    weight: npt.NDArray[np.float64]  # (questions,)

    @classmethod
    def of(cls, questions: Sequence[TaggedQuestion]) -> "_Spans":
        dense, places, starts, ends, number, target = [], [], [], [], [], []
        words = spans = 0
        shape = PLACE_SHAPE
        for at, each in enumerate(questions):
            n = len(each.features.first_place)
            one, two = np.triu_indices(n)
            pairs = each.features.first_place[one] * shape[1] + each.features.last_place[two]
            dense.append(each.features.dense[:, one, two].T)
            places.append(pairs)
            starts.append(one + words)
            ends.append(two + words)
            number.append(np.full(len(one), at))
            target.append(
                -1
                if each.span is None
                else spans + int(np.flatnonzero((one == each.span[0]) & (two == each.span[1]))[0])
            )
            words, spans = words + n, spans + len(one)
        return cls(
            np.vstack([each.features.first for each in questions]),
            np.vstack([each.features.last for each in questions]),
            np.vstack([each.features.inside for each in questions]),
            np.vstack(dense),
            np.concatenate(places),
            shape,
            np.concatenate(starts),
            np.concatenate(ends),
            np.concatenate(number),
            np.array(target),
            np.array([each.weight for each in questions]),
        )

    @property
    def _sizes(self) -> list[int]:
        placed = self.place_shape[0] * self.place_shape[1]
        widths = [each.shape[1] for each in (self.first, self.last, self.inside)]
        return [*widths, placed, self.dense.shape[1], 1]

    @property
    def size(self) -> int:
        return sum(self._sizes)

    def _split(self, x: npt.NDArray[np.float64]) -> list[npt.NDArray[np.float64]]:
        return np.split(x, np.cumsum(self._sizes)[:-1])

    def weights(self, x: npt.NDArray[np.float64]) -> TaggerWeights:
        first, last, inside, places, dense, none = (
            each.astype(np.float32) for each in self._split(x)
        )
        shaped = places.reshape(self.place_shape)
        return TaggerWeights(first, last, inside, shaped, dense, float(none[0]))

    def loss(
        self, x: npt.NDArray[np.float64], ridge: float
    ) -> tuple[float, npt.NDArray[np.float64]]:
        first, last, inside, places, dense, none = self._split(x)
        within = np.concatenate([[0.0], np.cumsum(self.inside @ inside)])
        by_first = self.first @ first - within[:-1]
        by_last = self.last @ last + within[1:]
        scores = by_first[self.starts] + by_last[self.ends] + places[self.places]
        scores += self.dense @ dense
        questions = len(self.target)
        edges = np.flatnonzero(np.diff(self.question, prepend=-1))
        top = np.maximum(np.maximum.reduceat(scores, edges), none[0])
        likely = np.exp(scores - top[self.question])
        nothing = np.exp(none[0] - top)
        total = np.bincount(self.question, likely, questions) + nothing
        named = self.target >= 0
        right = np.where(named, scores[np.maximum(self.target, 0)], none[0])
        loss = float((self.weight * (np.log(total) + top - right)).sum())
        # The gradient by score: the probability of each span, less 1 for the right one.
        slope = likely * (self.weight / total)[self.question]
        slope[self.target[named]] -= self.weight[named]
        none_slope = (self.weight * (nothing / total - ~named)).sum()
        words = len(self.first)
        at_first = np.bincount(self.starts, slope, words)
        at_last = np.bincount(self.ends, slope, words)
        covering = np.cumsum(at_first) - np.concatenate([[0.0], np.cumsum(at_last)[:-1]])
        gradient = np.concatenate(
            [
                at_first @ self.first,
                at_last @ self.last,
                covering @ self.inside,
                np.bincount(self.places, slope, places.size),
                slope.astype(np.float32) @ self.dense,
                [none_slope],
            ]
        )
        return loss + ridge * float(x @ x) / 2, gradient + ridge * x


def as_json(classes: Mapping[str, Sequence[str]], weights: TaggerWeights) -> str:
    """Return the text of a weights file, one list of words or weights a line."""
    dense = dict(zip(DENSE, _rounded(weights.dense), strict=True))
    parts: dict[str, object] = {
        "first": _rounded(weights.first),
        "last": _rounded(weights.last),
        "inside": _rounded(weights.inside),
        "places": _rounded(weights.places),
        "dense": dense,
        "none": round(weights.none, _DIGITS),
    }
    words = [f"{_line(name)}: {_line(list(each))}" for name, each in classes.items()]
    lines = [f"{_line(name)}: {_line(each)}" for name, each in parts.items()]
    joined = ",\n  ".join(words)
    return "{\n" + f'"classes": {{\n  {joined}\n}},\n' + ",\n".join(lines) + "\n}\n"


def _rounded(weights: FloatMatrix) -> list[float]:
    rounded: list[float] = np.round(weights.astype(np.float64), _DIGITS).tolist()
    return rounded


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
