"""Logistic regression with a penalty on the weights, by Newton's method."""

from dataclasses import dataclass

import numpy as np

from eval.statistics.selective import FloatArray

_STEPS = 100
_PRECISION = 1e-10


@dataclass(frozen=True, slots=True)
class Logistic:
    """`intercept` and `weights` (d,) of features that were centred and scaled, each (d,)."""

    intercept: float
    weights: FloatArray
    centre: FloatArray
    scale: FloatArray

    def probabilities(self, features: FloatArray) -> FloatArray:
        """Return a probability a row of `(n, d)`: `(n,)`, 0..1."""
        scaled = (features - self.centre) / self.scale
        return _sigmoid(self.intercept + scaled @ self.weights)


def fit_logistic(features: FloatArray, outcomes: FloatArray, penalty: float) -> Logistic:
    """Return the weights with the least loss: −log likelihood + penalty / 2 · |weights|².

    Features `(n, d)` are brought to mean 0 and deviation 1 first, one that never varies to 0;
    outcomes `(n,)` are 0 or 1, both present. The intercept is not penalised. Deterministic.

    *Source:* Hastie, Tibshirani and Friedman 2009, The elements of statistical learning, 4.4.1
    (Newton's method as iteratively reweighted least squares) and 3.4.1 (the penalty).
    """
    centre, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    rows = np.column_stack([np.ones(len(features)), (features - centre) / scale])
    penalties = np.full(rows.shape[1], penalty)
    penalties[0] = 0.0
    beta = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        expected = _sigmoid(rows @ beta)
        slope = rows.T @ (expected - outcomes) + penalties * beta
        bend = (rows * (expected * (1 - expected))[:, None]).T @ rows + np.diag(penalties)
        step = np.linalg.solve(bend, slope)
        size = 1.0
        # A whole step may overshoot where the probabilities are near 0 and 1.
        while size > _PRECISION and _loss(rows, outcomes, beta - size * step, penalties) > _loss(
            rows, outcomes, beta, penalties
        ):
            size /= 2
        beta = beta - size * step
        if np.abs(step).max() < _PRECISION:
            break
    return Logistic(float(beta[0]), beta[1:], centre, scale)


def _loss(rows: FloatArray, outcomes: FloatArray, beta: FloatArray, penalties: FloatArray) -> float:
    logits = rows @ beta
    loss = np.logaddexp(0.0, logits) - outcomes * logits
    return float(loss.sum() + 0.5 * (penalties * beta**2).sum())


def _sigmoid(logits: FloatArray) -> FloatArray:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -500, 500))), dtype=np.float64)
