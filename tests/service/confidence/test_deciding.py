"""Whether quotes are the answer, likely quotes, or none, and why."""

from dataclasses import replace

import pytest

from index.values.ranking import Hit, Scores
from service.confidence.deciding import Decision, DecisionSettings, Evidence, decide
from tests.service.made_rankings import unread

SETTINGS = DecisionSettings(cosine=0.6, score=-2.0, sure=0.8)
ANSWERED = Decision("answered")


def scored(dense: float | None, rerank: float | None) -> Hit:
    return replace(unread("The Forum meets."), scores=Scores(dense=dense, rerank=rerank))


NEAR = (scored(0.7, 3.0),)
FAR = (scored(0.5, -5.0),)
SURE = Evidence(NEAR, quotes=1, confidence=0.7, needed=0.6)


def of(grounds: Evidence) -> Decision:
    return decide(grounds, SETTINGS)


def test_quotes_that_are_sure_enough_are_the_answer() -> None:
    assert of(SURE) == ANSWERED
    assert of(replace(SURE, confidence=0.6)) == ANSWERED


def test_quotes_that_are_not_sure_enough_are_given_as_likely_ones() -> None:
    assert of(replace(SURE, confidence=0.59)) == Decision("unsure", "low_confidence")


def test_without_a_fitted_confidence_what_is_near_is_the_answer() -> None:
    assert of(Evidence(NEAR, quotes=1)) == ANSWERED
    assert of(Evidence(NEAR, quotes=1, needed=0.6)) == ANSWERED


def test_where_nothing_is_near_there_is_no_answer_however_sure() -> None:
    assert of(replace(SURE, hits=FAR, confidence=0.99)) == Decision("abstained", "no_evidence")


def test_without_a_quote_there_is_no_answer() -> None:
    assert of(replace(SURE, quotes=0)) == Decision("abstained", "no_evidence")


@pytest.mark.parametrize(
    ("dense", "rerank", "near"),
    [
        (0.6, -9.0, True),
        (0.59, -9.0, False),
        (0.1, -2.0, True),
        (0.1, -2.1, False),
        (None, -9.0, True),  # what is not known speaks against nothing
        (0.1, None, True),
    ],
)
def test_a_passage_is_near_by_its_similarity_or_by_what_the_model_says(
    dense: float | None, rerank: float | None, near: bool
) -> None:
    found = of(replace(SURE, hits=(scored(dense, rerank),)))
    assert (found == ANSWERED) is near


def test_one_near_passage_is_enough() -> None:
    assert of(replace(SURE, hits=(*FAR, *NEAR))) == ANSWERED


def test_a_name_that_no_passage_holds_is_a_premise_that_the_collection_does_not_have() -> None:
    premise = Decision("abstained", "premise_not_in_collection")
    assert of(replace(SURE, absent=("Xanadu",))) == premise
    assert of(replace(SURE, absent=("Xanadu",), confidence=None, needed=None)) == premise
    assert of(replace(SURE, absent=("Xanadu",), hits=FAR)) == premise


def test_a_very_sure_answer_stands_although_no_passage_holds_a_name() -> None:
    assert of(replace(SURE, absent=("Xanadou",), confidence=0.8)) == ANSWERED


def test_a_very_sure_answer_is_still_measured_by_the_confidence_that_is_needed() -> None:
    found = of(replace(SURE, absent=("Xanadou",), confidence=0.85, needed=0.9))
    assert found == Decision("unsure", "low_confidence")


def test_pages_that_could_not_be_read_are_the_reason_for_any_answer_that_there_is_not() -> None:
    unreadable = Decision("abstained", "unreadable_pages")
    for grounds in (
        replace(SURE, confidence=0.1),
        replace(SURE, hits=FAR),
        replace(SURE, absent=("Xanadu",)),
    ):
        assert of(replace(grounds, unreadable=True)) == unreadable


def test_a_sure_answer_stands_beside_pages_that_could_not_be_read() -> None:
    assert of(replace(SURE, unreadable=True)) == ANSWERED
