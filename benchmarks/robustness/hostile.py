"""Does any damaged or hostile file harm more than itself?

Files of every format are mutated (cut, bytes flipped, spliced) or made to be hostile (bombs, pages
of 14,400 points, deep nesting, entities that read files, names that lead outside, objects that
contain themselves), and read in the worker processes that an ingest uses, under its limits. The
process must stay up, no file may take longer than the limit, and each rejected file has a reason.

    python -m benchmarks.robustness.hostile --files 10000 --seed 1 --kept verdicts.jsonl

With `--kept` each verdict is kept in a file: a run that was stopped goes on behind the last one.
Two files are read side by side, each in a process of its own.
"""

import argparse
import contextlib
import itertools
import json
import queue
import random
import resource
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.robustness.hostile_files import Hostile, hostile_files
from corpus.errors import ReadError
from corpus.ids import doc_id_of, sha256_of
from ingest.chunking.chunking import ChunkingSettings
from ingest.pipeline.isolating import ReadingWorkers, ReadRequest
from ingest.sources.unpacking import UnpackingLimits, is_archive, is_container
from ingest.workers.limited_workers import WorkerLimits
from tests.ingest.samples import tokenizer_json

GRACE_S = 5.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How many files, made from which seed, read by how many processes; where verdicts are kept."""

    files: int
    seed: int
    workers: int = 2
    kept: Path | None = None
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one file: read, or rejected with a reason; and how long it took."""

    kind: str
    name: str
    reason: str | None
    seconds: float


def main() -> int:
    """Run the study and print what was found; exit 1 if a file did harm."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness.hostile", description=__doc__
    )
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--timeout-s", type=float, default=20)
    parser.add_argument("--memory-mb", type=int, default=1024)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kept", type=Path, help="Keep verdicts here, and go on from there.")
    parser.add_argument("--minutes", type=float, help="Stop after so long, with what is done.")
    options = parser.parse_args()
    limits = WorkerLimits(options.timeout_s, options.memory_mb * 1024**2, 1)
    plan = Plan(options.files, options.seed, options.workers, options.kept, options.minutes)
    found = study(plan, limits)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0 if not found["harm"] else 1


def study(plan: Plan, limits: WorkerLimits) -> dict[str, object]:
    """Return how many files were read and rejected, by kind, and those that did harm."""
    began = time.monotonic()
    verdicts = list(_kept_and_new(plan, limits))
    harm = [
        {"kind": v.kind, "name": v.name, "seconds": round(v.seconds, 1)}
        for v in verdicts
        if v.seconds > limits.timeout_s + GRACE_S or v.reason == ""
    ]
    rejected = [v for v in verdicts if v.reason is not None]
    died = sum("process died" in (v.reason or "") for v in rejected)
    return {
        "files": len(verdicts),
        "seed": plan.seed,
        "read": len(verdicts) - len(rejected),
        "rejected": len(rejected),
        "rejected_by_kind": dict(Counter(v.kind for v in rejected).most_common()),
        "files_by_kind": dict(Counter(v.kind for v in verdicts).most_common()),
        "process_died": died,
        "timed_out": sum("longer than the limit" in (v.reason or "") for v in rejected),
        "out_of_memory": sum("more memory" in (v.reason or "") for v in rejected),
        "unforeseen": dict(
            Counter(
                (v.reason or "").partition("(")[2][:40]
                for v in rejected
                if "could not be read (" in (v.reason or "")
            )
        ),
        "slow": [
            [v.kind, v.name, round(v.seconds, 1)]
            for v in verdicts
            if v.seconds > limits.timeout_s / 2
        ],
        "slowest_s": round(max((v.seconds for v in verdicts), default=0.0), 1),
        "largest_process_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        "memory_limit_mb": limits.memory_bytes // 1024**2,
        "timeout_s": limits.timeout_s,
        "seconds": round(time.monotonic() - began, 1),
        "harm": harm,
    }


def _kept_and_new(plan: Plan, limits: WorkerLimits) -> Iterator[Verdict]:
    """Yield the verdicts of an earlier run, then those of the files that follow."""
    kept = _kept(plan.kept)
    yield from kept
    files = hostile_files(plan.files, random.Random(plan.seed))
    left = itertools.islice(files, len(kept), None)
    ends = time.monotonic() + 60 * plan.minutes if plan.minutes else None
    with ThreadPoolExecutor(plan.workers) as pool, contextlib.ExitStack() as stack:
        readers: queue.SimpleQueue[_Reader] = queue.SimpleQueue()
        for _ in range(plan.workers):
            readers.put(stack.enter_context(_Reader(limits)))
        ahead: deque[Future[Verdict]] = deque()
        for number, file in enumerate(left, start=len(kept) + 1):
            ahead.append(pool.submit(_verdict, file, readers))
            if len(ahead) > plan.workers:
                yield _keep(ahead.popleft().result(), plan.kept)
            if number % 500 == 0:
                sys.stderr.write(f"{number} files\n")
            if ends is not None and time.monotonic() > ends:
                break
        for future in ahead:
            yield _keep(future.result(), plan.kept)


def _kept(file: Path | None) -> list[Verdict]:
    if file is None or not file.exists():
        return []
    return [Verdict(**json.loads(line)) for line in file.read_text("utf-8").splitlines()]


def _keep(verdict: Verdict, file: Path | None) -> Verdict:
    if file is not None:
        with file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(asdict(verdict)) + "\n")
    return verdict


class _Reader:
    """A worker process."""

    def __init__(self, limits: WorkerLimits) -> None:
        self._workers = ReadingWorkers(ChunkingSettings(), tokenizer_json(), limits)

    def verdict(self, file: Hostile) -> Verdict:
        """Read a file."""
        started = time.monotonic()
        try:
            _read(file, self._workers)
            reason = None
        except ReadError as error:
            reason = str(error)
        seconds = time.monotonic() - started
        return Verdict(file.kind, file.name, reason, seconds)

    def __enter__(self) -> Self:
        self._workers.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._workers.__exit__(kind, error, traceback)


def _verdict(file: Hostile, readers: queue.SimpleQueue[_Reader]) -> Verdict:
    reader = readers.get()
    try:
        return reader.verdict(file)
    finally:
        readers.put(reader)


def _read(file: Hostile, workers: ReadingWorkers) -> None:
    """Read a file, or unpack it and read what is inside. Raises: ReadError."""
    if is_container(file.name):
        with workers.unpacked(file.content, file.name, UnpackingLimits()) as members:
            for member in members:
                if member.path is not None and not is_container(member.name):
                    content = member.path.read_bytes()
                    doc_id = doc_id_of(sha256_of(content))
                    workers.submit(ReadRequest(doc_id, member.name, content)).result()
        if is_archive(file.name):
            return
    doc_id = doc_id_of(sha256_of(file.content))
    workers.submit(ReadRequest(doc_id, file.name, file.content)).result()


if __name__ == "__main__":
    sys.exit(main())
