"""The measures over judged answers, each with its interval, and the curves behind two of them.

Every mean is over questions, not over the questions that were answered. `MEASURES` lists what is
measured; a new measure is a function and its line there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from corpus.errors import InputError
from eval.answers.answer_scores import AnswerScores, scores_of
from eval.answers.judged_answer import JudgedAnswer
from eval.answers.judged_answers import DEFAULT_COVERAGES, SELECTIVE_ERROR, JudgedAnswers
from eval.statistics.calibration_measures import (
    ReliabilityBin,
    brier,
    errors_by_chance,
    expected_calibration_error,
    reliability,
)
from eval.statistics.estimates import (
    DEFAULT_RESAMPLING,
    Estimate,
    Resampling,
    estimate_mean,
    estimate_ratio,
)
from eval.statistics.resampled import Statistic, estimate_statistic
from eval.statistics.selective import (
    FloatArray,
    RiskPoint,
    arrays,
    aurc,
    auroc,
    risk_coverage,
    selective_error,
)


@dataclass(frozen=True, slots=True)
class Curves:
    """Risk by coverage, and confidence by share right; empty without scores or confidences."""

    risk_coverage: tuple[RiskPoint, ...] = ()
    reliability: tuple[ReliabilityBin, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return those that there are."""
        found: dict[str, object] = {}
        if self.risk_coverage:
            found["risk_coverage"] = [asdict(point) for point in self.risk_coverage]
        if self.reliability:
            found["reliability"] = [asdict(each) for each in self.reliability]
        return found


def coverages_of(names: Sequence[str]) -> dict[str, float]:
    """Return the coverage of each `selective_error@X` as it is typed, after the default ones.

    Raises: InputError for another name, or for an X that is not above 0 and up to 1.
    """
    found = dict(DEFAULT_COVERAGES)
    for name in names:
        measure, _, typed = name.partition("@")
        try:
            coverage = float(typed)
        except ValueError:
            coverage = 0.0
        if measure != SELECTIVE_ERROR or not 0 < coverage <= 1:
            raise InputError(
                f"Found the measure {name!r}; expected {SELECTIVE_ERROR}@X with X above 0 and up "
                "to 1. All other measures of answers are always there."
            )
        found[name] = coverage
    return found


def summarise(
    judged: Sequence[JudgedAnswer],
    resampling: Resampling = DEFAULT_RESAMPLING,
    coverages: Mapping[str, float] = DEFAULT_COVERAGES,
) -> dict[str, Estimate]:
    """Return each measure over the questions, with its interval.

    First what the quotes are worth, then whether it was right to abstain, then whether the scores
    tell right from wrong. Measures of scores are left out where there are none, those of
    probabilities where the scores are none.
    """
    given = JudgedAnswers(judged, scores_of(judged), resampling, coverages)
    found: dict[str, Estimate] = {}
    for measures in MEASURES:
        found |= measures(given)
    return found


def curves_of(judged: Sequence[JudgedAnswer]) -> Curves:
    """Return the curves over all the questions."""
    scores = scores_of(judged)
    if scores is None:
        return Curves()
    values, rights = _scored(judged, scores)
    bins = reliability(values, rights) if scores.are_probabilities else ()
    return Curves(risk_coverage(values, 1 - rights), bins)


def _of_quotes(given: JudgedAnswers) -> dict[str, Estimate]:
    judged, resampling = given.judged, given.resampling
    answerable = [each for each in judged if each.question.answerable]
    means = {
        "passage_success@1": [each.passage_1 for each in answerable],
        "success@1": [each.success_1 for each in answerable],
        "cited_success": [each.cited for each in answerable],
        "success@3": [each.success_3 for each in answerable],
        "success_any@3": [each.any_3 for each in answerable],
        "citation_precision": [each.precision for each in answerable],
        "citation_recall": [each.recall for each in answerable],
        "item_recall": [each.item_recall for each in answerable if each.item_recall is not None],
    }
    exact = [float(each.exact) for each in judged]
    citations = [float(len(each.answer.citations)) for each in judged]
    return {name: estimate_mean(values, resampling) for name, values in means.items()} | {
        "quote_exactness": estimate_ratio(exact, citations, resampling)
    }


def _of_abstentions(given: JudgedAnswers) -> dict[str, Estimate]:
    """Return what is answered and how much of it wrongly; precision and recall of abstaining.

    Then their harmonic mean, 2·both / (a + b).
    """
    judged, resampling = given.judged, given.resampling
    answered = [float(not each.abstained) for each in judged]
    wrong = [stated * (1 - each.right) for stated, each in zip(answered, judged, strict=True)]
    answerable = [stated for stated, each in zip(answered, judged, strict=True)
                  if each.question.answerable]  # fmt: skip
    unanswerable = [float(not each.question.answerable) for each in judged]
    abstained = [float(each.abstained) for each in judged]
    both = [a * b for a, b in zip(unanswerable, abstained, strict=True)]
    sums = [a + b for a, b in zip(unanswerable, abstained, strict=True)]
    return {
        "coverage": estimate_mean(answerable, resampling),
        "wrong_answered": estimate_ratio(wrong, answered, resampling),
        "abstention_precision": estimate_ratio(both, abstained, resampling),
        "abstention_recall": estimate_ratio(both, unanswerable, resampling),
        "abstention_f1": estimate_ratio([2 * each for each in both], sums, resampling),
    }


def _of_outcomes(given: JudgedAnswers) -> dict[str, Estimate]:
    """Return what an asker is left with.

    useful        share of the answerable questions whose quotes, given as the answer or as likely,
                  hold the evidence
    stated_wrong  share of all questions that were given a wrong answer as the answer
    refused       share of the answerable questions that were told that there is no answer
    """
    judged, resampling = given.judged, given.resampling
    answerable = [each for each in judged if each.question.answerable]
    refused = [float(each.answer.status == "abstained") for each in answerable]
    useful = [each.cited * (1 - no) for each, no in zip(answerable, refused, strict=True)]
    wrong = [float(not each.abstained and bool(each.answer.citations)) * (1 - each.right)
             for each in judged]  # fmt: skip
    means = {"useful": useful, "stated_wrong": wrong, "refused": refused}
    return {name: estimate_mean(values, resampling) for name, values in means.items()}


def _of_ranking(given: JudgedAnswers) -> dict[str, Estimate]:
    judged, scores, resampling = given.judged, given.scores, given.resampling
    if scores is None:
        return {}
    values, rights = _scored(judged, scores)
    errors = 1 - rights
    answerable = np.asarray([each.question.answerable for each in judged], dtype=np.bool_)
    count = len(judged)
    found = {
        "auroc": estimate_statistic(lambda i: auroc(values[i], answerable[i]), count, resampling),
        "aurc": estimate_statistic(lambda i: aurc(values[i], errors[i]), count, resampling),
    }
    for name, coverage in given.coverages.items():
        found[name] = estimate_statistic(_selective(values, errors, coverage), count, resampling)
    return found


def _selective(values: FloatArray, errors: FloatArray, coverage: float) -> Statistic:
    return lambda i: selective_error(values[i], errors[i], coverage)


def _of_probabilities(given: JudgedAnswers) -> dict[str, Estimate]:
    if given.scores is None or not given.scores.are_probabilities:
        return {}
    resampling = given.resampling
    values, rights = _scored(given.judged, given.scores)
    return {
        "ece": estimate_statistic(
            lambda i: expected_calibration_error(values[i], rights[i]), values.size, resampling
        ),
        "ece_by_chance": _by_chance(values, resampling),
        "brier": estimate_statistic(lambda i: brier(values[i], rights[i]), values.size, resampling),
    }


def _by_chance(values: FloatArray, resampling: Resampling) -> Estimate:
    """Return the calibration error of exact confidences, and where it lies by chance."""
    errors = errors_by_chance(values, resampling.resamples, resampling.seed)
    if not errors.size:
        return Estimate(None, None, None)
    low, high = np.percentile(errors, resampling.percentiles)
    return Estimate(float(errors.mean()), float(low), float(high))


def _scored(judged: Sequence[JudgedAnswer], scores: AnswerScores) -> tuple[FloatArray, FloatArray]:
    """Return the scores, and which answers are right, as arrays (n,)."""
    return arrays(scores.values, [each.right for each in judged])


MEASURES: tuple[Callable[[JudgedAnswers], dict[str, Estimate]], ...] = (
    _of_quotes,
    _of_abstentions,
    _of_outcomes,
    _of_ranking,
    _of_probabilities,
)
