"""Means and ratios with the interval that belongs to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# How far the two questions more lie from the mean, by the distance of the farthest.
FARTHER = 1.1


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals are made: equal settings give equal intervals on every machine.

    `level` is how often an interval should hold the truth; `resamples` their number.
    """

    resamples: int = 2000
    level: float = 0.95
    seed: int = 2019

    @property
    def percentiles(self) -> tuple[float, float]:
        """The percentiles of resampled means that bound an interval: 2.5 and 97.5 at 95 %."""
        tail = 50 * (1 - self.level)
        return tail, 100 - tail

    def expanded_percentiles(self, questions: int) -> tuple[float, float]:
        """Return the percentiles that bound the interval of a figure that is no mean.

        Those of the level, moved outwards for few questions: resamples spread less than samples
        do, by √((n − 1) / n), and the deviation is estimated, as in Student's t. At 95 % and 30
        questions 1.9 and 98.1 instead of 2.5 and 97.5, at 300 questions 2.44 and 97.56.

        *Source:* Hesterberg 2015, What teachers should know about the bootstrap, section 3.2 (the
        expanded percentile interval).
        """
        from scipy.special import ndtr, stdtrit

        tail = (1 - self.level) / 2
        if questions > 1:
            n = questions
            tail = float(ndtr(sqrt(n / (n - 1)) * stdtrit(n - 1, tail)))
        return 100 * tail, 100 * (1 - tail)


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


def with_farther(values: Floats) -> Floats:
    """Return the values (n, k) and two more rows, (n + 2, k), of the same means.

    One lies below the mean and one above it, a tenth farther than the farthest value. They stand
    for the rare questions that a small sample has not met, and without which an interval of
    skewed or mostly equal values is too narrow. Equal values stay equal.

    *Source:* the idea of two successes and two failures more, Agresti and Coull 1998, Approximate
    is better than "exact" for interval estimation of binomial proportions; the distance is ours,
    chosen by simulation.
    """
    means = values.mean(axis=0)
    reach = FARTHER * np.abs(values - means).max(axis=0)
    return np.vstack([values, means - reach, means + reach])


def estimate_mean(values: Sequence[float], resampling: Resampling = DEFAULT_RESAMPLING) -> Estimate:
    """Return the mean and its padded percentile bootstrap interval over questions.

    Resampled are the questions and the two of `with_farther`. The interval of values that all lie
    in 0 to 1 ends there. Use it for a figure that every question has. Example: 1, 0, 1, 1 → mean
    0.75.

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
    ratio = float(above.sum() / below.sum())
    share = bool(((above >= 0) & (above <= below)).all())
    # What is left of a numerator beside its part of the ratio: a mean of 0, padded as such.
    left = with_farther((above - ratio * below)[:, np.newaxis])[:, 0]
    below = np.append(below, [below.mean()] * 2)
    above = left + ratio * below
    random = np.random.default_rng(resampling.seed)
    drawn = np.empty(resampling.resamples)
    for i in range(resampling.resamples):
        # One row at a time: a matrix of resamples × questions would not fit for large sets.
        picked = random.integers(0, above.size, above.size)
        total = below[picked].sum()
        drawn[i] = above[picked].sum() / total if total else np.nan
    low, high = np.nanpercentile(drawn, resampling.percentiles)
    if share:
        low, high = max(low, 0.0), min(high, 1.0)
    return Estimate(ratio, float(low), float(high))
