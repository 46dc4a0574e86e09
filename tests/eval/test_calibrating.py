import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import InputError
from eval.calibrating import (
    CalibratingSettings,
    confidences,
    cross_validated,
    fit_confidence,
    folds_of,
    sentence_score_of,
)
from eval.confidence_features import NAMES, ConfidenceFeatures
from eval.confidence_file import ConfidenceFile, read_confidence, write_confidence
from eval.estimates import Resampling
from eval.judged_answer import AnswerJudge, JudgedAnswer
from eval.logistic import fit_logistic
from eval.questions import Evidence, Question
from index.rerankers.fake import OverlapReranker
from tests.eval.answer_values import FIRST, PAGES, SECOND, answer, citation

SETTINGS = CalibratingSettings(resampling=Resampling(resamples=200))
ASKED = Question("a", "?", True, ("46",), (Evidence("46 States and 22 ISCMs"),))
UNANSWERABLE = Question("u", "?", False)


def judged(count: int) -> list[JudgedAnswer]:
    """Return answers of which those with even numbers are right, the others unanswerable."""
    judge = AnswerJudge(lambda _: PAGES)
    right = judge.judge(ASKED, answer(citation(1, "c0", *FIRST)))
    wrong = judge.judge(UNANSWERABLE, answer(citation(1, "c40", *SECOND)))
    return [right if number % 2 == 0 else wrong for number in range(count)]


def features(count: int) -> list[ConfidenceFeatures]:
    random = np.random.default_rng(1)
    return [
        ConfidenceFeatures(*(random.normal(1.0 if number % 2 == 0 else -1.0) for _ in NAMES))
        for number in range(count)
    ]


def fitted(count: int = 40) -> ConfidenceFile:
    return fit_confidence(
        judged(count), features(count), data={"sha256": "0"}, configuration={}, settings=SETTINGS
    )


def test_a_confidence_says_what_it_was_fitted_on() -> None:
    found = fitted()
    assert tuple(each.name for each in found.features) == NAMES
    assert found.fitted_on.model_dump() == {"questions": 40, "answerable": 20, "right": 20}
    assert found.data == {"sha256": "0"}
    assert found.cross_validated.keys() == {"auroc", "ece", "brier"}
    auroc = found.cross_validated["auroc"].mean
    assert auroc is not None
    assert auroc > 0.9


def test_the_file_gives_the_probabilities_that_were_fitted(tmp_path: Path) -> None:
    write_confidence(fitted(), tmp_path / "CONFIDENCE.json")
    found = confidences(read_confidence(tmp_path / "CONFIDENCE.json"), features(40))
    rows = np.asarray([each.values for each in features(40)])
    rights = np.asarray([each.right for each in judged(40)])
    assert found == pytest.approx(fit_logistic(rows, rights, 1.0).probabilities(rows))


def test_equal_answers_give_an_equal_confidence() -> None:
    assert fitted() == fitted()


def test_each_part_has_right_and_wrong_answers_evenly() -> None:
    rights = np.asarray([1.0] * 5 + [0.0] * 10)
    parts = folds_of(rights, SETTINGS)
    for part in range(5):
        assert rights[parts == part].sum() == 1.0
        assert (parts == part).sum() == 3


def test_a_row_is_judged_by_weights_that_did_not_see_it() -> None:
    rows = np.asarray([each.values for each in features(40)])
    rights = np.asarray([each.right for each in judged(40)])
    found = cross_validated(rows, rights, SETTINGS)
    part = folds_of(rights, SETTINGS)[0]
    others = folds_of(rights, SETTINGS) != part
    expected = fit_logistic(rows[others], rights[others], 1.0).probabilities(rows[:1])
    assert found[0] == pytest.approx(expected[0])


def test_questions_of_one_kind_or_too_few_are_an_input_error() -> None:
    only_right = judged(40)[::2]
    with pytest.raises(InputError, match="20 answerable and 0 unanswerable"):
        fit_confidence(only_right, features(20), data={}, configuration={}, settings=SETTINGS)
    with pytest.raises(InputError, match="at least 5 answers of each outcome"):
        fitted(8)


def test_a_file_of_other_features_or_none_is_an_input_error(tmp_path: Path) -> None:
    found = fitted()
    other = found.model_copy(update={"features": found.features[:2]})
    with pytest.raises(InputError, match="a confidence on passage_logit, sentence_logit;"):
        confidences(other, features(2))
    with pytest.raises(InputError, match="expected a confidence file"):
        read_confidence(tmp_path / "none.json")
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps({**found.model_dump(mode="json"), "version": 2}))
    with pytest.raises(InputError, match="at version"):
        read_confidence(wrong)
    twice = found.model_copy(update={"features": (found.features[0],) * 2})
    wrong.write_text(twice.model_dump_json())
    with pytest.raises(InputError, match="a feature is named twice"):
        read_confidence(wrong)
    with pytest.raises(InputError, match="expected a file to write"):
        write_confidence(found, tmp_path)


def test_a_sentence_is_scored_by_itself() -> None:
    reranker = OverlapReranker()
    score = sentence_score_of(reranker)
    assert score("46 states", "46 states") == float(reranker.score("46 states", ["46 states"])[0])


def test_no_feature_is_read_from_another_field() -> None:
    one = features(1)[0]
    for at, name in enumerate(NAMES):
        assert replace(one, **{name: 99.0}).values[at] == 99.0
