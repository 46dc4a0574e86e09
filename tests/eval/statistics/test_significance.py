from itertools import product
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from eval.statistics.estimates import Resampling, estimate_mean, with_farther
from eval.statistics.significance import (
    SignificanceSettings,
    bootstrap_interval,
    detectable_difference,
    effect_size,
    holm,
    paired_results,
    paired_t_p,
    randomisation_p,
)
from tests.eval.interval_shapes import SHAPES, Shape


def column(*values: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array(values, dtype=np.float64).reshape(-1, 1)


def enumerated_p(values: list[float]) -> float:
    patterns = list(product((-1, 1), repeat=len(values)))
    observed = abs(sum(values))
    sums = [abs(sum(s * v for s, v in zip(signs, values, strict=True))) for signs in patterns]
    return sum(each >= observed - 1e-9 for each in sums) / len(patterns)


def test_p_of_a_worked_example() -> None:
    # Signs of 3, 2, -1: of 8 sums (6, 4, 2, 0, 0, -2, -4, -6), four are as far from 0 as 4.
    assert randomisation_p(column(3, 2, -1))[0] == 0.5
    assert randomisation_p(column(1, 1, 1))[0] == 0.25


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from([-1.0, -0.3, -0.1, 0.0, 0.1, 0.2, 0.5]), max_size=9, min_size=1))
def test_p_equals_enumeration_by_hand(values: list[float]) -> None:
    assert randomisation_p(column(*values))[0] == pytest.approx(enumerated_p(values), abs=1e-12)


def test_p_equals_the_exact_test_of_scipy() -> None:
    values = np.random.default_rng(1).normal(0.3, 1, 12)
    exact = stats.permutation_test(
        (values,), np.mean, permutation_type="samples", n_resamples=np.inf
    )
    assert randomisation_p(values[:, np.newaxis])[0] == pytest.approx(exact.pvalue, abs=1e-12)


def test_drawn_p_is_near_the_exact_one() -> None:
    values = np.random.default_rng(2).normal(0.4, 1, 16)
    exact = randomisation_p(values[:, np.newaxis])[0]
    # A difference of 1e-13 changes no sum but makes 17 queries differ.
    drawn = randomisation_p(np.append(values, 1e-13)[:, np.newaxis], permutations=100_000)[0]
    assert drawn != exact
    assert drawn == pytest.approx(exact, abs=4 * sqrt(exact * (1 - exact) / 100_000))


def test_queries_without_a_difference_change_no_exact_p() -> None:
    assert randomisation_p(column(*[0.0] * 50, 1, 1, 1))[0] == 0.25
    assert randomisation_p(column(*[0.0] * 50))[0] == 1.0


def test_p_is_the_same_for_both_orders_alone_or_in_company() -> None:
    differences = np.random.default_rng(3).normal(0.1, 1, (300, 60))
    together = randomisation_p(differences)
    assert (together == randomisation_p(-differences)).all()
    assert together[7] == randomisation_p(differences[:, 7:8])[0]


def test_p_is_never_0() -> None:
    assert randomisation_p(np.full((100, 1), 0.5), permutations=10_000)[0] == 1 / 10_001


@pytest.mark.parametrize("queries", [30, 100])
def test_p_is_uniform_where_there_is_no_difference(queries: int) -> None:
    random = np.random.default_rng([4, queries])
    first, second = random.beta(0.6, 0.6, (2, queries, 10_000))
    p = randomisation_p(first - second, permutations=2000)
    assert stats.kstest(p, "uniform").pvalue > 0.05


@pytest.mark.parametrize("queries", [12, 30, 100])
def test_p_of_right_or_wrong_is_never_too_small(queries: int) -> None:
    """Few values and many ties: p takes few values, and is small more seldom than it may be."""
    first, second = np.random.default_rng([13, queries]).integers(0, 2, (2, queries, 10_000))
    p = randomisation_p((first - second).astype(np.float64), permutations=2000)
    for level in (0.01, 0.05, 0.1, 0.5):
        assert np.mean(p <= level) <= level


def test_holm_of_a_worked_example() -> None:
    assert holm(np.array([0.01, 0.04, 0.03])) == pytest.approx([0.03, 0.06, 0.06])
    assert holm(np.array([0.9, 0.8])) == pytest.approx([1.0, 1.0])


def test_holm_keeps_false_findings_of_a_family_at_5_percent() -> None:
    # Families as they come: all six pairs of four equal systems over the same 40 queries.
    values = np.random.default_rng(5).beta(0.6, 0.6, (1000, 4, 40))
    first, second = np.triu_indices(4, 1)
    differences = (values[:, first] - values[:, second]).reshape(6000, 40).T
    p = randomisation_p(differences, permutations=2000).reshape(1000, 6)
    false_findings = sum(bool((holm(family) <= 0.05).any()) for family in p)
    assert 0.01 < false_findings / 1000 <= 0.05


def test_t_test_equals_that_of_scipy() -> None:
    first, second = np.random.default_rng(6).beta(0.6, 0.6, (2, 40, 5))
    expected = stats.ttest_rel(second, first).pvalue
    assert paired_t_p(second - first) == pytest.approx(expected, abs=1e-12)


def test_t_test_of_equal_differences_has_an_answer() -> None:
    assert list(paired_t_p(np.array([[0.1, 0.0], [0.1, 0.0], [0.1, 0.0]]))) == [0.0, 1.0]


@pytest.mark.parametrize("queries", [30, 50, 100, 300])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_bootstrap_intervals_hold_the_truth_19_times_in_20(shape: Shape, queries: int) -> None:
    assert 0.93 <= shape.coverage(queries, samples=2000, seed=7) <= 0.97


def test_the_two_queries_more_keep_the_mean_and_lie_a_tenth_farther() -> None:
    # Mean 0.25, the farthest is 0.75 away: 0.825 on either side.
    padded = with_farther(column(1, 0, 0, 0))
    assert padded[:, 0].tolist() == pytest.approx([1, 0, 0, 0, -0.575, 1.075])
    assert padded.mean() == pytest.approx(0.25)


def test_bootstrap_interval_is_near_that_of_a_single_mean() -> None:
    values = np.random.default_rng(8).normal(0.1, 1, 200)
    low, high = bootstrap_interval(values[:, np.newaxis], Resampling(resamples=10_000))
    single = estimate_mean(list(values), Resampling(resamples=10_000))
    assert [low[0], high[0]] == pytest.approx([single.low, single.high], abs=0.01)


def test_effect_size_of_a_worked_example() -> None:
    # Mean 2, deviations 1, 0, -1: standard deviation 1.
    assert effect_size(np.array([1.0, 2.0, 3.0])) == 2.0
    assert effect_size(np.array([0.1, 0.1, 0.1])) is None
    assert effect_size(np.array([0.1])) is None


def test_detectable_difference_is_found_4_times_in_5() -> None:
    random = np.random.default_rng(9)
    noise = random.normal(0, 0.3, (50, 2000))
    shift = detectable_difference(0.3 * stats.norm.ppf((np.arange(5000) + 0.5) / 5000))
    assert shift is not None
    found = paired_t_p(noise + shift * sqrt(5000 / 50)) <= 0.05
    assert np.mean(found) == pytest.approx(0.8, abs=0.03)


def test_detectable_difference_needs_two_queries() -> None:
    assert detectable_difference(np.array([0.3])) is None


def test_results_hold_everything_about_a_comparison() -> None:
    differences = np.random.default_rng(10).normal([0.5, 0.0], 1, (60, 2))
    first, second = paired_results(differences, SignificanceSettings(t_test=True))
    assert first.difference == pytest.approx(differences[:, 0].mean())
    assert first.low < first.difference < first.high
    assert first.p_holm == pytest.approx(2 * first.p)
    assert second.p_holm == second.p > 0.05
    assert first.t_p is not None
    assert first.t_p == pytest.approx(first.p, abs=0.01)


def test_equal_settings_give_equal_results() -> None:
    differences = np.random.default_rng(11).normal(0.1, 1, (80, 3))
    assert paired_results(differences) == paired_results(differences)


def test_a_single_query_shows_nothing() -> None:
    (result,) = paired_results(column(0.5), SignificanceSettings(t_test=True))
    assert (result.p, result.effect, result.detectable, result.t_p) == (1.0, None, None, None)
