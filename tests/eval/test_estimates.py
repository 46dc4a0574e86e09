import numpy as np
import pytest

from eval.estimates import Estimate, Resampling, estimate_mean, estimate_ratio


def test_a_mean_of_a_worked_example() -> None:
    assert estimate_mean([1, 0, 1, 1]).mean == 0.75


def test_equal_values_have_an_interval_of_no_width() -> None:
    estimate = estimate_mean([0.5] * 10)
    assert (estimate.low, estimate.high) == (0.5, 0.5)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    values = [float(v) for v in np.random.default_rng(1).random(50)]
    assert estimate_mean(values) == estimate_mean(values)
    assert estimate_mean(values) != estimate_mean(values, Resampling(seed=7))


def test_the_interval_of_a_mean_is_near_the_normal_one() -> None:
    values = [float(v) for v in np.random.default_rng(1).normal(0.6, 0.2, 400)]
    estimate = estimate_mean(values, Resampling(resamples=10_000))
    half = 1.96 * float(np.std(values)) / 400**0.5
    assert estimate.low == pytest.approx(np.mean(values) - half, abs=0.002)
    assert estimate.high == pytest.approx(np.mean(values) + half, abs=0.002)


def test_a_ratio_is_over_sums_and_not_a_mean_of_ratios() -> None:
    assert estimate_ratio([1, 0, 3], [1, 1, 6]).mean == 0.5


def test_nothing_to_count_is_no_figure() -> None:
    assert estimate_mean([]) == Estimate(None, None, None)
    assert estimate_ratio([0.0], [0.0]).as_json() == {"mean": None, "interval": None}


def test_resamples_without_a_denominator_are_left_out() -> None:
    estimate = estimate_ratio([1, 0, 0], [1, 0, 0])
    assert (estimate.low, estimate.mean, estimate.high) == (1.0, 1.0, 1.0)


def test_numerators_and_denominators_come_in_pairs() -> None:
    with pytest.raises(ValueError, match="2 numerators and 1 denominators"):
        estimate_ratio([1, 1], [1])
