"""The passages that a document is summarised by."""

from pathlib import Path

import pytest

from index.embedders.fake import HashEmbedder
from index.retrieving import Retriever
from index.summarising import asked_of, summarise
from tests.index.samples import sample_store
from tests.index.test_reading import built

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


def test_a_document_is_summarised_by_a_whole_sentence_of_each_fifth_in_its_order(
    tmp_path: Path,
) -> None:
    towns = [f"Town{number}" for number in range(10)]
    store = sample_store(
        {
            "Heron review": [*(SENTENCE.format(town) for town in towns), "Who met?"],
            "Quokka notes": ["Quokkas sleep all day long in the shade of the trees there."],
        }
    )
    snapshot = built(store, tmp_path)
    titles = [document.title for document in snapshot.documents]
    hits = summarise(titles.index("Heron review"), snapshot, store, HashEmbedder())
    assert len(hits) == 5
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    ordinals = [hit.chunk.ordinal for hit in hits]
    assert ordinals == sorted(ordinals)
    for hit in hits:
        assert hit.span is not None
        assert hit.chunk.text[hit.span.start : hit.span.end].startswith("The heron forum")


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
