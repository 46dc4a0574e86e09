"""Intervals of figures that are no mean: of an area, a rank, an error by bins."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from eval.statistics.estimates import DEFAULT_RESAMPLING, Estimate, Resampling

Picked = npt.NDArray[np.int64]
Statistic = Callable[[Picked], float | None]
"""The figure over the questions with these numbers, some several times; None if undefined."""


def estimate_statistic(
    statistic: Statistic, questions: int, resampling: Resampling = DEFAULT_RESAMPLING
) -> Estimate:
    """Return a figure over all questions with its expanded percentile interval.

    Resamples where the figure is undefined are left out of the interval; where it is undefined
    over all questions, there is no figure.

    *Source:* Efron and Tibshirani 1993, An introduction to the bootstrap, chapter 13.
    """
    whole = statistic(np.arange(questions))
    if whole is None:
        return Estimate(None, None, None)
    random = np.random.default_rng(resampling.seed)
    drawn = [
        value
        for _ in range(resampling.resamples)
        if (value := statistic(random.integers(0, questions, questions))) is not None
    ]
    bounds = resampling.expanded_percentiles(questions)
    low, high = np.percentile(drawn, bounds) if drawn else (whole, whole)
    return Estimate(whole, float(low), float(high))
