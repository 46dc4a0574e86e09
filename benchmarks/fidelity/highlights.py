"""Do the boxes of a quote cover its words, and no others?

Spans of 5 to 30 words are drawn at random from the page texts of a folder's PDFs. Their boxes, from
PDFium's character indexes as the marks on a page image are, are compared with the boxes of words
that pdfminer finds. A span counts where both engines have its words in a row, once on the page;
pages read from their image, or shown turned, are passed over.

    python -m benchmarks.fidelity.highlights ../shared/data/reports --spans 500 --seed 1
"""

import argparse
import io
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import pypdfium2 as pdfium
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTAnno, LTChar, LTComponent, LTContainer, LTTextLine
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser

from ingest.readers.pdf.page import PageText, page_text

_FEWEST_WORDS, _MOST_WORDS = 5, 30
_GAP = 1.5  # points

Box = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True, slots=True)
class Counted:
    """One span: its words, those covered, and the words of others covered."""

    words: int
    covered: int
    foreign: int
    where: str


@dataclass(frozen=True, slots=True)
class Summed:
    """All words; the shares of them that are covered, and foreign; the worst that was counted."""

    words: int
    covered: float
    foreign: float
    worst: list[tuple[str, int, int, int]]


def main() -> int:
    """Run the study and print what was found; exit 1 if a limit was missed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fidelity.highlights", description=__doc__
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--spans", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counted = study(sorted(options.folder.glob("*.pdf")), options.spans, options.seed)
    found = summed(counted)
    sys.stdout.write(
        json.dumps(
            {"spans": len(counted), "seed": options.seed, **asdict(found)},
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )
    return 0 if found.covered >= 0.99 and found.foreign <= 0.02 else 1


def summed(counted: Sequence[Counted]) -> Summed:
    """Return the shares of all the words, and the first forty that are not as they should be."""
    words = max(1, sum(each.words for each in counted))
    return Summed(
        words,
        sum(each.covered for each in counted) / words,
        sum(each.foreign for each in counted) / words,
        [
            (each.where, each.words, each.covered, each.foreign)
            for each in counted
            if each.covered < each.words or each.foreign
        ][:40],
    )


def study(paths: Sequence[Path], spans: int, seed: int) -> list[Counted]:
    """Return what was counted of so many spans, or of fewer where five times as many allow none."""
    rng = random.Random(seed)
    pages = [(path, index) for path in paths for index in range(_pages(path))]
    counted: list[Counted] = []
    tried = 0
    while len(counted) < spans and tried < 5 * spans:
        # Drawn a batch at a time, so that a file is opened once for all of its pages.
        for path, index in sorted(rng.choices(pages, k=spans - len(counted))):
            tried += 1
            one = _span(path, index, rng)
            if one is not None:
                counted.append(one)
    return counted


def _pages(path: Path) -> int:
    document = pdfium.PdfDocument(path)
    try:
        return len(document)
    finally:
        document.close()


def _span(path: Path, index: int, rng: random.Random) -> Counted | None:
    """Return one span of a page, None where the page or the engines do not allow one."""
    document = pdfium.PdfDocument(path)
    try:
        page = document[index]
        if page.get_rotation():
            return None
        textpage = page.get_textpage()
        found = page_text(page, textpage)
        drawn = _drawn(found, rng)
        if drawn is None or found.layer:
            return None
        start, end = drawn
        boxes = list(_boxes(found, textpage, start, end))
        others = list(words_on_page(path, index))
    finally:
        document.close()
    wanted = found.text[start:end].split()
    at = only_place([text for text, _ in others], wanted)
    if at is None or found.text.count(found.text[start:end]) != 1:
        return None
    inside = [_is_inside(box, boxes) for _, box in others]
    mine = inside[at : at + len(wanted)]
    where = f"{path.name} p{index + 1} {found.text[start:end][:60]!r}"
    return Counted(len(wanted), sum(mine), sum(inside) - sum(mine), where)


def _drawn(found: PageText, rng: random.Random) -> tuple[int, int] | None:
    """Return a random range of whole words, of one to three lines."""
    starts = [
        at
        for at in range(len(found.text))
        if not found.text[at].isspace() and (at == 0 or found.text[at - 1].isspace())
    ]
    number = rng.randint(_FEWEST_WORDS, _MOST_WORDS)
    if len(starts) < number:
        return None
    first = rng.randrange(len(starts) - number + 1)
    last = starts[first + number - 1]
    end = last + len(found.text[last:].split(maxsplit=1)[0])
    return starts[first], end


def _boxes(found: PageText, textpage: pdfium.PdfTextPage, start: int, end: int) -> Iterator[Box]:
    for first, last in found.characters(start, end):
        for index in range(textpage.count_rects(first, last - first)):
            yield textpage.get_rect(index)


def words_on_page(path: Path, index: int) -> Iterator[tuple[str, Box]]:
    """Yield pdfminer's words of a page with their boxes, in the page's own coordinates."""
    resources, pages = _opened(path)
    device = PDFPageAggregator(resources, laparams=LAParams(boxes_flow=None))
    page = pages[index]
    PDFPageInterpreter(resources, device).process_page(page)
    left, bottom = page.mediabox[:2]
    for line in _lines(device.get_result()):
        for text, box in _words_of(line):
            yield text, (box[0] + left, box[1] + bottom, box[2] + left, box[3] + bottom)


@lru_cache(maxsize=2)
def _opened(path: Path) -> tuple[PDFResourceManager, list[PDFPage]]:
    document = PDFDocument(PDFParser(io.BytesIO(path.read_bytes())))
    return PDFResourceManager(), list(PDFPage.create_pages(document))


def _lines(item: LTComponent) -> Iterator[LTTextLine]:
    if isinstance(item, LTTextLine):
        yield item
    elif isinstance(item, LTContainer):
        for inner in item:
            yield from _lines(inner)


def _words_of(line: LTTextLine) -> Iterator[tuple[str, Box]]:
    held: list[LTChar] = []
    for item in [*line, LTAnno(" ")]:
        if isinstance(item, LTChar) and not item.get_text().isspace():
            held.append(item)
        elif held:
            yield (
                "".join(each.get_text() for each in held),
                (
                    min(each.x0 for each in held),
                    min(each.y0 for each in held),
                    max(each.x1 for each in held),
                    max(each.y1 for each in held),
                ),
            )
            held = []


def only_place(words: Sequence[str], wanted: Sequence[str]) -> int | None:
    places = [
        at
        for at in range(len(words) - len(wanted) + 1)
        if words[at] == wanted[0] and list(words[at : at + len(wanted)]) == list(wanted)
    ]
    return places[0] if len(places) == 1 else None


def _is_inside(box: Box, boxes: Sequence[Box]) -> bool:
    """Tell whether the middle half of a word's width lies in boxes of its line.

    PDFium's boxes are of the ink, so those of a hyphen are low, and small gaps part them.
    """
    quarter = (box[2] - box[0]) / 4
    level = [each for each in boxes if box[1] <= (each[1] + each[3]) / 2 <= box[3]]
    return all(
        any(each[0] - _GAP <= x <= each[2] + _GAP for each in level)
        for x in (box[0] + quarter, (box[0] + box[2]) / 2, box[2] - quarter)
    )


if __name__ == "__main__":
    sys.exit(main())
