"""How much longer a page takes that is drawn in a worker process than one drawn in this process.

    python -m benchmarks.performance.drawing [FOLDER] [--pages 60]

Draws pages of the PDFs of a folder both ways, in turn, and prints the median of each and the median
of the pages' ratios; also what the workers' memory comes to.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from ingest.pages.drawing import DrawingWorkers
from ingest.pages.marking import Marks
from ingest.pages.rendering import render_page

MARKS = Marks(((0, 40),))


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/data/reports"))
    parser.add_argument("--pages", type=int, default=60)
    options = parser.parse_args()
    files = sorted(options.folder.glob("**/*.pdf"))
    if not files:
        raise SystemExit(f"No PDF in {options.folder}; name a folder that holds some.")
    contents = [files[n % len(files)].read_bytes() for n in range(options.pages)]
    sys.stdout.write(json.dumps(study(contents), indent=2) + "\n")


def study(contents: list[bytes]) -> dict[str, float]:
    """Return the figures of the first page of each file."""
    with DrawingWorkers() as workers:
        for content in contents[:2]:
            workers.image(content, 1, MARKS)
        here: list[float] = []
        there: list[float] = []
        for content in contents:
            here.append(_seconds(render_page, content))
            there.append(_seconds(workers.image, content))
        ratios = [b / a for a, b in zip(here, there, strict=True)]
        children = psutil.Process().children(recursive=True)
        memory = [child.memory_info().rss for child in children if _is_worker(child)]
    return {
        "pages": len(contents),
        "this_process_ms": 1000 * statistics.median(here),
        "worker_ms": 1000 * statistics.median(there),
        "ratio": statistics.median(ratios),
        "sum_ratio": sum(there) / sum(here),
        "worker_mib": statistics.mean(memory) / 1024**2,
    }


def _seconds(draw: Callable[[bytes, int, Marks], bytes], content: bytes) -> float:
    started = time.perf_counter()
    draw(content, 1, MARKS)
    return time.perf_counter() - started


def _is_worker(child: psutil.Process) -> bool:
    return "spawn_main" in " ".join(child.cmdline())


if __name__ == "__main__":
    main()
