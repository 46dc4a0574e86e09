"""Page images with the quote marked."""

import io

import pytest
from PIL import Image

from corpus.errors import NotFoundError, PasswordError, UnsupportedError
from ingest.pages.marking import Marks
from ingest.pages.rendering import render_page
from ingest.readers.pdf.pdf import PdfReader
from tests.ingest.pages.yellow_pixels import yellow_box
from tests.ingest.pdf_files import encrypted, pdf_of, rotated_and_cropped

PDF = pdf_of([["First line of the page.", "Here the quoted words stand.", "Last line."]])


def image_of(content: bytes, quote: str, scale: float = 2.0) -> Image.Image:
    text = PdfReader().read(content).pages[0].text
    start = text.index(quote)
    png = render_page(content, 1, marks=Marks(((start, start + len(quote)),)), scale=scale)
    assert png.startswith(b"\x89PNG")
    return Image.open(io.BytesIO(png)).convert("RGB")


def test_the_marked_words_are_yellow_where_they_stand() -> None:
    left, top, right, bottom = yellow_box(image_of(PDF, "quoted words"))
    # The second line's baseline is 792 - 706 = 86 points from the top; 2 pixels a point.
    assert 140 <= top <= 172 <= bottom <= 184
    # The words before are 45 points wide from 72 points on, the marked ones 68.
    assert 225 < left < 240
    assert 355 < right < 380


def test_black_letters_stay_black_under_the_mark() -> None:
    image = image_of(PDF, "quoted words")
    low, _ = image.crop(yellow_box(image)).convert("L").getextrema()
    assert isinstance(low, int)
    assert low < 60


def test_nothing_marked_is_the_page_as_it_is() -> None:
    image = Image.open(io.BytesIO(render_page(PDF, 1, scale=1.0)))
    assert image.size == (612, 792)
    assert image.convert("RGB").getpixel((300, 600)) == (255, 255, 255)


def test_marks_are_right_on_a_rotated_and_cropped_page() -> None:
    content = rotated_and_cropped(PDF)
    image = image_of(content, "quoted words")
    assert image.size == (920, 900)
    left, top, right, bottom = yellow_box(image)
    # Turned clockwise, a line runs down the page: rows count from the crop box's left (50 points),
    # columns from its bottom (300); the baseline is at 706 points.
    assert 795 < left < 2 * (706 - 300) < right < 840
    assert 2 * (112 - 50) < top < 2 * (120 - 50)
    assert 2 * (180 - 50) < bottom < 2 * (190 - 50)
    low, _ = image.crop((left, top, right, bottom)).convert("L").getextrema()
    assert isinstance(low, int)
    assert low < 60


def test_a_huge_scale_is_bounded() -> None:
    image = Image.open(io.BytesIO(render_page(PDF, 1, scale=1000)))
    assert image.size[0] * image.size[1] < 26_000_000


def test_an_encrypted_page_needs_its_password() -> None:
    content = encrypted(PDF, user="sesame", owner="x")
    with pytest.raises(PasswordError):
        render_page(content, 1)
    assert render_page(content, 1, password="sesame")


@pytest.mark.parametrize("number", [0, 2, -1])
def test_a_page_that_is_not_there_is_not_found(number: int) -> None:
    with pytest.raises(NotFoundError):
        render_page(PDF, number)


def test_other_documents_have_no_image() -> None:
    with pytest.raises(UnsupportedError, match="no PDF"):
        render_page(b"# Markdown", 1)
