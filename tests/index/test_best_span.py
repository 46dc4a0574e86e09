"""The best span against looking at every pair."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.span_finders.best_span import best_span

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
