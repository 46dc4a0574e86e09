from dataclasses import replace

import pytest

from corpus.document import Page
from eval.answers.answer_measures import summarise
from eval.answers.answers import AnswersReport, Group
from eval.answers.evidence import SquashedDocument, holds, squashed
from eval.answers.judged_answer import AnswerJudge, JudgedAnswer
from eval.question_sets.questions import Evidence, Question
from tests.eval.answer_values import FIRST, PAGE, PAGES, SECOND, answer, citation, passage

JUDGE = AnswerJudge(lambda _: PAGES)
STATES = Question("a1", "?", True, ("46",), (Evidence("46 States and 22 ISCMs"),))
BOTH = Question(
    "a2", "?", True, ("46", "2019"), (Evidence("46 States"), Evidence("conducted in the year 2019"))
)
UNANSWERABLE = Question("u1", "?", False)
WHOLE_FIRST = citation(1, "c0", *FIRST)
WHOLE_SECOND = citation(1, "c40", *SECOND)


def test_white_space_between_words_does_not_matter() -> None:
    assert squashed("the \n\nquestion\u00ad naires") == "thequestionnaires"
    assert holds(PAGE, "conducted in  the\nyear 2019")
    assert not holds(PAGE, "conducted in 2018")


def test_evidence_in_the_first_cited_passage_is_a_success() -> None:
    judged = JUDGE.judge(STATES, answer(WHOLE_FIRST))
    assert (judged.success_1, judged.success_3, judged.any_3) == (1.0, 1.0, 1.0)


def test_evidence_in_another_passage_is_a_success_at_3_only() -> None:
    judged = JUDGE.judge(STATES, answer(WHOLE_SECOND))
    assert (judged.success_1, judged.success_3) == (0.0, 1.0)


def test_all_evidence_is_needed_and_any_of_it_is_told_apart() -> None:
    judged = JUDGE.judge(BOTH, answer(WHOLE_FIRST))
    assert (judged.success_1, judged.success_3, judged.any_3) == (0.0, 1.0, 1.0)
    only_first = (passage(*FIRST, 1),)
    judged = JUDGE.judge(BOTH, answer(WHOLE_FIRST, passages=only_first))
    assert (judged.success_3, judged.any_3) == (0.0, 1.0)


def test_two_citations_that_hold_the_evidence_together_are_right() -> None:
    judged = JUDGE.judge(BOTH, answer(WHOLE_FIRST))
    assert (judged.cited, judged.right) == (0.0, 0.0)
    judged = JUDGE.judge(BOTH, answer(WHOLE_FIRST, replace(WHOLE_SECOND, number=2)))
    assert (judged.success_1, judged.cited, judged.right) == (0.0, 1.0, 1.0)


def test_other_evidence_that_answers_as_well_is_enough_by_itself() -> None:
    other = (Evidence("conducted in the year 2019"),)
    judged = JUDGE.judge(replace(STATES, also=(other,)), answer(WHOLE_SECOND))
    assert (judged.success_1, judged.cited, judged.right) == (1.0, 1.0, 1.0)
    half = (*other, Evidence("in no passage"))
    assert JUDGE.judge(replace(STATES, also=(half,)), answer(WHOLE_SECOND)).right == 0.0


def test_passages_after_the_third_do_not_count() -> None:
    far = (*(passage(*SECOND, rank) for rank in (1, 2, 3)), passage(*FIRST, 4))
    assert JUDGE.judge(STATES, answer(WHOLE_SECOND, passages=far)).any_3 == 0.0


def test_precision_and_recall_are_in_characters_without_white_space() -> None:
    # Quoted: "46States" (8) + "and" (3); evidence: "46Statesand22ISCMs" (18).
    judged = JUDGE.judge(STATES, answer(citation(1, "c0", 0, 13)))
    assert [judged.precision, judged.recall] == pytest.approx([1.0, 11 / 18])
    # Quoted: the whole first passage, 31 characters, of which 18 are evidence.
    judged = JUDGE.judge(STATES, answer(WHOLE_FIRST))
    assert [judged.precision, judged.recall] == pytest.approx([18 / 31, 1.0])


def test_a_passage_quoted_twice_counts_once() -> None:
    twice = answer(WHOLE_FIRST, replace(WHOLE_FIRST, number=2))
    assert JUDGE.judge(STATES, twice).precision == pytest.approx(18 / 31)


def test_an_abstention_has_no_precision_and_no_recall() -> None:
    judged = JUDGE.judge(STATES, answer())
    assert (judged.success_1, judged.precision, judged.recall) == (0.0, 0.0, 0.0)
    assert judged.cited == 0.0
    assert judged.abstained


@pytest.mark.parametrize(
    "wrong",
    [
        replace(WHOLE_FIRST, quote=WHOLE_FIRST.quote.upper()),
        replace(WHOLE_FIRST, quote_sha256="0" * 64),
        replace(WHOLE_FIRST, spans=WHOLE_SECOND.spans),
        replace(WHOLE_FIRST, spans=(replace(WHOLE_FIRST.spans[0], page=2),)),
    ],
)
def test_a_quote_that_is_not_the_page_text_is_not_exact(wrong: object) -> None:
    assert JUDGE.judge(STATES, answer(WHOLE_FIRST)).exact == 1
    assert JUDGE.judge(STATES, answer(wrong)).exact == 0  # type: ignore[arg-type]


def test_the_summary_of_a_worked_example() -> None:
    judged = [
        JUDGE.judge(STATES, answer(WHOLE_FIRST)),
        JUDGE.judge(STATES, answer()),
        JUDGE.judge(UNANSWERABLE, answer()),
        JUDGE.judge(UNANSWERABLE, answer(WHOLE_SECOND, replace(WHOLE_FIRST, quote="no"))),
    ]
    means = {name: estimate.mean for name, estimate in summarise(judged).items()}
    assert means == {
        "passage_success@1": 1.0,
        "success@1": 0.5,
        "cited_success": 0.5,
        "success@3": 1.0,
        "success_any@3": 1.0,
        "citation_precision": pytest.approx(18 / 31 / 2),
        "citation_recall": 0.5,
        "item_recall": 0.5,
        "quote_exactness": pytest.approx(2 / 3),
        "coverage": 0.5,
        "wrong_answered": 0.5,
        "abstention_precision": 0.5,
        "abstention_recall": 0.5,
        "abstention_f1": 0.5,
        "useful": 0.5,
        "stated_wrong": 0.25,
        "refused": 0.5,
    }


def test_figures_without_a_question_are_none() -> None:
    nothing: list[JudgedAnswer] = []
    assert {estimate.mean for estimate in summarise(nothing).values()} == {None}


def test_evidence_across_a_page_break_is_found() -> None:
    document = SquashedDocument.of({1: Page(1, "1", "held in"), 2: Page(2, "2", "2019.")})
    assert list(document.occurrences("in 2019")) == [range(4, 10)]
    assert document.covered([(2, 0, 4)]) == {6, 7, 8, 9}


def test_every_occurrence_is_found_and_nothing_for_white_space() -> None:
    document = SquashedDocument.of({1: Page(1, "1", "aa a")})
    assert list(document.occurrences("a a")) == [range(0, 2), range(1, 3)]
    assert list(document.occurrences(" ")) == []


def test_a_report_counts_the_quotes_that_are_not_exact() -> None:
    wrong = replace(WHOLE_FIRST, quote="no")
    judged = (JUDGE.judge(STATES, answer(WHOLE_FIRST, wrong)), JUDGE.judge(UNANSWERABLE, answer()))
    report = AnswersReport(judged, summarise(judged), {}, {})
    assert report.inexact_quotes == 1
    assert report.as_json()["questions"] == {"answerable": 1, "unanswerable": 1}


def test_items_are_sought_in_the_quotes_and_only_those_that_evidence_holds() -> None:
    judged = JUDGE.judge(BOTH, answer(WHOLE_FIRST))
    assert (judged.items, judged.items_found, judged.item_recall) == (2, 1, 0.5)
    unsaid = replace(BOTH, answers=("No", "2019"))
    judged = JUDGE.judge(unsaid, answer(WHOLE_SECOND))
    assert (judged.items, judged.items_found, judged.item_recall) == (1, 1, 1.0)
    assert JUDGE.judge(UNANSWERABLE, answer(WHOLE_FIRST)).item_recall is None


def test_an_abstention_is_right_where_its_first_passage_would_have_been() -> None:
    assert JUDGE.judge(STATES, answer()).right == 1.0
    assert JUDGE.judge(STATES, answer(WHOLE_FIRST)).right == 1.0
    assert JUDGE.judge(STATES, answer(WHOLE_SECOND)).right == 0.0
    assert JUDGE.judge(UNANSWERABLE, answer(WHOLE_FIRST)).right == 0.0


def test_a_group_leaves_out_what_it_has_nothing_of() -> None:
    judged = (JUDGE.judge(UNANSWERABLE, answer()),)
    found = Group(judged, summarise(judged)).as_json()
    assert found["questions"] == {"answerable": 0, "unanswerable": 1}
    assert list(found["measures"]) == [  # type: ignore[call-overload]
        "abstention_precision",
        "abstention_recall",
        "abstention_f1",
        "stated_wrong",
    ]
