"""Embeddings in a PostgreSQL database, for all machines that share it."""

from collections.abc import Iterator, Sequence

from sqlalchemy import make_url, text

from corpus.ids import Fingerprint, Sha256
from corpus.stores.shared.postgres import PostgresDatabase
from index.embedding.vector_cache import Row, VectorCache, vector_of
from index.values.ports import FloatVector

_BATCH = 500
# Not of the store's tables: a cache is made again, and never migrated.
_TABLE = """
CREATE TABLE IF NOT EXISTS cached_vectors (
    key text COLLATE "C" NOT NULL, embedder text COLLATE "C" NOT NULL, vector bytea NOT NULL,
    crc32 bigint NOT NULL, PRIMARY KEY (key, embedder)
)
"""
_KEEP = text(
    "INSERT INTO cached_vectors VALUES (:key, :embedder, :vector, :crc32)"
    " ON CONFLICT (key, embedder) DO UPDATE SET vector = excluded.vector, crc32 = excluded.crc32"
)
_FIND = text(
    "SELECT key, vector, crc32 FROM cached_vectors WHERE embedder = :embedder AND key = ANY(:keys)"
)
_REMOVE = text("DELETE FROM cached_vectors WHERE key = ANY(:keys)")


class SharedVectors(VectorCache):
    """The vector cache in the table `cached_vectors` beside the tables of the store.

    Raises: StoreError where the database cannot be used.
    """

    def __init__(self, url: str) -> None:
        self._database = PostgresDatabase.open(make_url(url))
        try:
            with self._database.reading() as connection:
                found = connection.exec_driver_sql("SELECT to_regclass('cached_vectors')").scalar()
            if found is None:
                with self._database.writing() as connection:
                    connection.exec_driver_sql(_TABLE)
        except BaseException:
            self._database.close()
            raise

    @property
    def name(self) -> str:
        """The address of the database, without the password."""
        return self._database.name

    def remove(self, keys: Sequence[Sha256]) -> int:
        """Remove the vectors of the keys by every embedder; return how many."""
        if not keys:
            return 0
        with self._database.erasing() as connection:
            return connection.execute(_REMOVE, {"keys": list(keys)}).rowcount

    def kept(self, embedder: str) -> Iterator[tuple[bytes, int]]:
        """Yield every vector of an embedder as it is kept, with its CRC-32."""
        query = text("SELECT vector, crc32 FROM cached_vectors WHERE embedder = :embedder")
        with self._database.reading() as connection:
            for vector, crc32 in connection.execute(query, {"embedder": embedder}):
                yield bytes(vector), crc32

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def _read(
        self, embedder: Fingerprint, keys: Sequence[Sha256]
    ) -> Iterator[tuple[Sha256, FloatVector | None]]:
        distinct = list(dict.fromkeys(keys))
        for start in range(0, len(distinct), _BATCH):
            wanted = {"embedder": embedder, "keys": distinct[start : start + _BATCH]}
            with self._database.reading() as connection:
                rows = connection.execute(_FIND, wanted).all()
            for key, blob, crc32 in rows:
                yield Sha256(key), vector_of(blob, crc32)

    def _keep(self, rows: Sequence[Row]) -> None:
        named = [
            {"key": key, "embedder": embedder, "vector": blob, "crc32": crc32}
            for key, embedder, blob, crc32 in sorted(rows)
        ]
        if named:
            with self._database.writing("vectors") as connection:
                connection.execute(_KEEP, named)
