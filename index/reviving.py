"""A snapshot that has left, built again from its outline."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from corpus.chunk import Chunk
from corpus.errors import MismatchError
from corpus.ids import ChunkId, Sha256
from index.embedding import embed_missing
from index.lexical_index import LexicalRow, TantivyIndex, write_lexical_index
from index.manifest import Manifest
from index.outline import Outline
from index.ports import ChunkSource, Embedder
from index.snapshot import Snapshot
from index.snapshot_settings import SnapshotSettings
from index.vector_cache import VectorCache
from index.vector_index import FaissVectorIndex

_BATCH = 2000


def revive(
    outline: Outline, chunks: ChunkSource, cache: VectorCache, embedder: Embedder
) -> Snapshot:
    """Return the snapshot of an outline, built again. Chunks that the store lacks are left out.

    Nothing is written to the home but vectors that were missing.
    Raises: MismatchError for another embedder, SnapshotError, ModelError.
    """
    _check_embedder(outline.manifest, embedder)
    embed_missing((chunk for _, chunk in _rows(outline, chunks)), embedder, cache)
    settings = SnapshotSettings.from_json(outline.manifest.settings)
    kept: list[tuple[ChunkId, int]] = []
    keys: list[Sha256] = []

    def lexical_rows() -> Iterator[LexicalRow]:
        for document, chunk in _rows(outline, chunks):
            kept.append((chunk.chunk_id, document))
            keys.append(chunk.embedded_sha256)
            yield LexicalRow(chunk.context, chunk.search_text, document)

    # The files are mapped when they are opened; the folder need not stay.
    with tempfile.TemporaryDirectory(prefix="citewell-past-") as folder:
        write_lexical_index(Path(folder), lexical_rows())
        document_rows = np.array([document for _, document in kept], dtype=np.int32)
        lexical = TantivyIndex.open(Path(folder), document_rows, settings.lexical)
    matrix = cache.matrix(embedder.fingerprint, keys, embedder.dimensions)
    return Snapshot(
        outline.manifest,
        outline.documents,
        np.array([chunk_id.encode() for chunk_id, _ in kept], dtype=np.bytes_),
        document_rows,
        FaissVectorIndex.build(matrix, settings.vectors),
        lexical,
        outline.aliases,
    )


def _rows(outline: Outline, chunks: ChunkSource) -> Iterator[tuple[int, Chunk]]:
    """Yield the chunks that the store has, in order, each with its document's position."""
    ids = outline.ids()
    for start in range(0, len(ids), _BATCH):
        batch: Sequence[ChunkId] = ids[start : start + _BATCH]
        found = chunks.chunks(batch)
        for row, chunk_id in enumerate(batch, start):
            if chunk_id in found:
                yield int(outline.document_rows[row]), found[chunk_id]


def _check_embedder(manifest: Manifest, embedder: Embedder) -> None:
    if embedder.fingerprint != manifest.embedder_fingerprint:
        raise MismatchError(
            f"the snapshot {manifest.snapshot_id} was embedded by {manifest.embedder} with "
            f"fingerprint {manifest.embedder_fingerprint}, the embedder in use has fingerprint "
            f"{embedder.fingerprint}; use that embedder"
        )
