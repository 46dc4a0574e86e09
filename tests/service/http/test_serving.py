"""The server as a process: its greeting, its end, a port that is taken."""

import asyncio
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from corpus.errors import SettingsError
from service.engine.engine import Engine
from service.http.app import create_app
from service.http.serving import address_of, listening, serve
from service.workload.jobs import JobWorker
from tests.service.small_collection import QUESTION, make_collection, served, settings_of

ROOT = Path(__file__).parents[3]
SERVE = """
import sys
from service.http.serving import serve
from tests.service.small_collection import settings_of
from pathlib import Path
serve(settings_of(Path(sys.argv[1])), "127.0.0.1", 0)
"""


@pytest.fixture
def process(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    make_collection(settings_of(tmp_path / "home"))
    started = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(tmp_path / "home")],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    killer = threading.Timer(60, started.kill)
    killer.start()
    try:
        yield started
    finally:
        killer.cancel()
        started.kill()
        started.wait()
        assert started.stderr
        started.stderr.close()


def test_a_server_greets_answers_and_ends_on_ctrl_c(process: subprocess.Popen[str]) -> None:
    assert process.stderr
    greeting = process.stderr.readline()
    found = re.search(r"http://127\.0\.0\.1:[0-9]+", greeting)
    assert found, greeting

    answer = httpx2.post(f"{found[0]}/v1/ask", json={"question": QUESTION}, timeout=30).json()
    assert answer["citations"][0]["url"].startswith(f"{found[0]}/documents/")

    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    assert process.stderr.read() == "citewell: stopped.\n"


def test_a_taken_port_is_told_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"Port {port} of 127.0.0.1 is taken.*--port"):
            serve(settings_of(tmp_path), "127.0.0.1", port)


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(SettingsError, match=r"Cannot listen on 192\.0\.2\.1"):
        listening("192.0.2.1", 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_response_does_not_wait_for_an_acknowledgement(host: str) -> None:
    async def delays_are_off(listener: socket.socket) -> bool:
        accepted: asyncio.Queue[asyncio.StreamWriter] = asyncio.Queue()
        async with await asyncio.start_server(lambda _, w: accepted.put_nowait(w), sock=listener):
            _, client = await asyncio.open_connection(*listener.getsockname())
            writer = await accepted.get()
            option = writer.get_extra_info("socket").getsockopt(
                socket.IPPROTO_TCP, socket.TCP_NODELAY
            )
            for each in (writer, client):
                each.close()
                await each.wait_closed()
        return bool(option)

    with listening(host, 0) as listener:
        assert asyncio.run(delays_are_off(listener))


def test_a_server_on_every_address_names_one_that_opens() -> None:
    with listening("0.0.0.0", 0) as listener:
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+", address_of(listener))


@pytest.mark.parametrize("path", ["/mcp", "/v1/ask", "/v1/documents"])
def test_a_client_that_leaves_in_the_middle_of_its_request_leaves_no_traceback(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    settings = settings_of(tmp_path / "home")
    make_collection(settings)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        "Accept: application/json, text/event-stream\r\nContent-Length: 1000\r\n\r\n{"
    )
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings))
        with served(app) as address:
            port = int(address.rsplit(":", 1)[1])
            for _ in range(5):
                with socket.create_connection(("127.0.0.1", port)) as client:
                    client.sendall(head.encode())
                    client.settimeout(0.2)
                    with suppress(TimeoutError):
                        client.recv(1)
            assert httpx2.get(f"{address}/health").status_code == 200
    assert [record for record in caplog.records if record.exc_info] == []
