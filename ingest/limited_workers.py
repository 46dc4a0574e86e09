"""Worker processes under limits of time and memory: what a file does to one stays with it."""

import concurrent.futures
import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

import pebble

from corpus.closing import Closing
from corpus.errors import CitewellError, ReadError

P = ParamSpec("P")
Result = TypeVar("Result")

_TASKS_A_PROCESS = 1000
_GRACE_S = 30


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What one file may take: seconds, bytes of address space, and how many are taken at once."""

    timeout_s: float = 600
    memory_bytes: int = 2 * 1024**3
    workers: int = 1


class LimitedWorkers(Closing):
    """Worker processes, each with one task at a time. A context manager; ends them on exit.

    They start at the first task and are kept for the next ones. They do not outlive this process,
    however it ends, and leave Ctrl-C to it. `prepare` is run in each of them at its start.
    """

    def __init__(
        self, limits: WorkerLimits, prepare: Callable[P, None], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        self.limits = limits
        self._pool = pebble.ProcessPool(
            max_workers=limits.workers,
            max_tasks=_TASKS_A_PROCESS,
            context=multiprocessing.get_context("spawn"),
            initializer=_start_worker,
            initargs=(limits, prepare, args, kwargs),
        )

    def begin(
        self, act: Callable[P, Result], *args: P.args, **kwargs: P.kwargs
    ) -> "pebble.ProcessFuture[Result]":
        """Have a worker run `act` and return at once; `failure` translates what it raises."""
        timeout_s = self.limits.timeout_s
        return self._pool.schedule(_run, args=(timeout_s, act, args, kwargs), timeout=timeout_s)

    def close(self) -> None:
        """End the worker processes."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def is_limit(error: Exception) -> bool:
    """Return whether an act in a worker failed at a limit, or took its process with it."""
    return isinstance(error, concurrent.futures.TimeoutError | MemoryError | pebble.ProcessExpired)


def failure(error: Exception, act: str, limits: WorkerLimits, *, advice: str) -> CitewellError:
    """Return what went wrong with an act in a worker, in words: "Reading took longer than …".

    An error of ours is returned as it is.
    """
    match error:
        case CitewellError():
            return error
        case concurrent.futures.TimeoutError():
            return ReadError(
                f"{act} took longer than the limit of {limits.timeout_s:g} s. {advice}"
            )
        case MemoryError():
            return ReadError(
                f"{act} took more memory than the limit of {limits.memory_bytes} bytes. {advice}"
            )
        case pebble.ProcessExpired():
            return ReadError(
                f"{act} failed: its process died (exit code {error.exitcode}), on a damaged file "
                f"or at its limit of {limits.memory_bytes} bytes. {advice}"
            )
        case _:
            return ReadError(
                f"{act} failed ({type(error).__name__}: {error}). "
                "Expected a file that a viewer opens; export it again."
            )


def _start_worker(
    limits: WorkerLimits,
    prepare: Callable[..., None],
    args: tuple[object, ...],
    kwargs: dict[str, object],
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # At its time limit the process is to end at once, also inside a parser written in C: Python's
    # own handler would wait for the parser to come back.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    _limit("RLIMIT_AS", limits.memory_bytes)
    _limit("RLIMIT_CORE", 0)
    prepare(*args, **kwargs)


def _run(
    timeout_s: float,
    act: Callable[..., Result],
    args: tuple[object, ...],
    kwargs: dict[str, object],
) -> Result:
    # For an orphan that spins without letting Python's threads run.
    _limit("RLIMIT_CPU", int(time.process_time() + timeout_s) + _GRACE_S)
    return act(*args, **kwargs)


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
