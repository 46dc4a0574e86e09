"""What every reader promises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import ReadError
from ingest.readers.choosing import all_readers
from ingest.readers.document import formats
from ingest.readers.document.reader import Reader, Reading
from tests.ingest.office_files import (
    RTF,
    docx_file,
    eml_file,
    epub_file,
    msg_file,
    odt_file,
    pptx_file,
    xlsx_file,
)
from tests.ingest.pdf_files import pdf_of, with_outline
from tests.ingest.samples import ALMATY

TEXT = "1. Scope\n\nThe report is short. It has two sentences.\n\n2. Method\n\nWe asked.\n"
EXAMPLES = {
    "application/pdf": with_outline(
        pdf_of([[f"Head {n}", "1. Scope", "The report is short.", f"{n}"] for n in range(1, 5)]),
        [("1. Scope", 1)],
    ),
    "text/plain": f"{TEXT}\fSecond page.\n".encode(),
    "text/markdown": b"---\ntitle: A\n---\n# Scope\n\nThe report.\n\f\n## Method\n\nWe asked.\n",
    "text/html": b"<html><title>A</title><h1>Scope</h1><p>The report.</p></html>",
    formats.DOCX: docx_file(),
    formats.PPTX: pptx_file(),
    formats.XLSX: xlsx_file(),
    formats.CSV: b"Country;Members\nKenya;12\nPeru;7\n",
    formats.ODT: odt_file(),
    formats.RTF: RTF,
    formats.EPUB: epub_file(),
    formats.EML: eml_file({"a.txt": b"Words."}),
    formats.MSG: msg_file({"a.txt": b"Words."}),
}

READERS = pytest.mark.parametrize("reader", all_readers(), ids=lambda reader: reader.media_type)


def read_or_refuse(reader: Reader, content: bytes) -> Reading | None:
    try:
        return reader.read(content)
    except ReadError:
        return None


def assert_sound(reading: Reading) -> None:
    assert reading.pages
    assert [page.number for page in reading.pages] == list(range(1, len(reading.pages) + 1))
    for page in reading.pages[:-1]:
        assert not page.text or page.text[-1].isspace(), "a sentence must read on over pages"
    for page in reading.pages:
        assert page.label
        assert page.quality.characters == len(page.text)
        assert (page.quality.source == "none") == (not page.text.strip())
        page.text.encode("utf-8")
        assert "\x00" not in page.text
        assert "\r" not in page.text
    for span in [h.span for h in reading.headings] + [b.span for b in reading.blocks]:
        assert span.end <= len(reading.pages[span.page - 1].text)


@READERS
def test_pages_are_numbered_and_spans_are_inside_them(reader: Reader) -> None:
    reading = reader.read(EXAMPLES[reader.media_type])
    assert_sound(reading)
    assert reading.headings or reader.media_type == formats.CSV
    for heading in reading.headings:
        text = reading.pages[heading.span.page - 1].text[heading.span.start : heading.span.end]
        assert " ".join(text.split()) == heading.text


@READERS
def test_the_same_bytes_give_the_same_reading(reader: Reader) -> None:
    content = EXAMPLES[reader.media_type]
    assert reader.read(content) == reader.read(content)


@READERS
def test_a_password_that_is_not_needed_changes_nothing(reader: Reader) -> None:
    content = EXAMPLES[reader.media_type]
    assert reader.read(content, password="unneeded") == reader.read(content)


@READERS
@pytest.mark.parametrize("content", [b"", b"\x00", b"\xff\xfe\xfd" * 99, bytes(range(256)) * 40])
def test_garbage_is_read_or_refused(reader: Reader, content: bytes) -> None:
    reading = read_or_refuse(reader, content)
    if reading is not None:
        assert_sound(reading)


@READERS
def test_a_file_cut_anywhere_is_read_or_refused(reader: Reader) -> None:
    content = EXAMPLES[reader.media_type]
    for length in range(0, len(content), max(1, len(content) // 40)):
        reading = read_or_refuse(reader, content[:length])
        if reading is not None:
            assert_sound(reading)


@READERS
@settings(max_examples=60, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=20))
def test_a_damaged_file_is_read_or_refused(reader: Reader, changes: list[tuple[int, int]]) -> None:
    content = bytearray(EXAMPLES[reader.media_type])
    for place, value in changes:
        content[place % len(content)] = value
    reading = read_or_refuse(reader, bytes(content))
    if reading is not None:
        assert_sound(reading)


@READERS
def test_a_version_is_given(reader: Reader) -> None:
    assert reader.version
    assert "/" in reader.media_type


@pytest.mark.data
@pytest.mark.skipif(not ALMATY.exists(), reason="../shared/data is absent")
def test_the_first_report_is_sound() -> None:
    (reader,) = (reader for reader in all_readers() if reader.media_type == "text/plain")
    assert_sound(reader.read(ALMATY.read_bytes()))
