"""Windows hold the answer, and batches lose nothing."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.encoding import WINDOW_TOKENS, Window, batches, padded, tokenizer, window_of
from training.examples import Example

pytestmark = pytest.mark.models
WORDS = "refugees meet again in Almaty and speak of migration while others wait".split()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 99))
def test_the_answer_is_in_the_window_wherever_it_stands(before: int, after: int, seed: int) -> None:
    words = [WORDS[i % len(WORDS)] for i in range(before + after)]
    text = " ".join([*words[:before], "forty-six States", *words[before:]])
    start = text.index("forty-six States")
    example = Example("How many?", text, start, start + len("forty-six States"), "answer.own")
    found = tokenizer()
    window = window_of(example, found, random.Random(seed))
    assert len(window.ids) == len(window.types) <= WINDOW_TOKENS
    assert found.decode(list(window.ids[window.start : window.end + 1])) == "forty - six states"
    assert all(window.types[i] == 1 for i in range(window.start, window.end + 1))


def test_a_passage_that_does_not_answer_points_at_the_first_token() -> None:
    window = window_of(
        Example("Who?", "Nobody. " * 300, None, None, "x"), tokenizer(), random.Random(1)
    )
    assert (window.start, window.end) == (0, 0)
    assert len(window.ids) == WINDOW_TOKENS


def test_batches_hold_every_window_once_with_like_lengths_together() -> None:
    draw = random.Random(5)
    windows = [Window((1,) * n, (0,) * n, 0, 0) for n in draw.choices(range(5, 170), k=300)]
    found = list(batches(iter(windows), 16, random.Random(6)))
    lengths = Counter(int(row.sum()) for batch in found for row in batch.attention)
    assert lengths == Counter(len(window.ids) for window in windows)
    padding = sum(batch.ids.numel() for batch in found) / sum(len(w.ids) for w in windows)
    assert padding < 1.2


def test_padding_is_marked_and_rounds_up_to_eights() -> None:
    batch = padded([Window((5, 6, 7), (0, 0, 1), 2, 2), Window((5,) * 9, (0,) * 9, 0, 0)])
    assert tuple(batch.ids.shape) == (2, 16)
    assert batch.attention.sum(dim=1).tolist() == [3, 9]
    assert (batch.starts.tolist(), batch.ends.tolist()) == ([2, 0], [2, 0])
