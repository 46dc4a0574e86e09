"""A snapshot that has left, built again from its outline."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from corpus.chunk import Chunk
from corpus.errors import MismatchError
from corpus.ids import ChunkId, Sha256
from index.embedders.language_space import language_said, shipped_space
from index.embedding.embedding import embed_missing
from index.embedding.vector_cache import VectorCache
from index.indexes.analysing import ENGLISH
from index.indexes.lexical_index import LexicalRow, TantivyIndex, write_lexical_index
from index.indexes.partial_vector_index import PartialVectorIndex
from index.indexes.vector_index import FaissVectorIndex
from index.snapshots.manifest import Manifest
from index.snapshots.outline import Outline
from index.snapshots.snapshot import Snapshot, spoken_in
from index.values.ports import ChunkSource, Embedder
from index.values.snapshot_settings import SnapshotSettings

_BATCH = 2000


def rebuild(
    outline: Outline, chunks: ChunkSource, cache: VectorCache, embedder: Embedder
) -> Snapshot:
    """Return the snapshot of an outline, built again. Chunks that the store lacks are left out.

    Nothing is written to the home but vectors that were missing.
    Raises: MismatchError for another embedder, SnapshotError, ModelError.
    """
    _check_embedder(outline.manifest, embedder)
    embed_missing((chunk for _, chunk in _rows(outline, chunks)), embedder, cache)
    languages = outline.languages
    settings = SnapshotSettings.from_json(outline.manifest.settings)
    kept: list[int] = []
    keys: list[Sha256] = []
    said: list[str] = []

    def lexical_rows() -> Iterator[LexicalRow]:
        for row, chunk in _rows(outline, chunks):
            kept.append(row)
            keys.append(chunk.embedded_sha256)
            language = ENGLISH if languages is None else bytes(languages[row]).decode("ascii")
            said.append(language_said(language, chunk.text))
            document = int(outline.document_rows[row])
            yield LexicalRow(chunk.context, chunk.search_text, document, language)

    # The files are mapped when they are opened; the folder need not stay.
    with tempfile.TemporaryDirectory(prefix="citewell-past-") as folder:
        write_lexical_index(Path(folder), lexical_rows())
        document_rows = outline.document_rows[kept]
        spoken = spoken_in(languages)
        lexical = TantivyIndex.open(Path(folder), document_rows, settings.lexical, spoken)
    matrix = cache.matrix(embedder.fingerprint, keys, embedder.dimensions)
    return Snapshot(
        outline.manifest,
        outline.documents,
        outline.chunk_ids[kept],
        document_rows,
        FaissVectorIndex.build(matrix, settings.vectors),
        lexical,
        outline.aliases,
        None if languages is None else languages[kept],
        spoken,
        _others(outline.manifest, keys, said, cache, settings),
    )


def _others(
    manifest: Manifest,
    keys: Sequence[Sha256],
    said: Sequence[str],
    cache: VectorCache,
    settings: SnapshotSettings,
) -> PartialVectorIndex | None:
    """Return the rows that the multilingual model embedded, as far as the cache has them."""
    if manifest.multilingual_fingerprint is None:
        return None
    vectors = cache.get(manifest.multilingual_fingerprint, keys)
    rows = [row for row, key in enumerate(keys) if key in vectors]
    if not rows:
        return None
    kept = np.stack([vectors[keys[row]] for row in rows])
    centred = shipped_space().said(kept, [said[row] for row in rows])
    index = FaissVectorIndex.build(centred, settings.vectors)
    return PartialVectorIndex(np.array(rows, dtype=np.int64), index)


def _rows(outline: Outline, chunks: ChunkSource) -> Iterator[tuple[int, Chunk]]:
    """Yield the chunks that the store has, in order, each with its row in the outline."""
    ids = outline.ids()
    for start in range(0, len(ids), _BATCH):
        batch: Sequence[ChunkId] = ids[start : start + _BATCH]
        found = chunks.chunks(batch)
        for row, chunk_id in enumerate(batch, start):
            if chunk_id in found:
                yield row, found[chunk_id]


def _check_embedder(manifest: Manifest, embedder: Embedder) -> None:
    if embedder.fingerprint != manifest.embedder_fingerprint:
        raise MismatchError(
            f"the snapshot {manifest.snapshot_id} was embedded by {manifest.embedder} with "
            f"fingerprint {manifest.embedder_fingerprint}, the embedder in use has fingerprint "
            f"{embedder.fingerprint}; use that embedder"
        )
