"""Clients that send slowly, or never all of it, keep nobody else out."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import BadStatusLine, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
import uvicorn
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Scope
from uvicorn.server import ServerState

from service.access.keys import make_key
from service.engine.engine import Engine
from service.http.admission.bodies import ArrivingBodies
from service.http.admission.connections import (
    ConnectionLimits,
    LimitedConnection,
    limited_connection,
)
from service.http.app import Application, create_app
from service.workload.jobs import JobWorker
from tests.service.small_collection import make_collection, served, settings_of

LONG_S = 60.0
SHORT_S = 0.3


@contextmanager
def server_with(home: Path, clients: ExitStack, **values: object) -> Iterator[tuple[str, Engine]]:
    """Serve a collection with times that do not end in a test, but where it says otherwise."""
    settings = settings_of(home, **{"header_timeout_s": LONG_S, "body_timeout_s": LONG_S} | values)
    make_collection(settings)
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings))
        with served(app, settings) as address, clients:
            yield address, engine


@pytest.fixture
def clients() -> ExitStack:
    """What closes the connections of a test, before its server ends."""
    return ExitStack()


def connected(address: str, clients: ExitStack, sent: str) -> socket.socket:
    """Return a connection on which a part of a request was sent."""
    found = urlsplit(address)
    assert found.hostname
    assert found.port
    connection = socket.create_connection((found.hostname, found.port), timeout=20)
    clients.enter_context(connection)
    connection.sendall(sent.replace("\n", "\r\n").encode())
    return connection


def slow_post(path: str, *more: str, length: int = 1000, method: str = "POST") -> str:
    """Return the beginning of a request whose body does not come."""
    form = path == "/v1/documents"
    kind = f"Content-Type: {'multipart/form-data; boundary=x' if form else 'application/json'}"
    headers = "\n".join(("Host: localhost", kind, f"Content-Length: {length}", *more))
    return f"{method} {path} HTTP/1.1\n{headers}\n\n"


def slow_scope() -> Scope:
    """Return the scope of a request with a body."""
    return {"type": "http", "headers": [(b"content-length", b"1000000")]}


def status_of(connection: socket.socket) -> int:
    """Read a response and return its status; 0 where the connection was closed without one."""
    response = HTTPResponse(connection)
    try:
        response.begin()
        response.read()
    except (ConnectionError, BadStatusLine):
        return 0
    return response.status


def dripped(connection: socket.socket, drop: bytes) -> int:
    """Send a byte now and then until the server ends it; return the status that came."""
    connection.settimeout(SHORT_S / 5)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            connection.sendall(drop)
            received = connection.recv(4096)
        except TimeoutError:
            continue
        except OSError:
            return 0
        return int(received.split()[1]) if received else 0
    raise AssertionError("the server let the client drip")


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/documents", "/mcp", "/v1/chat/completions"])
def test_slow_bodies_take_no_place_from_others(
    tmp_path: Path, clients: ExitStack, path: str
) -> None:
    with server_with(tmp_path / "home", clients, requests_at_once=4) as (address, _):
        for _ in range(12):
            connected(address, clients, slow_post(path))
        until = time.monotonic() + 20
        while httpx2.get(f"{address}/v1/documents").status_code == 503:  # their keys are checked
            assert time.monotonic() < until, "slow bodies hold all places"
        for _ in range(3):
            assert httpx2.get(f"{address}/v1/documents").status_code == 200


def test_where_too_many_bodies_arrive_the_slowest_is_given_up() -> None:
    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def quick() -> Message:
        return {"type": "http.request", "body": b"x" * 100_000, "more_body": True}

    async def given_up() -> list[int]:
        arrivals, scope = ArrivingBodies(most=2, timeout_s=LONG_S), slow_scope()
        begun = [arrivals.begin(scope, quick), arrivals.begin(scope, never)]
        await begun[0].receive()  # its rest has more time than the second has
        slow = asyncio.create_task(begun[1].receive())
        await asyncio.sleep(0)
        third = asyncio.create_task(arrivals.begin(scope, never).receive())
        with pytest.raises(HTTPException) as refused:
            await slow
        counted = arrivals.count
        third.cancel()
        return [refused.value.status_code, counted]

    assert asyncio.run(given_up()) == [408, 2]


@pytest.mark.parametrize(
    "path",
    ["/integrations/teams", "/integrations/slack/commands", "/integrations/slack/events"],
)
def test_what_is_not_set_up_is_not_found_before_its_body_has_come(
    tmp_path: Path, clients: ExitStack, path: str
) -> None:
    with server_with(tmp_path / "home", clients) as (address, _):
        assert status_of(connected(address, clients, slow_post(path))) == 404


def test_key_and_scope_are_checked_before_the_body_has_come(
    tmp_path: Path, clients: ExitStack
) -> None:
    with server_with(tmp_path / "home", clients) as (address, engine):
        key, secret = make_key("reader", ["read"], None, None)
        engine.store.create_key(key)
        for more, status in (([], 401), ([f"Authorization: Bearer {secret}"], 403)):
            for method, path in (("POST", "/v1/documents"), ("PATCH", "/v1/documents/d0")):
                begun = slow_post(path, *more, method=method)
                assert status_of(connected(address, clients, begun)) == status


def test_a_body_that_drips_is_refused(tmp_path: Path, clients: ExitStack) -> None:
    with server_with(tmp_path / "home", clients, body_timeout_s=SHORT_S) as (address, _):
        connection = connected(address, clients, slow_post("/v1/ask", length=100_000))
        assert dripped(connection, b" ") == 408


def test_headers_that_drip_end_the_connection(tmp_path: Path, clients: ExitStack) -> None:
    with server_with(tmp_path / "home", clients, header_timeout_s=SHORT_S) as (address, _):
        fresh = connected(address, clients, "GET /health HTTP/1.1\nHost: localhost\nX: ")
        assert dripped(fresh, b"a") == 0
        second = connected(address, clients, "GET /health HTTP/1.1\nHost: localhost\n\n")
        assert status_of(second) == 200
        second.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: ")
        assert dripped(second, b"a") == 0


def test_what_is_left_of_a_refused_body_does_not_drip_for_ever(
    tmp_path: Path, clients: ExitStack
) -> None:
    with server_with(tmp_path / "home", clients, body_timeout_s=SHORT_S) as (address, _):
        connection = connected(address, clients, slow_post("/integrations/teams", length=100_000))
        assert status_of(connection) == 404
        connection.settimeout(20)
        until = time.monotonic() + 20
        with pytest.raises(ConnectionError):
            while time.monotonic() < until:
                connection.sendall(b" ")
                time.sleep(SHORT_S / 5)


def test_half_sent_headers_make_room(tmp_path: Path, clients: ExitStack) -> None:
    with server_with(tmp_path / "home", clients, connections_at_once=8) as (address, _):
        half = "GET /health HTTP/1.1\nHost: localhost\n"
        slow = [connected(address, clients, half) for _ in range(24)]
        for _ in range(3):
            assert httpx2.get(f"{address}/health").status_code == 200
        assert status_of(slow[0]) == 0, "the first is closed"
        slow[-1].sendall(b"\r\n")
        assert status_of(slow[-1]) == 200, "the last may still send its request"


def test_a_request_that_was_begun_is_not_closed_for_room(
    tmp_path: Path, clients: ExitStack
) -> None:
    with server_with(tmp_path / "home", clients, connections_at_once=4) as (address, _):
        for _ in range(4):
            connected(address, clients, slow_post("/v1/ask"))
        time.sleep(SHORT_S)  # until the server has read the four
        refused = connected(address, clients, "GET /health HTTP/1.1\nHost: localhost\n\n")
        assert status_of(refused) == 503


def test_a_client_that_never_reads_is_let_go(tmp_path: Path, clients: ExitStack) -> None:
    with server_with(tmp_path / "home", clients, body_timeout_s=SHORT_S) as (address, _):
        request = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
        deaf = connected(address, clients, "")
        reading = connected(address, clients, "")
        deaf.settimeout(20)
        with pytest.raises(ConnectionError):  # not a timeout: the server ends it
            while True:
                deaf.sendall(request * 100)
        for _ in range(3):  # whoever reads is not let go
            reading.sendall(request)
            assert status_of(reading) == 200
            time.sleep(2 * SHORT_S)


def test_for_a_client_that_reads_nothing_few_responses_are_made(
    tmp_path: Path, clients: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, described = [], Application.described

    async def counted(app: Application, request: Request) -> Response:
        response = await described(app, request)
        made.append(len(response.body))
        return response

    monkeypatch.setattr(Application, "described", counted)
    with server_with(tmp_path / "home", clients) as (address, _):
        request = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
        deaf = connected(address, clients, "")
        deaf.sendall(request * 400)
        before = -1
        while not made or len(made) != before:
            before = len(made)
            time.sleep(SHORT_S)
        assert 0 < sum(made) < 3_000_000 < 400 * made[0]


class FakeTransport(asyncio.Transport):
    """One side of a connection from an address."""

    def __init__(self, address: str) -> None:
        super().__init__({"peername": (address, 1), "sockname": ("192.0.2.1", 80)})
        self.written = b""
        self.closed = False

    def write(self, data: Any) -> None:
        self.written += bytes(data)

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return self.closed


def test_one_address_has_so_many_connections() -> None:
    async def refused() -> list[bytes]:
        limits = ConnectionLimits(100, 2, LONG_S, LONG_S)
        config = uvicorn.Config(lambda *_: None, http=limited_connection(limits))
        state, sent = ServerState(), []
        for address in ("192.0.2.7", "192.0.2.7", "192.0.2.7", "192.0.2.8", *["127.0.0.1"] * 3):
            connection: Any = config.http
            made = connection(config=config, server_state=state, app_state={})
            assert isinstance(made, LimitedConnection)
            transport = FakeTransport(address)
            made.connection_made(transport)
            sent.append(transport.written[:12])
            clear = made.waiting
            if clear:
                clear.cancel()
        return sent

    assert asyncio.run(refused()) == [b"", b"", b"HTTP/1.1 503", b"", b"", b"", b""]
