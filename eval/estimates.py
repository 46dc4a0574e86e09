"""Means and ratios with the interval that belongs to them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals are made: equal settings give equal intervals on every machine.

    `level` is the share of resamples inside the interval; `resamples` their number.
    """

    resamples: int = 2000
    level: float = 0.95
    seed: int = 2019


DEFAULT_RESAMPLING = Resampling()


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over questions with its interval; all None where there was nothing to count."""

    mean: float | None
    low: float | None
    high: float | None

    def as_json(self) -> dict[str, object]:
        """Return `{"mean", "interval": [low, high]}`."""
        interval = None if self.low is None else [self.low, self.high]
        return {"mean": self.mean, "interval": interval}


def estimate_mean(values: Sequence[float], resampling: Resampling = DEFAULT_RESAMPLING) -> Estimate:
    """Return the mean and its percentile bootstrap interval over questions.

    Use it for a figure that every question has. Example: 1, 0, 1, 1 → mean 0.75.

    *Source:* Efron and Tibshirani 1993, An introduction to the bootstrap, chapter 13; for
    retrieval measures Sakai 2006, Evaluating evaluation metrics based on the bootstrap.
    """
    return estimate_ratio(values, [1.0] * len(values), resampling)


def estimate_ratio(
    numerators: Sequence[float],
    denominators: Sequence[float],
    resampling: Resampling = DEFAULT_RESAMPLING,
) -> Estimate:
    """Return sum(numerators) / sum(denominators), resampled over the pairs.

    Use it for a precision or recall whose denominator is itself counted, such as the share of
    abstentions that were right. Resamples without a denominator are left out of the interval.
    """
    above = np.asarray(numerators, dtype=np.float64)
    below = np.asarray(denominators, dtype=np.float64)
    if above.shape != below.shape:
        raise ValueError(f"found {above.size} numerators and {below.size} denominators")
    if below.sum() == 0:
        return Estimate(None, None, None)
    random = np.random.default_rng(resampling.seed)
    drawn = np.empty(resampling.resamples)
    for i in range(resampling.resamples):
        # One row at a time: a matrix of resamples × questions would not fit for large sets.
        picked = random.integers(0, above.size, above.size)
        total = below[picked].sum()
        drawn[i] = above[picked].sum() / total if total else np.nan
    tail = 100 * (1 - resampling.level) / 2
    low, high = np.nanpercentile(drawn, [tail, 100 - tail])
    return Estimate(float(above.sum() / below.sum()), float(low), float(high))
