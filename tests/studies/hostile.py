"""Does any damaged or hostile file harm more than itself?

Files of every format are mutated (cut, bytes flipped, spliced) or made to be hostile (bombs, pages
of 14,400 points, deep nesting, entities that read files, names that lead outside, objects that
contain themselves), and read in the worker processes that an ingest uses, under its limits. The
process must stay up, no file may take longer than the limit, and each rejected file has a reason.

    python -m tests.studies.hostile --files 10000 --seed 1
"""

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ReadError
from corpus.ids import doc_id_of, sha256_of
from ingest.chunking import ChunkingSettings
from ingest.isolating import ReadingLimits, ReadingWorkers, ReadRequest
from ingest.unpacking import UnpackingLimits, is_archive, is_container
from tests.ingest.samples import tokenizer_json
from tests.studies.hostile_files import Hostile, hostile_files

GRACE_S = 5.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one file: read, or rejected with a reason; and how long it took."""

    file: Hostile
    reason: str | None
    seconds: float


def main() -> int:
    """Run the study and print what was found; exit 1 if a file did harm."""
    parser = argparse.ArgumentParser(prog="python -m tests.studies.hostile", description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--timeout-s", type=float, default=20)
    parser.add_argument("--memory-mb", type=int, default=1024)
    options = parser.parse_args()
    limits = ReadingLimits(options.timeout_s, options.memory_mb * 1024**2, 1)
    found = study(options.files, options.seed, limits)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0 if not found["harm"] else 1


def study(files: int, seed: int, limits: ReadingLimits) -> dict[str, object]:
    """Return how many files were read and rejected, by kind, and those that did harm."""
    began = time.monotonic()
    verdicts = list(_verdicts(hostile_files(files, random.Random(seed)), limits))
    harm = [
        {"kind": v.file.kind, "name": v.file.name, "seconds": round(v.seconds, 1)}
        for v in verdicts
        if v.seconds > limits.timeout_s + GRACE_S or v.reason == ""
    ]
    rejected = [v for v in verdicts if v.reason is not None]
    died = sum("process died" in (v.reason or "") for v in rejected)
    return {
        "files": len(verdicts),
        "seed": seed,
        "read": len(verdicts) - len(rejected),
        "rejected": len(rejected),
        "rejected_by_kind": dict(Counter(v.file.kind for v in rejected).most_common()),
        "files_by_kind": dict(Counter(v.file.kind for v in verdicts).most_common()),
        "process_died": died,
        "timed_out": sum("longer than the limit" in (v.reason or "") for v in rejected),
        "out_of_memory": sum("more memory" in (v.reason or "") for v in rejected),
        "unforeseen": dict(
            Counter(
                (v.reason or "").partition("(")[2][:80]
                for v in rejected
                if "could not be read (" in (v.reason or "")
            )
        ),
        "slow": [
            [v.file.kind, v.file.name, round(v.seconds, 1)]
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


def _verdicts(files: Iterator[Hostile], limits: ReadingLimits) -> Iterator[Verdict]:
    with (
        tempfile.TemporaryDirectory(prefix="citewell-hostile-") as folder,
        ReadingWorkers(ChunkingSettings(), tokenizer_json(), limits) as workers,
    ):
        outside = Path(folder) / "outside"
        inside = outside / "inside"
        inside.mkdir(parents=True)
        for number, file in enumerate(files, start=1):
            started = time.monotonic()
            try:
                _read(file, workers, inside)
                reason = None
            except ReadError as error:
                reason = str(error)
            yield Verdict(file, reason, time.monotonic() - started)
            if [path.name for path in outside.iterdir()] != ["inside"]:
                raise RuntimeError(f"{file.kind} wrote outside its folder")
            for path in inside.iterdir():
                path.unlink()
            if number % 500 == 0:
                sys.stderr.write(f"{number} files\n")


def _read(file: Hostile, workers: ReadingWorkers, folder: Path) -> None:
    """Read a file, or unpack it and read what is inside. Raises: ReadError."""
    if is_container(file.name):
        members = workers.unpack(file.content, file.name, folder, UnpackingLimits())
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
