"""A home with a built snapshot, small and without models."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.home import Home
from corpus.ids import SnapshotId
from corpus.stores.memory_store import MemoryStore
from index.embedders.fake import HashEmbedder
from index.embedding.vector_cache import VectorCache
from index.snapshots.building import build
from index.snapshots.publishing import snapshot_folder
from tests.index.samples import sample_store


@dataclass(frozen=True, slots=True)
class BuiltHome:
    """A collection and its first snapshot."""

    home: Home
    store: MemoryStore
    cache: VectorCache
    embedder: HashEmbedder
    snapshot_id: SnapshotId

    @property
    def folder(self) -> Path:
        return snapshot_folder(self.home, self.snapshot_id)


@pytest.fixture
def built(tmp_path: Path) -> Iterator[BuiltHome]:
    home, store, embedder = Home(tmp_path), sample_store(), HashEmbedder()
    with VectorCache.open(home.vectors) as cache:
        snapshot_id = build(store, cache, embedder, home)
        yield BuiltHome(home, store, cache, embedder, snapshot_id)
