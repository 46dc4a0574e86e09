"""One open database: transactions, and nothing of what kind of database it is."""

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import ArgumentError

from corpus.errors import StoreError

_SQLITE = "sqlite:///"


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

    def writing(self) -> AbstractContextManager[Connection]:
        """Return a transaction that writes; writers wait for each other."""
        ...

    def erasing(self) -> AbstractContextManager[Connection]:
        """Return a transaction that writes, after which what it deleted is in no file."""
        ...

    def problems(self) -> list[str]:
        """Return what is damaged in the files, one line each; reads all of them."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


def open_database(url: str, *, read_only: bool = False) -> Database:
    """Return the database at an address: `sqlite:///PATH`, the path as it is, nothing quoted.

    Raises: StoreError if the address is none, or of a kind that is not known here.
    """
    if url.startswith(_SQLITE):
        from corpus.stores.sqlite import SqliteDatabase

        return SqliteDatabase.open(url.removeprefix(_SQLITE), read_only=read_only)
    try:
        backend = make_url(url).get_backend_name()
    except ArgumentError as error:
        raise StoreError(f"not the address of a store: {url!r}; sqlite:///PATH is one") from error
    raise StoreError(f"a store of {backend!r} is not known here; sqlite:///PATH is")
