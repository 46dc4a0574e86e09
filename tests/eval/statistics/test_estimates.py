import numpy as np
import pytest

from eval.statistics.estimates import Estimate, Resampling, estimate_mean, estimate_ratio


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


def test_an_interval_of_shares_ends_at_0_and_1() -> None:
    nearly_all = estimate_mean([1.0] * 29 + [0.0])
    assert nearly_all.high == 1.0
    assert nearly_all.mean == pytest.approx(29 / 30)
    assert nearly_all.low is not None
    assert 0.85 < nearly_all.low < 0.93
    assert estimate_mean([0.0] * 29 + [-1.0]).high != 0.0


def test_a_ratio_of_equal_denominators_has_the_interval_of_a_mean() -> None:
    values = [float(v) for v in np.random.default_rng(1).random(40)]
    twice = estimate_ratio([2 * value for value in values], [2.0] * 40)
    once = estimate_mean(values)
    assert [twice.low, twice.high] == pytest.approx([once.low, once.high])


def test_intervals_of_a_ratio_hold_the_truth_19_times_in_20() -> None:
    """A precision of 0.8 over the answers that were given, half of 40 questions."""
    random, held = np.random.default_rng(3), 0
    for _ in range(400):
        given = random.random(40) < 0.5
        right = given & (random.random(40) < 0.8)
        found = estimate_ratio(list(right * 1.0), list(given * 1.0), Resampling(resamples=1000))
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.8 <= found.high
    assert 0.92 <= held / 400 <= 0.98
