"""The chunking measures equal a count of characters one by one, and worked examples."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.chunking.chunking_measures import (
    Range,
    chunking_scores,
    length_of,
    missing,
    precision_omega,
    union,
)

SIZE = 40
ranges = st.lists(
    st.tuples(st.integers(0, SIZE - 1), st.integers(1, 12)).map(
        lambda pair: (pair[0], min(SIZE, pair[0] + pair[1]))
    ),
    min_size=1,
    max_size=5,
)


def test_the_example_of_the_docstring_holds() -> None:
    scores = chunking_scores([(0, 10)], [(5, 15), (20, 30)], elsewhere=0)
    assert scores == {"recall": 0.5, "precision": 5 / 20, "iou": 5 / 25}


def test_chunks_of_another_text_lower_precision_and_iou_alone() -> None:
    scores = chunking_scores([(0, 10)], [(0, 10)], elsewhere=30)
    assert scores == {"recall": 1.0, "precision": 0.25, "iou": 0.25}


def test_nothing_retrieved_scores_nothing() -> None:
    scores = chunking_scores([(0, 10)], [], elsewhere=0)
    assert scores == {"recall": 0.0, "precision": 0.0, "iou": 0.0}


def test_a_chunk_that_only_touches_a_reference_counts_in_the_best_precision() -> None:
    assert precision_omega([(0, 10)], [(0, 10)]) == 1.0
    assert precision_omega([(0, 10)], [(0, 10), (10, 30)]) == pytest.approx(10 / 30)
    assert precision_omega([(0, 10)], [(0, 10), (11, 30)]) == 1.0


def test_a_text_without_a_chunk_near_a_reference_has_no_best_precision() -> None:
    assert precision_omega([(0, 10)], [(20, 30)]) == 0.0


@given(ranges, ranges)
def test_scores_equal_those_counted_by_character(
    references: list[Range], chunks: list[Range]
) -> None:
    scores = chunking_scores(references, chunks, elsewhere=0)
    wanted, got = characters(references), characters(chunks)
    lengths = sum(end - start for start, end in chunks)
    missed = sum(len(set(range(*each)) - got) for each in references)
    assert scores["recall"] == pytest.approx(
        len(wanted & got) / sum(end - start for start, end in references)
    )
    assert scores["precision"] == pytest.approx(len(wanted & got) / lengths)
    assert scores["iou"] == pytest.approx(len(wanted & got) / (lengths + missed))


@given(ranges, ranges)
def test_the_best_precision_equals_one_counted_by_character(
    references: list[Range], chunks: list[Range]
) -> None:
    near = [c for c in chunks if any(c[0] <= end and c[1] >= start for start, end in references)]
    wanted, got = characters(references), characters(near)
    expected = len(wanted & got) / len(wanted | got)
    assert precision_omega(references, chunks) == pytest.approx(expected)


@given(ranges)
def test_a_union_covers_the_same_characters_in_order_without_touching(found: list[Range]) -> None:
    joined = union(found)
    assert characters(joined) == characters(found)
    assert length_of(joined) == len(characters(found))
    assert all(first[1] < second[0] for first, second in pairwise(joined))


@given(ranges, ranges)
def test_what_is_missing_is_each_reference_less_the_chunks(
    references: list[Range], chunks: list[Range]
) -> None:
    expected = sum(len(set(range(*each)) - characters(chunks)) for each in references)
    assert length_of(missing(references, chunks)) == expected


def characters(found: list[Range]) -> set[int]:
    return {place for start, end in found for place in range(start, end)}
