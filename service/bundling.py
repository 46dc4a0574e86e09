"""A snapshot as one file: its documents, pages, chunks and vectors, with checksums.

A bundle is a ZIP file. Importing adds its documents to a home and publishes; into an empty home
with the same settings that gives the snapshot that was exported, with the same id.

    bundle.json             format, snapshot, embedder, and the SHA-256 of every other member
    documents/<doc_id>.json document, pages and chunks
    documents/<doc_id>.bin  the bytes that were read
    vectors.npy, keys.json  (n, d) float32, and the text hash of each row
"""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter, ValidationError

from corpus.chunk import Chunk
from corpus.document import Document, Page
from corpus.errors import InputError, SnapshotError
from corpus.ids import DocId, Fingerprint, Sha256, SnapshotId, sha256_of
from corpus.sql_store import SqlStore
from index.building import build
from index.ports import FloatMatrix
from index.publishing import current_id, snapshot_folder
from index.snapshot import Snapshot
from index.vector_cache import VectorCache
from service.models import Models
from service.settings import Settings
from service.writing import sole_writer

FORMAT = 1
CONTENTS = "bundle.json"
LARGEST_MEMBER_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was exported or imported."""

    file: str
    snapshot: str
    documents: int
    chunks: int
    vectors: int


@dataclass(frozen=True, slots=True)
class _Contents:
    """The member `bundle.json`."""

    format: int
    snapshot: str
    embedder: Fingerprint
    sha256: dict[str, Sha256]


@dataclass(frozen=True, slots=True)
class _Packed:
    """The member of one document."""

    document: Document
    pages: list[Page]
    chunks: list[Chunk]


def export_bundle(file: Path, settings: Settings, snapshot_id: str | None = None) -> Bundle:
    """Write a snapshot (default: the one that answers) to a file, whole or not at all.

    Raises: NotFoundError, SnapshotError, StoreError.
    """
    layout = settings.layout
    wanted = SnapshotId(snapshot_id) if snapshot_id else current_id(layout)
    if wanted is None:
        raise SnapshotError(f"Nothing is ingested in {layout.root} yet; there is no snapshot.")
    snapshot = Snapshot.open(snapshot_folder(layout, wanted))
    draft = file.with_name(f".{file.name}.part")
    try:
        with (
            SqlStore.open(settings.store_url, read_only=True) as store,
            VectorCache.open(layout.vectors) as cache,
            zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            bundle = _pack(archive, snapshot, store, cache, file)
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
    with _opened(file) as archive:
        contents = _checked(archive, file)
        with (
            sole_writer(layout),
            SqlStore.open(settings.store_url) as store,
            VectorCache.open(layout.vectors) as cache,
        ):
            documents = chunks = vectors = 0
            for packed, content in _documents(archive, contents):
                store.add(packed.document, content, packed.pages, packed.chunks)
                documents, chunks = documents + 1, chunks + len(packed.chunks)
            if contents.embedder == embedder.fingerprint:
                keys, matrix = _vectors(archive)
                cache.put(embedder.fingerprint, keys, matrix)
                vectors = len(keys)
            snapshot = build(store, cache, embedder, layout)
    return Bundle(str(file), snapshot, documents, chunks, vectors)


def _pack(
    archive: zipfile.ZipFile, snapshot: Snapshot, store: SqlStore, cache: VectorCache, file: Path
) -> Bundle:
    ids = [snapshot.chunk_id(row) for row in range(len(snapshot.chunk_ids))]
    by_document: dict[DocId, list[Chunk]] = {d.doc_id: [] for d in snapshot.documents}
    for chunk in store.chunks(ids).values():
        by_document[chunk.doc_id].append(chunk)
    sums: dict[str, Sha256] = {}

    def write(name: str, content: bytes) -> None:
        archive.writestr(name, content)
        sums[name] = sha256_of(content)

    for doc_id, chunks in by_document.items():
        pages = list(store.pages(doc_id).values())
        packed = _Packed(store.document(doc_id), pages, sorted(chunks, key=lambda c: c.ordinal))
        write(f"documents/{doc_id}.json", json.dumps(asdict(packed), ensure_ascii=False).encode())
        write(f"documents/{doc_id}.bin", store.content(doc_id))
    embedder = snapshot.manifest.embedder_fingerprint
    keys = sorted({c.embedded_sha256 for chunks in by_document.values() for c in chunks})
    found = cache.get(embedder, keys)
    matrix = np.array([found[key] for key in keys if key in found], dtype=np.float32)
    write("keys.json", json.dumps([key for key in keys if key in found]).encode())
    write("vectors.npy", _npy(matrix))
    contents = _Contents(FORMAT, snapshot.snapshot_id, embedder, sums)
    archive.writestr(CONTENTS, json.dumps(asdict(contents), indent=1))
    return Bundle(str(file), snapshot.snapshot_id, len(by_document), len(ids), len(found))


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(
            f"{file} is no bundle: {error}. Make one with: snapshots export"
        ) from error


def _checked(archive: zipfile.ZipFile, file: Path) -> _Contents:
    """Return what the bundle holds. Raises: InputError naming the member that is damaged."""
    try:
        contents = TypeAdapter(_Contents).validate_json(archive.read(CONTENTS))
    except (KeyError, ValidationError, zipfile.BadZipFile, OSError) as error:
        raise InputError(f"{file} is no bundle: {CONTENTS} is missing or damaged.") from error
    if contents.format != FORMAT:
        raise InputError(
            f"{file} has format {contents.format}, this version of citewell reads {FORMAT}; "
            "update citewell"
        )
    for name, wanted in contents.sha256.items():
        try:
            info = archive.getinfo(name)
            large = info.file_size > LARGEST_MEMBER_BYTES
            sound = not large and sha256_of(archive.read(name)) == wanted
        except (KeyError, zipfile.BadZipFile, OSError, ValueError):
            sound = False
        if not sound:
            raise InputError(
                f"{file} is damaged at {name}: its checksum differs. Nothing was imported."
            )
    return contents


def _documents(archive: zipfile.ZipFile, contents: _Contents) -> Iterator[tuple[_Packed, bytes]]:
    adapter = TypeAdapter(_Packed)
    for name in sorted(contents.sha256):
        if name.startswith("documents/") and name.endswith(".json"):
            packed = adapter.validate_json(archive.read(name))
            yield packed, archive.read(f"{name.removesuffix('.json')}.bin")


def _vectors(archive: zipfile.ZipFile) -> tuple[list[Sha256], FloatMatrix]:
    keys = [Sha256(key) for key in json.loads(archive.read("keys.json"))]
    matrix: FloatMatrix = np.load(io.BytesIO(archive.read("vectors.npy")), allow_pickle=False)
    return keys, matrix


def _npy(matrix: FloatMatrix) -> bytes:
    out = io.BytesIO()
    np.save(out, matrix, allow_pickle=False)
    return out.getvalue()
