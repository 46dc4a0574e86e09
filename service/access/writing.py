"""The one writer of a home folder: who changes the collection holds its lock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from corpus.errors import BusyError, StoreError
from corpus.home import Home

SECONDS_TO_RETRY = 10.0


@contextmanager
def sole_writer(
    home: Home,
    on_waiting: Callable[[], None] = lambda: None,
    *,
    patience_s: float | None = None,
) -> Iterator[None]:
    """Hold the home's lock; a second writer waits for the first, who may be another process.

    The operating system frees the lock when its holder dies, so nothing has to be cleaned up.
    Raises: StoreError if the folder cannot be written; BusyError after `patience_s` of waiting,
    None for as long as it takes.
    """
    try:
        home.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home.ingest_lock)
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
        raise StoreError(
            f"Cannot write in {home.root}: {error.strerror}. Expected a folder that can be "
            "written; choose another with CITEWELL_HOME."
        ) from error
    try:
        yield
    finally:
        lock.release()
