import numpy as np
import pytest

from eval.estimates import Estimate, estimate_mean
from eval.resampled import estimate_statistic

VALUES = np.random.default_rng(1).random(40)


def test_the_interval_of_a_mean_is_that_of_estimate_mean() -> None:
    found = estimate_statistic(lambda i: float(VALUES[i].mean()), VALUES.size)
    known = estimate_mean(VALUES.tolist())
    assert (found.mean, found.low, found.high) == pytest.approx((known.mean, known.low, known.high))


def test_what_is_undefined_has_no_interval() -> None:
    assert estimate_statistic(lambda _: None, 3) == Estimate(None, None, None)


def test_resamples_that_are_undefined_are_left_out() -> None:
    found = estimate_statistic(lambda i: 1.0 if {0, 1} <= set(i.tolist()) else None, 2)
    assert found == Estimate(1.0, 1.0, 1.0)
