"""The system of record: the ports of `corpus.store` over a SQL database."""

from typing import Self

from corpus.closing import Closing
from corpus.stores.database import Database, open_database
from corpus.stores.migrating import upgrade
from corpus.stores.sql_deletions import SqlDeletions
from corpus.stores.sql_documents import SqlDocuments
from corpus.stores.sql_jobs import SqlJobs
from corpus.stores.sql_keys import SqlKeys
from corpus.stores.sql_notes import SqlNotes
from corpus.stores.sql_page_grades import SqlLedger
from corpus.stores.sql_receipts import SqlReceipts
from corpus.stores.sql_sources import SqlSources
from corpus.stores.sql_tallies import SqlTallies


class SqlStore(
    SqlDocuments,
    SqlDeletions,
    SqlLedger,
    SqlSources,
    SqlJobs,
    SqlReceipts,
    SqlNotes,
    SqlKeys,
    SqlTallies,
    Closing,
):
    """Documents, sources, jobs, receipts, notes and keys in one database: all ports.

    Safe for use from several threads and processes; writers wait for each other. A process that
    forks opens its own.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, url: str, *, read_only: bool = False, make: bool = True) -> Self:
        """Return the store at a SQLAlchemy address, its tables made or brought up to date.

        `read_only` makes and changes no table, and works in a place that cannot be written; every
        method that writes raises StoreError then. Unless `make`, the tables have to be there.

        Raises: StoreError that says what was found and what to do.
        """
        database = open_database(url, read_only=read_only)
        try:
            upgrade(database, make=make)
        except BaseException:
            database.close()
            raise
        return cls(database)

    @property
    def read_only(self) -> bool:
        """Whether the methods that write are refused."""
        return self._database.read_only

    def problems(self) -> list[str]:
        """Return what is damaged in the database's files, one line each. Raises: StoreError."""
        return self._database.problems()

    def erase(self) -> None:
        """Rewrite what is stored without what was deleted. Raises: StoreError."""
        self._database.erase()

    def close(self) -> None:
        """Close every connection."""
        self._database.close()
