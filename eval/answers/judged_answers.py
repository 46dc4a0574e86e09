"""What measures of answers are taken of: all the judged answers, and how they are counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eval.answers.answer_scores import AnswerScores
from eval.answers.judged_answer import JudgedAnswer
from eval.statistics.estimates import DEFAULT_RESAMPLING, Resampling

SELECTIVE_ERROR = "selective_error"
DEFAULT_COVERAGES: Mapping[str, float] = {f"{SELECTIVE_ERROR}@0.6": 0.6}


@dataclass(frozen=True, slots=True)
class JudgedAnswers:
    """Answers, their scores (None where there are none), and the coverages to take errors at."""

    judged: Sequence[JudgedAnswer]
    scores: AnswerScores | None
    resampling: Resampling = DEFAULT_RESAMPLING
    coverages: Mapping[str, float] = field(default_factory=lambda: DEFAULT_COVERAGES)
