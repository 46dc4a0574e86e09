"""Connections: how many there may be, and how long one may keep the server waiting.

uvicorn closes a connection that is idle after a response. This adds what it leaves open: one that
never sends a whole request, or never the rest of a body that nobody reads any more, or never reads
what it asked for.
"""

import asyncio
import socket
from dataclasses import dataclass
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from service.http.admission.bodies import MIN_BYTES_PER_S
from service.http.admission.loopback import is_loopback
from service.settings.settings import Settings

FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Retry-After: 1\r\nConnection: close\r\nContent-Length: 28\r\n\r\nToo many connections: retry."
)
# What the system keeps of responses that a client has not read; it lets that grow to megabytes, and
# a client that sends request after request and reads nothing has as many responses made.
SEND_BUFFER_BYTES = 128 * 1024


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Connections at once, of all and of one address of another machine; and times in seconds."""

    at_once: int
    of_an_address: int
    header_timeout_s: float
    body_timeout_s: float

    @classmethod
    def of(cls, settings: Settings) -> "ConnectionLimits":
        """Return the limits of a server; half of the files that it may open are for connections."""
        return cls(
            min(settings.connections_at_once, max(1, _most_files() // 2)),
            settings.address_connections_at_once,
            settings.header_timeout_s,
            settings.body_timeout_s,
        )


class LimitedConnection(H11Protocol):
    """An HTTP/1.1 connection that is closed when it keeps the server waiting, or makes room.

    Where all places are taken, the connection that has waited longest without a whole request goes.
    """

    limits: ConnectionLimits
    waiting: asyncio.TimerHandle | None = None
    unread: asyncio.TimerHandle | None = None

    @property
    def address(self) -> str:
        """The address of the other side; empty for one that has none."""
        return str(self.client[0]) if self.client else ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or refuse it with 503."""
        super().connection_made(transport)
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        if self._has_place():
            self._watch()
            return
        self.connections.discard(self)
        transport.write(FULL)
        transport.close()

    def data_received(self, data: bytes) -> None:
        """Take what was sent, and look whether more has to come."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Look whether the rest of the request has to come."""
        super().on_response_complete()
        self._watch()
        if self.transport.is_closing():
            self._watch_unread()

    def timeout_keep_alive_handler(self) -> None:
        """Close the idle connection, also where the last response is not read."""
        super().timeout_keep_alive_handler()
        self._watch_unread()

    def pause_writing(self) -> None:
        """Write no more until the client has read, and look whether it does."""
        super().pause_writing()
        self._watch_unread()

    def resume_writing(self) -> None:
        """Write again."""
        super().resume_writing()
        if not self.transport.is_closing():
            self._stop_unread()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        self._stop_unread()
        super().connection_lost(exc)

    def drop(self) -> None:
        """Close the connection now, whatever was to be sent."""
        self._stop_waiting()
        self._stop_unread()
        self.connections.discard(self)
        self.transport.abort()

    def _watch(self) -> None:
        """Start the clock where a request, or what is left of a refused one, has to come."""
        seconds = None if self.transport.is_closing() else self._seconds_to_wait()
        if seconds is None:
            self._stop_waiting()
        elif self.waiting is None:
            self.waiting = self.loop.call_later(seconds, self.drop)

    def _seconds_to_wait(self) -> float | None:
        state = self.conn.their_state
        if state is h11.IDLE:
            idle = self.timeout_keep_alive_task is not None  # uvicorn's own clock is running
            return None if idle else self.limits.header_timeout_s
        answered = self.cycle is not None and self.cycle.response_complete
        return self.limits.body_timeout_s if state is h11.SEND_BODY and answered else None

    def _watch_unread(self) -> None:
        """Start the clock where the client has to read, before more is sent or the end comes."""
        unread = self.transport.get_write_buffer_size()
        if unread and self.unread is None:
            seconds = self.limits.body_timeout_s
            self.unread = self.loop.call_later(seconds, self._drop_unless_read, unread)

    def _drop_unless_read(self, unread: int) -> None:
        self.unread = None
        read = unread - self.transport.get_write_buffer_size()
        if read < MIN_BYTES_PER_S * self.limits.body_timeout_s:
            self.drop()
        else:
            self._watch_unread()

    def _stop_unread(self) -> None:
        if self.unread is not None:
            self.unread.cancel()
            self.unread = None

    def _stop_waiting(self) -> None:
        if self.waiting is not None:
            self.waiting.cancel()
            self.waiting = None

    def _has_place(self) -> bool:
        others = [each for each in self.connections if each is not self]
        if not is_loopback(self.address):
            same = sum(getattr(each, "address", None) == self.address for each in others)
            if same >= self.limits.of_an_address:
                return False
        if len(others) < self.limits.at_once:
            return True
        longest = _longest_waiting([each for each in others if isinstance(each, LimitedConnection)])
        if longest is None:
            return False
        longest.drop()
        return True


def limited_connection(limits: ConnectionLimits) -> type[LimitedConnection]:
    """Return the class of connections with these limits, as uvicorn takes it."""
    named: dict[str, Any] = {"limits": limits, "__doc__": LimitedConnection.__doc__}
    return type("LimitedConnection", (LimitedConnection,), named)


def _longest_waiting(connections: list[LimitedConnection]) -> LimitedConnection | None:
    """Return the one that has to send soonest; else the one that is idle and ends soonest."""
    waiting = {each: each.waiting.when() for each in connections if each.waiting}
    idle = {
        each: each.timeout_keep_alive_task.when()
        for each in connections
        if each.timeout_keep_alive_task
    }
    ends = waiting or idle
    return min(ends, key=ends.__getitem__) if ends else None


def _most_files() -> int:
    try:
        import resource
    except ImportError:  # Windows
        return 2048
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1 << 20 if soft == resource.RLIM_INFINITY else soft
