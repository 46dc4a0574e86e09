"""Where a confidence comes from: what it was fitted on, and what an answer needs."""

from dataclasses import dataclass

from service.confidence.confidence_file import ConfidenceFile


@dataclass(frozen=True, slots=True)
class ConfidenceBasis:
    """The number of judged questions behind a confidence, and the least one to answer with.

    `max_wrong` is the largest share of answers that may be wrong; both shares are 0..1.
    """

    questions: int
    needed: float
    max_wrong: float


def basis_of(confidence: ConfidenceFile | None, max_wrong: float) -> ConfidenceBasis | None:
    """Return what a fitted confidence rests on; None where there is none."""
    if confidence is None:
        return None
    needed = min(1.0, confidence.threshold(max_wrong))
    return ConfidenceBasis(confidence.fitted_on.questions, needed, max_wrong)
