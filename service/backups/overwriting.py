"""What a home holds that a restore would replace, and whether it may be."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import BusyError, CitewellError, InputError
from corpus.ids import DocId
from corpus.stores.sql_store import SqlStore
from service.settings.settings import Settings

_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Present:
    """What is in a home; `problem` says why nothing of it can be read, where that is so."""

    place: str
    doc_ids: frozenset[DocId] = frozenset()
    deletions: int = 0
    keys: int = 0
    waiting_uploads: int = 0
    problem: str | None = None

    @property
    def text(self) -> str:
        """What is there, in words."""
        if self.problem is not None:
            return f"a store that cannot be read ({self.problem})"
        return (
            f"{len(self.doc_ids)} documents, {self.keys} keys, {self.deletions} records of "
            f"deletions, {self.waiting_uploads} uploads that wait"
        )


def present(settings: Settings) -> Present | None:
    """Return what is in the home; None where it has no store, or an empty one."""
    url, home = settings.store_url, settings.layout
    place = url.removeprefix(_SQLITE) if url.startswith(_SQLITE) else "the database"
    if url.startswith(_SQLITE) and not (Path(place).exists() and Path(place).stat().st_size):
        return None
    if not url.startswith(_SQLITE):
        SqlStore.open(url).close()  # makes the tables of a database that has none
    try:
        with SqlStore.open(url, read_only=True) as store:
            ids = frozenset(each.doc_id for each in store.documents(current_only=False))
            found = Present(
                place, ids, len(store.deletions()), len(store.keys()), len(store.unfinished_jobs())
            )
    except CitewellError as error:
        return Present(place, problem=str(error))
    is_empty = not (ids or found.deletions or found.keys or found.waiting_uploads)
    return None if is_empty and not url.startswith(_SQLITE) and not home.current.exists() else found


def require_replaceable(found: Present, restored: str, *, replace: bool) -> None:
    """Raises: InputError that says what would be lost, unless `replace`."""
    if replace:
        return
    raise InputError(
        f"{found.place} is there already, with {found.text}. The backup {restored} would take its "
        "place, with snapshots, aliases and uploads; documents that were added since would be "
        "lost. Name a new folder with --home, back this home up first, or say --replace."
    )


def close_to_others(settings: Settings) -> None:
    """Make sure that no process has the SQLite file open, and take its log into it.

    A server that runs would go on writing to the file that was replaced, and what it acknowledged
    would be lost. A file that cannot be read at all is let be. Raises: BusyError.
    """
    if not settings.store_url.startswith(_SQLITE):
        return
    file = Path(settings.store_url.removeprefix(_SQLITE))
    try:
        with closing(sqlite3.connect(file, timeout=1.0, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise BusyError(
                f"{file} is open in another process; stop the servers of this home, and restore "
                "again.",
                retry_after_s=10.0,
            ) from error
    except sqlite3.DatabaseError:
        return
