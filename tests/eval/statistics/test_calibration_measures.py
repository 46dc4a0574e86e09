import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from eval.statistics.calibration_measures import (
    brier,
    errors_by_chance,
    expected_calibration_error,
    reliability,
)
from eval.statistics.selective import FloatArray, arrays


def drawn(seed: int) -> tuple[FloatArray, FloatArray]:
    random = np.random.default_rng(seed)
    probabilities = random.random(80).round(2)  # some stand on the edges of bins
    return probabilities, (random.random(80) < probabilities).astype(np.float64)


@pytest.mark.parametrize("seed", range(3))
def test_brier_is_that_of_scikit_learn(seed: int) -> None:
    probabilities, outcomes = drawn(seed)
    assert brier(probabilities, outcomes) == pytest.approx(
        brier_score_loss(outcomes, probabilities)
    )


@pytest.mark.parametrize("seed", range(3))
def test_bins_are_those_of_scikit_learn(seed: int) -> None:
    probabilities, outcomes = drawn(seed)
    bins = reliability(probabilities, outcomes)
    right, confidence = calibration_curve(outcomes, probabilities, n_bins=10)
    assert [each.right for each in bins] == pytest.approx(list(right))
    assert [each.confidence for each in bins] == pytest.approx(list(confidence))
    assert sum(each.count for each in bins) == 80


def test_the_calibration_error_of_a_worked_example() -> None:
    # (0.8, 1.0]: 0.9 and 0.9, one right, gap 0.4. (0, 0.2]: 0.1 and 0.2, none right, gap 0.15.
    probabilities, outcomes = arrays([0.9, 0.9, 0.1, 0.2], [1, 0, 0, 0])
    error = expected_calibration_error(probabilities, outcomes, bins=5)
    assert error == pytest.approx((2 * 0.4 + 2 * 0.15) / 4)


def test_zero_and_one_are_in_the_first_and_the_last_bin() -> None:
    bins = reliability(*arrays([0.0, 1.0], [0, 1]))
    assert [(each.low, each.high) for each in bins] == [(0.0, 0.1), (0.9, 1.0)]
    assert expected_calibration_error(*arrays([0.0, 1.0], [0, 1])) == 0.0


def test_exact_probabilities_have_an_error_by_chance() -> None:
    # Of four coins k fall right: |k / 4 − 1 / 2| is 3 / 16 on average, (2·1/2 + 8·1/4) / 16.
    errors = errors_by_chance(np.full(4, 0.5), draws=20_000, seed=1)
    assert errors.mean() == pytest.approx(3 / 16, abs=0.003)
    assert set(errors) == {0.0, 0.25, 0.5}
    assert errors_by_chance(np.full(10_000, 0.5), draws=200, seed=1).max() < 0.03


def test_nothing_has_no_figure() -> None:
    assert not errors_by_chance(np.array([]), draws=3, seed=1).size
    assert brier(*arrays([], [])) is None
    assert expected_calibration_error(*arrays([], [])) is None
    assert reliability(*arrays([], [])) == ()
