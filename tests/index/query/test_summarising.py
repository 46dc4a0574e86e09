"""The passages that a document is summarised by."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from corpus.chunk import Chunk
from index.embedders.fake import HashEmbedder
from index.query.query_plan import QueryPlan
from index.query.summary_request import asked_of
from index.retrieval.reranking import ReadPassage
from index.retrieval.retrieving import Retriever
from index.retrieval.summarising import is_whole, summarise
from index.values.ports import FoundSpan
from index.values.retrieval_settings import RetrievalSettings
from tests.index.retrieval.test_reranking import built
from tests.index.samples import sample_store

SENTENCE = "The heron forum of the north met in the town of {} and spoke about its reeds."


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("Summarise the heron review", "the heron review"),
        ("Give me a summary of the heron review", "Give me a  of the heron review"),
        ("What are the key findings of the heron review?", "What are the   of the heron review?"),
        ("Resume el informe", "el informe"),
        ("When did the talks resume?", None),
        ("According to the 2019 Summary of Findings, who pays?", None),
        ("Heron summary: who hosts the secretariat?", None),
        ("Who pays?", None),
    ],
)
def test_what_asks_for_a_summary_is_told_from_what_names_one(text: str, of: str | None) -> None:
    assert asked_of(text) == of


TOWNS = [f"Town{number}" for number in range(10)]


def summarised(
    tmp_path: Path, read: Callable[[Sequence[Chunk]], Iterable[ReadPassage]]
) -> list[str]:
    """Return the sentences of a review of ten meetings, with a question at its end."""
    store = sample_store(
        {
            "Heron review": [*(SENTENCE.format(town) for town in TOWNS), "Who met?"],
            "Quokka notes": ["Quokkas sleep all day long in the shade of the trees there."],
        }
    )
    snapshot = built(store, tmp_path)
    titles = [document.title for document in snapshot.documents]
    review = titles.index("Heron review")
    hits = summarise("Summarise it", review, snapshot, store, HashEmbedder(), read)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    ordinals = [hit.chunk.ordinal for hit in hits]
    assert ordinals == sorted(ordinals)
    spans = [(hit.chunk.text, hit.span) for hit in hits]
    return [text[span.start : span.end] for text, span in spans if span is not None]


def test_a_document_is_summarised_by_the_sentences_that_answer_best_in_its_order(
    tmp_path: Path,
) -> None:
    liked = TOWNS[3:9]

    def read(chunks: Sequence[Chunk]) -> list[ReadPassage]:
        scores = [float(any(town in chunk.text for town in liked)) for chunk in chunks]
        return [ReadPassage(score, FoundSpan(4, 9, score, 0.0, 0.0)) for score in scores]

    assert summarised(tmp_path, read) == [SENTENCE.format(town) for town in liked]


def test_without_a_reading_model_whole_sentences_near_the_middle_are_taken(tmp_path: Path) -> None:
    found = summarised(tmp_path, lambda _: ())
    assert len(found) == 6
    assert all(sentence.startswith("The heron forum") for sentence in found)


@pytest.mark.parametrize(
    ("sentence", "whole"),
    [
        ("The mission documented violations in all of the districts.", True),
        ("81. The mission documented violations in all of the districts.", True),
        ("The mission documented violations.", False),
        ("Table 3 Violations by district and by year 2011 2012 2013", False),
        ("The page of the mission is https://example.org/violations in all languages.", False),
    ],
)
def test_notes_headings_and_rows_are_no_sentences(sentence: str, whole: bool) -> None:
    assert is_whole(sentence) == whole


def test_the_document_to_summarise_is_kept_where_the_request_opposes_two_things(
    tmp_path: Path,
) -> None:
    store = sample_store({"Amber notes": ["Amber is old resin."], "Heron review": ["Reeds."]})
    snapshot = built(store, tmp_path)
    text = "Summarise reeds versus lakes: the Heron review"
    plan = QueryPlan.of(text, snapshot, store, RetrievalSettings(), k=3)
    assert plan.summary
    assert plan.named is not None
    meant = [snapshot.documents[n].title for n in plan.named.meant.nonzero()[0]]
    assert meant == ["Heron review"]


def test_only_an_asker_who_takes_summaries_gets_one(tmp_path: Path) -> None:
    store = sample_store(
        {
            "Heron review": [SENTENCE.format("Lima"), "Cats sleep."],
            "Quokka notes": ["Dogs bark at the quokkas of the island every day."],
        }
    )
    retriever = Retriever(built(store, tmp_path), store, HashEmbedder())
    asked = "Summarise the Heron review"
    summary = retriever.retrieve(asked, summaries=True)
    assert summary.understood.kind == "summary"
    assert [hit.chunk.text for hit in summary.hits] == [SENTENCE.format("Lima")]
    assert retriever.retrieve(asked).understood.kind == "question"
