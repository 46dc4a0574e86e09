"""Is what is yellow on the picture of a page the quote, and nothing else?

Sentences are drawn at random from the pages of PDFs and marked as a citation is. On the picture, at
two pixels a point, a word counts as marked where most of the paper in its box is yellow; the boxes
are pdfminer's. A sentence counts where both engines have its words in a row, once on the page;
pages that are turned, cropped or read from their image are passed over.

    python -m benchmarks.fidelity.marked_pixels corpus/reports ../shared/data/reports --quotes 200
"""

import argparse
import io
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from PIL import Image

from benchmarks.fidelity.highlights import Box, Counted, only_place, summed, words_on_page
from ingest.pages.marking import Marks
from ingest.pages.rendering import render_page
from ingest.readers.pdf.pdf import PdfReader
from ingest.text.sentences import sentence_spans

SCALE = 2.0  # pixels a point
LEAST_COVERED, MOST_FOREIGN = 0.98, 0.02
_FEWEST_WORDS, _MOST_WORDS = 5, 60
_TRIES = 10  # for each quote that is wanted

Pixels = npt.NDArray[np.uint8]


def main() -> int:
    """Run the study and print what was found; exit 1 if a limit was missed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fidelity.marked_pixels",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--quotes", type=int, default=200)
    parser.add_argument("--reports", type=int, default=10, help="Files of each folder, at most.")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    paths = []
    for folder in options.folders:
        held = sorted(folder.glob("*.pdf"))
        paths += rng.sample(held, min(options.reports, len(held)))
    marked = study(paths, options.quotes, rng)
    found = summed(marked)
    shown = {"files": len(paths), "quotes": len(marked), **asdict(found)}
    sys.stdout.write(json.dumps(shown, ensure_ascii=False, indent=1) + "\n")
    return 0 if found.covered >= LEAST_COVERED and found.foreign <= MOST_FOREIGN else 1


def study(paths: Sequence[Path], quotes: int, rng: random.Random) -> list[Counted]:
    """Return what was seen of so many quotes, the same number of each file as far as it goes."""
    found: list[Counted] = []
    share = -(-quotes // max(1, len(paths)))
    for path in paths:
        content = path.read_bytes()
        pages = PdfReader().read(content).pages
        seen: list[Counted] = []
        for _ in range(_TRIES * share):
            page = rng.choice(pages)
            if page.quality.source != "layer" or not _is_plain(content, page.number):
                continue
            spans = [
                span
                for span in sentence_spans(page.text)
                if _FEWEST_WORDS <= len(page.text[slice(*span)].split()) <= _MOST_WORDS
            ]
            if not spans:
                continue
            start, end = rng.choice(spans)
            quote = page.text[start:end]
            words = list(words_on_page(path, page.number - 1))
            at = only_place([text for text, _ in words], quote.split())
            if at is None or page.text.count(quote) != 1:
                continue
            marks = Marks(((start, end),), page.quality.source, page.text)
            pixels = _pixels(render_page(content, page.number, marks, scale=SCALE))
            yellow = [_is_yellow(pixels, box) for _, box in words]
            mine = sum(yellow[at : at + len(quote.split())])
            where = f"{path.name} p{page.number} {quote[:60]!r}"
            seen.append(Counted(len(quote.split()), mine, sum(yellow) - mine, where))
            if len(seen) == share:
                break
        found += seen
    return found[:quotes]


def _is_plain(content: bytes, number: int) -> bool:
    """Return whether the page is neither turned nor cropped."""
    document = pdfium.PdfDocument(content)
    try:
        page = document[number - 1]
        media, crop = page.get_mediabox(), page.get_cropbox()
        return not page.get_rotation() and media == crop and media[:2] == (0, 0)
    finally:
        document.close()


def _pixels(png: bytes) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def _is_yellow(pixels: Pixels, box: Box) -> bool:
    """Return whether most of the paper in a box is yellow; the ink of its letters is left out."""
    height = pixels.shape[0]
    left, right = round(box[0] * SCALE), max(round(box[2] * SCALE), round(box[0] * SCALE) + 1)
    top, bottom = height - round(box[3] * SCALE), height - round(box[1] * SCALE)
    cut = (bottom - top) // 4  # boxes of lines touch: the middle is looked at
    part = pixels[max(0, top + cut) : max(1, bottom - cut), max(0, left) : right].reshape(-1, 3)
    paper = part[part[:, 0] > 200].astype(int)
    if not len(paper):
        return False
    return bool(np.mean(paper[:, 0] - paper[:, 2] > 60) > 0.5)


if __name__ == "__main__":
    sys.exit(main())
