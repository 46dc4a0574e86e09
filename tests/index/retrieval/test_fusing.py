"""Two rankings into one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.retrieval.fusing import fuse_ranks, fuse_scores, scale

SCORES = st.dictionaries(
    st.integers(0, 30), st.floats(-100, 100, allow_nan=False).map(lambda x: round(x, 3))
)


def test_a_worked_example() -> None:
    dense = {1: 0.9, 2: 0.8, 3: 0.7}
    lexical = {3: 12.0, 4: 2.0}
    # Scaled: dense 1, 0.5, 0; lexical 1, 0; each weighs a half.
    assert fuse_scores(dense, lexical) == pytest.approx({1: 0.5, 2: 0.25, 3: 0.5, 4: 0.0})
    # Ranks: dense 1, 2, 3; lexical 1, 2; the greatest possible sum is 2/61.
    assert fuse_ranks(dense, lexical) == pytest.approx(
        {1: 1 / 2, 2: 61 / 62 / 2, 3: (61 / 63 + 1) / 2, 4: 61 / 62 / 2}
    )


def test_the_weight_moves_from_one_source_to_the_other() -> None:
    dense, lexical = {1: 1.0, 2: 0.0}, {2: 1.0, 1: 0.0}
    assert fuse_scores(dense, lexical, dense_weight=1.0) == {1: 1.0, 2: 0.0}
    assert fuse_scores(dense, lexical, dense_weight=0.0) == {1: 0.0, 2: 1.0}


def test_the_source_whose_best_stands_out_counts_more() -> None:
    dense = {1: 5.0, 2: 3.0, 3: 1.0, 4: 0.0}
    lexical = {4: 10.0, 3: 1.0, 2: 1.0, 1: 0.0}
    # The first three, scaled: 1, 0.6, 0.2 (mean 0.6) and 1, 0.1, 0.1 (mean 0.4).
    fused = fuse_scores(dense, lexical, leaders=3)
    assert fused == pytest.approx({1: 0.4, 2: 0.3, 3: 0.14, 4: 0.6})
    assert fuse_scores(dense, lexical) == pytest.approx({1: 0.5, 2: 0.35, 3: 0.15, 4: 0.5})


def test_equal_scores_are_all_scaled_to_one() -> None:
    assert scale({1: 3.0, 2: 3.0}) == {1: 1.0, 2: 1.0}
    assert scale({}) == {}


@given(dense=SCORES, lexical=SCORES)
def test_every_row_of_either_source_is_scored_between_zero_and_one(
    dense: dict[int, float], lexical: dict[int, float]
) -> None:
    plain, leaning = fuse_scores(dense, lexical), fuse_scores(dense, lexical, leaders=10)
    for fused in (plain, leaning, fuse_ranks(dense, lexical)):
        assert fused.keys() == dense.keys() | lexical.keys()
        assert all(0 <= score <= 1 + 1e-12 for score in fused.values())


@given(dense=SCORES, lexical=SCORES, data=st.data())
def test_the_order_in_which_rows_are_given_changes_nothing(
    dense: dict[int, float], lexical: dict[int, float], data: st.DataObject
) -> None:
    shuffled = dict(data.draw(st.permutations(list(dense.items()))))
    turned = dict(data.draw(st.permutations(list(lexical.items()))))
    assert fuse_scores(dense, lexical) == fuse_scores(shuffled, turned)
    leaning = fuse_scores(dense, lexical, leaders=10)
    assert leaning == fuse_scores(shuffled, turned, leaders=10)
    assert fuse_ranks(dense, lexical) == fuse_ranks(shuffled, turned)


@given(scores=SCORES)
def test_rows_that_tie_in_every_source_tie_when_fused(scores: dict[int, float]) -> None:
    twins = {row + 100: score for row, score in scores.items()}
    for fused in (fuse_scores(scores | twins, {}), fuse_ranks(scores | twins, {})):
        assert all(fused[row] == fused[row + 100] for row in scores)


@given(scores=SCORES)
def test_one_source_alone_keeps_its_order(scores: dict[int, float]) -> None:
    expected = sorted(scores, key=lambda row: (-scores[row], row))
    fused = fuse_ranks(scores, {})
    assert sorted(fused, key=lambda row: (-fused[row], row)) == expected


@given(scores=SCORES, factor=st.sampled_from([0.5, 2.0, 8.0]))
def test_the_unit_of_a_score_does_not_matter(scores: dict[int, float], factor: float) -> None:
    other = {row: score * factor for row, score in scores.items()}
    assert fuse_scores(other, {}) == pytest.approx(fuse_scores(scores, {}))


@given(scores=SCORES, leaders=st.integers(0, 40))
def test_a_source_alone_counts_as_it_does_without_leaders(
    scores: dict[int, float], leaders: int
) -> None:
    assert fuse_scores(scores, {}, leaders=leaders) == fuse_scores(scores, {})
    assert fuse_scores({}, scores, leaders=leaders) == fuse_scores({}, scores)
