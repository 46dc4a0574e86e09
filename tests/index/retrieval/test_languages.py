"""A collection in several languages: what is recorded, and what is found."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from corpus.document import Page
from corpus.home import Home
from corpus.ids import Fingerprint
from corpus.stores.memory_store import MemoryStore
from index.embedders.fake import HashEmbedder
from index.embedding.vector_cache import VectorCache
from index.retrieval.retrieving import Retriever
from index.snapshots.building import build
from index.snapshots.publishing import snapshot_folder
from index.snapshots.snapshot import Snapshot
from index.values.ports import Embedder, FloatMatrix
from tests.index.samples import sample_chunks, sample_document

SPANISH = "Las escuelas rurales recibieron agua potable."
FRENCH = "Les réfugiés ont été accueillis à la frontière."
ENGLISH = "Ministers met in Kathmandu and adopted a declaration."


class MultilingualDouble(HashEmbedder):
    """Stands for a multilingual model: words of one meaning are one word to it."""

    _MEANINGS: ClassVar[Mapping[str, str]] = {
        "escuelas": "schools",
        "rurales": "rural",
        "agua": "water",
        "réfugiés": "refugees",
        "frontière": "border",
    }

    @property
    def name(self) -> str:
        return "multilingual-double"

    @property
    def fingerprint(self) -> Fingerprint:
        return Fingerprint("multilingual-double")

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        return super().embed_documents([self._meaning(text) for text in texts])

    def _meaning(self, text: str) -> str:
        words = re.findall(r"\w+", text.lower())
        return " ".join(self._MEANINGS.get(word, word) for word in words)


def _store(*, spanish_of_document: str | None = None) -> MemoryStore:
    store = MemoryStore()
    for title, text, language in (
        ("Informe", SPANISH, "es"),
        ("Rapport", FRENCH, "fr"),
        ("Review", ENGLISH, "en"),
    ):
        document = sample_document(title, language=spanish_of_document)
        page, chunks = sample_chunks(document, [text])
        told = None if spanish_of_document else language
        store.add(document, title.encode(), [Page(1, "1", page.text, language=told)], chunks)
    return store


def _snapshot(store: MemoryStore, home: Home, embedder: Embedder) -> Snapshot:
    with VectorCache.open(home.vectors) as cache:
        snapshot_id = build(store, cache, embedder, home)
    return Snapshot.open(snapshot_folder(home, snapshot_id))


def test_each_row_has_the_language_of_its_page_else_of_its_document(tmp_path: Path) -> None:
    store = _store()
    snapshot = _snapshot(store, Home(tmp_path / "pages"), HashEmbedder())
    chunks = store.chunks([snapshot.chunk_id(row) for row in range(3)])
    told = {chunk.text: snapshot.language(row) for row, chunk in enumerate(chunks.values())}
    assert told == {SPANISH: "es", FRENCH: "fr", ENGLISH: "en"}
    other = _snapshot(_store(spanish_of_document="es"), Home(tmp_path / "d"), HashEmbedder())
    assert [other.language(row) for row in range(3)] == ["es", "es", "es"]


def test_a_snapshot_from_before_there_were_languages_is_english(tmp_path: Path) -> None:
    snapshot = _snapshot(_store(), Home(tmp_path), HashEmbedder())
    assert snapshot.languages is not None
    older = Snapshot(
        snapshot.manifest,
        snapshot.documents,
        snapshot.chunk_ids,
        snapshot.document_rows,
        snapshot.vectors,
        snapshot.lexical,
    )
    assert [older.language(row) for row in range(3)] == ["en", "en", "en"]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("¿Qué escuela rural recibió agua?", SPANISH),
        ("refugie accueilli", FRENCH),
        ("Which minister adopted declarations?", ENGLISH),
    ],
)
def test_a_question_in_the_language_of_a_report_finds_it(
    tmp_path: Path, question: str, text: str
) -> None:
    store = _store()
    retriever = Retriever(_snapshot(store, Home(tmp_path), HashEmbedder()), store, HashEmbedder())
    ranking = retriever.retrieve(question, mode="lexical")
    assert [hit.chunk.text for hit in ranking.hits] == [text]


@pytest.mark.parametrize(
    ("question", "text"),
    [("which schools had water", SPANISH), ("people at the border", FRENCH)],
)
def test_dense_search_crosses_languages_with_a_multilingual_model(
    tmp_path: Path, question: str, text: str
) -> None:
    store, embedder = _store(), MultilingualDouble(dimensions=512)
    retriever = Retriever(_snapshot(store, Home(tmp_path), embedder), store, embedder)
    assert retriever.retrieve(question, mode="dense").hits[0].chunk.text == text
    assert text in [hit.chunk.text for hit in retriever.retrieve(question).hits[:1]]
    # The words alone do not: the question shares none with the passage.
    lexical = retriever.retrieve(question, mode="lexical").hits
    assert text not in [hit.chunk.text for hit in lexical]
    assert np.isclose(np.linalg.norm(embedder.embed_documents([text])), 1)
