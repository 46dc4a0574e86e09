"""Hostile clients beside honest ones: are the honest answered, and is all well afterwards?

    python -m benchmarks.robustness.hostile_clients [--seconds 60] [--kinds KIND ...] [--doubles]

A server of its own, on the loopback, serves the bundled briefs and files that are costly to draw.
Eight honest clients ask with a key, alone and then beside 64 hostile ones of each kind in turn,
which run in a process of their own. Prints one JSON object; exit 1 where the p99 of honest answers
is beyond three times that alone, an honest request failed, the server's memory grew beyond a bound,
or it does not answer, draw and ingest within 30 s after the last hostile client has gone.
"""

import argparse
import contextlib
import json
import multiprocessing
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import psutil

from benchmarks.performance.load import BRIEFS, QUESTIONS, p99
from benchmarks.performance.serving import Server, served
from tests.ingest.costly_files import soft_mask_pdf
from tests.service.command_line import OFFLINE_DOUBLES, CommandLine

HONEST, HOSTILE = 8, 64
MOST_TIMES_SLOWER = 3.0
MOST_MORE_MIB = 1536  # two drawing processes of at most 512 MiB in use, and what is on its way
SECONDS_TO_RECOVER = 30.0
SECONDS_TO_LEAVE = 3.0  # then they are cut off
SECONDS_BETWEEN_QUESTIONS = 1.0
COSTLY = 16

Ids = Mapping[str, str]
Attack = Callable[[str, str, int, float, list[str]], None]


def pictures(address: str, key: str, number: int, until: float, costly: list[str]) -> None:
    """Ask for pictures of costly pages."""
    with _client(address, key) as http:
        while time.monotonic() < until:
            at = f"/v1/documents/{costly[number % len(costly)]}/pages/1.png"
            http.get(at, params={"scale": 1 + number / 100})
            time.sleep(0.1)


def embeddings(address: str, key: str, _: int, until: float, __: list[str]) -> None:
    """Ask for large embeddings, and leave before they come."""
    body = {"model": "citewell", "input": ["quokka council " * 200] * 100}
    with _client(address, key) as http:
        while time.monotonic() < until:
            with contextlib.suppress(httpx2.TimeoutException):
                http.post("/v1/embeddings", json=body, timeout=1.0)
            time.sleep(0.1)


def uploads(address: str, key: str, number: int, until: float, _: list[str]) -> None:
    """Upload files of much text."""
    text = f"# Of {number}\n\n" + "The Quokka Council met again in Geneva. " * 4000
    with _client(address, key) as http:
        while time.monotonic() < until:
            name = f"{number}-{time.monotonic()}.md"
            http.post("/v1/documents", files={"file": (name, f"{text}{name}".encode())})
            time.sleep(0.5)


def slow_bodies(address: str, _: str, number: int, until: float, __: list[str]) -> None:
    """Send bodies a byte at a time, without a key, to routes that read one."""
    path = ("/integrations/teams", "/v1/ask", "/mcp", "/v1/documents")[number % 4]
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    _drip(address, f"{head}Content-Length: 100000\r\n\r\n", until)


def half_headers(address: str, _: str, __: int, until: float, ___: list[str]) -> None:
    """Send headers a byte at a time over sixteen connections."""
    with ThreadPoolExecutor(16) as pool:
        for _number in range(16):
            pool.submit(_drip, address, "GET /health HTTP/1.1\r\nHost: localhost\r\nX: ", until)


def never_reading(address: str, _: str, __: int, until: float, ___: list[str]) -> None:
    """Send requests and read no response."""
    request = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50
    while time.monotonic() < until:
        with contextlib.suppress(OSError), _connected(address) as connection:
            while time.monotonic() < until:
                connection.sendall(request)
        time.sleep(0.1)


ATTACKS: dict[str, Attack] = {
    each.__name__: each
    for each in (pictures, slow_bodies, half_headers, embeddings, uploads, never_reading)
}


def _client(address: str, key: str) -> httpx2.Client:
    return httpx2.Client(
        base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=90, trust_env=False
    )


def _connected(address: str) -> socket.socket:
    found = urlsplit(address)
    return socket.create_connection((str(found.hostname), found.port or 80), timeout=30)


def _drip(address: str, begun: str, until: float) -> None:
    while time.monotonic() < until:
        with contextlib.suppress(OSError), _connected(address) as connection:
            connection.sendall(begun.encode())
            while time.monotonic() < until:
                connection.sendall(b"a")
                time.sleep(1.0)
        time.sleep(0.1)


def attack(kind: str, address: str, key: str, seconds: float, costly: list[str]) -> None:
    """Run 64 hostile clients for so long, in this process."""
    until = time.monotonic() + seconds

    def client(number: int) -> None:
        with contextlib.suppress(httpx2.HTTPError, OSError):
            ATTACKS[kind](address, key, number, until, costly)

    with ThreadPoolExecutor(HOSTILE) as pool:
        list(pool.map(client, range(HOSTILE)))


def honest(server: Server, key: str, seconds: float) -> tuple[list[float], list[str]]:
    """Ask from eight clients; return how long answers took, and what else came."""
    took, wrong, until = list[float](), list[str](), time.monotonic() + seconds

    def client(number: int) -> None:
        with _client(server.address, key) as http:
            turn = number
            while time.monotonic() < until:
                began = time.monotonic()
                try:
                    question = QUESTIONS[turn % len(QUESTIONS)]
                    status = http.post("/v1/ask", json={"question": question}).status_code
                except httpx2.HTTPError as error:
                    status = 0
                    wrong.append(repr(error))
                took.append(time.monotonic() - began)
                if status not in (0, 200):
                    wrong.append(str(status))
                turn += 1
                time.sleep(max(0.0, began + SECONDS_BETWEEN_QUESTIONS - time.monotonic()))

    with ThreadPoolExecutor(HONEST) as pool:
        list(pool.map(client, range(HONEST)))
    return took, wrong


class Memory(threading.Thread):
    """The most that a process and its children had in memory, in MiB."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._process = psutil.Process(pid)
        self._end = threading.Event()
        self.most = 0

    def run(self) -> None:
        """Look until the end."""
        while not self._end.wait(0.5):
            with contextlib.suppress(psutil.Error):
                every = [self._process, *self._process.children(recursive=True)]
                self.most = max(self.most, sum(each.memory_info().rss for each in every) >> 20)

    def end(self) -> int:
        """Return the most."""
        self._end.set()
        self.join()
        return self.most


def seconds_to_recover(server: Server, key: str, doc_id: str) -> float | None:
    """Return how long it takes until the server answers, draws and ingests; None if it does not."""
    began = time.monotonic()
    with _client(server.address, key) as http:
        while time.monotonic() < began + SECONDS_TO_RECOVER:
            with contextlib.suppress(httpx2.HTTPError):
                sent = http.post(
                    "/v1/documents", files={"file": ("after.md", f"# After\n\n{began}.".encode())}
                )
                tried = [
                    http.post("/v1/ask", json={"question": QUESTIONS[0]}).status_code == 200,
                    http.get(f"/v1/documents/{doc_id}/pages/1.png").status_code == 200,
                    sent.status_code == 202 and _done(http, sent.json()["job_id"], began),
                ]
                if all(tried):
                    return round(time.monotonic() - began, 1)
            time.sleep(0.2)
    return None


def _done(http: httpx2.Client, job_id: str, began: float) -> bool:
    while time.monotonic() < began + SECONDS_TO_RECOVER:
        if http.get(f"/v1/jobs/{job_id}").json()["state"] == "done":
            return True
        time.sleep(0.1)
    return False


def study(cli: CommandLine, folder: Path, seconds: float, kinds: list[str]) -> dict[str, Any]:
    """Return the figures alone and beside each kind, and in `failed` what is not as it must be."""
    for number in range(COSTLY):
        (folder / f"costly-{number}.pdf").write_bytes(soft_mask_pdf(400 + number))
    cli.run("ingest", str(BRIEFS), *map(str, folder.glob("costly-*.pdf")))
    scopes = ("-s", "read", "-s", "ingest")
    keys = {
        name: str(cli.run("keys", "create", name, *scopes, "--json").json["key"])
        for name in ("honest", "hostile", "after")
    }
    ids = cli.documents()
    costly = [doc_id for name, doc_id in ids.items() if "costly-" in name]
    whole = next(doc_id for name, doc_id in ids.items() if "costly-" not in name)
    found: dict[str, Any] = {"failed": []}
    for kind in ("alone", *kinds):
        sys.stderr.write(f"{kind}\n")
        with served(cli) as server:
            honest(server, keys["honest"], min(5.0, seconds))
            memory = Memory(server.pid)
            memory.start()
            hostile = multiprocessing.get_context("spawn").Process(
                target=attack, args=(kind, server.address, keys["hostile"], seconds, costly)
            )
            if kind != "alone":
                hostile.start()
                time.sleep(min(2.0, seconds))
            took, wrong = honest(server, keys["honest"], seconds)
            if kind != "alone":
                hostile.join(SECONDS_TO_LEAVE)
                hostile.kill()
            recovered = seconds_to_recover(server, keys["after"], whole)
            found[kind] = {
                "answers": len(took),
                "wrong": sorted(set(wrong)),
                "p99_ms": round(1000 * p99(took)),
                "memory_mib": memory.end(),
                "recovered_s": recovered,
            }
        found["failed"] += _failed(kind, found[kind], found["alone"])
    return found


def _failed(kind: str, found: dict[str, Any], alone: dict[str, Any]) -> list[str]:
    checks = {
        "p99": found["p99_ms"] <= MOST_TIMES_SLOWER * alone["p99_ms"],
        "honest requests": not found["wrong"],
        "memory": found["memory_mib"] <= alone["memory_mib"] + MOST_MORE_MIB,
        "afterwards": found["recovered_s"] is not None,
    }
    return [f"{kind}: {name}" for name, held in checks.items() if not held]


def main() -> int:
    """Run the study."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.robustness.hostile_clients")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--kinds", nargs="+", choices=list(ATTACKS), default=list(ATTACKS))
    parser.add_argument("--doubles", action="store_true", help="offline doubles of the models")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="citewell-hostile-clients-") as folder:
        environment = OFFLINE_DOUBLES if given.doubles else {}
        cli = CommandLine(Path(folder) / "home", environment)
        found = study(cli, Path(folder), given.seconds, given.kinds)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return int(bool(found["failed"]))


if __name__ == "__main__":
    sys.exit(main())
