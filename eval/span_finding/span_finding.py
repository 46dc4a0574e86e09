"""How well a span finder tells whether a passage answers, and where: passages given, no search."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from eval.span_finding.span_measures import exact_match, span_f1
from eval.span_finding.span_questions import ReadingQuestion
from eval.statistics.estimates import DEFAULT_RESAMPLING, Estimate, Resampling, estimate_mean
from eval.statistics.resampled import estimate_statistic
from eval.statistics.selective import BoolArray, FloatArray, auroc
from index.values.ports import FoundSpan, Reranker, SpanFinder
from service.cli.step_bar import OnStep


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question as it was read: the best span over its passages, that passage, and scores.

    `reranker_score` is the cross-encoder's highest score over the passages; None without one.
    """

    question: ReadingQuestion
    found: FoundSpan
    passage: str
    reranker_score: float | None

    @property
    def text(self) -> str:
        """The words of the best span."""
        return self.passage[self.found.start : self.found.end]


@dataclass(frozen=True, slots=True)
class ReadingReport:
    """All questions as read, the measures over them, and what made them."""

    read: tuple[ReadQuestion, ...]
    estimates: Mapping[str, Estimate]
    settings: Mapping[str, object] = field(default_factory=dict)

    @property
    def answerable(self) -> int:
        """How many of the questions are answered by a passage given."""
        return sum(each.question.answerable for each in self.read)

    def as_json(self) -> dict[str, object]:
        """Return `{"questions", "settings", "measures"}`."""
        return {
            "questions": {"all": len(self.read), "answerable": self.answerable},
            "settings": dict(self.settings),
            "measures": {name: each.as_json() for name, each in self.estimates.items()},
        }


def evaluate_reading(
    questions: Sequence[ReadingQuestion],
    finder: SpanFinder,
    reranker: Reranker | None,
    on_step: OnStep,
    *,
    resampling: Resampling = DEFAULT_RESAMPLING,
) -> ReadingReport:
    """Return every question as it was read, and the measures. Raises: ModelError."""
    read = tuple(read_all(questions, finder, reranker, on_step))
    settings: dict[str, object] = {
        "span_finder": finder.name,
        "span_finder_fingerprint": finder.fingerprint,
        "reranker": reranker.name if reranker else None,
        "resamples": resampling.resamples,
    }
    return ReadingReport(read, measure_reading(read, resampling), settings)


def read_all(
    questions: Sequence[ReadingQuestion],
    finder: SpanFinder,
    reranker: Reranker | None,
    on_step: OnStep,
) -> list[ReadQuestion]:
    """Return the questions as the models read them, in order."""
    read: list[ReadQuestion] = []
    for done, question in enumerate(questions, start=1):
        found = finder.find(question.question, question.passages)
        best = max(range(len(found)), key=lambda i: (found[i].margin, -i))
        score = None
        if reranker is not None:
            score = float(reranker.score(question.question, question.passages).max())
        read.append(ReadQuestion(question, found[best], question.passages[best], score))
        on_step("read", done, len(questions))
    return read


def measure_reading(
    read: Sequence[ReadQuestion], resampling: Resampling = DEFAULT_RESAMPLING
) -> dict[str, Estimate]:
    """Return the measures: AUROC of "is answered" by each score, and how right the spans are.

    `EM` and `F1` are over the answerable questions whose set has exact answers, whatever the
    margin: they tell how well an answer is found, the AUROC whether there is one.
    """
    estimates: dict[str, Estimate] = {}
    scores: dict[str, Callable[[ReadQuestion], float]] = {
        "AUROC margin": lambda each: each.found.margin,
        "AUROC relevance": lambda each: each.found.relevance,
        "AUROC answers": lambda each: each.found.answers,
    }
    answered = np.array([each.question.answerable for each in read])
    for name, score in scores.items():
        values = np.array([score(each) for each in read], dtype=np.float64)
        estimates[name] = estimate_auroc(values, answered, resampling)
    reranked = [each.reranker_score for each in read if each.reranker_score is not None]
    if len(reranked) == len(read):
        values = np.array(reranked, dtype=np.float64)
        estimates["AUROC reranker"] = estimate_auroc(values, answered, resampling)
    exact = [each for each in read if each.question.answers]
    for name, measure in {"EM": exact_match, "F1": span_f1}.items():
        right = [measure(each.text, each.question.answers) for each in exact]
        estimates[name] = estimate_mean(right, resampling) if right else Estimate(None, None, None)
    return estimates


def estimate_auroc(
    scores: FloatArray, positive: BoolArray, resampling: Resampling = DEFAULT_RESAMPLING
) -> Estimate:
    """Return the AUROC with its interval over questions; see `auroc`, `estimate_statistic`."""
    return estimate_statistic(lambda i: auroc(scores[i], positive[i]), scores.size, resampling)
