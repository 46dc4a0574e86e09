"""The least confidence to answer with, so that few of the answers are wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.statistics.selective import FloatArray

LEVELS = tuple(round(0.01 * step, 2) for step in range(1, 51))


@dataclass(frozen=True, slots=True)
class ControlledThreshold:
    """Answer with at least `confidence`: at most `max_wrong` of the answers are wrong.

    `answered` of the calibration's questions reach it, `wrong` of them wrongly.
    """

    max_wrong: float
    confidence: float
    answered: int
    wrong: int


def controlled_thresholds(
    confidences: FloatArray, rights: FloatArray, levels: Sequence[float] = LEVELS
) -> tuple[ControlledThreshold, ...]:
    """Return the lowest threshold for each level that one controls; the others are left out.

    A threshold controls α if (wrong + 1) / (answered + 1) ≤ α over the calibration's questions:
    that is the risk of the loss `answered · (wrong − α)`, kept at 0 or below with the largest loss
    that one more question may bring added. Shapes `(n,)`. Thresholds fall as levels rise.

    That is exact only for a loss that falls steadily as the threshold rises, which this one does
    nearly: so the share holds on average over many questions like the calibration's, not for each
    sample of them. *Source:* Angelopoulos, Bates, Fisch, Lei and Schuster 2024, Conformal risk
    control, sections 2 and 4.1; Jin and Candès 2023, Selection by prediction with conformal
    p-values, section 2.
    """
    order = np.argsort(-confidences, kind="stable")
    ordered, wrong = confidences[order], np.cumsum(1 - rights[order])
    answered = np.arange(1, ordered.size + 1)
    # Equal confidences are answered together: only the last of them is a threshold.
    last = np.append(ordered[1:] < ordered[:-1], [True] * bool(ordered.size))
    bound = np.where(last, (wrong + 1) / (answered + 1), np.inf)
    found: list[ControlledThreshold] = []
    for level in levels:
        kept = np.flatnonzero(bound <= level)
        if kept.size:
            at = int(kept[-1])
            found.append(
                ControlledThreshold(
                    level, float(ordered[at]), int(answered[at]), round(float(wrong[at]))
                )
            )
    return tuple(found)
