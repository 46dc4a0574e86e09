"""A probability that an answer is right, fitted on judged answers and checked on others."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
from pydantic import JsonValue

from corpus.errors import InputError
from eval.answers import AnswersRequest, data_of, judged_answers, settings_of
from eval.calibration_measures import brier, expected_calibration_error
from eval.confidence_features import NAMES, ConfidenceFeatures, SentenceScore, features_of
from eval.confidence_file import ConfidenceFile, Figures, FittedOn, Weight
from eval.estimates import DEFAULT_RESAMPLING, Estimate, Resampling
from eval.judged_answer import JudgedAnswer
from eval.logistic import Logistic, fit_logistic
from eval.questions import QuestionFile
from eval.resampled import estimate_statistic
from eval.selective import FloatArray, auroc
from index.ports import Reranker
from service.engine import Engine
from service.step_bar import OnStep

TARGET = "the question is answerable and the passage of the first citation holds all the evidence"
FEWEST = 5

Measure = Callable[[FloatArray, FloatArray], float | None]
"""Probabilities and outcomes, both (n,), to a figure."""


@dataclass(frozen=True, slots=True)
class CalibratingSettings:
    """How a confidence is fitted: the penalty on its weights, and in how many parts it is checked.

    Questions are parted by `seed`, right and wrong answers evenly.
    """

    penalty: float = 1.0
    folds: int = 5
    seed: int = 2019
    resampling: Resampling = DEFAULT_RESAMPLING


DEFAULT_SETTINGS = CalibratingSettings()


def calibrate_answers(
    file: QuestionFile,
    engine: Engine,
    reranker: Reranker,
    request: AnswersRequest,
    on_step: OnStep = lambda *_: None,
) -> ConfidenceFile:
    """Ask the questions of a file, judge the answers and return the confidence fitted on them.

    Raises: InputError if too few answers are right or too few wrong; and as `judged_answers`.
    """
    judged = judged_answers(file, engine, request, on_step)
    score = sentence_score_of(reranker)
    features: list[ConfidenceFeatures] = []
    for number, each in enumerate(judged, start=1):
        features.append(features_of(each.answer, score))
        on_step("features", number, len(judged))
    data = data_of(file, judged, engine, request.collection)
    configuration = settings_of(judged, request)
    configuration.pop("resampling")
    return fit_confidence(judged, features, data=data, configuration=configuration)


def sentence_score_of(reranker: Reranker) -> SentenceScore:
    """Return the score of one sentence by a cross-encoder, read by itself."""

    def score(asked: str, sentence: str) -> float:
        return float(reranker.score(asked, [sentence])[0])

    return score


def fit_confidence(
    judged: Sequence[JudgedAnswer],
    features: Sequence[ConfidenceFeatures],
    *,
    data: Mapping[str, object],
    configuration: Mapping[str, object],
    settings: CalibratingSettings = DEFAULT_SETTINGS,
) -> ConfidenceFile:
    """Return the confidence fitted on all answers, with its figures by cross-validation.

    Raises: InputError unless questions of both kinds and five answers of each outcome are there.
    """
    rows = np.asarray([each.values for each in features], dtype=np.float64)
    rights = np.asarray([each.right for each in judged], dtype=np.float64)
    answerable = sum(each.question.answerable for each in judged)
    fitted_on = FittedOn(questions=len(judged), answerable=answerable, right=int(rights.sum()))
    _check(fitted_on)
    fitted = fit_logistic(rows, rights, settings.penalty)
    return ConfidenceFile(
        target=TARGET,
        intercept=fitted.intercept,
        features=_weights(fitted),
        penalty=settings.penalty,
        fitted_on=fitted_on,
        folds=settings.folds,
        cross_validated=_figures(cross_validated(rows, rights, settings), rights, settings),
        data=_plain(data),
        configuration=_plain(configuration),
        date=datetime.now(UTC).date().isoformat(),
    )


def cross_validated(
    rows: FloatArray, rights: FloatArray, settings: CalibratingSettings = DEFAULT_SETTINGS
) -> FloatArray:
    """Return each row's probability by weights fitted without its part of the rows, `(n,)`."""
    parts = folds_of(rights, settings)
    found = np.empty(rights.size)
    for part in range(settings.folds):
        out = parts == part
        fitted = fit_logistic(rows[~out], rights[~out], settings.penalty)
        found[out] = fitted.probabilities(rows[out])
    return found


def folds_of(rights: FloatArray, settings: CalibratingSettings) -> npt.NDArray[np.int64]:
    """Return the part of each row, from 0; right and wrong ones are dealt out evenly, `(n,)`."""
    random = np.random.default_rng(settings.seed)
    parts = np.empty(rights.size, dtype=np.int64)
    for outcome in (0.0, 1.0):
        rows = random.permutation(np.flatnonzero(rights == outcome))
        parts[rows] = np.arange(rows.size) % settings.folds
    return parts


def confidences(file: ConfidenceFile, features: Sequence[ConfidenceFeatures]) -> FloatArray:
    """Return the probability of each answer by a fitted confidence, `(n,)`.

    Raises: InputError if the file names other features than there are.
    """
    names = tuple(each.name for each in file.features)
    if names != NAMES:
        raise InputError(
            f"Found a confidence on {', '.join(names)}; expected one on {', '.join(NAMES)}."
        )
    weights, centre, scale = (
        np.asarray([getattr(each, part) for each in file.features], dtype=np.float64)
        for part in ("weight", "centre", "scale")
    )
    rows = np.asarray([each.values for each in features], dtype=np.float64)
    return Logistic(file.intercept, weights, centre, scale).probabilities(rows)


def _check(fitted_on: FittedOn) -> None:
    unanswerable = fitted_on.questions - fitted_on.answerable
    wrong = fitted_on.questions - fitted_on.right
    if not fitted_on.answerable or not unanswerable or min(fitted_on.right, wrong) < FEWEST:
        raise InputError(
            f"Found {fitted_on.answerable} answerable and {unanswerable} unanswerable questions, "
            f"{fitted_on.right} answers right and {wrong} wrong; expected questions of both kinds "
            f"and at least {FEWEST} answers of each outcome."
        )


def _weights(fitted: Logistic) -> tuple[Weight, ...]:
    parts = zip(NAMES, fitted.weights, fitted.centre, fitted.scale, strict=True)
    return tuple(
        Weight(name=name, weight=float(weight), centre=float(centre), scale=float(scale))
        for name, weight, centre, scale in parts
    )


def _figures(
    found: FloatArray, rights: FloatArray, settings: CalibratingSettings
) -> dict[str, Figures]:
    measures: dict[str, Measure] = {
        "auroc": lambda values, outcomes: auroc(values, outcomes > 0),
        "ece": expected_calibration_error,
        "brier": brier,
    }
    return {
        name: _figure(measure, found, rights, settings.resampling)
        for name, measure in measures.items()
    }


def _figure(
    measure: Measure, found: FloatArray, rights: FloatArray, resampling: Resampling
) -> Figures:
    estimate = estimate_statistic(lambda i: measure(found[i], rights[i]), found.size, resampling)
    return Figures(mean=estimate.mean, interval=_interval(estimate))


def _interval(estimate: Estimate) -> tuple[float, float] | None:
    if estimate.low is None or estimate.high is None:
        return None
    return estimate.low, estimate.high


def _plain(values: Mapping[str, object]) -> dict[str, JsonValue]:
    """Return the values as JSON gives them back."""
    found: dict[str, JsonValue] = json.loads(json.dumps(dict(values), default=str))
    return found
