"""The spans of a window: the pair of tokens that a reading head scores highest, and all of them."""

from dataclasses import dataclass

import numpy as np

from index.values.ports import FloatVector


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """Two tokens, both inclusive, and the sum of the logits that they begin and end a span."""

    first: int
    last: int
    score: float


def best_span(starts: FloatVector, ends: FloatVector, *, longest: int) -> TokenSpan:
    """Return the span of at most `longest` tokens with the highest sum of its two logits.

    `starts` and `ends` are (n,), n at least 1. Ties: the earlier start, then the shorter span.
    """
    count = len(starts)
    best = TokenSpan(0, 0, -np.inf)
    for length in range(min(longest, count)):
        sums = starts[: count - length] + ends[length:]
        first = int(sums.argmax())
        found = TokenSpan(first, first + length, float(sums[first]))
        if found.score > best.score or (found.score == best.score and first < best.first):
            best = found
    return best


def score_of_all(starts: FloatVector, ends: FloatVector) -> float:
    """Return the logarithm of the summed odds of all pairs of a start and an end, in any order.

    Less the logits of "not here" it is what a softmax over both gives as log odds. `starts` and
    `ends` are (n,), n at least 1.
    """
    return float(np.logaddexp.reduce(starts) + np.logaddexp.reduce(ends))
