"""The one writer of a home folder, and the one ingest.

An ingest holds `ingest.lock` from its beginning to its end, and `change.lock` only while it changes
the store or publishes: a deletion takes that one in between, and waits for no file that is read.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import BusyError, StoreError
from corpus.home import Home

SECONDS_TO_RETRY = 10.0


class Writer:
    """The lock under which a collection is changed, for one thread; held again, it stays held.

    The operating system frees the lock when its holder dies, so nothing has to be cleaned up.
    """

    def __init__(self, home: Home, *, patience_s: float | None = None) -> None:
        self._home = home
        self._patience_s = patience_s
        self._lock: FileLock | None = None

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock; who comes second waits for the first, who may be another process.

        Raises: StoreError if the folder cannot be written; BusyError after `patience_s` of waiting,
        None for as long as it takes.
        """
        if self._lock is None:
            self._lock = _lock(self._home, self._home.change_lock)
        with _held(self._lock, self._home, lambda: None, self._patience_s):
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
    with _held(_lock(home, home.ingest_lock), home, on_waiting, patience_s):
        yield


def is_ingesting(home: Home) -> bool:
    """Return whether an ingest is under way, in whatever process."""
    lock = _lock(home, home.ingest_lock)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def _lock(home: Home, file: Path) -> FileLock:
    try:
        home.root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(home, error) from error
    return FileLock(file)


@contextmanager
def _held(
    lock: FileLock, home: Home, on_waiting: Callable[[], None], patience_s: float | None
) -> Iterator[None]:
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_waiting()
            lock.acquire(timeout=-1 if patience_s is None else patience_s)
    except Timeout as error:
        raise BusyError(
            f"The collection is being changed by another for more than {patience_s:g} s; "
            "try again later.",
            retry_after_s=SECONDS_TO_RETRY,
        ) from error
    except OSError as error:
        raise _unwritable(home, error) from error
    try:
        yield
    finally:
        lock.release()


def _unwritable(home: Home, error: OSError) -> StoreError:
    return StoreError(
        f"Cannot write in {home.root}: {error.strerror}. Expected a folder that can be "
        "written; choose another with CITEWELL_HOME."
    )
