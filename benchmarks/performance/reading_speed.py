"""How fast PDFs are read, beside PDFium's bare text of the same pages.

Each round reads every file in both ways, one after the other, in this process; the ratio is that of
processor times. Pages are not read from their image, for that is Tesseract's time. The process
collects garbage as a worker that reads files does.

    python -m benchmarks.performance.reading_speed ../shared/data/reports --rounds 3
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2 as pdfium

from ingest.readers.pdf.pdf import PdfReader
from ingest.workers.garbage_collection import collect_seldom


def main() -> int:
    """Run the study and print what was found; exit 1 if reading is slower than half as fast."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.performance.reading_speed", description=__doc__
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    contents = [path.read_bytes() for path in sorted(options.folder.glob("*.pdf"))]
    collect_seldom()
    ratios, bare, read = [], [], []
    for _ in range(options.rounds):
        bare.append(_seconds(_bare_text, contents))
        read.append(_seconds(_reading, contents))
        ratios.append(bare[-1] / read[-1])
    found = {
        "files": len(contents),
        "rounds": options.rounds,
        "bare_text_s": round(statistics.median(bare), 2),
        "reading_s": round(statistics.median(read), 2),
        "ratio": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
    }
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0 if statistics.median(ratios) >= 0.5 else 1


def _seconds(act: Callable[[bytes], object], contents: Sequence[bytes]) -> float:
    """Return the processor time of this process, which load from others hardly changes."""
    began = time.process_time()
    for content in contents:
        act(content)
    return time.process_time() - began


def _bare_text(content: bytes) -> int:
    document = pdfium.PdfDocument(content)
    letters = 0
    for page in document:
        textpage = page.get_textpage()
        letters += len(textpage.get_text_range())
        textpage.close()
        page.close()
    document.close()
    return letters


def _reading(content: bytes) -> int:
    return len(PdfReader(ocr="off").read(content).pages)


if __name__ == "__main__":
    sys.exit(main())
