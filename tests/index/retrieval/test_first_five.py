"""The first five passages: one of each part, no repetitions, the named documents' own."""

from pathlib import Path

from corpus.home import Home
from corpus.stores.memory_store import MemoryStore
from index.documents.filters import Filters
from index.embedders.fake import HashEmbedder
from index.embedding.vector_cache import VectorCache
from index.retrieval.repetitions import demote_repetitions
from index.retrieval.retrieving import RetrievalSettings, Retriever
from index.snapshots.building import build
from index.snapshots.publishing import snapshot_folder
from index.snapshots.snapshot import Snapshot
from index.span_finders.fake import OverlapSpanFinder
from index.values.ranking import Hit, Scores
from tests.index.samples import sample_chunks, sample_document, sample_store

WORDS = "the secretariat of the process is hosted by an organization of the region since the year"


def _hits(*texts: str) -> list[Hit]:
    _, chunks = sample_chunks(sample_document("A report"), texts)
    return [
        Hit(chunk.chunk_id, 1 - number / 10, number, Scores(), chunk)
        for number, chunk in enumerate(chunks, start=1)
    ]


def _texts(hits: list[Hit]) -> list[str]:
    return [hit.chunk.text for hit in hits]


def test_a_repetition_comes_after_the_first_different_ones() -> None:
    hits = _hits(f"{WORDS} 2019.", f"Again: {WORDS} 2019!", "Cats sleep.", "Dogs bark.", "Rain.")
    first, again, *others = _texts(hits)
    assert _texts(demote_repetitions(hits, 3)) == [first, *others[:2], again, others[2]]
    assert _texts(demote_repetitions(hits, 0)) == _texts(hits)


def test_another_number_is_another_thing_and_short_texts_are_never_repetitions() -> None:
    hits = _hits(f"{WORDS} 2019.", f"{WORDS} 2020.", "Cats sleep.", "Cats sleep.")
    assert _texts(demote_repetitions(hits, 4)) == _texts(hits)


def test_every_part_of_a_question_has_its_passage_among_the_first(tmp_path: Path) -> None:
    store = sample_store(
        {
            "Northland review": [f"Northland and its ports, part {n}." for n in range(8)],
            "Southland review": ["Southland counts nine ports."],
        }
    )
    retriever = _retriever(store, Home(tmp_path))
    ranking = retriever.retrieve("How many ports has Northland or Southland?", k=5)
    assert ranking.understood.parts == (
        "How many ports has Northland?",
        "How many ports has Southland?",
    )
    assert "Southland counts nine ports." in [hit.chunk.text for hit in ranking.hits]


def test_a_name_is_looked_for_among_the_documents_that_a_filter_allows(tmp_path: Path) -> None:
    store = MemoryStore()
    for title, collection, text in (
        ("Almaty Process brief", "briefs", "The chair rotates."),
        ("Summary of findings", "pages", "In the Almaty Process the chair is elected."),
        ("Other review", "pages", "The chair of the committee is elected by the chair."),
    ):
        document = sample_document(title, collection=collection)
        page, chunks = sample_chunks(document, [text])
        store.add(document, title.encode(), [page], chunks)
    retriever = _retriever(store, Home(tmp_path))
    ranking = retriever.retrieve(
        "Almaty Process brief: who is the chair?", filters=Filters.parse(["collection=pages"])
    )
    assert ranking.hits[0].chunk.text == "In the Almaty Process the chair is elected."
    assert len(ranking.understood.documents) == 1


def test_the_first_hits_do_not_depend_on_how_many_are_wanted(tmp_path: Path) -> None:
    retriever = _retriever(sample_store(), Home(tmp_path))
    whole = retriever.retrieve("the secretariat of the process", k=100).hits
    for k in (1, 3, 7):
        assert retriever.retrieve("the secretariat of the process", k=k).hits == whole[:k]


def test_a_passage_names_the_words_of_the_question_that_it_has(tmp_path: Path) -> None:
    best = _retriever(sample_store(), Home(tmp_path)).retrieve("Which cats slept?").hits[0]
    assert best.scores.terms == ("cats",)


def _retriever(store: MemoryStore, home: Home) -> Retriever:
    embedder = HashEmbedder()
    with VectorCache.open(home.vectors) as cache:
        snapshot_id = build(store, cache, embedder, home)
    snapshot = Snapshot.open(snapshot_folder(home, snapshot_id))
    return Retriever(snapshot, store, embedder, OverlapSpanFinder(), RetrievalSettings())
