"""A probability that an answer is right, fitted on judged answers and checked on others."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from pydantic import JsonValue

from corpus.errors import InputError
from corpus.ids import sha256_of
from eval.answers.answers import AnswersRequest, considered_answers, data_of, settings_of
from eval.answers.judged_answer import JudgedAnswer
from eval.calibration.risk_control import controlled_thresholds
from eval.question_sets.questions import QuestionFile
from eval.statistics.calibration_measures import brier, expected_calibration_error
from eval.statistics.estimates import DEFAULT_RESAMPLING, Estimate, Resampling
from eval.statistics.resampled import estimate_statistic
from eval.statistics.selective import FloatArray, auroc
from service.cli.step_bar import OnStep
from service.confidence.confidence_file import (
    ConfidenceFile,
    Figures,
    FittedModels,
    FittedOn,
    Threshold,
)
from service.engine.engine import Engine

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

TARGET = "the question is answerable and the passages that are cited hold all the evidence"
FEWEST = 5
_PENALTY = 1.0  # on the weight of the margin, brought to deviation 1

Measure = Callable[[FloatArray, FloatArray], float | None]
"""Probabilities and outcomes, both (n,), to a figure."""


@dataclass(frozen=True, slots=True)
class CalibratingSettings:
    """How a confidence is checked: in `folds` parts, or by leaving out a group at a time.

    All questions on a document are in one part, in every wording: `seed` deals the documents out.
    """

    folds: int = 5
    seed: int = 2019
    resampling: Resampling = DEFAULT_RESAMPLING


DEFAULT_SETTINGS = CalibratingSettings()


@dataclass(frozen=True, slots=True)
class CalibrationSet:
    """Judged answers with the margins of their best quotes, and what made them.

    `groups` names what each is left out with, where not documents are: a publisher, a collection.
    """

    judged: tuple[JudgedAnswer, ...]
    margins: tuple[float, ...]
    data: Mapping[str, object]
    configuration: Mapping[str, object]
    groups: tuple[str, ...] = ()

    @property
    def counts(self) -> FittedOn:
        """How many questions there are, how many of them answerable, and answered right."""
        return FittedOn(
            questions=len(self.judged),
            answerable=sum(each.question.answerable for each in self.judged),
            right=int(sum(each.right for each in self.judged)),
        )

    @property
    def arrays(self) -> tuple[FloatArray, FloatArray]:
        """The margins, `(n, 1)`, and which answers are right, `(n,)`."""
        rights = [each.right for each in self.judged]
        margins = np.asarray(self.margins, dtype=np.float64)
        return margins[:, None], np.asarray(rights, dtype=np.float64)


def considered_set(
    files: Sequence[QuestionFile],
    engine: Engine,
    request: AnswersRequest,
    on_step: OnStep = lambda *_: None,
) -> CalibrationSet:
    """Ask the questions of all files, one or more wordings of them, and judge the answers.

    Every question is answered, however unsure; one to which nothing is quoted has no margin and is
    left out. Raises: InputError if no passage was read; and as `considered_answers`.
    """
    asking = replace(request, max_wrong=1.0)
    found = [each for file in files for each in considered_answers(file, engine, asking, on_step)]
    kept = [(judged, margin) for judged, margin in found if margin is not None]
    if not kept:
        raise InputError(
            "A confidence is fitted on the margins of a span finder; found no answer with one."
        )
    judged = tuple(each for each, _ in kept)
    configuration = settings_of(judged, asking)
    configuration.pop("resampling")
    data = data_of(files[0], judged, engine, request.collection) | {
        "name": ", ".join(dict.fromkeys(file.name for file in files)),
        "field": ", ".join(dict.fromkeys(file.field for file in files)),
        "sha256": sha256_of("".join(file.sha256 for file in files)),
        "without_quotes": len(found) - len(kept),
    }
    return CalibrationSet(judged, tuple(margin for _, margin in kept), data, configuration)


def fit_confidence(
    found: CalibrationSet,
    models: FittedModels,
    settings: CalibratingSettings = DEFAULT_SETTINGS,
    *,
    held_out: CalibrationSet | None = None,
) -> ConfidenceFile:
    """Return the confidence fitted on all answers, with its figures and thresholds on others.

    *Source:* Platt, Probabilistic outputs for support vector machines, 1999 (a logistic function of
    one score).

    The others are those of `held_out`, or of each part in turn by weights fitted without it.
    Raises: InputError unless questions of both kinds and five answers of each outcome are there.
    """
    rows, rights = found.arrays
    for each in (found, held_out or found):
        _check(each.counts)
    fitted = fitted_logistic(rows, rights)
    if held_out is None:
        confidences = cross_validated(rows, rights, folds_of(found, settings))
        outcomes = rights
    else:
        others, outcomes = held_out.arrays
        confidences = _probabilities(fitted, others)
    scaler, logistic = fitted[0], fitted[1]
    weight = float(logistic.coef_[0, 0] / scaler.scale_[0])
    return ConfidenceFile(
        target=TARGET,
        models=models,
        intercept=float(logistic.intercept_[0]) - weight * float(scaler.mean_[0]),
        weight=weight,
        fitted_on=found.counts,
        folds=0 if held_out or found.groups else settings.folds,
        held_out=_plain(held_out.data) if held_out else None,
        figures=_figures(confidences, outcomes, settings),
        thresholds=tuple(
            Threshold(**asdict(each)) for each in controlled_thresholds(confidences, outcomes)
        ),
        data=_plain(found.data),
        configuration=_plain(found.configuration),
        date=datetime.now(UTC).date().isoformat(),
    )


def cross_validated(
    rows: FloatArray,
    rights: FloatArray,
    parts: npt.NDArray[np.int64],
) -> FloatArray:
    """Return each row's probability by weights fitted without its part of the rows, `(n,)`."""
    found = np.empty(rights.size)
    for part in np.unique(parts):
        out = parts == part
        found[out] = _probabilities(fitted_logistic(rows[~out], rights[~out]), rows[out])
    return found


def fitted_logistic(rows: FloatArray, rights: FloatArray) -> Pipeline:
    """Return a scaler and the logistic regression of `rights` (n,) on what it makes of `rows`.

    The intercept is not penalised. Deterministic.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    logistic = LogisticRegression(C=1 / _PENALTY, solver="newton-cholesky", tol=1e-10)
    return make_pipeline(StandardScaler(), logistic).fit(rows, rights)


def _probabilities(fitted: Pipeline, rows: FloatArray) -> FloatArray:
    return np.asarray(fitted.predict_proba(rows)[:, 1], dtype=np.float64)


def folds_of(found: CalibrationSet, settings: CalibratingSettings) -> npt.NDArray[np.int64]:
    """Return the part of each answer, from 0, `(n,)`: one for all questions on a document.

    Where answers have groups, one for each group. A question whose file names no document is on
    one of its own. Documents are dealt out from the one with the most questions down, each to the
    part that has the fewest.
    """
    if found.groups:
        return np.unique(found.groups, return_inverse=True)[1].astype(np.int64)
    groups = [each.question.document_sha256 or each.question.question_id for each in found.judged]
    names = sorted(set(groups))
    counts = {name: groups.count(name) for name in names}
    shuffled = [names[at] for at in np.random.default_rng(settings.seed).permutation(len(names))]
    sizes = [0] * settings.folds
    part_of: dict[str, int] = {}
    for name in sorted(shuffled, key=lambda each: -counts[each]):
        part_of[name] = sizes.index(min(sizes))
        sizes[part_of[name]] += counts[name]
    return np.asarray([part_of[name] for name in groups], dtype=np.int64)


def _check(fitted_on: FittedOn) -> None:
    unanswerable = fitted_on.questions - fitted_on.answerable
    wrong = fitted_on.questions - fitted_on.right
    if not fitted_on.answerable or not unanswerable or min(fitted_on.right, wrong) < FEWEST:
        raise InputError(
            f"Found {fitted_on.answerable} answerable and {unanswerable} unanswerable questions, "
            f"{fitted_on.right} answers right and {wrong} wrong; expected questions of both kinds "
            f"and at least {FEWEST} answers of each outcome."
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
