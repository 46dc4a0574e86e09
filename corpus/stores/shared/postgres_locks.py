"""Locks that hold among all machines that share a PostgreSQL database."""

import logging
from typing import Self

from sqlalchemy import Connection, NullPool, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from corpus.stores.shared.postgres import engine_of, error_of

_KEY = "hashtextextended(current_schema() || ' citewell ' || :name, 0)"
_NO_TIME_LEFT = "55P03"

_logger = logging.getLogger(__name__)


class LockTimeoutError(Exception):
    """Raised when another holds the lock for longer than is waited."""


class SharedLock:
    """An advisory lock of PostgreSQL, held by a connection of its own.

    The server frees it when its holder dies, or is cut off from the server: who changes something
    under it checks what is there before the last step. For one thread.
    """

    def __init__(self, url: str, name: str) -> None:
        self._url = make_url(url)
        self._name = name
        self._connection: Connection | None = None

    def acquire(self, timeout_s: float | None) -> None:
        """Hold the lock, after at most so long; None for as long as it takes.

        Raises: LockTimeoutError; UnreachableError where the server cannot be reached.
        """
        connection = None
        try:
            connection = self._connected()
            if not self._taken(connection, timeout_s):
                raise LockTimeoutError(self._name)
        except SQLAlchemyError as error:
            if connection is not None:
                connection.close()
            if getattr(getattr(error, "orig", None), "sqlstate", None) == _NO_TIME_LEFT:
                raise LockTimeoutError(self._name) from error
            raise error_of(self._url, error) from error
        except BaseException:
            if connection is not None:
                connection.close()
            raise
        self._connection = connection

    def release(self) -> None:
        """Let the lock go, by closing its connection."""
        if self._connection is None:
            return
        try:
            self._connection.close()
        except SQLAlchemyError as error:
            _logger.warning("a lock was lost before it was let go: %s", error)
        self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _connected(self) -> Connection:
        engine = engine_of(self._url, read_only=False, poolclass=NullPool)
        return engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def _taken(self, connection: Connection, timeout_s: float | None) -> bool:
        if timeout_s == 0:
            tried = text(f"SELECT pg_try_advisory_lock({_KEY})")
            return bool(connection.execute(tried, {"name": self._name}).scalar_one())
        milliseconds = 0 if timeout_s is None else max(1, round(timeout_s * 1000))
        connection.exec_driver_sql(f"SET lock_timeout = {milliseconds}")
        connection.execute(text(f"SELECT pg_advisory_lock({_KEY})"), {"name": self._name})
        return True
