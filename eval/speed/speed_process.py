"""The command line in processes of their own, with the time and memory that they took."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import CitewellError

_READY_S = 120
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Ended:
    """What a process took: wall and CPU seconds, its peak of resident memory in bytes, stdout."""

    wall_s: float
    cpu_s: float
    peak_bytes: int
    code: int
    out: str


class Server:
    """A server of this measurement; `peak_bytes` is known when it has stopped."""

    def __init__(self, process: "subprocess.Popen[bytes]", host: str, port: int) -> None:
        self.process = process
        self.host = host
        self.port = port
        self.peak_bytes = 0


def citewell(home: Path, *words: str) -> Ended:
    """Run a command of citewell over a home to its end, in a fresh process.

    Raises: CitewellError with the end of its messages unless it did its work.
    """
    ended = run([*_COMMAND, *words], home)
    if ended.code not in (0, 3):
        raise CitewellError(
            f"citewell {' '.join(words[:2])} ended with code {ended.code}: {ended.out[-300:]}"
        )
    return ended


def run(words: Sequence[str], home: Path) -> Ended:
    """Run a process to its end."""
    began = time.monotonic()
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(home)
    )
    assert process.stdout is not None
    with process.stdout:
        out = process.stdout.read().decode(errors="replace")
    code, cpu_s, peak_bytes = _reap(process)
    return Ended(time.monotonic() - began, cpu_s, peak_bytes, code, out)


@contextmanager
def served(home: Path) -> Iterator[Server]:
    """Serve a home on a free port of the loopback; stop that process, by its id, at the end.

    It answers without a key, also where the home has keys: only this machine reaches it.

    Raises: CitewellError if it does not become ready.
    """
    process = subprocess.Popen(
        [*_COMMAND, "serve", "--host", "127.0.0.1", "--port", "0", "--open"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=_environment(home),
    )
    server: Server | None = None
    try:
        server = Server(process, "127.0.0.1", _port(process))
        _await_ready(server)
        yield server
    finally:
        process.terminate()
        assert process.stderr is not None
        with process.stderr:
            process.stderr.read()
        _, _, peak = _reap(process)
        if server is not None:
            server.peak_bytes = peak


def _port(process: "subprocess.Popen[bytes]") -> int:
    """Return the port that the server says it listens on."""
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said = line.decode(errors="replace").strip()
        if "http://127.0.0.1:" in said:
            return int(said.split("http://127.0.0.1:")[1].split("/")[0])
    raise CitewellError(f"The server did not start; it said: {said or 'nothing'}")


def _await_ready(server: Server) -> None:
    deadline = time.monotonic() + _READY_S
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
        with suppress(OSError):
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == http.HTTPStatus.OK:
                connection.close()
                return
        connection.close()
        time.sleep(0.1)
    raise CitewellError(f"The server was not ready after {_READY_S} seconds.")


def _reap(process: "subprocess.Popen[bytes]") -> tuple[int, float, int]:
    """Return exit code, CPU seconds and peak memory of a process that ends, and its children.

    Linux begins the peak with what the parent held when it forked: measure from a small process.
    """
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else _KIB
    return process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss * unit


def _environment(home: Path) -> Mapping[str, str]:
    # The store of the home itself, never a database that is somewhere else.
    kept = {name: value for name, value in os.environ.items() if name != "CITEWELL_STORE"}
    return {**kept, "CITEWELL_HOME": str(home)}


_COMMAND = (sys.executable, "-c", "import citewell; citewell.main()")
