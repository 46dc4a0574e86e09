"""What a log leaves out, so that a client cannot fill the disk with it."""

import logging
import time
from collections.abc import Callable

from starlette.requests import ClientDisconnect

SECONDS = 60.0


class ClientLeft(logging.Filter):
    """Leaves out that a client left before its request was whole: nothing is wrong then."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is logged."""
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, ClientDisconnect)


class LogLimit(logging.Filter):
    """Lets each message of a logger through so many times a minute, and says how many it left out.

    Messages are the same if they differ in their arguments only.
    """

    def __init__(self, most: int = 10, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._most = most
        self._clock = clock
        self._began = clock()
        self._seen: dict[str, int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is logged."""
        if self._clock() - self._began >= SECONDS:
            left_out = sum(max(0, count - self._most) for count in self._seen.values())
            self._began, self._seen = self._clock(), {}
            if left_out:
                record.msg = f"({left_out} like messages were left out.) {record.msg}"
        said = f"{record.levelno} {str(record.msg)[:200]}"
        self._seen[said] = self._seen.get(said, 0) + 1
        return self._seen[said] <= self._most
