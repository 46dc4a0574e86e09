"""One open database: transactions, and nothing of what kind of database it is."""

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import ArgumentError

from corpus.errors import StoreError

_SQLITE = "sqlite:///"
_POSTGRESQL = ("postgresql", "postgresql+psycopg")
_KNOWN = "sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME"


class Database(Protocol):
    """Transactions over one database. Every failure of it is raised as StoreError.

    Safe for use from several threads. Leaving a transaction commits it; leaving it by an
    exception rolls it back.
    """

    @property
    def name(self) -> str:
        """What to call the database in a message."""
        ...

    @property
    def read_only(self) -> bool:
        """Whether `writing` and `erasing` are refused."""
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """Return a transaction that sees one state of the database."""
        ...

    def writing(self, only: str = "") -> AbstractContextManager[Connection]:
        """Return a transaction that writes; writers wait for each other.

        Those that name what they change `only` may be let wait for those alone that name the same.
        """
        ...

    def erasing(self) -> AbstractContextManager[Connection]:
        """Return a transaction that writes, after which nothing finds what it deleted."""
        ...

    def erase(self) -> None:
        """Rewrite what is stored without what was deleted, so that its bytes are in no file."""
        ...

    def keep_former(self, stored: str, needed: str) -> None:
        """Keep a copy of the tables of revision `stored` before they are migrated.

        Raises: StoreError where none can be kept, or a person has to decide.
        """
        ...

    def now(self, connection: Connection, seconds: float = 0.0) -> str:
        """Return the time in so many seconds, as `utc_now`, by the clock that all writers share."""
        ...

    def problems(self) -> list[str]:
        """Return what is damaged in the files, one line each; reads all of them."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


def open_database(url: str, *, read_only: bool = False) -> Database:
    """Return the database at an address.

    `sqlite:///PATH`, the path as it is, nothing quoted; or `postgresql+psycopg://USER@HOST/NAME`.

    Raises: StoreError if the address is none, or of a kind that is not known here.
    """
    if url.startswith(_SQLITE):
        from corpus.stores.sqlite import SqliteDatabase

        return SqliteDatabase.open(url.removeprefix(_SQLITE), read_only=read_only)
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise StoreError(f"not the address of a store: {url!r}; {_KNOWN} is one") from error
    if address.drivername in _POSTGRESQL:
        from corpus.stores.shared.postgres import PostgresDatabase

        return PostgresDatabase.open(address, read_only=read_only)
    raise StoreError(f"a store of {address.drivername!r} is not known here; {_KNOWN} is")
