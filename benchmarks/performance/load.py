"""Does a server stay quick, honest and small under more clients than it can answer?

Clients ask without a pause, each the next question when the last is answered; one that is told to
come back later (503) does so after `Retry-After`. Three loads follow each other on one server: four
clients, as many as there are places to be answered and to wait, and 64. Then a key's rate is tried.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import psutil

from benchmarks.performance.serving import Server, served
from tests.service.command_line import OFFLINE_DOUBLES, CommandLine

BRIEFS = Path(__file__).parents[2] / "corpus" / "reports"
QUESTIONS = (
    "Which ISCMs does the Almaty Process plan to cooperate with?",
    "When did the Budapest Process begin?",
    "Who chairs the Bali Process?",
    "Where is the secretariat of the Prague Process?",
    "What does the Khartoum Process say of trafficking?",
    "Which countries take part in the Colombo Process?",
    "How are the meetings of the Abu Dhabi Dialogue paid for?",
    "What are regional consultative processes?",
)
FEW = 4
MANY = 64
PLACES = 12  # CITEWELL_ASKING_AT_ONCE and CITEWELL_ASKING_WAITING together, as they are by default
RATE = 120
LONGEST_HURRY_S = 60.0


@dataclass
class Tally:
    """What came back: seconds of answers and of refusals, and whatever else there was."""

    answered_s: list[float] = field(default_factory=list)
    refused_s: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def figures(self) -> dict[str, object]:
        """The tally in numbers."""
        return {
            "answered": len(self.answered_s),
            "refused": len(self.refused_s),
            "wrong": len(self.wrong),
            "examples": self.wrong[:3],
            "answered_ms": quantiles(self.answered_s),
            "refused_ms": quantiles(self.refused_s),
        }


def main() -> int:
    """Run the study and print what was found; exit 1 if something is not as it must be."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.performance.load", description=__doc__
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="how long each load lasts")
    parser.add_argument("--home", type=Path, help="a collection; default: the bundled briefs")
    parser.add_argument("--doubles", action="store_true", help="offline doubles: a quick run")
    options = parser.parse_args()
    environment = OFFLINE_DOUBLES if options.doubles else {}
    with tempfile.TemporaryDirectory(prefix="citewell-load-") as folder:
        cli = CommandLine(options.home or Path(folder) / "home", environment)
        if options.home is None:
            cli.run("ingest", str(BRIEFS))
        found = study(cli, Path(folder), options.seconds)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 1 if found["failed"] else 0


def study(cli: CommandLine, folder: Path, seconds: float) -> dict[str, Any]:
    """Return the figures of each load, and in `failed` what is not as it must be."""
    with served(cli) as server:
        load(server, FEW, min(seconds, 5.0))  # the first answers read files into memory
        few = load(server, FEW, seconds)
        full = load(server, PLACES, seconds)
        with Memory(server.pid) as memory:
            many = load(server, MANY, seconds)
    rate = rate_of_a_key(folder, seconds)
    ratio = p99(many.answered_s) / p99(few.answered_s)
    spread = memory.spread()
    checks = {
        "errors below the limits": not few.wrong and not full.wrong and not few.refused_s,
        "errors beyond them": not many.wrong and bool(many.refused_s),
        "p99 of accepted requests": ratio <= MANY / PLACES,
        "memory": spread <= 0.05,
        "refusals at once": p50(many.refused_s) <= p50(few.answered_s),
        "rate of a key": rate["as_allowed"],
    }
    return {
        "clients_4": few.figures,
        f"clients_{PLACES}": full.figures,
        "clients_64": many.figures,
        "p99_ratio_64_to_4": round(ratio, 2),
        "memory_mib": memory.figures,
        "memory_spread_last_half": round(spread, 4),
        "rate": rate,
        "failed": [name for name, held in checks.items() if not held],
    }


def load(server: Server, clients: int, seconds: float) -> Tally:
    """Ask from so many clients for so long, and return what came back."""
    tally, until = Tally(), time.monotonic() + seconds

    def client(number: int) -> None:
        with httpx2.Client(base_url=server.address, timeout=120) as http:
            turn = number
            while time.monotonic() < until:
                ask(http, QUESTIONS[turn % len(QUESTIONS)], tally)
                turn += 1

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(client, range(clients)))
    return tally


def ask(http: httpx2.Client, question: str, tally: Tally) -> None:
    """Ask once, note what came, and wait where the server says so."""
    began = time.monotonic()
    try:
        response = http.post("/v1/ask", json={"question": question})
    except httpx2.HTTPError as error:
        tally.wrong.append(repr(error))
        return
    took = time.monotonic() - began
    if response.status_code == 200:
        tally.answered_s.append(took)
    elif response.status_code == 503 and "Retry-After" in response.headers:
        tally.refused_s.append(took)
        time.sleep(float(response.headers["Retry-After"]))
    else:
        tally.wrong.append(f"{response.status_code} {response.text[:200]}")


def rate_of_a_key(folder: Path, seconds: float) -> dict[str, object]:
    """Return how many requests of one key were let in, and whether that is what it may.

    In a home of its own: from its first key on, a home needs one.
    """
    cli = CommandLine(folder / "rate")
    (folder / "note.txt").write_text("The Northern Forum meets once a year.\n")
    cli.run("ingest", str(folder / "note.txt"))
    secret = cli.run("keys", "create", "load", "--json").json["key"]
    with served(cli, CITEWELL_KEY_REQUESTS_PER_MINUTE=str(RATE)) as server:
        return hurry(server, {"Authorization": f"Bearer {secret}"}, min(seconds, 10.0))


def hurry(server: Server, headers: Mapping[str, str], seconds: float) -> dict[str, object]:
    """Ask for something small as fast as possible with one key; return what was let in.

    For so long, and on a slow machine until the rate is reached.
    """
    statuses: list[int] = []
    waits: list[str | None] = []
    began = time.monotonic()

    def client(_number: int) -> None:
        with httpx2.Client(base_url=server.address, headers=headers, timeout=120) as http:
            while (now := time.monotonic()) < began + seconds or (
                not waits and now < began + LONGEST_HURRY_S
            ):
                response = http.get("/v1/models/citewell")
                statuses.append(response.status_code)
                if response.status_code == 429:
                    waits.append(response.headers.get("Retry-After"))

    with ThreadPoolExecutor(FEW) as pool:
        list(pool.map(client, range(FEW)))
    elapsed, let_in = time.monotonic() - began, statuses.count(200)
    allowed = RATE + elapsed * RATE / 60
    return {
        "allowed": round(allowed, 1),
        "let_in": let_in,
        "refused": statuses.count(429),
        "as_allowed": allowed - 2 <= let_in <= allowed + 1
        and set(statuses) == {200, 429}
        and all(wait is not None and int(wait) >= 1 for wait in waits),
    }


class Memory:
    """The resident memory of a process, looked at twice a second while it is entered."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._mib: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def spread(self) -> float:
        """Return how far the last half goes from its median, as a share of it."""
        half = sorted(self._mib[len(self._mib) // 2 :])
        middle = half[len(half) // 2]
        return max(half[-1] - middle, middle - half[0]) / middle

    @property
    def figures(self) -> dict[str, float]:
        """Where it began and ended, and the most there was."""
        first, last, most = self._mib[0], self._mib[-1], max(self._mib)
        return {"first": round(first), "last": round(last), "most": round(most)}

    def _look(self) -> None:
        while not self._mib or not self._over.wait(0.5):
            self._mib.append(self._process.memory_info().rss / 2**20)


def quantiles(seconds: Sequence[float]) -> dict[str, int] | None:
    """Return the median and the 99th percentile in milliseconds; None of nothing."""
    if not seconds:
        return None
    return {"p50": round(1000 * p50(seconds)), "p99": round(1000 * p99(seconds))}


def p50(seconds: Sequence[float]) -> float:
    """Return the median."""
    return sorted(seconds)[len(seconds) // 2]


def p99(seconds: Sequence[float]) -> float:
    """Return the 99th percentile."""
    return sorted(seconds)[int(len(seconds) * 0.99)]


if __name__ == "__main__":
    sys.exit(main())
