"""Office files, books and messages to pages: what a reader of the file sees, and nothing else."""

import io
import zipfile

import pytest

from corpus.errors import PasswordError, ReadError
from ingest.readers.choosing import reader_for
from ingest.readers.document.draft import FEWEST_CHARACTERS, MOST_CHARACTERS, Draft
from ingest.readers.document.reader import Reading
from ingest.readers.tables.table import table_lines
from tests.ingest.office_files import (
    RTF,
    docx_file,
    eml_file,
    epub_file,
    msg_file,
    odt_file,
    pptx_file,
    repacked,
    xlsx_file,
    zip_of,
)

TABLE = (
    "Country | Year | Members\n\n"
    "Country: Kenya; Year: 2019; Members: 12\n\n"
    "Country: Peru; Year: 2020; Members: 7\n"
)


def read(content: bytes, name: str) -> Reading:
    return reader_for(content, name).read(content)


def test_a_word_document_is_read_as_word_shows_it() -> None:
    reading = read(docx_file(), "a.docx")
    (page,) = reading.pages
    assert page.text == (
        "1. Scope\n\nThe report is short.[2]\n\n[2] See the annex.\n\nIt has two sections.\n\n"
        f"• First thing\n\n1. Second thing\n\n2. Method\n\n{TABLE}"
    )
    assert page.label == "1. Scope"
    assert [(h.level, h.text) for h in reading.headings] == [(1, "1. Scope"), (2, "2. Method")]
    assert (reading.title, reading.publisher) == ("Yearbook of the Forum", "IOM")
    assert (reading.date, reading.language) == ("2019-05-31", "en")


def test_a_slide_is_a_page_and_hidden_slides_are_none() -> None:
    reading = read(pptx_file(), "a.pptx")
    assert [page.label for page in reading.pages] == ["slide 1", "slide 3", "slide 4"]
    first, third, last = (page.text for page in reading.pages)
    assert first == "The Almaty Process\n\nIt began in 2013.\n\nIt meets every year.\n\n"
    assert third == f"Members\n\n{TABLE}\nNotes: Say that Kenya joined late.\n\n"
    assert last == ""
    assert reading.pages[2].quality.grade == "D"


def test_a_sheet_is_a_page_and_a_long_one_a_page_for_each_hundred_rows() -> None:
    reading = read(xlsx_file(), "a.xlsx")
    assert [page.label for page in reading.pages] == [
        "Budget",
        "Long rows 1-100",
        "Long rows 101-200",
        "Long rows 201-300",
    ]
    assert reading.pages[0].text == (
        "Budget\n\nRow 1: Members of the Forum\n\nCountry | Joined | Share | Members\n\n"
        "Row 4: Country: Kenya; Joined: 2019-05-31; Share: 12.5%; Members: 12\n\n"
        "Row 5: Country: Peru; Joined: 2020-01-02; Share: 50%; Members: 7.5\n\n"
    )
    assert reading.pages[2].text.startswith("Row 101: Number: 99; Name: Name 99\n\nRow 102:")
    assert "Nobody" not in "".join(page.text for page in reading.pages)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_as_text_is_read_whatever_parts_its_cells(delimiter: str) -> None:
    rows = ["Country,Members", 'Kenya,"12"', "Peru,7", "Chad,3"]
    content = "\n".join(row.replace(",", delimiter) for row in rows).encode()
    (page,) = read(content, "a.csv").pages
    assert page.text.endswith("Row 4: Country: Chad; Members: 3\n")


def test_an_opendocument_text_is_read_as_it_is_shown() -> None:
    reading = read(odt_file(), "a.odt")
    (page,) = reading.pages
    assert page.text == (
        "1. Scope\n\nThe report is short.[1]\n\n[1] See the annex.\n\n• First thing\n\n"
        f"• Second thing\n\n2. Method\n\n{TABLE}\nWe asked.\n"
    )
    assert reading.title == "Yearbook of the Forum"


def test_rtf_is_read_with_its_code_page() -> None:
    reading = read(RTF, "a.rtf")
    assert reading.pages[0].text == (
        "1. Scope\n\nThe report is short. It costs 5 €.\n\n2. Method\n\nWe asked.\n"
    )
    assert [h.text for h in reading.headings] == ["1. Scope", "2. Method"]
    assert (reading.title, reading.publisher) == ("Yearbook of the Forum", "IOM")


def test_a_chapter_is_a_page_and_the_navigation_is_none() -> None:
    reading = read(epub_file(), "a.epub")
    assert [(page.label, page.text) for page in reading.pages] == [
        ("chapter 1", "Scope\n\nThe report is short.\n\n"),
        ("chapter 2", "Method\n\nWe asked.\n"),
    ]
    assert (reading.title, reading.date) == ("Yearbook of the Forum", "2019-05-31")


@pytest.mark.parametrize(
    ("content", "name"), [(eml_file(), "a.eml"), (msg_file(), "a.msg")], ids=["eml", "msg"]
)
def test_a_message_is_its_head_and_its_text(content: bytes, name: str) -> None:
    reading = read(content, name)
    (page,) = reading.pages
    assert page.text.startswith("Minutes of the Forum\n\nFrom: ")
    assert "The Forum met.\n\nIt decided" in page.text
    assert reading.title == "Minutes of the Forum"
    assert "Ana Ruiz" in (reading.publisher or "")


def test_a_header_is_the_first_row_of_words() -> None:
    rows = [["Table 3"], ["Country", "2019", "2020"], ["Kenya", "12", "14"]]
    assert list(table_lines(rows)) == [
        "Table 3",
        "Country | 2019 | 2020",
        "Country: Kenya; 2019: 12; 2020: 14",
    ]
    assert list(table_lines([["Kenya", "12"], ["Peru", "7"]])) == ["Kenya | 12", "Peru | 7"]
    named = [["", "Men", "Women"], ["Kenya", "12", "14"]]
    assert list(table_lines(named)) == ["Men | Women", "Kenya; Men: 12; Women: 14"]


def test_sections_become_pages_of_a_bounded_size() -> None:
    draft = Draft(by_section=True)
    for number in range(6):
        draft.heading(1, f"Part {number}")
        for _ in range(3 if number != 4 else 30):
            draft.paragraph("word " * 100)
    pages = draft.pages()
    assert [page.label for page in pages] == ["Part 0", "Part 2", "Part 4", "Part 4 (2)", "Part 5"]
    for page in pages[:-1]:
        assert FEWEST_CHARACTERS <= len(page.text) <= MOST_CHARACTERS + 2


XXE = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"
PACKAGES = [
    (docx_file(), "a.docx", "word/document.xml"),
    (pptx_file(), "a.pptx", "ppt/presentation.xml"),
    (xlsx_file(), "a.xlsx", "xl/workbook.xml"),
    (odt_file(), "a.odt", "content.xml"),
    (epub_file(), "a.epub", "OPS/book.opf"),
]
PACKAGE_IDS = ["docx", "pptx", "xlsx", "odt", "epub"]


@pytest.mark.parametrize(("content", "name", "part"), PACKAGES, ids=PACKAGE_IDS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_entities_are_refused(content: bytes, name: str, part: str, encoding: str) -> None:
    hostile = repacked(content, {part: XXE.decode().encode(encoding)})
    with pytest.raises(ReadError, match="declares XML entities"):
        read(hostile, name)


@pytest.mark.parametrize(("content", "name", "part"), PACKAGES, ids=PACKAGE_IDS)
def test_bombs_are_refused_before_they_are_unpacked(content: bytes, name: str, part: str) -> None:
    hostile = repacked(content, {"zeros.bin": bytes(64 * 1024**2)})
    with pytest.raises(ReadError, match="unpacks to"):
        read(hostile, name)


@pytest.mark.parametrize(("content", "name", "part"), PACKAGES, ids=PACKAGE_IDS)
def test_deep_nesting_is_refused(content: bytes, name: str, part: str) -> None:
    deep = b"<x>" * 100_000 + b"</x>" * 100_000
    with pytest.raises(ReadError, match=r"damaged|without"):
        read(repacked(content, {part: deep}), name)


def test_an_encrypted_package_is_told_from_a_damaged_one() -> None:
    content = bytearray(zip_of({"word/document.xml": b"<x/>"}))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        directory = archive.start_dir
    content[6] |= 1
    content[directory + 8] |= 1
    with pytest.raises(PasswordError):
        read(bytes(content), "a.docx")


@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.xlsx", "a.odt", "a.epub"])
def test_a_zip_that_is_no_document_is_refused(name: str) -> None:
    with pytest.raises(ReadError, match="Expected"):
        read(zip_of({"a.txt": b"Words."}), name)
