"""The image of a page, with quotes marked on it."""

import ctypes
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.errors import NotFoundError, ReadError, UnsupportedError
from ingest.pages.marking import Marks, boxes_of

if TYPE_CHECKING:
    import pypdfium2 as pdfium

_YELLOW = (255, 240, 120)
_MARGIN_POINTS = 1.0
_MOST_PIXELS = 25_000_000

NOTHING = Marks()

PixelBox = tuple[int, int, int, int]


def render_page(
    content: bytes,
    number: int,
    marks: Marks = NOTHING,
    *,
    scale: float = 2.0,
    password: str | None = None,
) -> bytes:
    """Return a page as PNG, `scale` pixels a point, with ranges of its text marked yellow.

    A page too large for the scale is drawn smaller. Rotated and cropped pages are drawn, and
    marked, as a viewer shows them.

    Raises: NotFoundError for a page that the file does not have, UnsupportedError for a file that
    is no PDF, PasswordError, ReadError.
    """
    if b"%PDF-" not in content[:1024]:
        raise UnsupportedError(
            "Only PDF pages have an image, and this document is no PDF. Ask for the page's text."
        )
    import pypdfium2 as pdfium

    from ingest.readers.pdf.pdf import open_pdf

    with open_pdf(content, password) as document:
        if not 1 <= number <= len(document):
            raise NotFoundError(f"Page {number} of a document of {len(document)} pages.")
        try:
            page = document[number - 1]
            try:
                return _drawn(document, page, marks, scale)
            finally:
                page.close()
        except pdfium.PdfiumError as error:
            raise ReadError(
                f"Page {number} cannot be drawn ({error}). Ask for its text."
            ) from error


def _drawn(
    document: "pdfium.PdfDocument",
    page: "pdfium.PdfPage",
    marks: Marks,
    scale: float,
) -> bytes:
    from PIL import Image, ImageChops, ImageDraw

    width, height = page.get_size()
    most = (_MOST_PIXELS / max(1.0, width * height)) ** 0.5
    drawn_scale = min(scale, most)
    bitmap = page.render(scale=drawn_scale)
    try:
        image = bitmap.to_pil().convert("RGB")
    finally:
        bitmap.close()
    marker = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(marker)
    margin = _MARGIN_POINTS * drawn_scale
    for left, top, right, bottom in _pixel_boxes(document, page, marks, image.size):
        pen.rectangle((left - margin, top - margin, right + margin, bottom + margin), fill=_YELLOW)
    out = io.BytesIO()
    # Multiplied, as ink over ink: black letters stay black.
    ImageChops.multiply(image, marker).save(out, "PNG")
    return out.getvalue()


def _pixel_boxes(
    document: "pdfium.PdfDocument", page: "pdfium.PdfPage", marks: Marks, size: tuple[int, int]
) -> Iterator[PixelBox]:
    """Yield the pixel boxes (left, top, right, bottom) of the marked words."""
    for box in boxes_of(document, page, marks):
        x1, y1 = _pixel(page, box.left, box.top, size)
        x2, y2 = _pixel(page, box.right, box.bottom, size)
        yield min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _pixel(page: "pdfium.PdfPage", x: float, y: float, size: tuple[int, int]) -> tuple[int, int]:
    """Return the pixel of a point of the page; right with rotation and crop box."""
    import pypdfium2.raw as pdfium_c

    column, row = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(
        page.raw, 0, 0, *size, 0, x, y, ctypes.byref(column), ctypes.byref(row)
    )
    return column.value, row.value
