"""Real PDFs that are damaged: is it said wherever text is lost?

    python -m benchmarks.robustness.lost_text ../shared/data/reports [--files 300] [--seed 1]

Each file is one of the folder, drawn at random, in which some bytes are flipped, blocks are zeroed,
or its end or middle is cut out. It is read as an ingest reads it, without Tesseract, and its words
are counted beside those of the whole file. Loss is said if the file is rejected, `partial`, or has
a page with a worse grade than in the whole file, C or D. Prints one JSON object with the files that
lost more than 2 % of their words unsaid, and the whole files of which something is said; exit 1 if
there are any of the first.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.errors import ReadError
from corpus.ids import doc_id_of, sha256_of
from ingest.chunking.chunking import ChunkingSettings
from ingest.pipeline.isolating import ReadingWorkers, ReadRequest
from ingest.readers.document.reader import Reading
from ingest.workers.limited_workers import WorkerLimits
from tests.ingest.samples import tokenizer_json

LOSS = 0.02
DOUBTFUL = frozenset("CD")
_MOST_BYTES = 1_000_000  # of a file that is damaged: large ones take long
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Trial:
    """One damaged file: what was done to it, the share of words lost, and what was said."""

    name: str
    damage: str
    lost: float
    said: str | None


def flipped(rng: random.Random, content: bytes) -> bytes:
    """Return content with one to twenty bytes replaced."""
    changed = bytearray(content)
    for _ in range(rng.choice((1, 3, 20))):
        changed[rng.randrange(len(changed))] ^= rng.randrange(1, 256)
    return bytes(changed)


def zeroed(rng: random.Random, content: bytes) -> bytes:
    """Return content with one to three blocks of a disk zeroed."""
    changed = bytearray(content)
    for _ in range(rng.choice((1, 2, 3))):
        size = rng.choice((512, _BLOCK))
        start = rng.randrange(len(changed)) // size * size
        end = min(start + size, len(changed))
        changed[start:end] = bytes(end - start)
    return bytes(changed)


def cut(rng: random.Random, content: bytes) -> bytes:
    """Return content without its end, or without a piece of its middle."""
    place = rng.randrange(len(content))
    if rng.random() < 0.5:
        return content[:place]
    return content[:place] + content[place + rng.choice((1, 100, _BLOCK)) :]


DAMAGES: dict[str, Callable[[random.Random, bytes], bytes]] = {
    "flipped": flipped,
    "zeroed": zeroed,
    "cut": cut,
}


class Files:
    """Reads the files of a folder in a worker process, whole and damaged."""

    def __init__(self, workers: ReadingWorkers) -> None:
        self._workers = workers
        self.whole = cache(self._whole)

    def read(self, content: bytes) -> Reading:
        """Return what is read of a PDF. Raises: ReadError."""
        doc_id = doc_id_of(sha256_of(content))
        request = ReadRequest(doc_id, "report.pdf", content, ocr="off")
        return self._workers.submit(request).result().reading

    def _whole(self, path: Path) -> Reading:
        return self.read(path.read_bytes())

    def trial(self, path: Path, kind: str, content: bytes) -> Trial:
        """Read a damaged file and return what it lost, and what is said of that."""
        whole = self.whole(path)
        try:
            found = self.read(content)
        except ReadError:
            return Trial(path.name, kind, 1.0, "rejected")
        words = words_of(whole)
        lost = 1 - (words & words_of(found)).total() / max(1, words.total())
        return Trial(path.name, kind, lost, said_of(found, whole))


def words_of(reading: Reading) -> Counter[str]:
    """Return the words of all pages, counted."""
    return Counter(word for page in reading.pages for word in page.text.split())


def said_of(reading: Reading, whole: Reading) -> str | None:
    """Return what is said of a loss; None if nothing is."""
    if reading.partial:
        return "partial"
    before = {page.number: page.quality.grade for page in whole.pages}
    fallen = (
        page.quality.grade in DOUBTFUL and page.quality.grade > before.get(page.number, "A")
        for page in reading.pages
    )
    return "grade" if any(fallen) else None


def damaged_files(
    paths: list[Path], files: int, rng: random.Random
) -> Iterator[tuple[Path, str, bytes]]:
    """Yield damaged files, each with its original and what was done to it."""
    for _ in range(files):
        path, kind = rng.choice(paths), rng.choice(list(DAMAGES))
        yield path, kind, DAMAGES[kind](rng, path.read_bytes())


def study(folder: Path, files: int, seed: int) -> dict[str, object]:
    """Damage so many files of a folder; return how many lost words, said and unsaid."""
    began, limits = time.monotonic(), WorkerLimits(60, 2 * 1024**3, 1)
    reports = sorted(folder.glob("*.pdf"))
    small = [path for path in reports if path.stat().st_size <= _MOST_BYTES]
    with ReadingWorkers(ChunkingSettings(), tokenizer_json(), limits) as workers:
        reader = Files(workers)
        said_of_whole = {p.name: found for p in reports if (found := reader.whole(p).partial)}
        doubted = sum(
            page.quality.grade in DOUBTFUL for p in reports for page in reader.whole(p).pages
        )
        text = [path for path in small if words_of(reader.whole(path)).total() > 50]
        rng = random.Random(seed)
        trials = [reader.trial(*each) for each in damaged_files(text, files, rng)]
    lossy = [each for each in trials if each.lost > LOSS]
    unsaid = [each for each in lossy if each.said is None]
    return {
        "files": len(trials),
        "originals": len(text),
        "seed": seed,
        "read whole": sum(each.lost <= LOSS for each in trials),
        "of these doubted": sum(each.lost <= LOSS and each.said is not None for each in trials),
        "lost and said": dict(Counter(str(each.said) for each in lossy if each.said)),
        "lost unsaid": [[t.name, t.damage, round(t.lost, 3)] for t in unsaid],
        "whole files doubted": said_of_whole,
        "whole pages doubted": doubted,
        "seconds": round(time.monotonic() - began, 1),
    }


def main() -> int:
    """Run the study."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.robustness.lost_text")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    found = study(given.folder, given.files, given.seed)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return int(bool(found["lost unsaid"]))


if __name__ == "__main__":
    sys.exit(main())
