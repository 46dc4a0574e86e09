"""From the store's chunks to a published snapshot."""

import errno
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import index.snapshots.publishing
from corpus.errors import ModelError, SnapshotError
from corpus.home import Home
from corpus.ids import ChunkId, Fingerprint
from index.embedders.fake import HashEmbedder
from index.embedding.vector_cache import VectorCache
from index.indexes.lexical_index import TantivyIndex
from index.indexes.vector_index import FaissVectorIndex
from index.retrieval.retrieving import Retriever
from index.snapshots.building import build, expected_fingerprint, snapshot_id_of
from index.snapshots.checking import verify_snapshot
from index.snapshots.manifest import Layout
from index.snapshots.publishing import current_id, list_snapshots
from index.snapshots.snapshot import Snapshot
from index.values.snapshot_settings import LexicalSettings, SnapshotSettings, VectorSettings
from tests.index.conftest import BuiltHome
from tests.index.samples import REPORTS, sample_chunks, sample_document, sample_store


class NoEmbedder(HashEmbedder):
    """Fails when it is asked to embed."""

    def embed_documents(self, texts: object) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        raise AssertionError("embedded again")


def test_the_built_snapshot_is_the_one_that_answers(built: BuiltHome) -> None:
    assert current_id(built.home) == built.snapshot_id
    snapshot = Snapshot.open(built.folder)
    assert snapshot.manifest.chunks == len(snapshot.chunk_ids) == 8
    assert snapshot.manifest.documents == len(snapshot.documents) == 3
    ids = [snapshot.chunk_id(row) for row in range(8)]
    assert ids == built.store.current_chunk_ids() == sorted(ids)
    chunks = built.store.chunks(ids)
    assert [snapshot.document(row).doc_id for row in range(8)] == [
        chunks[each].doc_id for each in ids
    ]


def test_the_fingerprint_is_known_before_building(built: BuiltHome) -> None:
    fingerprint = expected_fingerprint(
        built.store.current_chunk_ids(), built.store.documents(), built.embedder.fingerprint
    )
    assert snapshot_id_of(fingerprint) == built.snapshot_id
    assert Snapshot.open(built.folder).manifest.fingerprint == fingerprint


def test_the_same_chunks_give_the_same_snapshot_in_another_home(
    built: BuiltHome, tmp_path: Path
) -> None:
    home = Home(tmp_path / "other")
    with VectorCache.open(home.vectors) as cache:
        assert build(sample_store(), cache, HashEmbedder(), home) == built.snapshot_id


def test_documents_embedder_and_settings_are_part_of_the_fingerprint(built: BuiltHome) -> None:
    ids, documents = built.store.current_chunk_ids(), built.store.documents()
    embedder = built.embedder.fingerprint
    renamed = [replace(documents[0], title="Another title"), *documents[1:]]
    fingerprints = {
        expected_fingerprint(ids, documents, embedder),
        expected_fingerprint(ids[1:], documents, embedder),
        expected_fingerprint(ids, renamed, embedder),
        expected_fingerprint(ids, documents, HashEmbedder(dimensions=32).fingerprint),
        expected_fingerprint(
            ids, documents, embedder, SnapshotSettings(VectorSettings(exact_limit=5))
        ),
        expected_fingerprint(
            ids, documents, embedder, SnapshotSettings(lexical=LexicalSettings(context_boost=0.1))
        ),
    }
    assert len(fingerprints) == 6


def test_an_unchanged_store_needs_no_build(built: BuiltHome) -> None:
    before = (built.folder / "manifest.json").stat().st_mtime_ns
    assert build(built.store, built.cache, NoEmbedder(), built.home) == built.snapshot_id
    assert (built.folder / "manifest.json").stat().st_mtime_ns == before


def test_a_damaged_snapshot_is_built_again_without_embedding(built: BuiltHome) -> None:
    layout = Layout(built.folder)
    layout.shard(0).vectors.write_bytes(b"damaged")
    assert build(built.store, built.cache, NoEmbedder(), built.home) == built.snapshot_id
    assert verify_snapshot(built.folder) == []


def test_only_new_chunks_are_embedded(built: BuiltHome) -> None:
    document = sample_document("Puebla Process note")
    page, chunks = sample_chunks(document, ["The Puebla Process has eleven members."])
    built.store.add(document, b"puebla", [page], chunks)
    embedded: list[str] = []

    class Counting(HashEmbedder):
        def embed_documents(
            self, texts: object
        ) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
            assert isinstance(texts, list)
            embedded.extend(texts)
            return super().embed_documents(texts)

    snapshot_id = build(built.store, built.cache, Counting(), built.home)
    assert embedded == [chunks[0].embedded_text]
    assert snapshot_id != built.snapshot_id
    assert len(list_snapshots(built.home)) == 2


def test_an_empty_store_gives_an_empty_snapshot(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with VectorCache.open(home.vectors) as cache:
        store = sample_store({})
        build(store, cache, HashEmbedder(), home)
    snapshot_id = current_id(home)
    assert snapshot_id is not None
    snapshot = Snapshot.open(home.snapshots / snapshot_id)
    assert Retriever(snapshot, store, HashEmbedder()).retrieve("anything").hits == ()


def test_a_chunk_longer_than_the_window_fails_the_build_and_is_named(tmp_path: Path) -> None:
    home = Home(tmp_path)
    store = sample_store({"Long": ["short", "word " * 20]})
    with (
        VectorCache.open(home.vectors) as cache,
        pytest.raises(ModelError, match=r"chunk c\w+ of document d\w+ has 21 tokens.*window of 10"),
    ):
        build(store, cache, HashEmbedder(window_tokens=10), home)
    assert current_id(home) is None


def test_what_a_crashed_build_left_is_removed(built: BuiltHome) -> None:
    leftover = built.home.snapshots / ".building-x"
    leftover.mkdir()
    (leftover / "vectors.faiss").write_bytes(b"half")
    build(built.store, built.cache, built.embedder, built.home)
    assert not leftover.exists()


@pytest.mark.parametrize("step", ["sync_tree", "numpy.save", "faiss", "tantivy"])
def test_a_full_disk_leaves_the_snapshot_before_in_place(
    built: BuiltHome, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def faiss_full(*_: object, **__: object) -> None:
        raise SnapshotError("FAISS cannot write: No space left on device")

    match step:
        case "sync_tree":
            monkeypatch.setattr(index.snapshots.publishing, "sync_tree", full)
        case "numpy.save":
            monkeypatch.setattr(np, "save", full)
        case "faiss":
            monkeypatch.setattr(FaissVectorIndex, "write", faiss_full)
        case _:
            monkeypatch.setattr("index.indexes.lexical_index.tantivy.Index", full)
    built.store.delete(built.store.documents()[0].doc_id)
    with pytest.raises(SnapshotError, match="No space left"):
        build(built.store, built.cache, built.embedder, built.home)
    assert current_id(built.home) == built.snapshot_id
    assert sorted(path.name for path in built.home.snapshots.iterdir()) == [
        "CURRENT",
        "HISTORY",
        built.snapshot_id,
    ]
    assert verify_snapshot(built.folder) == []


def test_the_graph_index_is_recorded_and_built_the_same_twice(tmp_path: Path) -> None:
    reports = {f"Report {n}": [f"text {n} {m} of the report" for m in range(20)] for n in range(10)}
    settings = SnapshotSettings(VectorSettings(exact_limit=50))
    contents = []
    for name in ("first", "second"):
        home = Home(tmp_path / name)
        with VectorCache.open(home.vectors) as cache:
            snapshot_id = build(
                sample_store(reports), cache, HashEmbedder(), home, settings=settings
            )
        folder = home.snapshots / snapshot_id
        assert Snapshot.open(folder).manifest.shards[0].vectors == "hnsw"
        contents.append(Layout(folder).shard(0).vectors.read_bytes())
    assert contents[0] == contents[1]


def test_a_store_that_changes_during_the_build_is_noticed(
    built: BuiltHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks = list(built.store.current_chunks())
    monkeypatch.setattr(built.store, "current_chunks", lambda: iter([*chunks, chunks[0]]))
    monkeypatch.setattr("index.snapshots.building.verify_snapshot", lambda _: ["build it again"])
    with pytest.raises(SnapshotError, match="the store changed during the build"):
        build(built.store, built.cache, built.embedder, built.home)


def test_an_open_snapshot_outlives_its_folder(built: BuiltHome) -> None:
    retriever = Retriever(Snapshot.open(built.folder), built.store, built.embedder)
    expected = retriever.retrieve("secretariat of the process").hits
    shutil.rmtree(built.folder)
    assert retriever.retrieve("secretariat of the process").hits == expected
    assert len(expected) == sum(len(texts) for texts in REPORTS.values())


def test_the_lexical_index_has_one_segment(built: BuiltHome) -> None:
    folder = Layout(built.folder).shard(0).lexical
    assert len(list(folder.glob("*.term"))) == 1
    assert isinstance(Snapshot.open(built.folder).lexical, TantivyIndex)


def test_the_same_documents_from_another_folder_give_the_same_fingerprint() -> None:
    document, chunks = sample_document("Report"), ["c1"]
    moved = replace(document, source="/elsewhere/report.pdf")
    ids = [ChunkId(each) for each in chunks]
    prints = {expected_fingerprint(ids, [each], Fingerprint("e")) for each in (document, moved)}
    assert len(prints) == 1
