"""The store in one SQLite file: the only file of the store that knows SQLite."""

import logging
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Self

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from corpus.clock import utc_in
from corpus.errors import StoreError
from corpus.stores.wal import use_wal

BUSY_TIMEOUT_S = 60.0
_POOLED_CONNECTIONS = 8
_WRITES = "citewell_writes"

_logger = logging.getLogger(__name__)

# By the beginning of SQLite's name for the error: what was found, and what to do.
_MEANINGS = {
    "SQLITE_FULL": "cannot write to {path}: the disk is full; free some space and try again",
    "SQLITE_IOERR": "cannot read or write {path} ({error}); look at its disk and its free space",
    "SQLITE_NOTADB": "{path} is not a store: it is no SQLite database; name another file",
    "SQLITE_CORRUPT": "{path} is damaged ({error}); restore it from a copy, or ingest the "
    "documents into a new home",
    "SQLITE_READONLY": "cannot write to {path}: it is read-only; use a place that can be written",
    "SQLITE_BUSY": "cannot write to {path}: another process has been writing to it for "
    f"{BUSY_TIMEOUT_S:.0f} s; try again when it is done",
    "SQLITE_CANTOPEN": "cannot open {path} ({error}); look at its folder and permissions",
    "SQLITE_PERM": "cannot open {path} ({error}); look at its folder and permissions",
}


class SqliteDatabase:
    """One SQLite file behind the port `Database`.

    WAL, so that readers and the writer do not wait for each other. `synchronous=FULL`: a
    transaction is on the disk when it returns. NORMAL would survive `kill -9` as well, but lose
    the last transactions with the power, and what was acknowledged must stay.

    Erasing: `secure_delete` overwrites what is deleted where it stands, but leaves the copies of
    rows that SQLite once moved from page to page (seen with 3.46, in some of random trials), so a
    VACUUM follows and the WAL is emptied. `user_version` is 1 from the deletion until then: after
    a crash in between, the next opening for writing erases.
    """

    def __init__(self, path: Path, uri: str, *, read_only: bool) -> None:
        self._path = path
        self._uri = uri
        self._read_only = read_only
        self._engine = _engine(path, uri)

    @classmethod
    def open(cls, path: str, *, read_only: bool = False) -> Self:
        """Return the open database; its file is made if it is not there, unless `read_only`.

        Raises: StoreError if the file cannot be opened that way.
        """
        if path in {"", ":memory:"} or path.startswith("file:"):
            raise StoreError(f"a store is kept in a file: sqlite:///PATH, not {path!r}")
        file = Path(path).absolute()
        try:
            if file.is_dir():
                raise StoreError(f"cannot open {file}: it is a folder; name a file in it")
            uri = _uri_for_reading(file) if read_only else _uri_for_writing(file)
            database = cls(file, uri, read_only=read_only)
            if not read_only and _erasure_is_owed(uri):
                database._erase()
        except (sqlite3.Error, OSError, ValueError) as error:
            raise StoreError(_meaning(file, error)) from error
        return database

    @property
    def name(self) -> str:
        """The path of the file."""
        return str(self._path)

    @property
    def read_only(self) -> bool:
        """Whether the file was opened for reading only."""
        return self._read_only

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a transaction that sees one state of the database."""
        with self._translating(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, only: str = "") -> Iterator[Connection]:  # noqa: ARG002 - all wait for all
        """Yield a transaction that holds the one write lock from its start."""
        if self._read_only:
            raise StoreError(f"{self._path} is open for reading only; it was not changed")
        with self._translating(), self._engine.connect() as connection:
            connection = connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection

    @contextmanager
    def erasing(self) -> Iterator[Connection]:
        """Yield a transaction that writes; then clear what it deleted out of the files.

        The clearing rewrites the file, and takes as long. The deletion stands even where it fails
        (a full disk): that is logged, and it is done at the next deletion or opening.
        """
        with self.writing() as connection:
            yield connection
            connection.exec_driver_sql("PRAGMA user_version = 1")
        self._erase()

    def erase(self) -> None:
        """Rewrite the file without what was deleted."""
        self._erase()

    def keep_former(self, stored: str, needed: str) -> None:  # noqa: ARG002 - the port's
        """Keep a copy beside the file, `store.sqlite.revision-0006`; the next deletion removes it.

        Raises: StoreError where it cannot be written.
        """
        copy = self._path.with_name(f"{self._path.name}.revision-{stored}")
        draft = copy.with_name(f".{copy.name}")
        try:
            draft.unlink(missing_ok=True)
            draft.touch(0o600)
            with closing(_connect(self._uri)) as connection:
                connection.execute("VACUUM INTO ?", (str(draft),))
            draft.replace(copy)
        except (sqlite3.Error, OSError) as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise StoreError(
                f"{self._path} has tables of revision {stored}, and a copy of it ({copy.name}) "
                f"cannot be made before they are changed ({error}); make room and try again"
            ) from error

    def now(self, connection: Connection, seconds: float = 0.0) -> str:  # noqa: ARG002
        """Return the time in so many seconds by this machine's clock."""
        return utc_in(seconds)

    def problems(self) -> list[str]:
        """Return what SQLite's own checks find, one line each; reads the whole file."""
        with self.reading() as connection:
            rows = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        found = [line for row in rows if row != "ok" for line in str(row).splitlines()]
        return found + [f"row {row[1]} of {row[0]} has no row in {row[2]}" for row in orphans]

    def close(self) -> None:
        """Close every connection; the last one of all processes empties the WAL."""
        self._engine.dispose()

    def _erase(self) -> None:
        """Rewrite the file without what was deleted, empty the WAL, remove copies of before."""
        try:
            with closing(_connect(self._uri)) as connection:
                connection.execute("VACUUM")
                (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if busy:
                    raise sqlite3.OperationalError("a reader holds an older state")
                connection.execute("PRAGMA user_version = 0")
            for former in self._path.parent.glob(f"*{self._path.name}.revision-*"):
                former.unlink(missing_ok=True)
        except (sqlite3.Error, OSError) as error:
            _logger.warning("deleted text may still be in free parts of %s: %s", self._path, error)

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise StoreError(_meaning(self._path, error)) from error
        except UnicodeEncodeError as error:
            raise StoreError(f"{error.object!r} is no text that can be looked up") from error


def _engine(path: Path, uri: str) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        creator=lambda: _connect(uri),
        poolclass=QueuePool,
        pool_size=_POOLED_CONNECTIONS,
        max_overflow=-1,  # a thread never waits for a connection
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _connect(uri: str) -> sqlite3.Connection:
    # isolation_level=None: transactions begin where `_begin` says, DDL included.
    connection = sqlite3.connect(
        uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    try:
        for setting in ("foreign_keys = ON", "synchronous = FULL", "secure_delete = ON"):
            connection.execute(f"PRAGMA {setting}").close()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _uri_for_writing(file: Path) -> str:
    """Return the URI of a file in WAL mode that can be written, made if it is not there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    places = [file.parent, file] if file.exists() else [file.parent]
    for place in places:
        if not os.access(place, os.W_OK):
            raise StoreError(
                f"cannot open {file} for writing: {place} is read-only; open it for reading only, "
                "or use a place that can be written"
            )
    _keep_from_others(file)
    uri = f"{file.as_uri()}?mode=rwc"
    with closing(_connect(uri)) as connection:
        use_wal(connection, BUSY_TIMEOUT_S)
    # From now on it is there: a file that is removed meanwhile is not made again, empty.
    return f"{file.as_uri()}?mode=rw"


def _keep_from_others(file: Path) -> None:
    """Make a new file for its owner alone; take the rights of all others from one that is there.

    The two files that SQLite writes beside it have the same rights.
    """
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & stat.S_IRWXO:
            with suppress(PermissionError):  # another user's file that we may write
                file.chmod(mode & ~stat.S_IRWXO)


def _uri_for_reading(file: Path) -> str:
    """Return the URI of a file that is only read, also from a place that cannot be written.

    There SQLite cannot make the two files beside a WAL database. `immutable=1` does without them,
    which is right only while no WAL holds changes.
    """
    if not file.exists():
        raise StoreError(
            f"there is no store at {file.absolute()}; begin with: citewell ingest PATH, or name "
            "the folder of another collection: --home FOLDER, or CITEWELL_HOME"
        )
    uri = f"{file.as_uri()}?mode=ro"
    try:
        with closing(_connect(uri)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return uri
    except sqlite3.OperationalError as error:
        cannot = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
        if error.sqlite_errorcode & 0xFF not in cannot:
            raise
    wal = file.with_name(f"{file.name}-wal")
    if wal.exists() and wal.stat().st_size:
        raise StoreError(
            f"{file} was not closed and its changes stand in {wal.name}, which cannot be read in a "
            "read-only place; open it once where it can be written"
        )
    return f"{file.as_uri()}?mode=ro&immutable=1"


def _erasure_is_owed(uri: str) -> bool:
    with closing(_connect(uri)) as connection:
        (owed,) = connection.execute("PRAGMA user_version").fetchone()
    return bool(owed)


def _meaning(path: Path, error: Exception) -> str:
    """Return what was found and what to do, in one sentence."""
    cause = getattr(error, "orig", None) or error
    name = getattr(cause, "sqlite_errorname", None) or ""
    for beginning, meaning in _MEANINGS.items():
        if name.startswith(beginning):
            return meaning.format(path=path, error=cause)
    return f"cannot use {path} as a store: {cause}"
