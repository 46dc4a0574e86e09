"""The one writer of a home folder, and the one ingest.

An ingest holds the lock `ingest` from its beginning to its end, and `change` only while it changes
the store or publishes: a deletion takes that one in between, and waits for no file that is read.

Each lock is a file in the home, and with a store in PostgreSQL a lock of that server too, since
file locks may not hold among machines that share the folder.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from corpus.errors import BusyError, StoreError
from corpus.home import Home

if TYPE_CHECKING:
    from corpus.stores.shared.postgres_locks import SharedLock

SECONDS_TO_RETRY = 10.0


class Writer:
    """The lock under which a collection is changed, for one thread; held again, it stays held.

    The operating system frees the lock when its holder dies, so nothing has to be cleaned up.
    """

    def __init__(self, home: Home, *, patience_s: float | None = None) -> None:
        self._home = home
        self._patience_s = patience_s
        self._lock: _HomeLock | None = None

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock; who comes second waits for the first, who may be another process.

        Raises: StoreError if the folder cannot be written; BusyError after `patience_s` of waiting,
        None for as long as it takes.
        """
        if self._lock is None:
            self._lock = _HomeLock(self._home, self._home.change_lock)
        with _held(self._lock, lambda: None, self._patience_s):
            yield


@contextmanager
def sole_writer(home: Home, *, patience_s: float | None = None) -> Iterator[None]:
    """Hold the lock under which the collection is changed. Raises as `Writer.changing`."""
    with Writer(home, patience_s=patience_s).changing():
        yield


@contextmanager
def sole_ingest(
    home: Home,
    on_waiting: Callable[[], None] = lambda: None,
    *,
    patience_s: float | None = None,
) -> Iterator[None]:
    """Hold the lock of an ingest: a second one waits for the first. Raises as `Writer.changing`."""
    with _held(_HomeLock(home, home.ingest_lock), on_waiting, patience_s):
        yield


def is_ingesting(home: Home) -> bool:
    """Return whether an ingest is under way, in whatever process."""
    lock = _HomeLock(home, home.ingest_lock)
    try:
        lock.acquire(0)
    except Timeout:
        return True
    lock.release()
    return False


class _HomeLock:
    """A lock of a home, for one thread; taken again, it is to be released as often."""

    def __init__(self, home: Home, file: Path) -> None:
        try:
            home.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(home, error) from error
        self._home = home
        self._file = FileLock(file)
        self._shared = _shared_lock(home.database, file.stem) if home.database else None

    def acquire(self, timeout_s: float | None) -> None:
        """Take the lock; None waits for as long as it takes. Raises: Timeout; StoreError."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        again = self._file.is_locked
        try:
            self._file.acquire(timeout=-1 if timeout_s is None else timeout_s)
        except Timeout:
            raise
        except OSError as error:
            raise _unwritable(self._home, error) from error
        if again or self._shared is None:
            return
        from corpus.stores.shared.postgres_locks import LockTimeoutError

        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        try:
            self._shared.acquire(0 if timeout_s == 0 else left)
        except LockTimeoutError as error:
            self._file.release()
            raise Timeout(self._file.lock_file) from error
        except BaseException:
            self._file.release()
            raise

    def release(self) -> None:
        """Let the lock go."""
        if self._shared is not None and self._file.lock_counter == 1:
            self._shared.release()
        self._file.release()


def _shared_lock(url: str, name: str) -> "SharedLock":
    from corpus.stores.shared.postgres_locks import SharedLock

    return SharedLock(url, name)


@contextmanager
def _held(
    lock: _HomeLock, on_waiting: Callable[[], None], patience_s: float | None
) -> Iterator[None]:
    try:
        try:
            lock.acquire(0)
        except Timeout:
            on_waiting()
            lock.acquire(patience_s)
    except Timeout as error:
        raise BusyError(
            f"The collection is being changed by another for more than {patience_s:g} s; "
            "try again later.",
            retry_after_s=SECONDS_TO_RETRY,
        ) from error
    try:
        yield
    finally:
        lock.release()


def _unwritable(home: Home, error: OSError) -> StoreError:
    return StoreError(
        f"Cannot write in {home.root}: {error.strerror}. Expected a folder that can be "
        "written; choose another with CITEWELL_HOME."
    )
