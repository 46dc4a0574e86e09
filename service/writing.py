"""The one writer of a home folder: who changes the collection holds its lock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from corpus.errors import StoreError
from corpus.home import Home


@contextmanager
def sole_writer(home: Home, on_waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the home's lock; a second writer waits for the first, who may be another process.

    The operating system frees the lock when its holder dies, so nothing has to be cleaned up.
    Raises: StoreError if the folder cannot be written.
    """
    try:
        home.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home.ingest_lock)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_waiting()
            lock.acquire()
    except OSError as error:
        raise StoreError(
            f"Cannot write in {home.root}: {error.strerror}. Expected a folder that can be "
            "written; choose another with CITEWELL_HOME."
        ) from error
    try:
        yield
    finally:
        lock.release()
