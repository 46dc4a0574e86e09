import numpy as np
import pytest

from eval.statistics.estimates import Estimate, Resampling, estimate_mean
from eval.statistics.resampled import estimate_statistic

VALUES = np.random.default_rng(1).random(40)


def test_expanded_percentiles_of_a_worked_example() -> None:
    # t(0.025, 29 degrees) is -2.045; times √(30 / 29) -2.080, the normal's 1.88th percentile.
    low, high = Resampling().expanded_percentiles(30)
    assert (round(low, 2), round(high, 2)) == (1.88, 98.12)
    assert Resampling().expanded_percentiles(10**7) == pytest.approx((2.5, 97.5), abs=1e-5)
    assert Resampling().expanded_percentiles(1) == pytest.approx((2.5, 97.5))


def test_the_interval_of_a_mean_is_near_that_of_estimate_mean() -> None:
    found = estimate_statistic(lambda i: float(VALUES[i].mean()), VALUES.size)
    known = estimate_mean(VALUES.tolist())
    assert found.mean == pytest.approx(known.mean)
    assert (found.low, found.high) == pytest.approx((known.low, known.high), abs=0.01)


def test_what_is_undefined_has_no_interval() -> None:
    assert estimate_statistic(lambda _: None, 3) == Estimate(None, None, None)


def test_resamples_that_are_undefined_are_left_out() -> None:
    found = estimate_statistic(lambda i: 1.0 if {0, 1} <= set(i.tolist()) else None, 2)
    assert found == Estimate(1.0, 1.0, 1.0)
