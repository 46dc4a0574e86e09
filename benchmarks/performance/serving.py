"""`citewell serve` as a process of its own, for studies."""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO

import httpx2

from tests.service.command_line import CommandLine


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens, and its process."""

    address: str
    pid: int


@contextmanager
def served(cli: CommandLine, **environment: str) -> Iterator[Server]:
    """Serve the home on a free port of the loopback; yield the server when it is ready."""
    process = cli.start("serve", "--port", "0", **environment)
    try:
        address = address_of(process)
        # A log that nobody reads would fill its pipe, and hold up whoever writes to it.
        threading.Thread(target=_discard, args=[process.stderr], daemon=True).start()
        deadline = time.monotonic() + 120
        while httpx2.get(f"{address}/health/ready").status_code != 200:
            assert time.monotonic() < deadline, "the server did not become ready"
            time.sleep(0.1)
        yield Server(address, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=60)
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()


def _discard(stream: IO[str]) -> None:
    with suppress(ValueError):  # closed meanwhile
        for _ in stream:
            pass


def address_of(process: subprocess.Popen[str]) -> str:
    """Return the address that the server says it listens on; its further output is discarded."""
    assert process.stderr is not None
    for line in process.stderr:
        if "http://" in line:
            return "http://" + line.split("http://")[1].split()[0].rstrip("/.,;)")
    raise AssertionError("the server said no address")
