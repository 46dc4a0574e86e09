"""A snapshot as one file: its documents, pages, chunks and vectors, with checksums.

Importing adds its documents to a home and publishes; into an empty home with the same settings
that gives the snapshot that was exported, with the same id. Into any home it brings what the
snapshot held, so that answers from it can be replayed.
"""

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from corpus.chunk import Chunk
from corpus.document import Document
from corpus.errors import NotFoundError, SnapshotError
from corpus.ids import DocId, Sha256, SnapshotId, sha256_of
from corpus.stores.sql_store import SqlStore
from index.embedding.vector_cache import VectorCache
from index.snapshots.building import build
from index.snapshots.outline import Outline, keep_outline, outline_of
from index.snapshots.publishing import current_id
from index.values.ports import FloatMatrix
from service.access.opening import open_store
from service.access.writing import sole_writer
from service.collection.bundle import (
    CONTENTS,
    FORMAT,
    OUTLINE,
    Contents,
    Packed,
    checked,
    opened,
    packed_documents,
    packed_outline,
    packed_vectors,
)
from service.settings.models import Models
from service.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was exported or imported."""

    file: str
    snapshot: str
    documents: int
    chunks: int
    vectors: int


def export_bundle(file: Path, settings: Settings, snapshot_id: str | None = None) -> Bundle:
    """Write a snapshot (default: the one that answers) to a file, whole or not at all.

    Raises: NotFoundError, SnapshotError, StoreError.
    """
    layout = settings.layout
    wanted = SnapshotId(snapshot_id) if snapshot_id else current_id(layout)
    if wanted is None:
        raise SnapshotError(f"Nothing is ingested in {layout.root} yet; there is no snapshot.")
    outline = outline_of(layout, wanted)
    draft = file.with_name(f".{file.name}.part")
    try:
        with (
            open_store(settings, read_only=True) as store,
            VectorCache.open(layout.vectors) as cache,
            zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            bundle = _pack(archive, outline, store, cache, file)
        draft.replace(file)
    except OSError as error:
        raise SnapshotError(f"Cannot write {file}: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return bundle


def import_bundle(file: Path, settings: Settings) -> Bundle:
    """Add a bundle's documents and vectors to the home, and publish.

    Every checksum is compared before anything is stored. Vectors of another embedder are left
    out: their texts are embedded anew.
    Raises: InputError if the file is no sound bundle, StoreError, SnapshotError, ModelError.
    """
    layout, embedder = settings.layout, Models.open(settings).embedder
    with opened(file) as archive:
        contents = checked(archive, file)
        with (
            sole_writer(layout),
            open_store(settings) as store,
            VectorCache.open(layout.vectors) as cache,
        ):
            documents = chunks = vectors = 0
            for packed, content in packed_documents(archive, contents):
                if not _is_there(packed.document, store):
                    store.add(packed.document, content, packed.pages, packed.chunks)
                documents, chunks = documents + 1, chunks + len(packed.chunks)
            if contents.embedder == embedder.fingerprint:
                keys, matrix = packed_vectors(archive)
                cache.put(embedder.fingerprint, keys, matrix)
                vectors = len(keys)
            snapshot = build(store, cache, embedder, layout)
            outline = packed_outline(archive, contents)
            if outline is not None and contents.snapshot != snapshot:
                keep_outline(layout, outline)
    return Bundle(str(file), snapshot, documents, chunks, vectors)


def _pack(
    archive: zipfile.ZipFile, outline: Outline, store: SqlStore, cache: VectorCache, file: Path
) -> Bundle:
    ids = outline.ids()
    by_document: dict[DocId, list[Chunk]] = {d.doc_id: [] for d in outline.documents}
    for chunk in store.chunks(ids).values():
        by_document[chunk.doc_id].append(chunk)
    sums: dict[str, Sha256] = {}

    def write(name: str, content: bytes) -> None:
        archive.writestr(name, content)
        sums[name] = sha256_of(content)

    for doc_id, chunks in by_document.items():
        pages = list(store.pages(doc_id).values())
        packed = Packed(store.document(doc_id), pages, sorted(chunks, key=lambda c: c.ordinal))
        write(f"documents/{doc_id}.json", json.dumps(asdict(packed), ensure_ascii=False).encode())
        write(f"documents/{doc_id}.bin", store.content(doc_id))
    embedder = outline.manifest.embedder_fingerprint
    keys = sorted({c.embedded_sha256 for chunks in by_document.values() for c in chunks})
    found = cache.get(embedder, keys)
    matrix = np.array([found[key] for key in keys if key in found], dtype=np.float32)
    write("keys.json", json.dumps([key for key in keys if key in found]).encode())
    write("vectors.npy", _npy(matrix))
    for name, content in outline.members().items():
        write(f"{OUTLINE}{name}", content)
    snapshot_id = outline.manifest.snapshot_id
    contents = Contents(FORMAT, snapshot_id, embedder, sums)
    archive.writestr(CONTENTS, json.dumps(asdict(contents), indent=1))
    return Bundle(str(file), snapshot_id, len(by_document), len(ids), len(found))


def _is_there(document: Document, store: SqlStore) -> bool:
    """Return whether the store has the document as it was read: it stays the edition it is."""
    try:
        return store.document(document.doc_id).reading == document.reading
    except NotFoundError:
        return False


def _npy(matrix: FloatMatrix) -> bytes:
    out = io.BytesIO()
    np.save(out, matrix, allow_pickle=False)
    return out.getvalue()
