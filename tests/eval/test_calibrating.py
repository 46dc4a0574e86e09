import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import InputError
from eval.calibrating import (
    CalibratingSettings,
    CalibrationSet,
    cross_validated,
    fit_confidence,
    folds_of,
)
from eval.estimates import Resampling
from eval.judged_answer import AnswerJudge, JudgedAnswer
from eval.logistic import fit_logistic
from eval.questions import Evidence, Question
from service.confidence_features import NAMES, ConfidenceFeatures, values_of
from service.confidence_file import (
    NEVER,
    ConfidenceFile,
    FittedModels,
    Threshold,
    read_confidence,
    write_confidence,
)
from tests.eval.answer_values import FIRST, PAGES, SECOND, answer, citation

SETTINGS = CalibratingSettings(features=NAMES, penalty=1.0, resampling=Resampling(resamples=200))
MODELS = FittedModels(embedder="e", reranker="r", span_finder="s")
ASKED = Question("a", "?", True, ("46",), (Evidence("46 States and 22 ISCMs"),))
UNANSWERABLE = Question("u", "?", False)


def judged(count: int) -> list[JudgedAnswer]:
    """Return answers of which those with even numbers are right, the others unanswerable.

    Four questions are on each document.
    """
    judge = AnswerJudge(lambda _: PAGES)
    right = judge.judge(ASKED, answer(citation(1, "c0", *FIRST)))
    wrong = judge.judge(UNANSWERABLE, answer(citation(1, "c40", *SECOND)))
    answers = [right if number % 2 == 0 else wrong for number in range(count)]
    return [
        replace(each, question=replace(each.question, document_sha256=f"d{number // 4}"))
        for number, each in enumerate(answers)
    ]


def features(count: int) -> list[ConfidenceFeatures]:
    random = np.random.default_rng(1)
    return [
        ConfidenceFeatures(*(random.normal(1.0 if number % 2 == 0 else -1.0) for _ in NAMES))
        for number in range(count)
    ]


def answers(count: int) -> CalibrationSet:
    return CalibrationSet(tuple(judged(count)), tuple(features(count)), {"sha256": "0"}, {})


def fitted(count: int = 40) -> ConfidenceFile:
    return fit_confidence(answers(count), MODELS, SETTINGS)


def test_a_confidence_says_what_it_was_fitted_on() -> None:
    found = fitted()
    assert tuple(each.name for each in found.features) == NAMES
    assert found.fitted_on.model_dump() == {"questions": 40, "answerable": 20, "right": 20}
    assert found.models == MODELS
    assert found.data == {"sha256": "0"}
    assert found.figures.keys() == {"auroc", "ece", "brier"}
    auroc = found.figures["auroc"].mean
    assert auroc is not None
    assert auroc > 0.9


def test_the_file_gives_the_probabilities_that_were_fitted(tmp_path: Path) -> None:
    write_confidence(fitted(), tmp_path / "confidence.json")
    file = read_confidence(tmp_path / "confidence.json")
    rows = np.asarray([values_of(each) for each in features(40)])
    rights = np.asarray([each.right for each in judged(40)])
    expected = fit_logistic(rows, rights, 1.0).probabilities(rows)
    assert [file.probability(each) for each in features(40)] == pytest.approx(expected)
    assert file.fingerprint == fitted().fingerprint


def test_only_the_features_that_were_chosen_are_in_the_file() -> None:
    chosen = replace(SETTINGS, features=("margin", "cosine"))
    found = fit_confidence(answers(40), MODELS, chosen)
    assert [each.name for each in found.features] == ["margin", "cosine"]
    one = features(1)[0]
    assert found.probability(one) == found.probability(replace(one, answers=99.0))
    assert found.probability(one) != found.probability(replace(one, margin=99.0))


def test_figures_and_thresholds_are_those_of_the_questions_held_out() -> None:
    others = CalibrationSet(tuple(judged(20)), tuple(features(20)), {"name": "dev"}, {})
    found = fit_confidence(answers(40), MODELS, SETTINGS, held_out=others)
    assert found.held_out == {"name": "dev"}
    assert (found.folds, fitted().folds) == (0, 5)
    assert [each.weight for each in found.features] == [each.weight for each in fitted().features]
    rights = [each.right for each in judged(20)]
    told = [found.probability(each) for each in features(20)]
    surest = max(found.thresholds, key=lambda each: each.max_wrong)
    least = surest.confidence - 1e-9  # the threshold is one of them, summed in another order
    given = [right for right, value in zip(rights, told, strict=True) if value >= least]
    assert surest.answered == len(given)


def test_equal_answers_give_an_equal_confidence() -> None:
    assert fitted() == fitted()


def test_all_questions_on_a_document_are_in_one_part() -> None:
    parts = folds_of(judged(40), SETTINGS)
    for document in range(10):
        assert len(set(parts[4 * document : 4 * document + 4])) == 1
    assert [int((parts == part).sum()) for part in range(5)] == [8] * 5


def test_a_row_is_judged_by_weights_that_did_not_see_it() -> None:
    rows = np.asarray([values_of(each) for each in features(40)])
    rights = np.asarray([each.right for each in judged(40)])
    parts = folds_of(judged(40), SETTINGS)
    found = cross_validated(rows, rights, parts, SETTINGS)
    others = parts != parts[0]
    expected = fit_logistic(rows[others], rights[others], 1.0).probabilities(rows[:1])
    assert found[0] == pytest.approx(expected[0])


def test_questions_of_one_kind_or_too_few_are_an_input_error() -> None:
    only_right = CalibrationSet(tuple(judged(40)[::2]), tuple(features(20)), {}, {})
    with pytest.raises(InputError, match="20 answerable and 0 unanswerable"):
        fit_confidence(only_right, MODELS, SETTINGS)
    with pytest.raises(InputError, match="at least 5 answers of each outcome"):
        fitted(8)


def test_the_threshold_is_that_of_the_largest_share_not_above_the_one_wanted() -> None:
    thresholds = (
        Threshold(max_wrong=0.1, confidence=0.9, answered=9, wrong=0),
        Threshold(max_wrong=0.3, confidence=0.5, answered=19, wrong=5),
    )
    found = fitted().model_copy(update={"thresholds": thresholds})
    assert found.threshold(0.05) == NEVER
    assert found.threshold(0.1) == 0.9
    assert found.threshold(0.29) == 0.9
    assert found.threshold(0.5) == 0.5
    assert found.threshold(1.0) == 0.0


def test_a_file_of_other_features_or_none_is_an_input_error(tmp_path: Path) -> None:
    found = fitted()
    with pytest.raises(InputError, match="expected a confidence file"):
        read_confidence(tmp_path / "none.json")
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps({**found.model_dump(mode="json"), "version": 1}))
    with pytest.raises(InputError, match="at version"):
        read_confidence(wrong)
    twice = found.model_copy(update={"features": (found.features[0],) * 2})
    wrong.write_text(twice.model_dump_json())
    with pytest.raises(InputError, match="a feature is named twice"):
        read_confidence(wrong)
    unknown = found.features[0].model_copy(update={"name": "luck"})
    wrong.write_text(found.model_copy(update={"features": (unknown,)}).model_dump_json())
    with pytest.raises(InputError, match="found the feature 'luck'"):
        read_confidence(wrong)
    with pytest.raises(InputError, match="expected a file to write"):
        write_confidence(found, tmp_path)


def test_the_file_that_comes_with_citewell_is_for_the_models_that_come_with_it() -> None:
    from service.models import Models
    from service.settings import Settings

    models = Models.open(Settings())
    assert models.fitting_confidence is not None
    assert Models.open(Settings(reranker="none")).fitting_confidence is None
    assert Models.open(Settings(confidence="none")).fitting_confidence is None
