"""Does a server stay as small and as quick as it was, for as long as it runs?

Clients ask, search, look for mentions, read pages, upload, edit and delete at a steady pace; as
many documents come as go. Memory, open descriptors and threads of the server are read every second.
The first fifth is left out: models and caches are being loaded. Printed are the slope of memory
with its 95 % interval (over means of twenty windows), the most descriptors and threads of the first
and the last third, and the median and p99 latency of each third.

    python -m benchmarks.robustness.soak --minutes 10
    python -m benchmarks.robustness.soak --minutes 240 --models
"""

import argparse
import json
import math
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import numpy as np

from benchmarks.performance.serving import Server, served
from benchmarks.robustness.interruptions import a_report
from benchmarks.robustness.shared_home import UNHURRIED, noting_errors
from tests.service.command_line import OFFLINE_DOUBLES, CommandLine

REPORTS = 30
CLIENTS = 2
WARM_UP = 0.2
WINDOWS = 20
SECONDS_TO_END = 150.0  # an upload may take two minutes
_T_18 = 2.101  # Student's t, 18 degrees of freedom, 95 %


@dataclass(frozen=True, slots=True)
class Sample:
    """What the server takes at a time in seconds: bytes, descriptors, threads."""

    at_s: float
    memory: int
    descriptors: int
    threads: int


@dataclass
class Soaked:
    """What was seen: samples, latencies as (time, seconds), responses by what was asked,
    and what broke the study itself."""

    samples: list[Sample] = field(default_factory=list)
    latencies: list[tuple[float, float]] = field(default_factory=list)
    responses: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


def main() -> int:
    """Run the study and print what was found; exit 1 if anything failed or descriptors grew."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness.soak",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--models", action="store_true", help="The default models, not doubles.")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="citewell-soak-") as folder:
        models = {} if options.models else OFFLINE_DOUBLES
        found = study(Path(folder), 60 * options.minutes, models, options.seed)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 1 if found["failed"] or found["broken"] or found["descriptors_grew"] else 0


def study(folder: Path, seconds: float, models: dict[str, str], seed: int) -> dict[str, object]:
    """Return how memory, descriptors and latency went."""
    cli = CommandLine(folder / "home", {**models, **UNHURRIED})
    (folder / "reports").mkdir()
    for number in range(REPORTS):
        name, content = a_report(number)
        (folder / "reports" / name).write_bytes(content)
    cli.run("ingest", str(folder / "reports"))
    seen, stopping = Soaked(), threading.Event()
    with served(cli) as server:
        acts: list[Callable[[], None]] = [lambda: _sample(server, seen, stopping)]
        acts += [_reader(server, seen, stopping, seed + each) for each in range(CLIENTS)]
        acts += [_writer(server, seen, stopping, seed)]
        names = ["sample", *(f"read {each}" for each in range(CLIENTS)), "write"]
        threads = [
            threading.Thread(target=noting_errors(act, seen.broken, name), daemon=True, name=name)
            for name, act in zip(names, acts, strict=True)
        ]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        stopping.set()
        for thread in threads:
            thread.join(SECONDS_TO_END)
        seen.broken += [f"{each.name} has not ended" for each in threads if each.is_alive()]
    return figures(seen)


def figures(seen: Soaked) -> dict[str, object]:
    """Return what is printed of what was seen."""
    began, ended = seen.samples[0].at_s, seen.samples[-1].at_s
    warm = began + WARM_UP * (ended - began)
    samples = [each for each in seen.samples if each.at_s >= warm]
    slope, margin = slope_of([(each.at_s, each.memory / 1e6) for each in samples])
    first, *_, last = np.array_split(np.arange(len(samples)), 3)
    most = {
        name: [max(getattr(samples[row], name) for row in rows) for rows in (first, last)]
        for name in ("descriptors", "threads")
    }
    latencies = np.array(sorted(each for each in seen.latencies if each[0] >= warm))
    thirds = [part[:, 1] * 1000 for part in np.array_split(latencies, 3)]
    p99 = [float(np.percentile(part, 99)) for part in thirds]
    return {
        "minutes": round((ended - began) / 60, 1),
        "responses": dict(seen.responses),
        "failed": sum(n for name, n in seen.responses.items() if name.endswith(" failed")),
        "broken": seen.broken,
        "memory_mb": [round(samples[0].memory / 1e6, 1), round(samples[-1].memory / 1e6, 1)],
        "memory_slope_mb_per_hour": [round(3600 * each, 2) for each in (slope, margin)],
        "slope_differs_from_0": abs(slope) > margin,
        "descriptors_first_and_last_third": most["descriptors"],
        "descriptors_grew": most["descriptors"][1] > most["descriptors"][0] + 8,
        "threads_first_and_last_third": most["threads"],
        "p50_ms_of_thirds": [round(float(np.median(part)), 1) for part in thirds],
        "p99_ms_of_thirds": [round(each, 1) for each in p99],
        "p99_drift": round(p99[-1] / p99[0] - 1, 3),
    }


def slope_of(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the slope a second and half of its 95 % interval, by least squares.

    Over means of windows: values a second apart are not independent.
    """
    parts = [np.array(part) for part in np.array_split(np.array(points), WINDOWS)]
    at, values = np.array([part.mean(axis=0) for part in parts]).T
    centred = at - at.mean()
    slope = float(centred @ values / (centred @ centred))
    left = values - values.mean() - slope * centred
    error = math.sqrt(float(left @ left) / (WINDOWS - 2) / float(centred @ centred))
    return slope, _T_18 * error


def _sample(server: Server, seen: Soaked, stopping: threading.Event) -> None:
    process = Path("/proc") / str(server.pid)
    while not stopping.wait(1.0):
        status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        memory = int(status["VmRSS"].split()[0]) * 1024
        descriptors = len(list((process / "fd").iterdir()))
        seen.samples.append(Sample(time.monotonic(), memory, descriptors, int(status["Threads"])))


def _reader(
    server: Server, seen: Soaked, stopping: threading.Event, seed: int
) -> Callable[[], None]:
    """Return what asks, searches, finds and reads, one after another."""
    chance = random.Random(seed)

    def act() -> None:
        with httpx2.Client(base_url=server.address, timeout=60) as http:
            while not stopping.wait(0.1):
                number, year = chance.randrange(REPORTS), 1900 + chance.randrange(30)
                question = f"Where did the Quokka{number}x Forum meet in {year}?"
                what = chance.choice(("ask", "ask", "search", "find", "page"))
                began = time.monotonic()
                if what == "ask":
                    response = http.post("/v1/ask", json={"question": question})
                elif what == "search":
                    response = http.post("/v1/search", json={"query": question})
                elif what == "find":
                    response = http.post("/v1/find", json={"terms": [f"Quokka{number}x"]})
                else:
                    response = http.get("/", params={"q": question})
                _note(seen, what, response, began)

    return act


def _writer(
    server: Server, seen: Soaked, stopping: threading.Event, seed: int
) -> Callable[[], None]:
    """Return what uploads a document, edits it and deletes it, again and again."""

    def act() -> None:
        with httpx2.Client(base_url=server.address, timeout=120) as http:
            number = 1000 * seed
            while not stopping.wait(3.0):
                number += 1
                file = a_report(number)
                response = http.post("/v1/documents", files={"file": file})
                _note(seen, "upload", response)
                if not response.is_success:
                    continue
                doc_id = _ended(http, response.json()["job_id"], stopping)
                if doc_id is None:
                    continue
                path = f"/v1/documents/{doc_id}"
                _note(seen, "edit", http.patch(path, json={"title": f"Title {number}"}))
                _note(seen, "delete", http.delete(path, params={"purge": "true"}))

    return act


def _ended(http: httpx2.Client, job_id: str, stopping: threading.Event) -> str | None:
    """Return the id of the document of a job that has ended; None where the study ends first."""
    while not stopping.wait(0.5):
        job = http.get(f"/v1/jobs/{job_id}").json()
        if job["state"] == "done":
            return str(job["result"]["documents"][0]["doc_id"])
        if job["state"] == "failed":
            raise RuntimeError(job["message"])
    return None


def _note(seen: Soaked, what: str, response: httpx2.Response, began: float | None = None) -> None:
    """Note a response; one that is asked to come back later is no failure."""
    good = response.is_success
    became = "" if good else " refused" if response.status_code == 503 else " failed"
    seen.responses[f"{what}{became}"] += 1
    if began is not None and good:
        seen.latencies.append((began, time.monotonic() - began))


if __name__ == "__main__":
    sys.exit(main())
