"""One page of a PDF as a PDF of its own, the quote highlighted."""

import io
import re
from typing import cast

import pypdf
import pypdfium2 as pdfium
import pytest
from PIL import Image

from corpus.errors import NotFoundError, PasswordError, ReadError, UnsupportedError
from ingest.pages.excerpting import Excerpt, excerpt
from ingest.pages.marking import Marks
from ingest.readers.pdf.ocr import ocr_languages
from ingest.readers.pdf.pdf import PdfReader
from tests.ingest.pages.yellow_pixels import yellow_box
from tests.ingest.pdf_files import encrypted, pdf_of, rotated_and_cropped, with_outline
from tests.ingest.scan_files import prose, scan_of

WORDS = ["First line of the page.", "Here the quoted words stand.", "Last line."]
PDF = pdf_of([["Another page."], WORDS, ["A secret on the last page."]])


def taken(content: bytes, quote: str, number: int = 2, label: str = "iv") -> bytes:
    page = PdfReader().read(content).pages[number - 1]
    start = page.text.index(quote)
    marks = Marks(((start, start + len(quote)),), page.quality.source, page.text)
    return excerpt(content, [Excerpt(number, label, marks)], title="Report, page iv")


def highlights_of(content: bytes) -> list[pypdf.generic.DictionaryObject]:
    page = pypdf.PdfReader(io.BytesIO(content)).pages[0]
    annotations = [reference.get_object() for reference in page.get("/Annots", [])]
    return [each for each in annotations if each["/Subtype"] == "/Highlight"]


def numbers(annotation: pypdf.generic.DictionaryObject, key: str) -> list[float]:
    return [float(value) for value in cast("pypdf.generic.ArrayObject", annotation[key])]


def drawn(content: bytes, scale: float = 2.0) -> Image.Image:
    """Return the first page as PDFium draws it, annotations too."""
    with pdfium.PdfDocument(content) as document:
        page = document[0]
        bitmap = page.render(scale=scale, may_draw_forms=True)
        image: Image.Image = bitmap.to_pil().convert("RGB")
        bitmap.close()
        page.close()
    return image


def test_the_page_alone_is_in_the_file_with_its_label_and_title() -> None:
    reader = pypdf.PdfReader(io.BytesIO(taken(PDF, "quoted words")))
    assert len(reader.pages) == 1
    assert reader.page_labels == ["iv"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Report, page iv"
    assert "quoted words" in reader.pages[0].extract_text()


def test_nothing_of_other_pages_comes_along() -> None:
    content = taken(with_outline(linked(PDF), [("Another page.", 1)]), "quoted words")
    with pdfium.PdfDocument(content) as document:
        assert len(document) == 1
    streams = pypdf.PdfReader(io.BytesIO(content))
    everything = b"".join(
        item.get_data()
        for number in range(1, int(cast("int", streams.trailer["/Size"])))
        for item in [streams.get_object(number)]
        if isinstance(item, pypdf.generic.StreamObject)
    )
    assert b"secret" not in everything + content
    assert b"Another" not in everything + content


def linked(content: bytes) -> bytes:
    """Return the PDF with a link from its second page to its third."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    link = pypdf.annotations.Link(rect=(72, 600, 200, 620), target_page_index=2)
    writer.add_annotation(1, link)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_the_quote_is_one_highlight_whose_quads_hold_its_words() -> None:
    (highlight,) = highlights_of(taken(PDF, "quoted words"))
    x1, y1, x2, y2, x3, y3, x4, y4 = numbers(highlight, "/QuadPoints")
    assert (x1, y1, x4, y4) == (x3, y2, x2, y3)  # upper left, upper right, lower left, lower right
    # The second line's baseline is at 706 points; the words before are 45 points wide from 72 on.
    assert y3 < 706 < y1 < 720
    assert 112 < x1 < 120 < 180 < x2 < 190


def test_a_quote_over_two_lines_has_two_quads() -> None:
    (highlight,) = highlights_of(taken(PDF, "page.\nHere the"))
    assert len(numbers(highlight, "/QuadPoints")) == 16


def test_viewers_draw_the_mark_on_the_words() -> None:
    left, top, right, bottom = yellow_box(drawn(taken(PDF, "quoted words")))
    assert 140 <= top <= 172 <= bottom <= 184
    assert 225 < left < 240
    assert 355 < right < 380


def test_the_mark_is_right_on_a_rotated_and_cropped_page() -> None:
    image = drawn(taken(rotated_and_cropped(PDF), "quoted words"))
    assert image.size == (920, 900)
    left, top, right, bottom = yellow_box(image)
    assert 795 < left < 2 * (706 - 300) < right < 840
    assert 2 * (112 - 50) < top < 2 * (120 - 50)
    assert 2 * (180 - 50) < bottom < 2 * (190 - 50)


@pytest.mark.skipif(ocr_languages("en") is None, reason="Tesseract is not installed")
def test_the_words_of_a_scan_are_marked_where_they_are_printed() -> None:
    lines = prose(3)
    content = scan_of(lines, 3)
    (highlight,) = highlights_of(taken(content, "American", 1))
    left, _, right, top = numbers(highlight, "/Rect")
    assert 72 < left < right < 550
    assert 150 < top < 810


def test_an_encrypted_file_that_opens_without_a_password_is_taken_from() -> None:
    content = taken(encrypted(PDF, user="", owner="x"), "quoted words")
    assert not pypdf.PdfReader(io.BytesIO(content)).is_encrypted
    assert highlights_of(content)


def test_an_encrypted_file_that_needs_a_password_says_so() -> None:
    page = Excerpt(2, "2", Marks())
    with pytest.raises(PasswordError, match="needs a password"):
        excerpt(encrypted(PDF, user="sesame", owner="x"), [page], title="")
    assert excerpt(encrypted(PDF, user="sesame", owner="x"), [page], title="", password="sesame")


def test_the_page_after_a_missing_one_is_the_one_that_was_read() -> None:
    pages = [found.start() for found in re.finditer(rb"/Type /Page\b", PDF)]
    start = PDF.rfind(b"\n", 0, PDF.rfind(b" 0 obj", 0, pages[0])) + 1
    end = PDF.find(b"endobj", start) + 6
    damaged = PDF[:start] + b" " * (end - start) + PDF[end:]
    assert (
        "quoted words"
        in pypdf.PdfReader(io.BytesIO(taken(damaged, "quoted words"))).pages[0].extract_text()
    )
    with pytest.raises(ReadError, match="damaged"):
        excerpt(damaged, [Excerpt(1, "1", Marks())], title="")


def test_where_the_page_reads_otherwise_now_nothing_is_marked() -> None:
    content = excerpt(PDF, [Excerpt(2, "2", Marks(((0, 5),), "layer", "Other text."))], title="")
    assert highlights_of(content) == []


def test_the_same_page_gives_the_same_bytes() -> None:
    assert taken(PDF, "quoted words") == taken(PDF, "quoted words")


@pytest.mark.parametrize("number", [0, 4])
def test_a_page_that_is_not_there_is_not_found(number: int) -> None:
    with pytest.raises(NotFoundError):
        excerpt(PDF, [Excerpt(number, "x", Marks())], title="")


def test_other_documents_have_no_pages_as_pdf() -> None:
    with pytest.raises(UnsupportedError, match="none"):
        excerpt(b"# Markdown", [Excerpt(1, "1", Marks())], title="")
