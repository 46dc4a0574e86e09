import json

import pytest

from corpus.errors import InputError
from eval.answers.answer_measures import coverages_of, curves_of, summarise
from eval.answers.answer_scores import AnswerScores, scores_of
from eval.answers.answers import AnswersReport
from eval.answers.judged_answer import AnswerJudge, JudgedAnswer
from eval.question_sets.questions import Evidence, Question
from eval.statistics.estimates import Resampling
from service.values.answer import Scores
from tests.eval.answer_values import FIRST, PAGES, SECOND, answer, citation, passage

JUDGE = AnswerJudge(lambda _: PAGES)
QUICK = Resampling(resamples=200)
ASKED = Question("a", "?", True, ("46",), (Evidence("46 States and 22 ISCMs"),))
UNANSWERABLE = Question("u", "?", False)
RIGHT = citation(1, "c0", *FIRST)
WRONG = citation(1, "c40", *SECOND)


def logit(value: float, *, right: bool = True, answerable: bool = True) -> JudgedAnswer:
    passages = (
        passage(*FIRST, 1, Scores(rerank=value)),
        passage(*SECOND, 2, Scores(rerank=value - 1)),
    )
    found = answer(RIGHT if right else WRONG, passages=passages)
    return JUDGE.judge(ASKED if answerable else UNANSWERABLE, found)


def confident(value: float, *, right: bool = True) -> JudgedAnswer:
    return JUDGE.judge(ASKED, answer(RIGHT if right else WRONG, confidence=value))


def means(judged: list[JudgedAnswer]) -> dict[str, float | None]:
    return {name: each.mean for name, each in summarise(judged, QUICK).items()}


def test_logits_rank_answers_and_are_no_probabilities() -> None:
    judged = [logit(5), logit(4, right=False), logit(3), logit(-2, answerable=False)]
    found = means(judged)
    assert found["auroc"] == 1.0
    # Surest first the errors are 0, 1, 0, 1; 0.6 of four questions are three.
    assert found["aurc"] == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    assert found["selective_error@0.6"] == pytest.approx(1 / 3)
    assert not {"ece", "ece_by_chance", "brier"} & found.keys()
    assert curves_of(judged).as_json().keys() == {"risk_coverage"}


def test_confidences_are_probabilities() -> None:
    judged = [confident(0.9), confident(0.8, right=False)]
    found = means(judged)
    assert found["brier"] == pytest.approx((0.01 + 0.64) / 2)
    assert found["ece"] == pytest.approx((0.1 + 0.8) / 2)
    # Of exact confidences the errors are 0.1 or 0.9 and 0.2 or 0.8, by the confidences themselves.
    assert found["ece_by_chance"] == pytest.approx((0.18 + 0.32) / 2, abs=0.05)
    assert found["auroc"] is None  # there is no unanswerable question
    assert curves_of(judged).as_json().keys() == {"risk_coverage", "reliability"}


def test_without_scores_there_is_no_figure_of_scores() -> None:
    judged = [JUDGE.judge(ASKED, answer(RIGHT)), JUDGE.judge(UNANSWERABLE, answer())]
    assert scores_of(judged) is None
    assert not {"auroc", "aurc", "selective_error@0.6", "ece", "brier"} & means(judged).keys()
    assert curves_of(judged).as_json() == {}


def test_two_scales_make_no_ranking_and_confidence_goes_first() -> None:
    assert scores_of([logit(1), JUDGE.judge(ASKED, answer(RIGHT))]) is None
    assert scores_of([logit(1), confident(0.9)]) is None
    assert scores_of([confident(0.9)]) == AnswerScores("confidence", (0.9,))


def test_an_answer_without_passages_comes_last() -> None:
    nothing = JUDGE.judge(UNANSWERABLE, answer(passages=()))
    assert scores_of([logit(1), nothing]) == AnswerScores("rerank", (1.0, -float("inf")))
    assert scores_of([confident(0.9), nothing]) == AnswerScores("confidence", (0.9, 0.0))
    assert scores_of([nothing]) is None


def test_a_report_without_infinities_is_json() -> None:
    judged = (logit(1), JUDGE.judge(UNANSWERABLE, answer(passages=())))
    report = AnswersReport(judged, summarise(judged, QUICK), {}, {}, curves_of(judged))
    json.dumps(report.as_json(), allow_nan=False)


def test_other_coverages_are_measured_under_the_name_that_was_typed() -> None:
    coverages = coverages_of(["selective_error@0.80"])
    assert coverages == {"selective_error@0.6": 0.6, "selective_error@0.80": 0.8}
    found = summarise([logit(1)], QUICK, coverages)
    assert found["selective_error@0.80"].mean == 0.0


@pytest.mark.parametrize(
    "name", ["nDCG@10", "selective_error", "selective_error@0", "selective_error@60", "x@0.5"]
)
def test_another_measure_is_an_input_error(name: str) -> None:
    with pytest.raises(InputError, match=r"expected selective_error@X"):
        coverages_of([name])


def test_equal_seeds_give_equal_intervals() -> None:
    judged = [logit(5), logit(4, right=False), logit(-2, answerable=False)]
    assert summarise(judged, QUICK) == summarise(judged, QUICK)
