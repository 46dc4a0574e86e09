"""How much sooner a folder is read by two worker processes than by one.

Each round ingests the files into a new store with each number of workers in turn, without
embedding: `whole` is the time on the clock of that, the start of the processes and the loading of
their word lists included. `reading` is the same without the store, by processes that have read a
file before. Pages are not read from their image, for that is Tesseract's time.

    python -m benchmarks.performance.reading_workers ../shared/data/reports --rounds 3
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from corpus.ids import doc_id_of, sha256_of
from corpus.stores.sql_store import SqlStore
from ingest.chunking.chunking import ChunkingSettings
from ingest.pipeline.ingesting import ingest
from ingest.pipeline.isolating import ReadingWorkers, ReadRequest
from ingest.pipeline.settings import IngestSettings
from ingest.sources.listing import find_sources
from ingest.workers.limited_workers import WorkerLimits
from tests.ingest.samples import WINDOW_TOKENS, tokenizer_json

LEAST = 1.7


def main() -> int:
    """Run the study and print what was found; exit 1 if two workers gain less than asked."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.performance.reading_workers", description=__doc__
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    contents = [(path.name, path.read_bytes()) for path in sorted(options.folder.glob("*.pdf"))]
    found: dict[str, object] = {"files": len(contents), "rounds": options.rounds}
    took: dict[str, list[list[float]]] = {"whole": [], "reading": []}
    for _ in range(options.rounds):
        took["whole"].append([_whole(options.folder, workers) for workers in (1, 2)])
        took["reading"].append([_reading(contents, workers) for workers in (1, 2)])
    for what, rounds in took.items():
        ratios = [one / two for one, two in rounds]
        found[what] = {
            "one_worker_s": _rounded([one for one, _ in rounds]),
            "two_workers_s": _rounded([two for _, two in rounds]),
            "ratio": round(statistics.median(ratios), 2),
        }
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    ratio = statistics.median(one / two for one, two in took["reading"])
    return 0 if ratio >= LEAST else 1


def _whole(folder: Path, workers: int) -> float:
    with tempfile.TemporaryDirectory() as home:
        began = time.monotonic()
        with SqlStore.open(f"sqlite:///{home}/store.sqlite") as store:
            settings = IngestSettings(workers=workers, ocr="off")
            outcomes = ingest(
                find_sources([folder]),
                store,
                settings,
                tokenizer_json=tokenizer_json(),
                window_tokens=WINDOW_TOKENS,
            )
            rejected = sum(outcome.status == "rejected" for outcome in outcomes)
        if rejected:
            sys.stderr.write(f"{rejected} files could not be read\n")
        return time.monotonic() - began


def _reading(contents: Sequence[tuple[str, bytes]], workers: int) -> float:
    chunking = replace(ChunkingSettings(), window_tokens=WINDOW_TOKENS)
    limits = WorkerLimits(workers=workers)
    with ReadingWorkers(chunking, tokenizer_json(), limits) as readers:
        largest = max(contents, key=lambda file: len(file[1]))
        for pending in [readers.submit(_request(*largest)) for _ in range(workers)]:
            pending.result()  # both are busy at once, so each has loaded what it needs
        began = time.monotonic()
        for pending in [readers.submit(_request(*file)) for file in contents]:
            pending.result()
        return time.monotonic() - began


def _request(name: str, content: bytes) -> ReadRequest:
    return ReadRequest(doc_id_of(sha256_of(content)), name, content, ocr="off")


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(value, 2) for value in values]


if __name__ == "__main__":
    sys.exit(main())
