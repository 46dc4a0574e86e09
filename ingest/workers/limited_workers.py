"""Worker processes under limits of time and memory: what a file does to one stays with it."""

import concurrent.futures
import itertools
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Concatenate, Generic, ParamSpec, TypeVar

import pebble

from corpus.closing import Closing
from corpus.errors import CitewellError, ReadError
from ingest.workers.confining import Confinement, share_with_workers
from ingest.workers.results import WorkerContext
from ingest.workers.worker_process import (
    NO_ROOM,
    UnforeseenError,
    confinement,
    run_act,
    start_worker,
)

P = ParamSpec("P")
Result = TypeVar("Result")

_TASKS_A_PROCESS = 1000
_MOST_TRIES = 3  # of a task whose worker died before it began
_DIED_AT_START = f"died at its start, {_MOST_TRIES} times"
_NO_RESULT = "sent no result"
_SECONDS_TO_START = 60.0
_SECONDS_TO_END = 30.0
_SECONDS_BETWEEN_LOOKS = 1.0


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What one file may take: seconds, bytes of address space, and how many are taken at once."""

    timeout_s: float = 600
    memory_bytes: int = 2 * 1024**3
    workers: int = 1

    @property
    def longest_s(self) -> float:
        """The longest time until a task must have ended that waits behind two others."""
        return 3 * self.timeout_s + _SECONDS_TO_START


@dataclass(eq=False, slots=True)
class _Task(Generic[Result]):
    """An act that a worker has, or will have."""

    content: Path
    schedule: Callable[[pebble.ProcessPool], "pebble.ProcessFuture[Result]"]
    outcome: "concurrent.futures.Future[Result]" = field(default_factory=concurrent.futures.Future)
    begun_at: float = field(default_factory=time.monotonic)
    tries: int = 0
    pool: pebble.ProcessPool | None = None
    ended: bool = False


class LimitedWorkers(Closing):
    """Worker processes, each with one task at a time. A context manager; ends them on exit.

    What they may read, write and call is what `confine` says; `folder` is theirs. They start at the
    first task and are kept for the next ones. They do not outlive this process, however it ends,
    and leave Ctrl-C to it. `prepare` is run in each of them at its start, with arguments of a few
    kilobytes: what is sent to a process that starts must fit in a pipe, since nobody reads it from
    one that has died. A path among them may be read. The content of a file goes to a worker as a
    file for the same reason, and so that a worker without memory for it says so.

    A worker may die at any moment: a task that it had not begun is given to another one, three
    times at most, and every task has ended after `limits.longest_s`.
    """

    def __init__(
        self, limits: WorkerLimits, prepare: Callable[P, None], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        self.limits = limits
        self._folder = tempfile.TemporaryDirectory(prefix="citewell-work-")
        self.folder = Path(self._folder.name)
        share_with_workers(self.folder)
        self._new_pool = partial(
            pebble.ProcessPool,
            max_workers=limits.workers,
            max_tasks=_TASKS_A_PROCESS,
            context=WorkerContext(),
            initializer=start_worker,
            initargs=(limits.memory_bytes, self.folder, prepare, args, kwargs),
        )
        self._pool = self._new_pool()
        self._numbers = itertools.count()
        self._tasks: set[_Task[object]] = set()
        self._lock = threading.RLock()
        self._closed = threading.Event()
        self._watch: threading.Thread | None = None

    def begin(
        self,
        act: Callable[Concatenate[bytes, P], Result],
        content: bytes,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> "concurrent.futures.Future[Result]":
        """Have a worker run `act` on a file's content and return at once.

        `failure` translates what the future raises.
        """
        path = self.folder / str(next(self._numbers))
        timeout_s = self.limits.timeout_s
        given = (timeout_s, act, path, args, kwargs)
        task: _Task[Result] = _Task(
            path, lambda pool: pool.schedule(run_act, given, timeout=timeout_s)
        )
        try:
            path.write_bytes(content)
        except OSError as error:
            path.unlink(missing_ok=True)
            task.outcome.set_exception(_no_room(len(content), self._folder.name, error))
            return task.outcome
        with self._lock:
            self._tasks.add(task)  # type: ignore[arg-type]  # of whatever result
            if self._watch is None:
                self._watch = threading.Thread(target=self._look_after, daemon=True)
                self._watch.start()
        self._give(task)
        return task.outcome

    def close(self) -> None:
        """End the worker processes; what they have not done is cancelled."""
        self._closed.set()
        ending = threading.Thread(target=_end_pool, args=(self._pool,), daemon=True)
        ending.start()
        ending.join(_SECONDS_TO_END)
        for task in list(self._tasks):
            task.outcome.cancel()
        self._folder.cleanup()

    def _give(self, task: _Task[Result]) -> None:
        """Give a task to the pool, or to a new one where all workers of the last one died."""
        with self._lock:
            if self._closed.is_set():
                task.outcome.cancel()
                return
            task.tries += 1
            try:
                future = task.schedule(self._pool)
            except RuntimeError:  # broken while nothing was to be done
                self._renew(self._pool)
                future = task.schedule(self._pool)
            task.pool = self._pool
        future.add_done_callback(partial(self._take_back, task, self._pool))

    def _take_back(
        self,
        task: _Task[Result],
        pool: pebble.ProcessPool,
        future: "concurrent.futures.Future[Result]",
    ) -> None:
        error = future.exception()
        if isinstance(error, BrokenProcessPool):
            self._again(task, pool)
        elif error is None:
            self._end(task, lambda: task.outcome.set_result(future.result()))
        else:
            self._end(task, lambda: task.outcome.set_exception(error))

    def _again(self, task: _Task[Result], pool: pebble.ProcessPool) -> None:
        """Give a task again whose pool is broken."""
        with self._lock:
            self._renew(pool)
            if task.pool is not pool or task.ended:
                return
            task.pool = None
        if not task.content.exists():  # it had begun
            self._end(task, lambda: task.outcome.set_exception(BrokenProcessPool(_NO_RESULT)))
        elif task.tries < _MOST_TRIES:
            self._give(task)
        else:
            self._end(task, lambda: task.outcome.set_exception(BrokenProcessPool(_DIED_AT_START)))

    def _renew(self, pool: pebble.ProcessPool) -> None:
        with self._lock:
            if self._pool is pool and not self._closed.is_set():
                self._pool = self._new_pool()
                # Not here: this may be one of the threads that its end waits for.
                threading.Thread(target=_end_pool, args=(pool,), daemon=True).start()

    def _look_after(self) -> None:
        """Find the tasks of broken pools, and those that should have ended long ago."""
        while not self._closed.wait(_SECONDS_BETWEEN_LOOKS):
            with self._lock:
                tasks = [(task, task.pool) for task in self._tasks if task.pool is not None]
            for task, pool in tasks:
                if time.monotonic() - task.begun_at > self.limits.longest_s:
                    self._renew(pool)
                    self._end(task, partial(task.outcome.set_exception, TimeoutError()))
                elif not pool.active:
                    self._again(task, pool)

    def _end(self, task: _Task[Result], end: Callable[[], None]) -> None:
        """End a task, once. Not with the lock held: who waits for it may give the next one."""
        with self._lock:
            if task.ended:
                return
            task.ended = True
            self._tasks.discard(task)
        task.content.unlink(missing_ok=True)
        if task.outcome.set_running_or_notify_cancel():
            end()


def worker_confinement() -> Confinement:
    """Start a worker process, and return how far it is confined. Raises: CitewellError."""
    limits = WorkerLimits(timeout_s=_SECONDS_TO_START)
    with LimitedWorkers(limits, _prepare_nothing) as workers:
        try:
            return workers.begin(confinement, b"").result()
        except Exception as error:  # whatever keeps a process from starting
            raise failure(
                error, "Starting a reading process", limits, advice="Try again."
            ) from error


def _prepare_nothing() -> None:
    pass


def _end_pool(pool: pebble.ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _no_room(size: int, folder: str, error: OSError) -> ReadError:
    return ReadError(
        f"{size} bytes cannot be written to {folder} ({error}). Expected room there for each file "
        "that is read; make some, or set TMPDIR."
    )


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
        case BrokenProcessPool():
            return ReadError(
                f"{act} failed: its process {error}. Expected one that starts and answers; see "
                "that the machine has memory to spare, then try again."
            )
        case OSError() if error.errno in NO_ROOM:
            return ReadError(
                f"{act} failed, as there is no room to write to ({error.strerror}). Make some on "
                "the disk of the home and of TMPDIR, then try again; the file may well be sound."
            )
        case concurrent.futures.CancelledError():
            return ReadError(f"{act} was stopped, as the program ends. Try again.")
        case _:
            said = "" if isinstance(error, UnforeseenError) else f"{type(error).__name__}: "
            return ReadError(
                f"{act} failed ({said}{error}). "
                "Expected a file that a viewer opens; export it again."
            )
