"""Misspelt words, taken as the words of the collection."""

from pathlib import Path

import pytest

from corpus.stores.memory_store import MemoryStore
from index.documents.filters import Filters
from index.embedders.fake import HashEmbedder
from index.query.spelling import corrected
from index.retrieval.retrieving import Retriever
from index.snapshots.snapshot import Snapshot
from tests.index.retrieval.test_reranking import built
from tests.index.samples import sample_store


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    return sample_store(
        {
            "Colombo Process review": [
                "The Colombo Process has a secretariat in Colombo.",
                "Ministers of labour met in Kathmandu.",
            ]
        }
    )


@pytest.fixture(scope="module")
def snapshot(store: MemoryStore, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return built(store, tmp_path_factory.mktemp("spelling"))


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("colomo", "Colombo"),  # a letter less
        ("Collombo", "Colombo"),  # one more
        ("kathmandoo", "Kathmandu"),  # two edits of a long word
        ("secertariat", "secretariat"),  # two letters changed places
    ],
)
def test_a_misspelt_word_is_taken_as_the_nearest_of_the_collection(
    snapshot: Snapshot, store: MemoryStore, typed: str, taken: str
) -> None:
    text, found = corrected(f"who is in {typed}?", snapshot, store, None)
    assert text == f"who is in {taken}?"
    assert found == {typed: taken}


@pytest.mark.parametrize("word", ["labour", "minister", "printed", "zebras", "colum", "of"])
def test_a_word_that_is_held_known_short_or_far_from_all_stays(
    snapshot: Snapshot, store: MemoryStore, word: str
) -> None:
    assert corrected(word, snapshot, store, None) == (word, {})


def test_words_of_documents_that_are_filtered_out_correct_nothing(
    snapshot: Snapshot, store: MemoryStore
) -> None:
    allowed = snapshot.allowed(Filters.parse(["date<1900"]))
    assert corrected("colomo", snapshot, store, allowed) == ("colomo", {})


def test_a_ranking_says_how_words_were_taken(tmp_path: Path, store: MemoryStore) -> None:
    retriever = Retriever(built(store, tmp_path), store, HashEmbedder())
    ranking = retriever.retrieve("Where is the secretariat of the colomo process?")
    assert ranking.understood.corrections == {"colomo": "Colombo"}
    assert "Colombo" in ranking.understood.asked
    assert ranking.query == "Where is the secretariat of the colomo process?"
