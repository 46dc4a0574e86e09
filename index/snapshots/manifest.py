"""What a snapshot says of itself, and the files it is made of.

snapshots/<id>/
  manifest.json       versions, fingerprints, counts, size and SHA-256 of every other file
  manifest.sha256     the SHA-256 of manifest.json and a line break
  documents.json      the documents in order of doc_id, as IndexedDocument
  aliases.json        the pairs of short and long names, as AliasPair
  shard-<n>/
    chunk_ids.npy     (rows,) bytes strings: the chunk of each row, in order
    documents.npy     (rows,) int32: each row's position in documents.json
    languages.npy     (rows,) bytes strings: the language by which each row's text was analysed
    vectors.faiss     (rows, d) unit vectors
    other_rows.npy    (m,) int64: the rows in other languages than English; absent without any
    other_vectors.faiss  (m, d) their unit vectors by the multilingual model, centred
    lexical/          a tantivy index with the same rows
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from corpus.errors import DamagedSnapshotError, NotFoundError, SnapshotError
from corpus.ids import Fingerprint, Sha256, SnapshotId, sha256_of
from index.aliases.alias import Aliases

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of a snapshot's folder: this class is the format."""

    root: Path

    @property
    def manifest(self) -> Path:
        """What the snapshot says of itself."""
        return self.root / "manifest.json"

    @property
    def manifest_sha256(self) -> Path:
        """The checksum of the manifest."""
        return self.root / "manifest.sha256"

    @property
    def documents(self) -> Path:
        """The documents."""
        return self.root / "documents.json"

    @property
    def aliases(self) -> Path:
        """The aliases; absent in snapshots made before there were any."""
        return self.root / "aliases.json"

    def shard(self, number: int) -> "ShardLayout":
        """Return the files of one shard."""
        return ShardLayout(self.root / f"shard-{number}")

    def content_files(self) -> list[Path]:
        """Return every file that the manifest lists, in order: all but itself and locks."""
        own = {self.manifest, self.manifest_sha256}
        return sorted(
            path
            for path in self.root.rglob("*")
            if path.is_file() and path not in own and path.suffix != ".lock"
        )


@dataclass(frozen=True, slots=True)
class ShardLayout:
    """The files of one shard: both indexes over a range of chunk ids."""

    root: Path

    @property
    def chunk_ids(self) -> Path:
        """The chunk of each row."""
        return self.root / "chunk_ids.npy"

    @property
    def documents(self) -> Path:
        """The document of each row."""
        return self.root / "documents.npy"

    @property
    def languages(self) -> Path:
        """The language of each row; absent in snapshots made before there were any: English."""
        return self.root / "languages.npy"

    @property
    def vectors(self) -> Path:
        """The vectors."""
        return self.root / "vectors.faiss"

    @property
    def other_rows(self) -> Path:
        """The rows in other languages than English; absent where there are none."""
        return self.root / "other_rows.npy"

    @property
    def other_vectors(self) -> Path:
        """The vectors of these rows by the multilingual model."""
        return self.root / "other_vectors.faiss"

    @property
    def lexical(self) -> Path:
        """The folder of the lexical index."""
        return self.root / "lexical"


@dataclass(frozen=True, slots=True)
class ShardEntry:
    """One shard: how many rows, and how its vectors are searched (`exact` or `hnsw`)."""

    rows: int
    vectors: str


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file's size and checksum."""

    bytes: int
    sha256: Sha256


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot is made of and by.

    `fingerprint` is over chunk ids, documents and configuration, never over the files, whose bytes
    may differ from machine to machine; `files` are by path relative to the folder.
    `created_at` is ISO 8601, UTC. `multilingual_fingerprint` is that of the model which embedded
    the passages in other languages than English; None where none did.
    """

    snapshot_id: SnapshotId
    fingerprint: Fingerprint
    created_at: str
    embedder: str
    embedder_fingerprint: Fingerprint
    dimensions: int
    readings: tuple[Fingerprint, ...]
    settings: Mapping[str, object]
    documents: int
    chunks: int
    shards: tuple[ShardEntry, ...]
    files: Mapping[str, FileEntry]
    format: int = FORMAT
    multilingual_fingerprint: Fingerprint | None = None

    def write(self, folder: Path) -> None:
        """Write the manifest and its checksum."""
        content = json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False).encode()
        layout = Layout(folder)
        layout.manifest.write_bytes(content)
        layout.manifest_sha256.write_bytes(_checksum_line(content))

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Return the manifest of a snapshot.

        Raises: NotFoundError if there is none, DamagedSnapshotError if it differs from its
        checksum, SnapshotError if a newer version of citewell wrote it.
        """
        layout = Layout(folder)
        if not folder.is_dir():
            raise NotFoundError(
                f"there is no snapshot {folder.name}; `citewell snapshots list` names those there"
            )
        content = _read(layout.manifest)
        if _read(layout.manifest_sha256) != _checksum_line(content):
            raise damaged(folder, layout.manifest, "it differs from manifest.sha256")
        fields = cast("dict[str, object]", json.loads(content))
        if fields.get("format") != FORMAT:
            raise SnapshotError(
                f"the snapshot {folder.name} has format {fields.get('format')}, this version of "
                f"citewell reads format {FORMAT}; update citewell, or run citewell ingest again"
            )
        return cls.from_json(fields)

    @classmethod
    def from_json(cls, fields: dict[str, object]) -> "Manifest":
        """Return the manifest of the fields that `write` wrote; they are not checked."""
        shards = cast("list[dict[str, object]]", fields.pop("shards"))
        files = cast("dict[str, dict[str, object]]", fields.pop("files"))
        readings = cast("list[Fingerprint]", fields.pop("readings"))
        return cls(
            **fields,  # type: ignore[arg-type]
            readings=tuple(readings),
            shards=tuple(ShardEntry(**shard) for shard in shards),  # type: ignore[arg-type]
            files={path: FileEntry(**entry) for path, entry in files.items()},  # type: ignore[arg-type]
        )


def read_aliases(folder: Path) -> Aliases:
    """Return the aliases of a snapshot's folder; none where it was made before there were any."""
    path = Layout(folder).aliases
    return Aliases.from_json(json.loads(path.read_text("utf-8"))) if path.exists() else Aliases()


def damaged(folder: Path, file: Path, what: str) -> DamagedSnapshotError:
    """Return the error that names a snapshot's damaged file and what to do."""
    return DamagedSnapshotError(
        f"the file {file.relative_to(folder)} of snapshot {folder.name} is damaged: {what}; "
        f"delete the folder {folder} and build it again (citewell ingest), or roll back "
        f"(citewell snapshots rollback)"
    )


def _checksum_line(content: bytes) -> bytes:
    return f"{sha256_of(content)}\n".encode()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise damaged(path.parent, path, f"it cannot be read ({error.strerror})") from error
