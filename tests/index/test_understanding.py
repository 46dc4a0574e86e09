"""What a question asks, told apart from where it says to look."""

import numpy as np
import pytest

from corpus.ids import DocId
from corpus.memory_store import MemoryStore
from index.building import build
from index.embedders.fake import HashEmbedder
from index.indexed_document import IndexedDocument
from index.naming import DocumentNames
from index.publishing import snapshot_folder
from index.retrieving import Retriever
from index.snapshot import Snapshot
from index.understanding import tell_apart
from tests.index.conftest import BuiltHome
from tests.index.samples import sample_store


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
            "Cost and first outlay of the tracking system: what are they in JIU/REP/2025/1?",
            "JIU/REP/2025/1",
            "Cost and first outlay of the tracking system: what are they",
        ),
        (
            "Deaths of raid and clashes: how do they compare in the report of April 2025?",
            "the report of April 2025",
            "Deaths of raid and clashes: how do they compare",
        ),
        (
            "Which is earlier in S/2025/223: the finding of the graves, or the deputies' mission?",
            "S/2025/223",
            "Which is earlier: the finding of the graves, or the deputies' mission?",
        ),
        (
            "Grants and loans in the guide Your Federal Aid: how do they differ?",
            "Grants and loans in the guide Your Federal Aid",
            "Grants and loans in the guide Your Federal Aid: how do they differ?",
        ),
        (
            "Country visits by rapporteurs in 2024, as set out in the report A/80/36: how many?",
            "Country visits by rapporteurs in 2024, as set out in the report A/80/36",
            "Country visits by rapporteurs in 2024, as set out in the report A/80/36: how many?",
        ),
        (
            "A/80/10: who argued for the phrase in draft article 1?",
            "A/80/10",
            "who argued for the phrase in draft article 1?",
        ),
        (
            "IOM survey (Summary, page 3): Give the name of the body.",
            "IOM survey (Summary, page 3)",
            "Give the name of the body.",
        ),
        (
            "In A/79/352, how many visitors came, and how many in 2022?",
            "A/79/352",
            "how many visitors came, and how many in 2022?",
        ),
        (
            "Names of the ten members, as in CW/ISCM/14?",
            "CW/ISCM/14",
            "Names of the ten members",
        ),
        (
            "What reason does the Census Bureau's report on disability give for the drop?",
            "the Census Bureau's report on disability",
            "What reason does it give for the drop?",
        ),
        (
            "How far will the sea rise, as the Commission's 2025 report puts it?",
            "the Commission's 2025 report",
            "How far will the sea rise",
        ),
        (
            "How often may a rapporteur visit per year, according to A/80/36?",
            "A/80/36",
            "How often may a rapporteur visit per year",
        ),
        (
            "According to Hungary in A/79/PV.64, is ratification required?",
            "A/79/PV.64",
            "According to Hungary, is ratification required?",
        ),
        (
            "Which five delegations broke silence at the 58th session (E/2025/25)?",
            "E/2025/25",
            "Which five delegations broke silence at the 58th session?",
        ),
        (
            "Según el informe del Banco Mundial sobre Costa Rica, ¿quién cerró?",
            "el informe del Banco Mundial sobre Costa Rica",
            "¿quién cerró?",
        ),
        (
            "Box II of the Beijing review: to which year was it extended?",
            "Box II of the Beijing review",
            "to which year was it extended?",
        ),
    ],
)
def test_the_source_is_told_apart_from_what_is_asked(question: str, named: str, asked: str) -> None:
    sourced = tell_apart(question)
    assert sourced is not None
    assert (sourced.named, sourced.asked) == (named, asked)


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
        "How many people had COVID-19 in 2020?",
        "How many pupils per teacher were there in 1996?",
        "How many country reports were waiting when the session ended?",
        "The gene cluster of Brucella encodes four proteins: UreD, UreE, UreF and UreG.",
        "A first thing. Then the Almaty Process: who wrote the guidelines?",
        "Almaty " * 80 + ": who wrote it?",
    ],
)
def test_a_question_that_names_no_source_is_left_whole(question: str) -> None:
    assert tell_apart(question) is None


def _retriever(built: BuiltHome) -> Retriever:
    return Retriever(Snapshot.open(built.folder), built.store, built.embedder)


def _of(store: MemoryStore, built: BuiltHome) -> Retriever:
    snapshot_id = build(store, built.cache, HashEmbedder(), built.home)
    snapshot = Snapshot.open(snapshot_folder(built.home, snapshot_id))
    return Retriever(snapshot, store, HashEmbedder())


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


def test_a_symbol_keeps_the_search_to_the_document_that_bears_it(built: BuiltHome) -> None:
    bears = {"A/79/352": "Heritage plan", "A/79/797-S/2025/109": "Situation in Kabul"}
    store = sample_store({f"{title} {symbol}": ["Staff."] for symbol, title in bears.items()})
    retriever = _of(store, built)
    for question, title in (
        ("A/79/352: what of the staff?", "Heritage plan A/79/352"),
        ("In S/2025/109, what of the staff?", "Situation in Kabul A/79/797-S/2025/109"),
    ):
        ranking = retriever.retrieve(question)
        assert [hit.chunk.context for hit in ranking.hits] == [title]
        assert ranking.understood.documents == (ranking.hits[0].chunk.doc_id,)
        assert ranking.understood.asked == "what of the staff?"


def test_a_symbol_in_the_metadata_is_borne_one_in_a_title_only_where_nobody_else_bears_it() -> None:
    documents = [
        IndexedDocument(DocId("d1"), "Reply to A/79/1", "default"),
        IndexedDocument(DocId("d2"), "A plan", "default", metadata={"symbol": "A/79/1/Rev.1"}),
    ]
    everyone, first = np.array([True, True]), np.array([True, False])
    names = DocumentNames(documents)
    for symbol in ("A/79/1", "a/79/1 and A/79/1/Rev.1".upper()):
        bearing = names.bearing(f"the note {symbol}", everyone)
        assert bearing is not None
        assert bearing.tolist() == [False, True]
    alone = names.bearing("A/79/1", first)
    assert alone is not None
    assert alone.tolist() == [True, False]
    assert names.bearing("A/79/2", everyone) is None


def test_documents_that_may_not_be_seen_change_no_weight_of_a_word() -> None:
    seen = [
        IndexedDocument(DocId("d1"), "Survey of fisheries", "default", date="2011-06-01"),
        IndexedDocument(DocId("d2"), "Survey of forests", "default", date="2012"),
    ]
    hidden = [IndexedDocument(DocId(f"h{n}"), "Survey of forests", "secret") for n in range(9)]
    alone = DocumentNames(seen).identified("June survey of forests", np.array([True, True]))
    mask = np.array([True, True, *[False] * 9])
    among = DocumentNames([*seen, *hidden]).identified("June survey of forests", mask)
    assert among[:2].tolist() == alone.tolist()
    assert not among[2:].any()
    assert 0 < alone[0] < 1
    assert 0 < alone[1] < 1


def test_a_report_that_is_only_pointed_at_is_found_by_the_whole_question(built: BuiltHome) -> None:
    ranking = _retriever(built).retrieve(
        "Where is the secretariat of the Colombo Process, according to the final review?"
    )
    assert ranking.understood.documents == (_doc_id(built, "Colombo Process review"),)
    assert ranking.understood.asked == "Where is the secretariat of the Colombo Process"


def test_a_question_that_names_none_is_asked_as_it_is(built: BuiltHome) -> None:
    ranking = _retriever(built).retrieve("Where is the secretariat?")
    assert ranking.understood.documents == ()
    assert ranking.understood.asked == ranking.query


def test_a_name_that_no_document_answers_to_stays_in_the_question(built: BuiltHome) -> None:
    ranking = _retriever(built).retrieve("Zzyzx 2031: where is the secretariat?")
    assert ranking.understood.documents == ()
    assert ranking.understood.asked == ranking.query


def test_a_name_that_many_documents_answer_to_means_none_of_them(built: BuiltHome) -> None:
    store = sample_store({f"Survey part {n}": [f"Words of part {n}."] for n in range(20)})
    ranking = _of(store, built).retrieve("Survey Part: what words?")
    assert ranking.understood.documents == ()
    assert ranking.understood.asked == "what words?"
