from dataclasses import replace

from index.ranking import Scores
from service.abstaining import AbstentionSettings, Grounds, reason_to_abstain
from tests.service.test_selecting import hit

NEAR = replace(hit(), scores=Scores(dense=0.8, rerank=3.0))
FAR = replace(hit(), scores=Scores(dense=0.3, rerank=-9.0))
SURE = Grounds((NEAR,), quotes=1, confidence=0.8, needed=0.5)
SETTINGS = AbstentionSettings()


def reason(grounds: Grounds) -> str | None:
    return reason_to_abstain(grounds, SETTINGS)


def test_an_answer_that_is_sure_enough_is_given() -> None:
    assert reason(SURE) is None
    assert reason(replace(SURE, confidence=0.5)) is None


def test_an_answer_that_is_not_sure_enough_is_withheld() -> None:
    assert reason(replace(SURE, confidence=0.49)) == "low_confidence"


def test_without_a_confidence_only_the_topic_decides() -> None:
    unsure = replace(SURE, confidence=None, needed=None)
    assert reason(unsure) is None
    assert reason(replace(unsure, hits=(FAR,))) == "no_evidence"


def test_a_question_off_the_topic_has_no_evidence_however_sure() -> None:
    assert reason(replace(SURE, hits=(FAR,))) == "no_evidence"
    assert reason(replace(SURE, hits=())) == "no_evidence"
    assert reason(replace(SURE, quotes=0)) == "no_evidence"


def test_a_name_that_no_passage_holds_is_a_reason_unless_the_answer_is_very_sure() -> None:
    nearly = replace(SURE, confidence=0.79, absent=("Xanadu",))
    assert reason(nearly) == "premise_not_in_collection"
    assert reason(replace(nearly, confidence=None, needed=None)) == "premise_not_in_collection"
    assert reason(replace(nearly, confidence=0.8)) is None
    assert reason(replace(SURE, hits=(FAR,), absent=("Xanadu",))) == "premise_not_in_collection"


def test_unreadable_pages_are_the_reason_only_where_there_is_no_answer() -> None:
    assert reason(replace(SURE, unreadable=True)) is None
    assert reason(replace(SURE, confidence=0.1, unreadable=True)) == "unreadable_pages"
    assert reason(replace(SURE, hits=(), unreadable=True)) == "unreadable_pages"
