"""What a question asks, and which words of it name where to look."""

from collections.abc import Sequence

import numpy as np
import pytest

from corpus.ids import DocId
from corpus.stores.memory_store import MemoryStore
from index.documents.document_names import DocumentNames
from index.documents.indexed_document import IndexedDocument
from index.embedders.fake import HashEmbedder
from index.query.query_analysis import split_source
from index.query.source_tagger import SourceTagger
from index.retrieval.retrieving import Retriever
from index.snapshots.building import build
from index.snapshots.publishing import snapshot_folder
from index.snapshots.snapshot import Snapshot
from tests.index.conftest import BuiltHome
from tests.index.samples import sample_store

_REPORTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Evaluation of the Fund for Fisheries", {"symbol": "A/80/10"}),
    ("Americans with disabilities", {"symbol": "10-P-0154"}),
    ("Diagnóstico de Costa Rica", {}),
    ("Almaty Process", {}),
)


def _names(reports: Sequence[tuple[str, dict[str, str]]] = _REPORTS) -> DocumentNames:
    return DocumentNames(
        [
            IndexedDocument(DocId(f"d{at}"), title, "default", metadata=metadata)
            for at, (title, metadata) in enumerate(reports)
        ],
        ("en", "es", "fr"),
    )


@pytest.mark.parametrize(
    ("question", "source", "asked"),
    [
        (
            "In the April 2023 study of case management practice in the EU-IOM Joint Initiative, "
            "how do the teams in Lagos follow up?",
            "the April 2023 study of case management practice in the EU-IOM Joint Initiative",
            "how do the teams in Lagos follow up?",
        ),
        (
            "According to the December 2024 evaluation of the fund, how many staff were trained?",
            "the December 2024 evaluation of the fund",
            "how many staff were trained?",
        ),
        (
            "How many staff were trained, according to the 2024 evaluation of the fund?",
            "the 2024 evaluation of the fund",
            "How many staff were trained?",
        ),
        (
            "What did members say in the 2025 report of the unit?",
            "the 2025 report of the unit",
            "What did members say?",
        ),
        (
            "As reported in A/80/10, who chaired\nthe session?",
            "A/80/10",
            "who chaired the session?",
        ),
        (
            "A/80/10: who argued for the phrase in draft article 1?",
            "A/80/10",
            "who argued for the phrase in draft article 1?",
        ),
        (
            "Which five delegations broke silence at the 58th session (E/2025/25)?",
            "E/2025/25",
            "Which five delegations broke silence at the 58th session?",
        ),
        (
            "Cost of the tracking system: what was it in JIU/REP/2025/1?",
            "JIU/REP/2025/1",
            "Cost of the tracking system: what was it?",
        ),
        (
            "Deaths of raid and clashes in the report of April 2025: how do they compare?",
            "the report of April 2025",
            "Deaths of raid and clashes: how do they compare?",
        ),
        (
            "What reason does the Census Bureau's report on disability give for the drop?",
            "the Census Bureau's report on disability",
            "What reason does it give for the drop?",
        ),
        (
            "Según el informe del Banco Mundial sobre Costa Rica, ¿quién cerró?",
            "el informe del Banco Mundial sobre Costa Rica",
            "¿quién cerró?",
        ),
        (
            "Combien de logements ont été rénovés, selon l'évaluation du programme de 2019 ?",
            "l'évaluation du programme de 2019",
            "Combien de logements ont été rénovés ?",
        ),
        (
            "Almaty Process: Who wrote the guidelines?",
            "Almaty Process",
            "Who wrote the guidelines?",
        ),
    ],
)
def test_the_words_that_name_a_source_are_parted_from_what_is_asked(
    question: str, source: str, asked: str
) -> None:
    assert split_source(question, _names()) == (source, asked)


def test_a_question_that_asks_no_more_than_its_source_stays_whole() -> None:
    question = "Summarise the 2019 evaluation of the fund."
    assert split_source(question, _names()) == ("the 2019 evaluation of the fund", question)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Almaty",
        "Which ISCMs does the Almaty Process plan to cooperate with?",
        "How many States joined IOM in 2019?",
        "In 2019, how many States answered?",
        "In Central Asia, what do the mechanisms have in common?",
        "What is recommended in the report?",
        "What time is 10:30 in Almaty?",
        "How many people had COVID-19 in 2020?",
        "How many country reports were waiting when the session ended?",
        "The gene cluster of Brucella encodes four proteins: UreD, UreE, UreF and UreG.",
        "Does the Colombo Process have a secretariat and who hosts it?",
        "En América Central, ¿qué países exigen visado?",
        "Combien d'États ont rejoint l'OIM en 2019 ?",
        "Almaty " * 80 + ": who wrote it?",
    ],
)
def test_a_question_that_names_no_source_is_left_whole(question: str) -> None:
    assert split_source(question, _names()) is None


def test_a_source_is_told_in_a_collection_of_one_document_and_of_hundreds() -> None:
    many = [(f"Survey of forests, part {n}", {"symbol": f"A/{n}/7"}) for n in range(400)]
    question = "According to the 2024 evaluation of the fund, how many staff were trained?"
    for reports in (_REPORTS[:1], (*_REPORTS, *many)):
        found = split_source(question, _names(reports))
        assert found == ("the 2024 evaluation of the fund", "how many staff were trained?")


def test_the_probabilities_of_all_spans_are_at_most_one() -> None:
    tagger = SourceTagger.shipped()
    words = tagger.words("In A/80/10, who spoke?")
    likely = tagger.probabilities(words, _names().word_weights([each.text for each in words]))
    assert likely.shape == (4, 4)
    assert 0.5 < likely[0, 1] <= likely.sum() <= 1 + 1e-6
    assert not np.tril(likely, -1).any()


def test_a_word_weighs_by_how_few_documents_it_identifies() -> None:
    weights = _names().word_weights(["Evaluation", "zzyzx", "A/80/10", "COVID-19"])
    assert weights.held[:, 0].tolist() == [True, False, False, False]
    assert weights.rarity[1] > weights.rarity[0] > 0
    assert weights.symbols.tolist() == [False, False, True, False]
    hidden = _names().word_weights(["Evaluation"], np.array([False, True, True, True]))
    assert not hidden.held.any()


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
    store = sample_store({"Heritage plan A/79/352": ["Staff."], "Situation in Kabul": ["Staff."]})
    ranking = _of(store, built).retrieve("A/79/352: what of the staff?")
    assert [hit.chunk.context for hit in ranking.hits] == ["Heritage plan A/79/352"]
    assert ranking.understood.documents == (ranking.hits[0].chunk.doc_id,)
    assert ranking.understood.asked == "what of the staff?"


def test_a_symbol_means_who_bears_it_then_who_bears_it_in_part_then_whose_title_has_it() -> None:
    documents = [
        IndexedDocument(DocId("d1"), "Reply to A/79/1", "default"),
        IndexedDocument(DocId("d2"), "A plan", "default", metadata={"symbol": "A/79/1/Rev.1"}),
        IndexedDocument(DocId("d3"), "Kabul", "default", metadata={"id": "A/79/7-S/2025/109"}),
    ]
    names = DocumentNames(documents)
    everyone = np.array([True, True, True])
    for name, bearers in (
        ("the note A/79/1/Rev.1", [False, True, False]),
        ("A/79/1", [False, True, False]),
        ("In S/2025/109", [False, False, True]),
        ("A/79/7", [False, False, True]),
    ):
        bearing = names.bearing(name, everyone)
        assert bearing is not None
        assert bearing.tolist() == bearers
    alone = names.bearing("A/79/1", np.array([True, False, False]))
    assert alone is not None
    assert alone.tolist() == [True, False, False]
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
    assert ranking.understood.asked == "Where is the secretariat of the Colombo Process?"


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


def test_a_kind_of_document_may_be_the_last_part_of_a_word() -> None:
    found = split_source("In the agency's 2021 meta-evaluation, how many closed?", _names())
    assert found == ("the agency's 2021 meta-evaluation", "how many closed?")
