"""Small PDF files made for a test."""

import io
from collections.abc import Sequence

import pypdf
from pypdf.constants import PageLabelStyle
from reportlab.pdfgen.canvas import Canvas

LINE_POINTS = 14


def pdf_of(pages: Sequence[Sequence[str]], *, title: str = "") -> bytes:
    """Return a PDF with these lines on its pages, and nothing that changes from day to day."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=True)
    canvas.setTitle(title)
    canvas.setAuthor("International Organization")
    for lines in pages:
        canvas.setFont("Helvetica", 11)
        for index, line in enumerate(lines):
            canvas.drawString(72, 720 - index * LINE_POINTS, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def scanned_pdf(pages: int) -> bytes:
    """Return a PDF of pages with a grey box each, and no text."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=True)
    for _ in range(pages):
        canvas.setFillGray(0.8)
        canvas.rect(100, 100, 400, 500, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def encrypted(content: bytes, *, user: str, owner: str) -> bytes:
    """Return the PDF encrypted with AES-256."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    writer.encrypt(user, owner, algorithm="AES-256")
    return _written(writer)


def with_outline(content: bytes, items: Sequence[tuple[str, int]]) -> bytes:
    """Return the PDF with outline entries (title, page number)."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    for title, number in items:
        writer.add_outline_item(title=title, page_number=number - 1)
    return _written(writer)


def with_roman_labels(content: bytes, roman: int) -> bytes:
    """Return the PDF with its first pages numbered i, ii, … and the others from 1."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    last = len(writer.pages) - 1
    writer.set_page_label(0, roman - 1, PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(roman, last, PageLabelStyle.DECIMAL, start=1)
    return _written(writer)


def rotated_and_cropped(content: bytes) -> bytes:
    """Return the PDF turned by 90 degrees, with a crop box smaller than the page."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    for page in writer.pages:
        page.cropbox.lower_left = (50, 300)
        page.cropbox.upper_right = (500, 760)
        page.rotate(90)
    return _written(writer)


def _written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
