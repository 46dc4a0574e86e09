"""How fast and how small: figures that are ratios, measured interleaved in one run.

`cold`: a whole `citewell ask` process beside `python -c "import sentence_transformers"`.
`ingest`: a fresh ingest beside the embedding of the same chunks by two one-thread sessions, one
text at a time; then the same ingest again, and again with one page of one document changed.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from corpus.sql_store import SqlStore
from index.embedders.onnx import OnnxEmbedder
from tests.service.command_line import CommandLine
from tests.studies.swaps import served

QUESTION = "Which ISCMs does the Almaty Process plan to cooperate with?"
BRIEFS = str(Path(__file__).parents[2] / "corpus" / "reports")
MIB = 1024 * 1024


def main() -> int:
    """Measure and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.studies.speed", description=__doc__)
    parser.add_argument("what", choices=["cold", "ingest", "serve"])
    parser.add_argument("paths", nargs="*", help="what to ingest; default: the briefs")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    paths = options.paths or [BRIEFS]
    with tempfile.TemporaryDirectory(prefix="citewell-speed-") as folder:
        if options.what == "cold":
            found = cold(Path(folder), paths, options.rounds)
        elif options.what == "ingest":
            found = ingest(Path(folder), paths, options.rounds)
        else:
            found = serving(Path(folder), paths)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0


def cold(folder: Path, paths: Sequence[str], rounds: int) -> dict[str, object]:
    """Return wall and CPU seconds of a cold question, of the help, and of the yardstick."""
    cli = CommandLine(folder / "home", {})
    cli.run("ingest", *paths)
    commands: dict[str, Callable[[], object]] = {
        "ask": lambda: cli.run("ask", QUESTION, "--json"),
        "help": lambda: cli.run("--help"),
        "import": lambda: subprocess.run(
            [sys.executable, "-c", "import sentence_transformers"], check=True
        ),
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            before, began = cpu_of_children(), time.monotonic()
            command()
            if number:  # the first round warms the file cache
                taken[name].append((time.monotonic() - began, cpu_of_children() - before))
    medians = {
        name: [round(statistics.median(column), 3) for column in zip(*times, strict=True)]
        for name, times in taken.items()
    }
    ratios = [a[0] / b[0] for a, b in zip(taken["ask"], taken["import"], strict=True)]
    return {
        "median_wall_and_cpu_s": medians,
        "ask_over_import_wall": round(statistics.median(ratios), 3),
        "lowest_and_highest": [round(min(ratios), 3), round(max(ratios), 3)],
    }


def ingest(folder: Path, paths: Sequence[str], rounds: int) -> dict[str, object]:
    """Return the times of a fresh ingest and of embedding alone, in turn, and of the next ones."""
    whole: list[float] = []
    alone: list[float] = []
    again: list[float] = []
    for number in range(rounds):
        cli = CommandLine(folder / f"home-{number}", {})
        whole.append(timed(cli, *paths))
        alone.append(embedding_alone(cli.home))
        again.append(timed(cli, *paths))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {
        "ingest_s": [round(s, 1) for s in whole],
        "embedding_alone_s": [round(s, 1) for s in alone],
        "ratio": round(statistics.median(w / a for w, a in zip(whole, alone, strict=True)), 3),
        "again_s": [round(s, 2) for s in again],
        "again_over_first": round(statistics.median(again) / statistics.median(whole), 4),
        "peak_mib_of_any_process": round(peak),
    }


def serving(folder: Path, paths: Sequence[str]) -> dict[str, object]:
    """Return the memory of a serving process after 50 questions, in MiB."""
    import httpx

    cli = CommandLine(folder / "home", {})
    cli.run("ingest", *paths)
    with served(cli) as address:
        times = []
        for number in range(50):
            began = time.monotonic()
            question = {"question": f"{QUESTION} {number}"}
            httpx.post(f"{address}/v1/ask", json=question, timeout=60).raise_for_status()
            times.append(time.monotonic() - began)
        server = next(
            child for child in psutil.Process().children() if "serve" in " ".join(child.cmdline())
        )
        memory = server.memory_info().rss / MIB
    return {"rss_mib": round(memory), "median_ask_ms": round(1000 * statistics.median(times))}


def timed(cli: CommandLine, *paths: str) -> float:
    """Return the seconds of one ingest; rejected files are no failure here."""
    began = time.monotonic()
    done = cli.run("ingest", *paths, code=None)
    assert done.code in (0, 3), done.err
    return time.monotonic() - began


def embedding_alone(home: Path) -> float:
    """Return the seconds that two one-thread sessions take for the texts of a home's chunks."""
    with SqlStore.open(f"sqlite:///{home / 'store.sqlite'}", read_only=True) as store:
        texts = list(dict.fromkeys(chunk.embedded_text for chunk in store.current_chunks()))
    sessions = [OnnxEmbedder(threads=1), OnnxEmbedder(threads=1)]
    for session in sessions:
        session.embed_documents(["warm"])

    def run(session: OnnxEmbedder, share: Sequence[str]) -> None:
        for text in share:
            session.embed_documents([text])

    threads = [
        threading.Thread(target=run, args=(session, texts[number::2]))
        for number, session in enumerate(sessions)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - began


def cpu_of_children() -> float:
    """Return the CPU seconds of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
