"""Does a server answer every question, whole, while snapshots are swapped under it?

One document says which edition it is; every swap publishes its next edition. Clients ask for it
all the while. An answer is torn if it quotes another edition than its snapshot holds.
"""

import argparse
import itertools
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from benchmarks.performance.serving import served
from benchmarks.robustness.crashes import snapshot_of
from corpus.ids import sha256_of
from tests.service.command_line import CommandLine

QUESTION = "Which edition of the yearbook of the Northern Forum is this?"
CLIENTS = 16


@dataclass
class Tally:
    """What the clients saw. `editions` is by snapshot id."""

    editions: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


def main() -> int:
    """Run the study and print what was found; exit 1 if a request failed or an answer was torn."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness.swaps", description=__doc__
    )
    parser.add_argument("--questions", type=int, default=2000)
    parser.add_argument("--swaps", type=int, default=5)
    parser.add_argument("--beside", nargs="*", default=[], help="files to ingest beside")
    parser.add_argument("--doubles", action="store_true", help="offline doubles: a quick run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="citewell-swaps-") as folder:
        cli = CommandLine(Path(folder) / "home")
        if not options.doubles:
            cli = CommandLine(cli.home, {})
        found = study(cli, Path(folder), options.questions, options.swaps, options.beside)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 1 if found["failed"] or found["torn"] else 0


def study(
    cli: CommandLine, folder: Path, questions: int, swaps: int, beside: list[str]
) -> dict[str, object]:
    """Return how many requests failed and how many answers were torn over the swaps."""
    tally = Tally()
    if beside:
        cli.run("ingest", *beside)
    publish(cli, folder, 0, tally)
    with served(cli, CITEWELL_ASKING_WAITING=str(CLIENTS)) as server:
        address = server.address
        began = time.monotonic()
        asked = 0
        for edition in range(1, swaps + 1):
            publishing = threading.Thread(target=publish, args=(cli, folder, edition, tally))
            publishing.start()
            asked += ask_while(publishing, questions // (swaps + 1), address, tally)
        asked += ask_while(None, questions - asked, address, tally)
        elapsed = time.monotonic() - began
        final = httpx2.post(f"{address}/v1/ask", json={"question": QUESTION}).json()
    check_whole(final, tally)
    ordered = sorted(tally.seconds)
    return {
        "questions": asked,
        "swaps": swaps,
        "failed": len(tally.failed),
        "torn": len(tally.torn),
        "examples": (tally.failed + tally.torn)[:3],
        "answers_by_snapshot": dict(tally.seen),
        "last_snapshot_answers": final["receipt"]["snapshot"] == snapshot_of(cli),
        "questions_a_second": round(asked / elapsed, 1),
        "p50_ms": round(1000 * ordered[len(ordered) // 2]),
        "p99_ms": round(1000 * ordered[int(len(ordered) * 0.99)]),
    }


def publish(cli: CommandLine, folder: Path, edition: int, tally: Tally) -> None:
    """Publish an edition of the document, and note which snapshot holds it."""
    path = folder / "yearbook.txt"
    path.write_text(f"This is edition {edition} of the yearbook of the Northern Forum.\n")
    snapshot = cli.run("ingest", str(path), "--json").json["snapshot"]
    tally.editions[snapshot] = edition


def ask(address: str, number: int, tally: Tally) -> None:
    """Ask once; nine of ten without reranking."""
    request = {"question": QUESTION, "rerank": number % 10 == 0, "passages": 5}
    began = time.monotonic()
    try:
        response = httpx2.post(f"{address}/v1/ask", json=request, timeout=120)
    except httpx2.HTTPError as error:
        tally.failed.append(repr(error))
        return
    tally.seconds.append(time.monotonic() - began)
    if response.status_code != 200:
        tally.failed.append(f"{response.status_code} {response.text[:200]}")
        return
    answer = response.json()
    tally.seen[answer["receipt"]["snapshot"]] += 1
    check_whole(answer, tally)


def check_whole(answer: dict[str, object], tally: Tally) -> None:
    """Note an answer that quotes another edition than its snapshot holds, or a false checksum."""
    citations, receipt = answer["citations"], answer["receipt"]
    assert isinstance(citations, list)
    assert isinstance(receipt, dict)
    # A snapshot that was published a moment ago may answer before its publisher has said its id.
    deadline = time.monotonic() + 60
    while receipt["snapshot"] not in tally.editions and time.monotonic() < deadline:
        time.sleep(0.05)
    wanted = f"edition {tally.editions.get(str(receipt['snapshot']))} of the yearbook"
    whole = (
        bool(citations)
        and wanted in citations[0]["quote"]
        and all(sha256_of(c["quote"]) == c["quote_sha256"] for c in citations)
    )
    if not whole:
        tally.torn.append(json.dumps([receipt["snapshot"], answer["status"], citations])[:400])


def ask_while(publishing: threading.Thread | None, least: int, address: str, tally: Tally) -> int:
    """Ask from all clients, at least so often, and until the swap is done; return how often."""
    numbers = itertools.count()

    def client() -> int:
        asked = 0
        while (number := next(numbers)) < least or (publishing and publishing.is_alive()):
            ask(address, number, tally)
            asked += 1
        return asked

    with ThreadPoolExecutor(CLIENTS) as clients:
        running = [clients.submit(client) for _ in range(CLIENTS)]
        return sum(each.result() for each in running)


if __name__ == "__main__":
    sys.exit(main())
