"""Damaged PDFs: what is lost of a page is said, page by page."""

import io
import re
import zlib

import pypdf
import pytest

from ingest.readers.pdf.completeness import HARMED
from ingest.readers.pdf.pdf import PdfReader
from ingest.readers.pdf.streams import pages_with_damaged_parts
from tests.ingest.pdf_files import pdf_of

LINES = [
    [f"Line {n} of page {page}: the Forum met in Geneva." for n in range(40)] for page in (1, 2)
]


@pytest.fixture(scope="module")
def whole() -> bytes:
    """A PDF of two pages, whose drawings are packed and nothing else."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_of(LINES)))
    for page in writer.pages:
        content = page["/Contents"].get_object()
        data = content.get_data()  # type: ignore[union-attr]
        packed = pypdf.generic.StreamObject()
        packed._data = zlib.compress(data)
        packed[pypdf.generic.NameObject("/Filter")] = pypdf.generic.NameObject("/FlateDecode")
        page[pypdf.generic.NameObject("/Contents")] = writer._add_object(packed)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def drawings(content: bytes) -> list[tuple[int, int]]:
    """Return where the packed drawings begin and end."""
    found = re.finditer(rb"stream\n(x.+?)\nendstream", content, re.DOTALL)
    return [match.span(1) for match in found if b"Line" in zlib.decompress(match[1])]


def with_bytes(content: bytes, start: int, new: bytes) -> bytes:
    return content[:start] + new + content[start + len(new) :]


def damaged(content: bytes, page: int, kind: str) -> bytes:
    """Return the PDF with the drawing of a page damaged after its middle."""
    start, end = drawings(content)[page - 1]
    middle = (start + end) // 2
    if kind == "flipped":
        return with_bytes(content, middle, bytes([content[middle] ^ 0x55]))
    if kind == "zeroed":
        return with_bytes(content, middle, bytes(end - middle))
    return with_bytes(content, end - 4, bytes(4))  # the checksum alone


def test_a_whole_file_is_not_doubted(whole: bytes) -> None:
    reading = PdfReader().read(whole)
    assert reading.partial is None
    assert [page.quality.grade for page in reading.pages] == ["A", "A"]


@pytest.mark.parametrize("kind", ["flipped", "zeroed", "checksum"])
@pytest.mark.parametrize("page", [1, 2])
def test_a_page_whose_drawing_breaks_is_graded_c_and_named(
    whole: bytes, page: int, kind: str
) -> None:
    reading = PdfReader().read(damaged(whole, page, kind))
    assert reading.partial == f"page {page} of 2 is damaged"
    hurt, sound = (reading.pages[at] for at in (page - 1, 2 - page))
    assert hurt.quality.grade in "CD"
    assert hurt.quality.grade == "D" or HARMED in (hurt.quality.reason or "")
    assert (sound.quality.grade, sound.quality.reason) == ("A", None)


def test_a_missing_font_or_form_harms_the_page_that_uses_it(whole: bytes) -> None:
    for name in (b"/Font", b"/XObject"):
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(whole))
        resources = writer.pages[0]["/Resources"].get_object()
        missing = pypdf.generic.IndirectObject(9999, 0, writer)
        held = pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/X1"): missing})
        resources[pypdf.generic.NameObject(name.decode())] = held  # type: ignore[index]
        out = io.BytesIO()
        writer.write(out)
        assert 1 in pages_with_damaged_parts(pypdf.PdfReader(out)), name
