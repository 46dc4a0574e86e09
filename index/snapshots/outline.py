"""Snapshots that have left: small outlines of what they held, to build them again from.

A snapshot follows from its documents, its chunks and its settings. The chunks stay in the store and
their vectors in the cache, so a snapshot that makes room for newer ones leaves only the list of
what it held, about 30 bytes a chunk, and answers again from that as it did.

snapshots/past/<id>.zip
  manifest.json, documents.json, aliases.json   as in the snapshot's folder
  chunk_ids.npy, documents.npy, languages.npy   as in its shard
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.errors import NotFoundError, SnapshotError
from corpus.home import Home
from corpus.ids import ChunkId, DocId, SnapshotId
from index.aliases.alias import Aliases
from index.documents.indexed_document import IndexedDocument, read_documents
from index.snapshots.manifest import Layout, Manifest, read_aliases


@dataclass(frozen=True, slots=True)
class Outline:
    """What a snapshot held: `chunk_ids` is (n,) bytes strings, `document_rows` (n,) positions.

    `languages` is (n,) bytes strings, as in the snapshot; None where it was English alone.
    """

    manifest: Manifest
    documents: tuple[IndexedDocument, ...]
    aliases: Aliases
    chunk_ids: npt.NDArray[np.bytes_]
    document_rows: npt.NDArray[np.int32]
    languages: npt.NDArray[np.bytes_] | None = None

    @classmethod
    def of_folder(cls, folder: Path) -> "Outline":
        """Return the outline of a snapshot's folder. Raises: SnapshotError, NotFoundError."""
        layout, manifest = Layout(folder), Manifest.read(folder)
        shard = layout.shard(0)
        return cls(
            manifest,
            tuple(read_documents(layout.documents.read_text("utf-8"))),
            read_aliases(folder),
            np.load(shard.chunk_ids, allow_pickle=False),
            np.load(shard.documents, allow_pickle=False),
            np.load(shard.languages, allow_pickle=False) if shard.languages.exists() else None,
        )

    @classmethod
    def of_members(cls, members: Mapping[str, bytes]) -> "Outline":
        """Return the outline that `members` gave. Raises: ValueError, KeyError."""
        return cls(
            Manifest.from_json(json.loads(members["manifest.json"])),
            tuple(read_documents(members["documents.json"].decode("utf-8"))),
            Aliases.from_json(json.loads(members["aliases.json"])),
            np.load(io.BytesIO(members["chunk_ids.npy"]), allow_pickle=False),
            np.load(io.BytesIO(members["documents.npy"]), allow_pickle=False),
            np.load(io.BytesIO(members["languages.npy"]), allow_pickle=False)
            if "languages.npy" in members
            else None,
        )

    def members(self) -> dict[str, bytes]:
        """Return the outline as files by name."""
        documents = [document.to_json() for document in self.documents]
        languages = {} if self.languages is None else {"languages.npy": _npy(self.languages)}
        return {
            "manifest.json": json.dumps(asdict(self.manifest), ensure_ascii=False).encode(),
            "documents.json": json.dumps(documents, ensure_ascii=False).encode(),
            "aliases.json": json.dumps(self.aliases.to_json(), ensure_ascii=False).encode(),
            "chunk_ids.npy": _npy(self.chunk_ids),
            "documents.npy": _npy(self.document_rows),
            **languages,
        }

    def ids(self) -> list[ChunkId]:
        """Return the chunks in order of their rows."""
        return [ChunkId(bytes(each).decode("utf-8")) for each in self.chunk_ids]


def keep_outline(home: Home, outline: Outline) -> None:
    """Write an outline, whole or not at all. Raises: SnapshotError."""
    file = _file(home, outline.manifest.snapshot_id)
    draft = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in outline.members().items():
                archive.writestr(name, content)
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise SnapshotError(f"{file} cannot be written: {error.strerror or error}") from error


def read_outline(home: Home, snapshot_id: SnapshotId) -> Outline:
    """Return the outline of a snapshot that has left. Raises: NotFoundError, SnapshotError."""
    file = _file(home, snapshot_id)
    try:
        with zipfile.ZipFile(file) as archive:
            return Outline.of_members({name: archive.read(name) for name in archive.namelist()})
    except FileNotFoundError as error:
        raise NotFoundError(
            f"there is no snapshot {snapshot_id} here, nor what it held: it was purged with a "
            "document, or is of another home (citewell snapshots import brings it)"
        ) from error
    except (OSError, zipfile.BadZipFile, ValueError, KeyError) as error:
        raise SnapshotError(f"{file} is damaged ({error}); delete it") from error


def outline_of(home: Home, snapshot_id: SnapshotId) -> Outline:
    """Return the outline of a snapshot, on disk or gone. Raises: NotFoundError, SnapshotError."""
    folder = _file(home, snapshot_id).parent.parent / snapshot_id
    return Outline.of_folder(folder) if folder.is_dir() else read_outline(home, snapshot_id)


def past_ids(home: Home) -> list[SnapshotId]:
    """Return the ids of the outlines that are kept, those written last first."""
    files = list((home.snapshots / "past").glob("s*.zip"))
    files.sort(key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)
    return [SnapshotId(file.stem) for file in files]


def past_holding(home: Home, doc_id: DocId) -> list[SnapshotId]:
    """Return the outlines that list a document; one that cannot be read counts."""
    return [each for each in past_ids(home) if _lists(home, each, doc_id)]


def forget_past(home: Home, snapshot_id: SnapshotId) -> None:
    """Remove an outline; one that is not there is no mistake."""
    _file(home, snapshot_id).unlink(missing_ok=True)


def _npy(array: npt.NDArray[np.generic]) -> bytes:
    out = io.BytesIO()
    np.save(out, array, allow_pickle=False)
    return out.getvalue()


def _lists(home: Home, snapshot_id: SnapshotId, doc_id: DocId) -> bool:
    try:
        with zipfile.ZipFile(_file(home, snapshot_id)) as archive:
            documents = read_documents(archive.read("documents.json").decode("utf-8"))
        return any(document.doc_id == doc_id for document in documents)
    except (OSError, zipfile.BadZipFile, ValueError, KeyError):
        return True


def _file(home: Home, snapshot_id: SnapshotId) -> Path:
    if not snapshot_id.isalnum():
        raise NotFoundError(f"there is no snapshot {snapshot_id!r}")
    return home.snapshots / "past" / f"{snapshot_id}.zip"
