"""The bodies of requests while they arrive: each in its time, and the slowest makes room.

*Source:* Apache's mod_reqtimeout, whose defaults these are (`body=20,MinRate=500`).
"""

import asyncio

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

MIN_BYTES_PER_S = 500


class ArrivingBodies:
    """Bodies on their way, at most so many at once. For use from one event loop."""

    def __init__(self, *, most: int, timeout_s: float) -> None:
        self._most = most
        self.timeout_s = timeout_s
        self._arriving: set[ArrivingBody] = set()

    @property
    def count(self) -> int:
        """How many requests wait for the rest of their body."""
        return len(self._arriving)

    def begin(self, scope: Scope, receive: Receive) -> "ArrivingBody":
        """Return the body of a request, whose checks it has passed."""
        return ArrivingBody(scope, receive, self)

    def add(self, arriving: "ArrivingBody") -> None:
        """Count a body; where there are too many, the one whose time ends first is given up."""
        if arriving not in self._arriving and len(self._arriving) >= self._most:
            slowest = min(self._arriving, key=lambda each: each.deadline)
            self.remove(slowest)
            slowest.give_up()
        self._arriving.add(arriving)

    def remove(self, arriving: "ArrivingBody") -> None:
        """Count it no more: it is whole, or its request has ended."""
        self._arriving.discard(arriving)


class ArrivingBody:
    """One body. It has `timeout_s`, and a second more for each MIN_BYTES_PER_S that have come."""

    def __init__(self, scope: Scope, receive: Receive, arrivals: ArrivingBodies) -> None:
        headers = Headers(scope=scope)
        sent = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
        self._whole = not sent
        self._receive = receive
        self._arrivals = arrivals
        self.deadline = asyncio.get_running_loop().time() + arrivals.timeout_s
        self._timeout: asyncio.Timeout | None = None

    async def receive(self) -> Message:
        """Return the next message. Raises: HTTPException (408) when the body comes too slowly."""
        if self._whole:
            return await self._receive()
        self._arrivals.add(self)
        try:
            async with asyncio.timeout_at(self.deadline) as self._timeout:
                message = await self._receive()
        except TimeoutError as error:
            self.end()
            raise HTTPException(408, headers={"Connection": "close"}) from error
        finally:
            self._timeout = None
        self.deadline += len(message.get("body", b"")) / MIN_BYTES_PER_S
        if not message.get("more_body", False):
            self.end()
        return message

    def give_up(self) -> None:
        """Let the body be too slow from now on."""
        self.deadline = asyncio.get_running_loop().time()
        if self._timeout is not None:
            self._timeout.reschedule(self.deadline)

    def end(self) -> None:
        """Wait for nothing more."""
        self._whole = True
        self._arrivals.remove(self)
