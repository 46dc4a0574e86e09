"""How sure each answer is, as one number that ranks them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from eval.answers.judged_answer import JudgedAnswer
from service.values.answer import Answer

ScoreName = Literal["confidence", "rerank"]


@dataclass(frozen=True, slots=True)
class AnswerScores:
    """One score an answer, the higher the surer, and what it is.

    `confidence` is a probability. `rerank` is the best logit that the cross-encoder gave to a
    passage: used to rank answers and for nothing else, since a logit is no probability. An answer
    without passages comes last: confidence 0, or a logit of minus infinity.
    """

    name: ScoreName
    values: tuple[float, ...]

    @property
    def are_probabilities(self) -> bool:
        """Whether ECE and the Brier score mean anything."""
        return self.name == "confidence"


def scores_of(judged: Sequence[JudgedAnswer]) -> AnswerScores | None:
    """Return the confidences where all answers have one, else their best logits.

    None where neither is there for every answer with passages: two scales make no ranking.
    """
    answers = [each.answer for each in judged]
    found = [answer for answer in answers if answer.passages]
    if not found:
        return None
    if all(answer.confidence is not None for answer in found):
        values = (answer.confidence or 0.0 for answer in answers)
        return AnswerScores("confidence", tuple(values))
    logits = [best_logit(answer) for answer in answers]
    if any(logit is None for logit, answer in zip(logits, answers, strict=True) if answer.passages):
        return None
    return AnswerScores("rerank", tuple(-math.inf if each is None else each for each in logits))


def best_logit(answer: Answer) -> float | None:
    """Return the highest logit of a passage; None where none was reranked."""
    logits = (passage.scores.rerank for passage in answer.passages)
    return max((logit for logit in logits if logit is not None), default=None)
