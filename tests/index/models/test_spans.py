"""The best span, and the score of all, against looking at every pair."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.span_finders.spans import best_span, score_of_all

Logits = st.lists(st.integers(-9, 9), min_size=1, max_size=25)


@given(Logits, st.data(), st.integers(1, 30))
def test_it_is_the_first_best_of_all_pairs(
    starts: list[int], data: st.DataObject, longest: int
) -> None:
    size = len(starts)
    ends = data.draw(st.lists(st.integers(-9, 9), min_size=size, max_size=size))
    pairs = [(i, j) for i in range(size) for j in range(i, min(size, i + longest))]
    first, last = max(pairs, key=lambda pair: (starts[pair[0]] + ends[pair[1]], -pair[0], -pair[1]))
    found = best_span(np.array(starts, np.float32), np.array(ends, np.float32), longest=longest)
    assert (found.first, found.last) == (first, last)
    assert found.score == starts[first] + ends[last]


@given(Logits, st.data())
def test_the_score_of_all_sums_the_odds_of_every_start_with_every_end(
    starts: list[int], data: st.DataObject
) -> None:
    size = len(starts)
    ends = data.draw(st.lists(st.integers(-9, 9), min_size=size, max_size=size))
    odds = sum(math.exp(start + end) for start in starts for end in ends)
    score = score_of_all(np.array(starts, np.float32), np.array(ends, np.float32))
    assert score == pytest.approx(math.log(odds), abs=1e-4)


def test_two_places_that_answer_score_higher_together_than_the_best_alone() -> None:
    once = np.array([-9.0, 5.0, -9.0, -9.0], np.float32)
    twice = np.array([-9.0, 5.0, -9.0, 5.0], np.float32)
    best = best_span(twice, twice, longest=1).score
    assert score_of_all(twice, twice) > score_of_all(once, once) > best
