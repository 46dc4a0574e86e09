"""Where questions and pages wait their turn: a few at once, a few wait, the rest go away."""

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

import anyio
import anyio.to_thread

from corpus.errors import BusyError

P = ParamSpec("P")
T = TypeVar("T")

SECONDS_TO_RETRY = 1.0


class BoundedQueue:
    """Runs acts on threads, `at_once` of them and `waiting` behind; more are refused at once.

    A queue without an end makes everybody wait until nobody is answered in time; this one keeps
    the time of those who are let in bounded. For use from one event loop. `what` is waited for, in
    words.
    """

    def __init__(
        self, *, at_once: int, waiting: int, what: str = "questions are being answered"
    ) -> None:
        self._what = what
        self._at_once = at_once
        self.on_change: Callable[[int, int], None] = lambda _under_way, _waiting: None
        self._places = at_once + waiting
        self._inside = 0
        self._threads = anyio.CapacityLimiter(at_once)

    @property
    def inside(self) -> int:
        """How many places are taken."""
        return self._inside

    async def run(self, act: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """Return what the act returns. Raises: BusyError if every place is taken; as the act."""
        self.enter()
        try:
            return await anyio.to_thread.run_sync(
                partial(act, *given, **named), limiter=self._threads, abandon_on_cancel=True
            )
        finally:
            self.leave()

    def check(self) -> None:
        """Return if there is a place. Raises: BusyError."""
        self.enter()
        self.leave()

    def enter(self) -> None:
        """Take a place, to be given back by `leave`. Raises: BusyError."""
        if self._inside >= self._places:
            raise BusyError(
                f"{self._inside} {self._what} or wait already; try again soon.",
                retry_after_s=SECONDS_TO_RETRY,
            )
        self._inside += 1
        self._tell()

    def leave(self) -> None:
        """Give a place back."""
        self._inside -= 1
        self._tell()

    def _tell(self) -> None:
        under_way = min(self._inside, self._at_once)
        self.on_change(under_way, self._inside - under_way)
