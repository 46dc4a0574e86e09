"""Questions to a server on this machine, from several clients at once."""

import http.client
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from eval.speed.speed_process import Server

TIMEOUT_S = 120
PERCENTILES = (50, 90, 95, 99)


@dataclass(frozen=True, slots=True)
class Load:
    """What a number of clients saw: each question's milliseconds, and the seconds of all."""

    clients: int
    times_ms: tuple[float, ...]
    wall_s: float
    failed: int

    @property
    def questions_a_second(self) -> float:
        """Questions answered in a second, by all clients together."""
        return len(self.times_ms) / self.wall_s

    def percentile_ms(self, percent: int) -> float:
        """Return the time within which that share of the questions was answered."""
        return float(np.percentile(self.times_ms, percent)) if self.times_ms else float("nan")


@dataclass(slots=True)
class _Clients:
    """The questions that are left and what came of those that were asked."""

    questions: list[str]
    times_ms: list[float] = field(default_factory=list)
    failed: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> str | None:
        with self.lock:
            return self.questions.pop() if self.questions else None

    def note(self, taken_ms: float | None) -> None:
        with self.lock:
            if taken_ms is None:
                self.failed += 1
            else:
                self.times_ms.append(taken_ms)


def ask_all(server: Server, questions: Sequence[str], *, clients: int) -> Load:
    """Ask all questions, each once; every client asks its next one when it has its answer.

    The server is one of `served`, which only listens on the loopback.
    """
    shared = _Clients(list(reversed(questions)))
    threads = [
        threading.Thread(target=_ask, args=(server, shared), daemon=True) for _ in range(clients)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Load(clients, tuple(shared.times_ms), time.monotonic() - began, shared.failed)


def _ask(server: Server, shared: _Clients) -> None:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=TIMEOUT_S)
    headers = {"Content-Type": "application/json"}
    while (question := shared.take()) is not None:
        body = json.dumps({"question": question})
        began = time.monotonic()
        try:
            connection.request("POST", "/v1/ask", body, headers)
            response = connection.getresponse()
            response.read()
            good = response.status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            connection.close()
            good = False
        shared.note(1000 * (time.monotonic() - began) if good else None)
    connection.close()
