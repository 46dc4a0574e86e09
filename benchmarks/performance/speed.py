"""One part of `citewell eval speed` at a time: cold starts, ingest, or serving."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from eval.speed.speed import SpeedRequest, measure_cold, measure_ingest, measure_serving
from eval.speed.speed_process import citewell
from service.settings.environment import read_settings

QUESTION = "Which ISCMs does the Almaty Process plan to cooperate with?"
BRIEFS = Path(__file__).parents[2] / "corpus" / "reports"


def main() -> int:
    """Measure and print what was found."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.performance.speed", description=__doc__
    )
    parser.add_argument("what", choices=["cold", "ingest", "serve"])
    parser.add_argument("paths", nargs="*", type=Path, help="what to ingest; default: the briefs")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    sources = tuple(options.paths or [BRIEFS])
    request = SpeedRequest((QUESTION,), sources, options.rounds, requests=50, concurrency=(1,))
    settings = read_settings()
    with tempfile.TemporaryDirectory(prefix="citewell-speed-") as folder:
        home = Path(folder) / "home"
        if options.what == "ingest":
            found = measure_ingest(request, settings, Path(folder), lambda *_: None)
        else:
            citewell(home, "ingest", *map(str, sources))
            if options.what == "cold":
                found = measure_cold(request, home, lambda *_: None)
            else:
                found = measure_serving(request, settings, home, lambda *_: None)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
