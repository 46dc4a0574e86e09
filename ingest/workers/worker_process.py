"""What runs in a worker process: its limits, and one act after another."""

import errno
import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from corpus.errors import CitewellError
from ingest.workers.confining import Confinement, confine

Result = TypeVar("Result")

# What a write fails with where a disk, or a share of it, is full.
NO_ROOM = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
_GRACE_S = 30
_confined: list[Confinement] = []  # filled in worker processes only, once


class UnforeseenError(Exception):
    """Raised for an error that is not citewell's, whose class only the worker process may know."""


def start_worker(
    memory_bytes: int,
    folder: Path,
    prepare: Callable[..., None],
    args: tuple[object, ...],
    kwargs: dict[str, object],
) -> None:
    """Set the limits of this process, confine it, and prepare it.

    It may read the files and folders that are named among what it is prepared with.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # At its time limit the process is to end at once, also inside a parser written in C: Python's
    # own handler would wait for the parser to come back.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    named = [value for value in (*args, *kwargs.values()) if isinstance(value, Path)]
    _confined.append(confine(folder, named))
    threading.Thread(target=_die_with_parent, daemon=True).start()
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    _limit("RLIMIT_AS", memory_bytes)
    _limit("RLIMIT_CORE", 0)
    prepare(*args, **kwargs)


def run_act(
    timeout_s: float,
    act: Callable[..., Result],
    content: Path,
    args: tuple[object, ...],
    kwargs: dict[str, object],
) -> Result:
    """Return what an act makes of the content of a file, which is removed."""
    # For an orphan that spins without letting Python's threads run.
    _limit("RLIMIT_CPU", int(time.process_time() + timeout_s) + _GRACE_S)
    read = content.read_bytes()
    content.unlink()
    try:
        return act(read, *args, **kwargs)
    except (CitewellError, MemoryError):
        raise
    except Exception as error:  # whatever a damaged file makes a parser raise
        if isinstance(error, OSError) and error.errno in NO_ROOM:  # not the file's fault
            raise
        raise UnforeseenError(f"{type(error).__name__}: {error}") from error


def confinement(_: bytes) -> Confinement:
    """Return how far this worker process is confined."""
    return _confined[0]


def _limit(name: str, value: int) -> None:
    """Set a soft limit of this process where the platform has it."""
    try:
        import resource
    except ImportError:  # Windows: the time limit alone holds
        return
    kind = getattr(resource, name)
    hard = resource.getrlimit(kind)[1]
    soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (soft, hard))


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
