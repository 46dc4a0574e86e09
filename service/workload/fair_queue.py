"""Where pages wait to be drawn: senders take turns, and none takes all places."""

import time
from collections import Counter, deque
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

import anyio
import anyio.to_thread

from corpus.errors import BusyError
from service.workload.bounded_queue import SECONDS_TO_RETRY

P = ParamSpec("P")
T = TypeVar("T")

SLOW_S = 2.0
SECONDS_REMEMBERED = 60.0


class FairQueue:
    """Runs acts on threads, `at_once` of them, the senders in turn; more than fit are refused.

    One sender has half of the places at most. One whose acts were slow within the last minute
    leaves a thread to the others, if there are two. For use from one event loop. `what` is waited
    for, in words.
    """

    def __init__(self, *, at_once: int, waiting: int, what: str) -> None:
        self._what = what
        self._at_once = at_once
        self._places = at_once + waiting
        self._inside = Counter[str]()
        self._running = Counter[str]()
        self._slow_until: dict[str, float] = {}
        self._turns: dict[str, deque[anyio.Event]] = {}  # whose turn it is stands first
        self._threads = anyio.CapacityLimiter(at_once)

    async def run(self, sender: str, act: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """Return what the act returns. Raises: BusyError if no place is left; as the act."""
        self._enter(sender)
        try:
            await self._turn(sender)
            began = time.monotonic()
            try:
                return await anyio.to_thread.run_sync(
                    partial(act, *given, **named), limiter=self._threads, abandon_on_cancel=True
                )
            finally:
                self._ended(sender, time.monotonic() - began)
        finally:
            self._inside[sender] -= 1
            self._inside += Counter()  # without those that have nothing here

    def _enter(self, sender: str) -> None:
        of_all = self._inside.total()
        if of_all >= self._places or self._inside[sender] >= max(1, self._places // 2):
            raise BusyError(
                f"{of_all} {self._what} or wait already, {self._inside[sender]} of them yours; "
                "try again soon.",
                retry_after_s=SECONDS_TO_RETRY,
            )
        self._inside[sender] += 1

    async def _turn(self, sender: str) -> None:
        mine = anyio.Event()
        self._turns.setdefault(sender, deque()).append(mine)
        self._let_in()
        try:
            await mine.wait()
        except BaseException:  # the client has gone
            if mine.is_set():
                self._ended(sender, 0.0)
            else:
                self._forget(sender, mine)
            raise

    def _let_in(self) -> None:
        """Let those in whose turn it is, as long as threads are free."""
        granted = True
        while granted and self._running.total() < self._at_once:
            granted = False
            for sender in self._turns:
                if self._running[sender] < self._most_of(sender):
                    first = self._turns[sender][0]
                    self._forget(sender, first, last=True)
                    self._running[sender] += 1
                    first.set()
                    granted = True
                    break

    def _most_of(self, sender: str) -> int:
        slow = self._slow_until.get(sender, 0.0) > time.monotonic()
        return max(1, self._at_once - 1) if slow else self._at_once

    def _forget(self, sender: str, turn: anyio.Event, *, last: bool = False) -> None:
        """Take a turn out; with `last`, the others of the sender come after everybody's."""
        left = self._turns.pop(sender) if last else self._turns[sender]
        left.remove(turn)
        if left:
            self._turns[sender] = left
        elif not last:
            del self._turns[sender]

    def _ended(self, sender: str, seconds: float) -> None:
        self._running[sender] -= 1
        self._running += Counter()
        now = time.monotonic()
        self._slow_until = {each: until for each, until in self._slow_until.items() if until > now}
        if seconds > SLOW_S:
            self._slow_until[sender] = now + SECONDS_REMEMBERED
        self._let_in()
