"""What a question asks, told apart from where it says to look."""

import pytest

from corpus.ids import DocId
from index.building import build
from index.embedders.fake import HashEmbedder
from index.publishing import snapshot_folder
from index.retrieving import Retriever
from index.snapshot import Snapshot
from index.understanding import Sourced, tell_apart
from tests.index.conftest import BuiltHome


@pytest.mark.parametrize(
    ("question", "named", "asked"),
    [
        (
            "Almaty Process: Who wrote the guidelines?",
            "Almaty Process",
            "Who wrote the guidelines?",
        ),
        (
            "According to the December 2024 evaluation of the fund, how many staff were trained?",
            "the December 2024 evaluation of the fund",
            "how many staff were trained?",
        ),
        (
            "How many staff were trained, according to the 2024 evaluation of the fund?",
            "the 2024 evaluation of the fund",
            "How many staff were trained",
        ),
        (
            "According to the report on forced returns, how many people were returned?",
            "the report on forced returns",
            "how many people were returned?",
        ),
        (
            "As reported in A/80/10, who chaired\nthe session?",
            "A/80/10",
            "who chaired the session?",
        ),
        (
            "In the final report of the Committee on Contributions, what was recommended?",
            "the final report of the Committee on Contributions",
            "what was recommended?",
        ),
        (
            "What did members say in the 2025 report of the unit?",
            "the 2025 report of the unit",
            "What did members say",
        ),
        (
            "IOM survey (Summary, page 3): Give the name of the body.",
            "IOM survey (Summary, page 3)",
            "Give the name of the body.",
        ),
    ],
)
def test_the_source_is_told_apart_from_what_is_asked(question: str, named: str, asked: str) -> None:
    assert tell_apart(question) == Sourced(named, asked)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Which ISCMs does the Almaty Process plan to cooperate with?",
        "In 2019, how many States answered?",
        "In Central Asia, what do the mechanisms have in common?",
        "In short: what is it?",
        "What is recommended in the report?",
        "What time is 10:30 in Almaty?",
        "The gene cluster of Brucella encodes four proteins: UreD, UreE, UreF and UreG.",
        "A first thing. Then the Almaty Process: who wrote the guidelines?",
        "Almaty " * 80 + ": who wrote it?",
    ],
)
def test_a_question_that_names_no_source_is_left_whole(question: str) -> None:
    assert tell_apart(question) is None


def _retriever(built: BuiltHome) -> Retriever:
    return Retriever(Snapshot.open(built.folder), built.store, built.embedder)


def _doc_id(built: BuiltHome, title: str) -> DocId:
    return next(each.doc_id for each in built.store.documents() if each.title == title)


def test_passages_of_the_named_document_come_first(built: BuiltHome) -> None:
    question = "Where is the secretariat?"
    for title in ("Almaty Process summary", "Colombo Process review"):
        ranking = _retriever(built).retrieve(f"{title}: {question}")
        assert ranking.understood.documents == (_doc_id(built, title),)
        assert ranking.understood.asked == question
        assert ranking.hits[0].chunk.context == title
        assert "secretariat" in ranking.hits[0].chunk.text


def test_a_question_that_names_none_is_asked_as_it_is(built: BuiltHome) -> None:
    ranking = _retriever(built).retrieve("Where is the secretariat?")
    assert ranking.understood.documents == ()
    assert ranking.understood.asked == ranking.query


def test_a_name_that_no_document_answers_to_stays_in_the_question(built: BuiltHome) -> None:
    ranking = _retriever(built).retrieve("Zzyzx 2031: where is the secretariat?")
    assert ranking.understood.documents == ()
    assert ranking.understood.asked == ranking.query


def test_a_name_that_many_documents_answer_to_means_none_of_them(built: BuiltHome) -> None:
    from tests.index.samples import sample_store

    store = sample_store({f"Survey part {n}": [f"Words of part {n}."] for n in range(20)})
    snapshot_id = build(store, built.cache, HashEmbedder(), built.home)
    snapshot = Snapshot.open(snapshot_folder(built.home, snapshot_id))
    ranking = Retriever(snapshot, store, HashEmbedder()).retrieve("Survey Part: what words?")
    assert ranking.understood.documents == ()
    assert ranking.understood.asked == "what words?"
