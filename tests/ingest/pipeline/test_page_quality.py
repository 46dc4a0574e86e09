"""Every page with the figures of how well it was read."""

import io
import re
import threading

import pypdf
import pytest

from benchmarks.fidelity.scans import auroc, read_layer, read_scan
from corpus.document import Page, PageSpan
from ingest.pipeline.page_quality import with_ledger
from ingest.quality.page_figures import quality_of
from ingest.readers.document.formats import PDF
from ingest.readers.document.reader import Block, Reading
from ingest.readers.pdf.completeness import completeness_of
from ingest.readers.pdf.cross_checking import disagreement
from ingest.readers.pdf.ocr import OcrWord, ocr_languages, read_image
from ingest.readers.pdf.page import PageText
from ingest.readers.pdf.pdf import PdfReader
from ingest.text.languages import with_languages
from tests.ingest.pdf_files import pdf_of
from tests.ingest.scan_files import GOOD, Scanner, prose, scan_of, word_error_rate

needs_tesseract = pytest.mark.skipif(
    ocr_languages("en") is None, reason="Tesseract is not installed"
)
PAGES = pdf_of([[f"Page {n} says what the forum agreed on in the year."] * 9 for n in range(1, 11)])


def entered(content: bytes) -> Reading:
    found = PdfReader().read(content)
    named = Reading(with_languages(found.pages), blocks=found.blocks, partial=found.partial)
    return with_ledger(named, content, media_type=PDF)


def object_at(content: bytes, place: int) -> tuple[int, int]:
    """Return the range of the object around a place of a PDF."""
    start = content.rfind(b"\n", 0, content.rfind(b" 0 obj", 0, place)) + 1
    return start, content.find(b"endobj", start) + len(b"endobj")


def blanked(content: bytes, start: int, end: int) -> bytes:
    return content[:start] + b" " * (end - start) + content[end:]


def test_a_printed_page_is_an_a_with_its_figures() -> None:
    (page,) = entered(pdf_of([prose(3)])).pages
    quality = page.quality
    assert (quality.grade, quality.source, quality.reason) == ("A", "layer", None)
    assert quality.characters == len(page.text)
    assert quality.dictionary_share is not None
    assert quality.dictionary_share > 0.95
    assert (quality.columns, quality.tables, quality.cut) == (1, 0, 0)
    assert quality.disagreement is None  # a second engine reads only what looks ill


def test_what_is_not_offered_as_an_answer_is_counted() -> None:
    text = "HEADER\nWords of the page.\nTable 1\n"
    blocks = (Block("header", PageSpan(1, 0, 6)), Block("table", PageSpan(1, 26, 33)))
    page = Page(1, "1", text, quality_of(text))
    found = with_ledger(Reading((page,), blocks=blocks), b"", media_type="text/plain")
    assert (found.pages[0].quality.set_aside, found.pages[0].quality.tables) == (6, 1)


def test_a_page_whose_fonts_give_other_letters_is_checked_by_a_second_engine() -> None:
    odd = [" ".join(f"xq{chr(97 + (n * 7 + k) % 26)}zvk" for n in range(10)) for k in range(12)]
    (page,) = entered(pdf_of([odd])).pages
    assert page.quality.grade == "C"
    assert page.quality.disagreement == pytest.approx(0, abs=0.02)
    assert "in no dictionary" in (page.quality.reason or "")


def test_engines_agree_whatever_the_spaces_and_disagree_by_share() -> None:
    assert disagreement("The forum\nmet in May.", "Theforummet in May.") == 0
    assert disagreement("abcdefgh", "zyxwvuts") == 1
    assert disagreement("", "") == 0


def test_a_page_that_is_missing_makes_the_document_partial_and_no_other_page_takes_its_place() -> (
    None
):
    pages = [found.start() for found in re.finditer(rb"/Type /Page\b", PAGES)]
    found = entered(blanked(PAGES, *object_at(PAGES, pages[4])))
    assert found.partial == "page 5 of 10 is damaged"
    assert [page.number for page in found.pages if page.text == ""] == [5]
    assert found.pages[4].quality.grade == "D"
    assert all(f"Page {p.number} says" in p.text for p in found.pages if p.number != 5)


@pytest.mark.parametrize("damage", ["missing", "zeroed"])
def test_a_page_whose_drawing_is_lost_is_damaged_and_not_blank(damage: str) -> None:
    at = [found.start() + 3 for found in re.finditer(rb">>\nstream\n", PAGES)][6]
    if damage == "missing":
        content = blanked(PAGES, *object_at(PAGES, at))
    else:
        end = PAGES.find(b"endstream", at)
        content = PAGES[: at + 7] + bytes(end - at - 7) + PAGES[end:]
    found = entered(content)
    assert found.partial is not None
    assert re.fullmatch(r"page \d+ of 10 is damaged", found.partial)
    (lost,) = [page for page in found.pages if not page.text]
    assert lost.quality.reason == (
        "no text on the page: what the page draws is missing from the file"
    )


def test_a_blank_page_is_no_damage() -> None:
    found = entered(pdf_of([["Words of the first page."], [], ["Words of the last page."]]))
    assert found.partial is None
    assert [page.quality.grade for page in found.pages] == ["A", "D", "A"]


def test_a_file_shorter_than_it_says_is_partial() -> None:
    mark = b"1 0 obj <</Linearized 1/L 99999/N 10>> endobj\n"
    content = PAGES.replace(b"\n", b"\n" + mark, 1)
    partial = PdfReader().read(content).partial
    assert partial == f"{len(content)} of 99999 bytes are there"


@needs_tesseract
def test_grades_tell_good_scans_from_bad_ones() -> None:
    bad = Scanner(dpi=100, noise=80, blur=1.6, ink=0.5)
    scans = [read_scan(seed, scanner) for seed in (901, 902) for scanner in (GOOD, bad)]
    scans += [read_layer(seed, wrong) for seed in range(910, 916) for wrong in (0.0, 0.004, 0.08)]
    assert auroc(scans) >= 0.9


@needs_tesseract
def test_four_scans_are_read_with_few_wrong_words() -> None:
    errors = [read_scan(seed, GOOD).error for seed in range(1, 5)]
    assert sum(errors) / len(errors) <= 0.05


def test_images_are_not_read_when_that_is_switched_off() -> None:
    page = PdfReader("off").read(scan_of(prose(1), 1)).pages[0]
    assert (page.text, page.quality.grade) == ("", "D")
    assert "CITEWELL_OCR=off" in (page.quality.reason or "")


def test_without_tesseract_a_scan_is_unreadable_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingest.readers.pdf.page_reading.ocr_languages", lambda _: None)
    page = PdfReader().read(scan_of(prose(1), 1)).pages[0]
    assert page.quality.grade == "D"
    assert page.quality.reason == (
        "no text on the page: it shows an image, and Tesseract, which would read it, is not "
        "installed"
    )


@needs_tesseract
def test_a_scanner_s_text_is_read_again_where_that_is_asked_for() -> None:
    from tests.ingest.scan_files import layered

    content = layered(prose(5), 5, 0.0)
    kept = PdfReader("auto").read(content).pages[0].quality
    again = PdfReader("force").read(content).pages[0].quality
    assert (kept.source, kept.scanned) == ("layer", True)
    assert (again.source, again.scanned) == ("ocr", False)


def test_what_is_gathered_from_a_broken_file_is_never_taken_for_whole() -> None:
    texts = [PageText("Words.\n"), PageText()]
    broken = completeness_of(b"%PDF-1.7 without a list of its objects", None, texts)
    assert broken.lost == {2}
    assert broken.partial == (
        "the file is broken, and was read from its parts; page 2 of 2 is damaged"
    )
    encrypted = completeness_of(b"%PDF-1.7 trailer << /Encrypt 9 0 R >>", None, texts)
    assert encrypted.partial is None


def test_a_file_with_fewer_pages_than_its_tree_counts_is_partial() -> None:
    found = PdfReader().read(PAGES.replace(b"/Count 10", b"/Count 12"))
    assert found.partial is not None
    assert sum(bool(page.text) for page in found.pages) == 10


@needs_tesseract
def test_images_of_a_long_file_are_read_two_at_once_and_stay_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    writer = pypdf.PdfWriter()
    for seed in range(4):
        writer.append(io.BytesIO(scan_of(prose(seed), seed)))
    content = io.BytesIO()
    writer.write(content)
    both = threading.Barrier(2, timeout=60)

    def read_when_two_are(image: bytes, languages: str, dpi: int) -> tuple[OcrWord, ...]:
        both.wait()
        return read_image(image, languages, dpi)

    monkeypatch.setattr("ingest.readers.pdf.scan.read_image", read_when_two_are)
    together = PdfReader().read(content.getvalue()).pages
    assert [page.quality.source for page in together] == ["ocr"] * 4
    for seed, page in enumerate(together):
        assert word_error_rate(page.text, " ".join(prose(seed))) < 0.1
