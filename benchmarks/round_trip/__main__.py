"""How well pages of known text are read back.

Documents are made from seeds: one to three columns, running headers and footers, printed labels and
trees of labels, notes, words broken at line ends, tables, lists, rotated, sideways and cropped
pages, fonts with ligatures, text from right to left. Each is read and chunked as an ingest does.

    python -m benchmarks.round_trip --pages 200 --seed 1
"""

import argparse
import json
import sys
from pathlib import Path

from benchmarks.round_trip.made_document import made_documents
from benchmarks.round_trip.reading_back import read_back, summed

LIMITS = {"order_error": 0.005, "labels": 1.0, "running_left_out": 0.99, "hyphens_joined": 0.98}


def main() -> int:
    """Run the study and print what was found; exit 1 if a limit was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.round_trip", description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder that the PDFs are written to")
    parser.add_argument("--faults", action="store_true", help="also print what differs")
    options = parser.parse_args()
    found = []
    for document in made_documents(options.pages, options.seed):
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            (options.keep / f"{document.seed}.pdf").write_bytes(document.content)
        found.append(read_back(document))
        if options.faults:
            for fault in found[-1].faults:
                sys.stderr.write(f"{document.seed} {fault}\n")
    figures = summed(found)
    figures["seed"] = options.seed
    sys.stdout.write(json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
    missed = figures["order_error"] > LIMITS["order_error"] or any(
        figures[name] < least for name, least in LIMITS.items() if name != "order_error"
    )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
