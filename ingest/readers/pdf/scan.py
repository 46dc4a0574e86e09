"""The text of a scanned PDF page, and where its words stand."""

import io
from dataclasses import dataclass, replace
from itertools import groupby

import pypdfium2 as pdfium

from ingest.layout.run import LaidLine, Run
from ingest.readers.pdf.ocr import LEAST_CONFIDENCE, OcrWord, mean_confidence, read_image
from ingest.readers.pdf.page import WRITTEN, PageText, TextLine

_DPI = 200
_MOST_PIXELS = 25_000_000


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as it is shown, in grey: PNG, pixels a point, and the page's size in points."""

    png: bytes
    scale: float
    size: tuple[float, float]


def image_of(page: pdfium.PdfPage) -> PageImage:
    """Return the image of a page at 200 dpi; of one too large for that a smaller one."""
    width, height = page.get_size()
    scale = min(_DPI / 72, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        image = bitmap.to_pil().convert("L")
    finally:
        bitmap.close()
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return PageImage(out.getvalue(), scale, (width, height))


def scanned_text(image: PageImage, languages: str) -> tuple[PageText, float]:
    """Return a page's text as Tesseract reads its image, and its mean confidence (0 to 100).

    The text has the words that are at all sure; its own `confidence` is that of all words found.
    The text's lines hold a run for each word, in points of the page as it is shown; its characters
    are none of PDFium's.
    """
    words = read_image(image.png, languages, round(72 * image.scale))
    sure = tuple(word for word in words if word.confidence >= LEAST_CONFIDENCE)
    text = _page_text(sure, image.scale, image.size)
    return replace(text, confidence=mean_confidence(words)), mean_confidence(sure)


def _page_text(words: tuple[OcrWord, ...], scale: float, size: tuple[float, float]) -> PageText:
    texts: list[str] = []
    lines: list[TextLine] = []
    at = order = 0
    for key, group in groupby(words, key=lambda word: word.line):
        start = at
        runs: list[Run] = []
        for word in group:
            if runs:
                texts.append(" ")
                at += 1
            runs.append(_run(word, at, order, scale))
            texts.append(word.text)
            at += len(word.text)
            order += 1
        lines.append(TextLine(start, at, LaidLine(tuple(runs), key[0])))
        texts.append("\n")
        at += 1
    text = "".join(texts)
    return PageText(text, [WRITTEN] * len(text), tuple(lines), size, layer=True)


def _run(word: OcrWord, start: int, order: int, scale: float) -> Run:
    left, top, right, bottom = (side / scale for side in word.box)
    letters = len(word.text)
    return Run(start, start + letters, left, top, right, bottom, bottom - top, order, letters)
