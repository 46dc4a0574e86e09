"""The port `KeyStore` over a database."""

from sqlalchemy import Connection, RowMapping, insert, select, update

from corpus.clock import utc_now
from corpus.errors import NotFoundError, StoreError
from corpus.ids import Sha256
from corpus.key import Key
from corpus.stores.database import Database
from corpus.stores.schema import keys
from corpus.stores.storable import refuse_unstorable_text


class SqlKeys:
    """The API keys of a database. Each method is one transaction."""

    _database: Database

    def create_key(self, key: Key) -> None:
        """Keep a new key. Raises: StoreError if a key of this name is there and not revoked."""
        refuse_unstorable_text("the name of a key", key.name)
        for collection in key.collections or ():
            refuse_unstorable_text("a collection of a key", collection)
        same = select(keys.c.key_id).where(keys.c.name == key.name, keys.c.revoked_at.is_(None))
        row = {field: getattr(key, field) for field in Key.__slots__}
        row["scopes"] = list(key.scopes)
        row["collections"] = None if key.collections is None else list(key.collections)
        with self._database.writing() as connection:
            if (taken := connection.execute(same).scalar()) is not None:
                raise StoreError(f"there is a key named {key.name!r} already: {taken}")
            connection.execute(insert(keys).values(row))

    def keys(self) -> list[Key]:
        """Return every key, revoked ones too, in the order they were made."""
        with self._database.reading() as connection:
            query = select(keys).order_by(keys.c.number)
            return [_key_of(row) for row in connection.execute(query).mappings()]

    def has_keys(self) -> bool:
        """Return whether a key was ever made."""
        with self._database.reading() as connection:
            return connection.execute(select(keys.c.number).limit(1)).first() is not None

    def key_of(self, sha256: Sha256) -> Key:
        """Return the key with this checksum. Raises: NotFoundError."""
        with self._database.reading() as connection:
            query = select(keys).where(keys.c.sha256 == sha256)
            row = connection.execute(query).mappings().first()
        if row is None:
            raise NotFoundError("there is no such key")
        return _key_of(row)

    def revoke_key(self, key_id: str) -> Key:
        """Revoke a key from now on; again changes nothing. Raises: NotFoundError."""
        change = update(keys).where(keys.c.key_id == key_id, keys.c.revoked_at.is_(None))
        with self._database.writing() as connection:
            connection.execute(change.values(revoked_at=utc_now()))
            return _key(connection, key_id)


def _key(connection: Connection, key_id: str) -> Key:
    row = connection.execute(select(keys).where(keys.c.key_id == key_id)).mappings().first()
    if row is None:
        raise NotFoundError(f"there is no key {key_id}")
    return _key_of(row)


def _key_of(row: RowMapping) -> Key:
    fields = {field: row[field] for field in Key.__slots__}
    fields["scopes"] = tuple(row["scopes"])
    fields["collections"] = None if row["collections"] is None else tuple(row["collections"])
    return Key(**fields)
