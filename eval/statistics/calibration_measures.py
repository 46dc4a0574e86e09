"""Whether a probability is one: of the answers given with 0.8, are eight in ten right?

Probabilities are 0..1, outcomes 0 or 1, both of shape `(n,)`.
"""

from dataclasses import dataclass

import numpy as np

from eval.statistics.selective import FloatArray

BINS = 10


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The answers with a confidence above `low`, up to `high`; the first bin holds 0 too.

    `confidence` is their mean confidence, `right` the share of them that is right.
    """

    low: float
    high: float
    count: int
    confidence: float
    right: float


def brier(probabilities: FloatArray, outcomes: FloatArray) -> float | None:
    """Return the mean squared distance of probability and outcome: 0 best, 0.25 for saying 0.5.

    Use it to compare probabilities as a whole: it rewards telling right from wrong and saying how
    surely. None for no question.

    *Source:* Brier 1950, Verification of forecasts expressed in terms of probability.
    """
    if not probabilities.size:
        return None
    return float(np.mean((probabilities - outcomes) ** 2))


def expected_calibration_error(
    probabilities: FloatArray, outcomes: FloatArray, bins: int = BINS
) -> float | None:
    """Return the mean distance of confidence and share right over the bins, by their counts.

    0 is best. It says nothing on how well right is told from wrong: whoever always gives the base
    rate has 0. With few questions a bin it is too high by chance. None for no question.

    *Source:* Naeini, Cooper and Hauskrecht 2015, Obtaining well calibrated probabilities using
    Bayesian binning; bins of equal width.
    """
    found = reliability(probabilities, outcomes, bins)
    if not found:
        return None
    gaps = sum(each.count * abs(each.confidence - each.right) for each in found)
    return gaps / probabilities.size


def errors_by_chance(
    probabilities: FloatArray, draws: int, seed: int, bins: int = BINS
) -> FloatArray:
    """Return calibration errors `(draws,)` that these probabilities have where they are exact.

    Outcomes are drawn with the probabilities themselves. An error among them says nothing against
    the probabilities; with few questions a bin they are well above 0.

    *Source:* Bröcker and Smith 2007, Increasing the reliability of reliability diagrams
    (consistency resampling).
    """
    random = np.random.default_rng(seed)
    outcomes = random.random((draws, probabilities.size)) < probabilities
    found = [expected_calibration_error(probabilities, drawn, bins) for drawn in outcomes]
    return np.array([each for each in found if each is not None])


def reliability(
    probabilities: FloatArray, outcomes: FloatArray, bins: int = BINS
) -> tuple[ReliabilityBin, ...]:
    """Return the bins of equal width that hold an answer, in order.

    *Source:* DeGroot and Fienberg 1983, The comparison and evaluation of forecasters.
    """
    edges = np.linspace(0.0, 1.0, bins + 1)
    places = np.searchsorted(edges[1:-1], probabilities)
    counts = np.bincount(places, minlength=bins)
    confidences = np.bincount(places, weights=probabilities, minlength=bins)
    rights = np.bincount(places, weights=outcomes, minlength=bins)
    return tuple(
        ReliabilityBin(
            low=float(edges[i]),
            high=float(edges[i + 1]),
            count=int(counts[i]),
            confidence=float(confidences[i] / counts[i]),
            right=float(rights[i] / counts[i]),
        )
        for i in np.flatnonzero(counts)
    )
