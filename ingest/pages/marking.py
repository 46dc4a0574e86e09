"""Where ranges of a page's text stand on the page."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.document import TextSource

if TYPE_CHECKING:
    import pypdfium2 as pdfium

    from ingest.readers.pdf.page import PageText

_FINE = 100  # device units a point, where PDFium turns whole ones into points


@dataclass(frozen=True, slots=True)
class Marks:
    """Half-open ranges of a page's text, in code points, and how that text was read.

    `text` is the page's text as it is stored, None where it is not known: a range where the page is
    read otherwise now is not marked, since the mark would stand beside its words.
    """

    ranges: tuple[tuple[int, int], ...] = ()
    source: TextSource = "layer"
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the user space of a PDF page: points, y upwards, before any turning."""

    left: float
    bottom: float
    right: float
    top: float


def boxes_of(document: "pdfium.PdfDocument", page: "pdfium.PdfPage", marks: Marks) -> Iterator[Box]:
    """Yield the boxes of the marked words: one a line and run, or one a word of a scan."""
    if not marks.ranges:
        return
    from ingest.readers.pdf.page_reading import PageReading

    reading = PageReading(document)
    from_image = marks.source == "ocr"
    found = reading.read_image(page) if from_image else reading.read_layer(page)
    if found is None:
        return
    for start, end in marks.ranges:
        if marks.text is not None and marks.text[start:end] != found.text[start:end]:
            continue
        yield from (_of_words if from_image else _of_characters)(page, found, start, end)


def _of_words(page: "pdfium.PdfPage", found: "PageText", start: int, end: int) -> Iterator[Box]:
    """Yield the boxes of words that were read from the image of the page."""
    for line in found.lines:
        for run in line.laid.runs:
            if run.start < end and start < run.end:
                one = _user_space(page, run.left, run.top)
                other = _user_space(page, run.right, run.bottom)
                yield Box(
                    min(one[0], other[0]),
                    min(one[1], other[1]),
                    max(one[0], other[0]),
                    max(one[1], other[1]),
                )


def _of_characters(
    page: "pdfium.PdfPage", found: "PageText", start: int, end: int
) -> Iterator[Box]:
    textpage = page.get_textpage()
    try:
        for first, last in found.characters(start, end):
            for index in range(textpage.count_rects(first, last - first)):
                yield Box(*textpage.get_rect(index))
    finally:
        textpage.close()


def _user_space(page: "pdfium.PdfPage", across: float, down: float) -> tuple[float, float]:
    """Return the point of the page that stands so far from its upper left corner as shown."""
    import pypdfium2.raw as pdfium_c

    width, height = page.get_size()
    x, y = ctypes.c_double(), ctypes.c_double()
    size = (round(width * _FINE), round(height * _FINE))
    place = (round(across * _FINE), round(down * _FINE))
    pdfium_c.FPDF_DeviceToPage(page.raw, 0, 0, *size, 0, *place, ctypes.byref(x), ctypes.byref(y))
    return x.value, y.value
