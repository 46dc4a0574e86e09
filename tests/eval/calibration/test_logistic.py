import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from eval.calibration.logistic import fit_logistic
from eval.statistics.selective import FloatArray


def drawn(seed: int, rows: int = 120) -> tuple[FloatArray, FloatArray]:
    random = np.random.default_rng(seed)
    features = random.normal(size=(rows, 3)) * [1, 10, 0.1] + [0, 5, 0]
    logits = features @ [1.5, -0.2, 3.0] + 1
    return features, (random.random(rows) < 1 / (1 + np.exp(-logits))).astype(np.float64)


@pytest.mark.parametrize(("seed", "penalty"), [(0, 1.0), (1, 0.1), (2, 10.0)])
def test_weights_and_probabilities_are_those_of_scikit_learn(seed: int, penalty: float) -> None:
    features, outcomes = drawn(seed)
    fitted = fit_logistic(features, outcomes, penalty)
    scaled = StandardScaler().fit_transform(features)
    other = LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=1000).fit(scaled, outcomes)
    assert fitted.weights == pytest.approx(other.coef_[0], abs=1e-5)
    assert fitted.intercept == pytest.approx(float(other.intercept_[0]), abs=1e-5)
    assert fitted.probabilities(features) == pytest.approx(
        other.predict_proba(scaled)[:, 1], abs=1e-5
    )


def test_a_feature_that_never_varies_has_no_weight() -> None:
    features, outcomes = drawn(0)
    fitted = fit_logistic(np.column_stack([features, np.full(120, 7.0)]), outcomes, 1.0)
    assert fitted.weights[3] == pytest.approx(0.0)


def test_outcomes_that_are_told_apart_without_fault_have_finite_weights() -> None:
    features = np.asarray([[-1000.0], [-1.0], [1.0], [1000.0]])
    fitted = fit_logistic(features, np.asarray([0.0, 0.0, 1.0, 1.0]), 0.01)
    assert np.isfinite(fitted.weights).all()
    assert fitted.probabilities(features)[[0, 3]] == pytest.approx([0, 1], abs=0.05)


def test_mean_probability_is_the_share_of_outcomes() -> None:
    features, outcomes = drawn(3)
    fitted = fit_logistic(features, outcomes, 1.0)
    assert fitted.probabilities(features).mean() == pytest.approx(outcomes.mean())
