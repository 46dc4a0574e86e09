import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import InputError
from eval.answers.judged_answer import AnswerJudge, JudgedAnswer
from eval.calibration.calibrating import (
    CalibratingSettings,
    CalibrationSet,
    cross_validated,
    fit_confidence,
    fitted_logistic,
    folds_of,
)
from eval.question_sets.questions import Evidence, Question
from eval.statistics.estimates import Resampling
from service.confidence.confidence_file import (
    NEVER,
    ConfidenceFile,
    FittedModels,
    Threshold,
    read_confidence,
    write_confidence,
)
from tests.eval.answer_values import FIRST, PAGES, SECOND, answer, citation

SETTINGS = CalibratingSettings(resampling=Resampling(resamples=200))
MODELS = FittedModels(embedder="e", span_finder="s")
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


def margins(count: int) -> list[float]:
    random = np.random.default_rng(1)
    return [random.normal(3.0 if number % 2 == 0 else -3.0, 2.0) for number in range(count)]


def answers(count: int) -> CalibrationSet:
    return CalibrationSet(tuple(judged(count)), tuple(margins(count)), {"sha256": "0"}, {})


def fitted(count: int = 40) -> ConfidenceFile:
    return fit_confidence(answers(count), MODELS, SETTINGS)


def test_a_confidence_says_what_it_was_fitted_on() -> None:
    found = fitted()
    assert found.fitted_on.model_dump() == {"questions": 40, "answerable": 20, "right": 20}
    assert found.models == MODELS
    assert found.data == {"sha256": "0"}
    assert found.figures.keys() == {"auroc", "ece", "brier"}
    auroc = found.figures["auroc"].mean
    assert auroc is not None
    assert auroc > 0.9
    assert found.weight > 0


def test_the_file_gives_the_probabilities_that_were_fitted(tmp_path: Path) -> None:
    write_confidence(fitted(), tmp_path / "confidence.json")
    file = read_confidence(tmp_path / "confidence.json")
    rows, rights = answers(40).arrays
    expected = fitted_logistic(rows, rights).predict_proba(rows)[:, 1]
    assert [file.probability(each) for each in margins(40)] == pytest.approx(expected)
    assert file.fingerprint == fitted().fingerprint


def test_it_is_the_logistic_regression_of_another_library() -> None:
    from sklearn.linear_model import LogisticRegression

    rows, rights = answers(40).arrays
    deviation = rows.std()
    # The penalty is on the weight of a margin that was brought to deviation 1.
    theirs = LogisticRegression(C=1.0, tol=1e-10).fit(rows / deviation, rights)
    found = fitted()
    assert found.weight == pytest.approx(theirs.coef_[0, 0] / deviation, rel=1e-4)
    assert found.intercept == pytest.approx(theirs.intercept_[0], abs=1e-4)


def test_a_wider_margin_is_a_higher_probability_and_none_leaves_0_to_1() -> None:
    found = fitted()
    told = [found.probability(margin) for margin in (-1e9, -5.0, 0.0, 5.0, 1e9)]
    assert told == sorted(told)
    assert told[0] == pytest.approx(0.0)
    assert told[-1] == pytest.approx(1.0)
    even = -found.intercept / found.weight
    assert found.probability(even) == pytest.approx(0.5)


def test_figures_and_thresholds_are_those_of_the_questions_held_out() -> None:
    others = CalibrationSet(tuple(judged(20)), tuple(margins(20)), {"name": "dev"}, {})
    found = fit_confidence(answers(40), MODELS, SETTINGS, held_out=others)
    assert found.held_out == {"name": "dev"}
    assert (found.folds, fitted().folds) == (0, 5)
    assert (found.weight, found.intercept) == (fitted().weight, fitted().intercept)
    rights = [each.right for each in judged(20)]
    told = [found.probability(each) for each in margins(20)]
    surest = max(found.thresholds, key=lambda each: each.max_wrong)
    least = surest.confidence - 1e-9  # the threshold is one of them, summed in another order
    given = [right for right, value in zip(rights, told, strict=True) if value >= least]
    assert surest.answered == len(given)


def test_equal_answers_give_an_equal_confidence() -> None:
    assert fitted() == fitted()


def test_all_questions_on_a_document_are_in_one_part() -> None:
    parts = folds_of(answers(40), SETTINGS)
    for document in range(10):
        assert len(set(parts[4 * document : 4 * document + 4])) == 1
    assert [int((parts == part).sum()) for part in range(5)] == [8] * 5


def test_a_row_is_judged_by_weights_that_did_not_see_it() -> None:
    rows, rights = answers(40).arrays
    parts = folds_of(answers(40), SETTINGS)
    found = cross_validated(rows, rights, parts)
    others = parts != parts[0]
    expected = fitted_logistic(rows[others], rights[others]).predict_proba(rows[:1])[:, 1]
    assert found[0] == pytest.approx(expected[0])


def grouped(names: str) -> CalibrationSet:
    return replace(answers(40), groups=tuple(name for name in names for _ in range(8)))


def test_groups_are_left_out_one_at_a_time_whatever_document_a_question_is_on() -> None:
    parts = folds_of(grouped("baabc"), SETTINGS)
    assert [int((parts == part).sum()) for part in range(3)] == [16, 16, 8]
    assert set(parts[:8]) == set(parts[24:32]) == {1}


def test_figures_of_groups_are_by_weights_fitted_without_the_group() -> None:
    found, (rows, rights) = fit_confidence(grouped("aabbc"), MODELS, SETTINGS), answers(40).arrays
    assert found.folds == 0
    assert (found.weight, found.intercept) == (fitted().weight, fitted().intercept)
    told = cross_validated(rows, rights, folds_of(grouped("aabbc"), SETTINGS))
    assert found.figures["brier"].mean == pytest.approx(float(np.mean((told - rights) ** 2)))


def test_questions_of_one_kind_or_too_few_are_an_input_error() -> None:
    only_right = CalibrationSet(tuple(judged(40)[::2]), tuple(margins(20)), {}, {})
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


def test_a_file_of_another_version_or_none_is_an_input_error(tmp_path: Path) -> None:
    found = fitted()
    with pytest.raises(InputError, match="expected a confidence file"):
        read_confidence(tmp_path / "none.json")
    wrong = tmp_path / "wrong.json"
    plain = found.model_dump(mode="json")
    for place, given in (
        ("version", {**plain, "version": 2}),
        ("features", {**plain, "features": []}),
        ("weight", {name: value for name, value in plain.items() if name != "weight"}),
    ):
        wrong.write_text(json.dumps(given))
        with pytest.raises(InputError, match=f"at {place}: "):
            read_confidence(wrong)
    with pytest.raises(InputError, match="expected a file to write"):
        write_confidence(found, tmp_path)


def test_the_file_that_comes_with_citewell_is_for_the_models_that_come_with_it() -> None:
    from service.settings.models import Models
    from service.settings.settings import Settings

    models = Models.open(Settings())
    assert models.fitting_confidence is not None
    assert Models.open(Settings(reranker="none")).fitting_confidence is None
    assert Models.open(Settings(confidence="none")).fitting_confidence is None
