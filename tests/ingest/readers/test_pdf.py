"""PDF to pages."""

import pytest

from corpus.errors import PasswordError, ReadError
from ingest.chunking.chunking import ChunkingSettings, chunk
from ingest.chunking.token_counting import WordCounter
from ingest.quality.page_figures import missing_text_reason
from ingest.readers.document.titles import believed_title, title_from_name
from ingest.readers.pdf import pdf
from ingest.readers.pdf.page import WRITTEN, page_text
from ingest.readers.pdf.pdf import PdfReader, open_pdf
from tests.ingest.pdf_files import encrypted, pdf_of, scanned_pdf, with_outline, with_roman_labels
from tests.ingest.samples import DOC_ID, assert_exact

TWO_PAGES = pdf_of(
    [
        [
            "1. Scope",
            "The report covers the year 2019. It was written",
            "by many hands and its last",
        ],
        ["sentence ends here. The second page follows.", "2. Method", "We asked."],
    ],
    title="A survey of mechanisms",
)


def test_pages_have_the_text_that_they_show() -> None:
    reading = PdfReader().read(TWO_PAGES)
    assert [page.number for page in reading.pages] == [1, 2]
    assert reading.pages[0].text == (
        "1. Scope\nThe report covers the year 2019. It was written\nby many hands and its last\n"
    )
    assert reading.pages[0].quality.grade == "A"


def test_the_file_says_its_title_and_author() -> None:
    reading = PdfReader().read(TWO_PAGES)
    assert reading.title == "A survey of mechanisms"
    assert reading.publisher == "International Organization"
    assert reading.date == "2000-01-01"


def test_a_sentence_over_two_pages_is_one_sentence() -> None:
    reading = PdfReader().read(TWO_PAGES)
    chunks = chunk(DOC_ID, "Title", reading, ChunkingSettings(), WordCounter())
    assert_exact(chunks, reading)
    crossing = chunks[0].text[slice(*chunks[0].sentences[-1])]
    assert crossing == "It was written\nby many hands and its last\nsentence ends here."
    assert [span.page for span in chunks[0].spans_of(*chunks[0].sentences[-1])] == [1, 2]


def test_labels_are_those_printed() -> None:
    content = with_roman_labels(pdf_of([["one"], ["two"], ["three"]]), 2)
    assert [page.label for page in PdfReader().read(content).pages] == ["i", "ii", "1"]


def test_without_labels_the_number_is_the_label() -> None:
    assert [page.label for page in PdfReader().read(TWO_PAGES).pages] == ["1", "2"]


def test_outline_entries_become_headings_where_they_stand() -> None:
    content = with_outline(TWO_PAGES, [("1.Scope", 1), ("Not there", 1), ("2. Method", 2)])
    reading = PdfReader().read(content)
    assert [heading.text for heading in reading.headings] == ["1. Scope", "2. Method"]
    for heading in reading.headings:
        page = reading.pages[heading.span.page - 1]
        assert page.text[heading.span.start : heading.span.end] == heading.text


def test_an_encrypted_file_needs_its_password() -> None:
    content = encrypted(TWO_PAGES, user="sesame", owner="owner")
    with pytest.raises(PasswordError, match="none was given"):
        PdfReader().read(content)
    with pytest.raises(PasswordError, match="does not open it"):
        PdfReader().read(content, password="wrong")
    reading = PdfReader().read(content, password="sesame")
    assert reading.pages == PdfReader().read(TWO_PAGES).pages
    assert reading.title == "A survey of mechanisms"


def test_a_file_with_restrictions_only_opens_without_a_password() -> None:
    content = encrypted(TWO_PAGES, user="", owner="owner")
    assert PdfReader().read(content).pages == PdfReader().read(TWO_PAGES).pages


def test_a_scan_is_a_document_of_unreadable_pages() -> None:
    reading = PdfReader().read(scanned_pdf(3))
    assert [page.text for page in reading.pages] == ["", "", ""]
    assert {(page.quality.grade, page.quality.source) for page in reading.pages} == {("D", "none")}
    assert reading.pages[0].quality.reason == "no text on the page"
    assert missing_text_reason(reading.pages) == "no text on any of 3 pages (scanned?)"


@pytest.mark.parametrize(
    "content",
    [TWO_PAGES[: len(TWO_PAGES) // 2], b"%PDF-1.7 garbage", b"%PDF-1.4\n%%EOF", b"", b"no pdf"],
    ids=["half", "garbage", "nothing", "empty", "no pdf"],
)
def test_a_damaged_file_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(ReadError, match="Expected"):
        PdfReader().read(content)


def test_a_page_that_pdfium_cannot_read_is_read_by_pypdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "with_page", lambda *_: None)
    page = PdfReader().read(TWO_PAGES).pages[0]
    assert "The report covers the year 2019." in page.text
    assert (page.quality.grade, page.quality.reason) == (
        "C",
        "read by pypdf: PDFium could not",
    )


def test_each_code_point_has_an_index_of_pdfium() -> None:
    with open_pdf(TWO_PAGES, None) as document:
        page = document[0]
        textpage = page.get_textpage()
        found = page_text(page, textpage)
        shown = textpage.get_text_range()
        textpage.close()
        page.close()
    assert len(found.indexes) == len(found.text)
    for character, index in zip(found.text, found.indexes, strict=True):
        assert shown[index] == character if index != WRITTEN else character in " \n"


@pytest.mark.parametrize(
    ("found", "believed"),
    [
        ("Microsoft Word - report.docx", None),
        ("untitled", None),
        ("Untitled document 3", None),
        ("World Bank Document", None),
        ("annual_report_2019", None),
        ("annual report.pdf", None),
        ("A/79/352", None),
        ("  ", None),
        (None, None),
        ("Annual  report\n2019", "Annual report 2019"),
    ],
)
def test_titles_put_in_by_programs_are_not_believed(
    found: str | None, believed: str | None
) -> None:
    assert believed_title(found) == believed


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("almaty-process_2019.en.pdf", "almaty process 2019"),
        ("../../etc/x.txt", "x"),
        ("a\nb'\"😀.md", "a b'\"😀"),
        (".pdf", "untitled"),
    ],
)
def test_a_name_becomes_a_readable_title(name: str, title: str) -> None:
    assert title_from_name(name) == title
