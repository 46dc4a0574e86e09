"""Setting SQLite's write-ahead log, by the standard library alone."""

import sqlite3
import time

_PAUSE_S = 0.02


def use_wal(connection: sqlite3.Connection, timeout_s: float) -> None:
    """Set WAL mode, which lasts with the file.

    SQLite does not wait for other processes at this one statement; this does. A file system that
    cannot have WAL keeps a rollback journal: as safe, but a reader and the writer wait.

    Raises: sqlite3.Error
    """
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_S)
