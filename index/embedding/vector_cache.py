"""Embeddings by text and embedder, so that no text is embedded twice."""

import logging
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import RLock
from typing import Self, TypeVar

import numpy as np

from corpus.closing import Closing
from corpus.errors import SnapshotError, StoreError
from corpus.ids import Fingerprint, Sha256
from corpus.stores.wal import use_wal
from index.values.ports import FloatMatrix, FloatVector

BUSY_TIMEOUT_S = 60.0
_BATCH = 500
_APPLICATION_ID = 0x63770001  # "cw", first layout; another number is another program's file
_TABLES = """
CREATE TABLE IF NOT EXISTS vectors (
    key TEXT NOT NULL, embedder TEXT NOT NULL, vector BLOB NOT NULL, crc32 INTEGER NOT NULL,
    PRIMARY KEY (key, embedder)
)
"""

Result = TypeVar("Result")
Row = tuple[Sha256, Fingerprint, bytes, int]

_logger = logging.getLogger(__name__)


class VectorCache(Closing):
    """A file of embeddings, by the SHA-256 of a text and the fingerprint of an embedder.

    Vectors are float32, little-endian, each with its CRC-32: one that differs counts as missing.
    The cache can always be made again, so a damaged file is set aside (`vectors.sqlite.damaged-…`,
    which goes with the next `remove`) and a file of another program too (`.foreign-…`), and a new
    one is begun; the log says so. Safe for use from several threads and processes.

    Raises: StoreError where the file cannot be read or written at all.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = RLock()
        self._connection = _opened(path)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Return the cache in a file, made if it is not there."""
        return cls(path)

    def get(self, embedder: Fingerprint, keys: Sequence[Sha256]) -> dict[Sha256, FloatVector]:
        """Return the vectors that are there, by key, each (d,) float32 and read-only."""
        return {key: vector for key, vector in self._read(embedder, keys) if vector is not None}

    def missing(self, embedder: Fingerprint, keys: Sequence[Sha256]) -> list[Sha256]:
        """Return the keys that have no sound vector, each once, in their order."""
        found = {key for key, vector in self._read(embedder, keys) if vector is not None}
        return [key for key in dict.fromkeys(keys) if key not in found]

    def put(self, embedder: Fingerprint, keys: Sequence[Sha256], vectors: FloatMatrix) -> None:
        """Keep one row of `vectors`, (n, d) float32, a key; all of them or none.

        Raises: ValueError if there is not one row a key.
        """
        if vectors.ndim != 2 or len(vectors) != len(keys):
            raise ValueError(f"{len(keys)} keys need as many rows, found shape {vectors.shape}")
        blobs = [row.tobytes() for row in vectors.astype("<f4")]
        self._keep(
            [(key, embedder, blob, zlib.crc32(blob)) for key, blob in zip(keys, blobs, strict=True)]
        )

    def matrix(self, embedder: Fingerprint, keys: Sequence[Sha256], dimensions: int) -> FloatMatrix:
        """Return the vectors in the order of the keys: (n, dimensions), float32.

        Raises: SnapshotError if any is missing, or has another length.
        """
        matrix = np.empty((len(keys), dimensions), dtype=np.float32)
        rows: dict[Sha256, list[int]] = {}
        for row, key in enumerate(keys):
            rows.setdefault(key, []).append(row)
        left = set(rows)
        for key, vector in self._read(embedder, keys):
            if vector is not None and len(vector) == dimensions:
                matrix[rows[key]] = vector
                left.discard(key)
        if left:
            raise SnapshotError(
                f"{len(left)} of {len(rows)} texts have no vector of {dimensions} dimensions by "
                f"embedder {embedder} in {self.name}; embed them first"
            )
        return matrix

    def remove(self, keys: Sequence[Sha256]) -> int:
        """Remove the vectors of the keys by every embedder, out of the file too; return how many.

        `secure_delete` alone leaves copies in the free space of pages, so a VACUUM follows.
        Damaged files that were set aside may hold them as well, and are deleted.
        """
        if not keys:
            return 0
        distinct = [(key,) for key in dict.fromkeys(keys)]
        removed = self._write("DELETE FROM vectors WHERE key = ?", distinct)
        if removed:
            self._attempt(_vacuum)
        for aside in self._path.parent.glob(f"{self._path.name}*.damaged-*"):
            aside.unlink(missing_ok=True)
        return removed

    @property
    def name(self) -> str:
        """What to call the cache in a message."""
        return str(self._path)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _read(
        self, embedder: Fingerprint, keys: Sequence[Sha256]
    ) -> Iterator[tuple[Sha256, FloatVector | None]]:
        """Yield each key that has a row once, with its vector, None where that is unsound."""
        distinct = list(dict.fromkeys(keys))
        for start in range(0, len(distinct), _BATCH):
            batch = distinct[start : start + _BATCH]
            marks = ", ".join("?" * len(batch))
            query = (
                f"SELECT key, vector, crc32 FROM vectors WHERE embedder = ? AND key IN ({marks})"
            )
            rows = self._attempt(partial(_rows, query=query, values=(embedder, *batch)))
            for key, blob, crc32 in rows:
                yield Sha256(key), vector_of(blob, crc32)

    def _keep(self, rows: Sequence[Row]) -> None:
        """Keep all rows or none, each in place of one with its key and embedder."""
        self._write("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)", rows)

    def _write(self, statement: str, rows: Sequence[tuple[str | bytes | int, ...]]) -> int:
        """Execute the statement with each row, all or none; return how many rows changed."""
        return self._attempt(partial(_change, statement=statement, rows=rows))

    def _attempt(self, act: Callable[[sqlite3.Connection], Result]) -> Result:
        """Return what the act returns; on a file that turns out damaged, what it does on a new."""
        with self._lock:
            try:
                return act(self._connection)
            except sqlite3.Error as error:
                if not _is_damage(error):
                    raise _refusal(self._path, error) from error
                self._connection.close()
                _set_aside(self._path, "damaged", str(error))
                self._connection = _opened(self._path)
            try:
                return act(self._connection)
            except sqlite3.Error as error:
                raise _refusal(self._path, error) from error


def _rows(
    connection: sqlite3.Connection, query: str, values: tuple[str, ...]
) -> list[tuple[str, bytes, int]]:
    return connection.execute(query, values).fetchall()


def _change(
    connection: sqlite3.Connection, statement: str, rows: Sequence[tuple[str | bytes | int, ...]]
) -> int:
    connection.execute("BEGIN IMMEDIATE")
    try:
        changed = connection.executemany(statement, rows).rowcount
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has rolled it back already
            connection.execute("ROLLBACK")
        raise
    return max(changed, 0)


def _vacuum(connection: sqlite3.Connection) -> None:
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def vector_of(blob: bytes, crc32: int) -> FloatVector | None:
    """Return the vector that was kept as these bytes, None where they have another checksum."""
    if zlib.crc32(blob) != crc32 or len(blob) % 4:
        return None
    return np.frombuffer(blob, dtype="<f4").astype(np.float32, copy=False)


def _opened(path: Path) -> sqlite3.Connection:
    """Return a connection to a sound cache; whatever else stands at the path is set aside."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise StoreError(f"cannot open {path}: it is a folder; name a file in it")
        try:
            return _connected(path)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            _set_aside(path, "damaged", str(error))
        except _ForeignFileError as error:
            _set_aside(path, "foreign", str(error))
        return _connected(path)
    except (sqlite3.Error, OSError) as error:
        raise _refusal(path, error) from error


class _ForeignFileError(Exception):
    """Raised when a file is a sound database of another program or layout."""


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    try:
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        if tables and application != _APPLICATION_ID:
            raise _ForeignFileError(f"application id {application}, expected {_APPLICATION_ID}")
        use_wal(connection, BUSY_TIMEOUT_S)
        # NORMAL: a power cut may lose the last vectors, which are then made again.
        for setting in ("synchronous = NORMAL", "secure_delete = ON"):
            connection.execute(f"PRAGMA {setting}").close()
        if not tables:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_TABLES)
            connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            connection.execute("COMMIT")
        connection.execute("SELECT key, embedder, vector, crc32 FROM vectors LIMIT 1").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _is_damage(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", None) or 0
    return code & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _set_aside(path: Path, why: str, detail: str) -> None:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    for suffix in ("", "-wal", "-shm"):
        file = path.with_name(f"{path.name}{suffix}")
        with suppress(FileNotFoundError):
            file.rename(path.with_name(f"{path.name}{suffix}.{why}-{stamp}"))
    _logger.warning(
        "the vector cache %s is %s (%s): set aside as %s.%s-%s, and a new one begun",
        path, why, detail, path.name, why, stamp,
    )  # fmt: skip


def _refusal(path: Path, error: Exception) -> StoreError:
    return StoreError(f"cannot use the vector cache {path}: {error}; look at its folder and disk")
