"""A snapshot as one file: its documents, pages, chunks and vectors, checksums and a signature."""

import io
import json
import zipfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from corpus.chunk import Chunk
from corpus.errors import SnapshotError, StoreError
from corpus.ids import DocId, Sha256, SnapshotId, sha256_of
from corpus.stores.sql_store import SqlStore
from index.embedding.opening import open_vectors
from index.embedding.vector_cache import VectorCache
from index.snapshots.outline import Outline, outline_of
from index.snapshots.publishing import current_id
from index.values.ports import FloatMatrix
from service.access.opening import open_store
from service.citations.receipt_signing import SigningKey
from service.collection.bundle import (
    CONTENTS,
    FORMAT,
    LARGEST_DOCUMENT_BYTES,
    LARGEST_LIST_BYTES,
    LARGEST_MEMBER_BYTES,
    OUTLINE,
    SIGNATURE,
    VECTOR_KEYS,
    VECTORS,
    Contents,
    Packed,
)
from service.collection.bundle_trust import signature_of
from service.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was exported, or imported."""

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
            open_vectors(layout) as cache,
            zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            writer = _Writer(archive)
            bundle = _pack(writer, outline, store, cache, file)
            writer.end(outline, _key(settings))
        draft.replace(file)
    except OSError as error:
        raise SnapshotError(f"Cannot write {file}: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return bundle


class _Writer:
    """Writes the members of a bundle, and the list of them last."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._sums: dict[str, Sha256] = {}

    def write(self, name: str, content: bytes, most_bytes: int = LARGEST_LIST_BYTES) -> None:
        """Write a member. Raises: SnapshotError for one that no import would read."""
        if len(content) > most_bytes:
            raise SnapshotError(
                f"{name} would have {len(content)} bytes; a bundle has at most {most_bytes} there. "
                "Export a smaller collection."
            )
        self._archive.writestr(name, content)
        self._sums[name] = sha256_of(content)

    def end(self, outline: Outline, key: SigningKey | None) -> None:
        """Write what the bundle holds, signed with the key."""
        manifest = outline.manifest
        contents = Contents(FORMAT, manifest.snapshot_id, manifest.embedder_fingerprint, self._sums)
        listed = json.dumps(asdict(contents), indent=1).encode()
        self._archive.writestr(CONTENTS, listed)
        if key is not None:
            self._archive.writestr(SIGNATURE, signature_of(listed, key))


def _pack(
    writer: _Writer, outline: Outline, store: SqlStore, cache: VectorCache, file: Path
) -> Bundle:
    ids = outline.ids()
    by_document: dict[DocId, list[Chunk]] = {d.doc_id: [] for d in outline.documents}
    for chunk in store.chunks(ids).values():
        by_document[chunk.doc_id].append(chunk)
    for doc_id, chunks in by_document.items():
        pages = list(store.pages(doc_id).values())
        packed = Packed(store.document(doc_id), pages, sorted(chunks, key=lambda c: c.ordinal))
        held = json.dumps(asdict(packed), ensure_ascii=False).encode()
        writer.write(f"documents/{doc_id}.json", held, LARGEST_DOCUMENT_BYTES)
        writer.write(f"documents/{doc_id}.bin", store.content(doc_id), LARGEST_MEMBER_BYTES)
    keys = sorted({c.embedded_sha256 for chunks in by_document.values() for c in chunks})
    found = cache.get(outline.manifest.embedder_fingerprint, keys)
    matrix = np.array([found[key] for key in keys if key in found], dtype=np.float32)
    writer.write(VECTOR_KEYS, json.dumps([key for key in keys if key in found]).encode())
    writer.write(VECTORS, _npy(matrix), LARGEST_MEMBER_BYTES)
    for name, content in outline.members().items():
        writer.write(f"{OUTLINE}{name}", content)
    snapshot_id = outline.manifest.snapshot_id
    return Bundle(str(file), snapshot_id, len(by_document), len(ids), len(found))


def _key(settings: Settings) -> SigningKey | None:
    """Return the home's key; None where it has none and cannot be written."""
    with suppress(StoreError):
        return SigningKey.open(settings.layout.signing_key)
    return None


def _npy(matrix: FloatMatrix) -> bytes:
    out = io.BytesIO()
    np.save(out, matrix, allow_pickle=False)
    return out.getvalue()
