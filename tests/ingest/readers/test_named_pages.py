"""Hard pages of the real reports, each with what a reader of the page sees."""

import io
import re
from functools import cache

import pypdf
import pytest

from ingest.readers.document.reader import LEFT_OUT, Reading
from ingest.readers.pdf.ocr import ocr_languages
from ingest.readers.pdf.pdf import PdfReader
from tests.ingest.samples import REPORTS

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not REPORTS.exists(), reason="../shared/data is absent"),
]


@cache
def reading(name: str) -> Reading:
    (path,) = REPORTS.glob(f"*{name}*.pdf")
    return PdfReader().read(path.read_bytes())


def text_of(name: str, number: int) -> str:
    return reading(name).pages[number - 1].text


def parts(name: str, number: int) -> list[tuple[str, str]]:
    text = text_of(name, number)
    blocks = (block for block in reading(name).blocks if block.span.page == number)
    return [(block.kind, text[block.span.start : block.span.end]) for block in blocks]


def label_of(name: str, number: int) -> str:
    return reading(name).pages[number - 1].label


def in_order(text: str, *pieces: str) -> bool:
    squeezed = " ".join(text.split())
    places = [squeezed.find(piece) for piece in pieces]
    return -1 not in places and places == sorted(places)


def test_two_columns_are_read_one_after_the_other() -> None:
    text = text_of("wb_103239", 7)
    assert text.startswith("caracterizadas por una considerable volatilidad.\n")
    assert in_order(
        text, "En segundo lugar, los altos", "adelante en términos de convertirse en una región"
    )
    assert [kind for kind, _ in parts("wb_103239", 7)] == ["text", "text", "footer"]
    assert parts("wb_103239", 7)[-1][1] == "Resumen 3"
    assert label_of("wb_103239", 7) == "3"


def test_a_footer_drawn_first_is_read_last_and_gives_the_label() -> None:
    found = parts("A_79_PV.64", 2)
    assert found[0] == ("header", "A/79/PV.64 16/04/2025")
    assert found[-1] == ("footer", "2/16 25-10019")
    assert found[1][1].startswith("population is constantly growing")
    assert found[1][1].endswith("should be made by delegations from their seats.")
    assert label_of("A_79_PV.64", 2) == "2/16"


def test_a_table_is_read_row_by_row_between_its_caption_and_its_notes() -> None:
    kinds = [kind for kind, _ in parts("us-024", 2)]
    assert kinds == ["header", "caption", "table", "text", "footnote", "footer"]
    rows = dict(parts("us-024", 2))["table"].splitlines()
    assert "Male 61,206 2,862 (4.7) Ref. — 60,721 2,962 (4.9) Ref. —" in rows
    assert "Midwest 29,202 1,063 (4.2) 1.0 (0.8–1.2) 29,403 1,092 (4.3) 1.0 (0.9–1.3)" in rows
    assert in_order(text_of("us-024", 2), "American Indian/Alaska Native", "Sex, by race/ethnicity")
    assert label_of("us-024", 2) == "22"


def test_roman_labels_are_read_from_the_margin() -> None:
    assert [page.label for page in reading("us-006").pages] == ["xiv", "xv", "xvi"]
    found = parts("us-006", 1)
    assert found[-1] == ("page_number", "xiv")
    assert found[-2][0] == "footnote"
    assert found[-2][1].startswith("3 The study design allowed 3-year-old cohort")
    table = dict(found)["table"].splitlines()
    assert table == [
        "Child Race/Ethnicity 3-Year-Old Cohort 4-Year-Old Cohort",
        "Hispanic 37.4% 51.6%",
        "Black 32.8% 17.5%",
        "White/Other 29.8% 30.8%",
    ]


def test_raised_figures_stay_on_their_line() -> None:
    assert "kindergarten 1st\ngrade, and 3rd grade), and a newly" in text_of("us-006", 1)


def test_labels_with_a_letter_and_a_heading_under_a_shape() -> None:
    assert [page.label for page in reading("us-020").pages] == [f"A-{n}" for n in range(5, 11)]
    found = parts("us-020", 1)
    # "EXECUTIVE SUMMARY" is still in the file, under a grey bar.
    assert found[0] == ("header", "HIGHLIGHTS FROM PIRLS 2011 APPENDIX A")
    assert [kind for kind, _ in found] == ["header", "text", "footnote", "text", "footer"]
    assert found[1][1].startswith("where Y denotes")
    assert found[3][1].startswith("they were non-English-language speakers.")
    assert found[3][1].endswith("coverage of the target populations in each nation.")


def test_a_page_with_a_heading_and_a_number_only() -> None:
    assert parts("us-036", 1) == [
        ("header", "Your Federal Student Loans"),
        ("page_number", "2"),
    ]
    assert [page.label for page in reading("us-036").pages] == ["2", "3", "4"]


def test_the_labels_of_charts_are_not_prose() -> None:
    found = parts("us-028", 1)
    prose = "\n".join(text for kind, text in found if kind not in LEFT_OUT)
    assert not re.search(r"^[\d,]+$", prose, re.MULTILINE)
    assert in_order(
        prose,
        "Figure 1",
        "*Data was collected through 2008",
        "Incidents also occurred throughout the calendar year",
        "Figure 2",
        "29 For two of the incidents",
    )
    assert label_of("us-028", 1) == "12"


def test_text_that_a_shape_hides_is_not_read() -> None:
    text = text_of("JIU_NOTE", 3)
    # The page shows "March 2023"; an older "March 2022" lies under the bar.
    assert "March 2023" in text
    assert "March 2022" not in text
    assert in_order(
        text,
        "Pillars of performance",
        "7. Level of performance not commensurate",
        "The review finds that",
        "at Stage 2 out of 6.",
    )


def test_text_outside_the_crop_box_is_not_read() -> None:
    text = text_of("A_47_435", 1)
    assert text.startswith("UNITED")
    assert '"I' not in text
    quality = reading("A_47_435").pages[0].quality
    assert (quality.source, quality.scanned) == ("layer", True)
    assert parts("A_47_435", 1)[-1] == ("footer", "Digitized by Dag Hammarskjöld Library")


needs_tesseract = pytest.mark.skipif(
    ocr_languages("ar") != "ara+eng", reason="Tesseract or its languages are not installed"
)


def with_one_page(name: str, number: int) -> Reading:
    """Read one page of a report as a document of its own: its neighbours take minutes."""
    (path,) = REPORTS.glob(f"*{name}*.pdf")
    writer = pypdf.PdfWriter()
    writer.add_page(pypdf.PdfReader(path).pages[number - 1])
    out = io.BytesIO()
    writer.write(out)
    return PdfReader().read(out.getvalue())


@needs_tesseract
def test_a_scan_without_text_is_read_from_its_image() -> None:
    page = with_one_page("A_45_696_Add.1", 1).pages[0]
    assert page.quality.source == "ocr"
    assert in_order(
        page.text,
        "PROTECTION OF GLOBAL CLIMATE FOR PRESENT AND FUTURE GENERATIONS OF MANKIND",
        "The final statement of the Scientific/Technical sessions of the Second World Climate",
    )


@needs_tesseract
@pytest.mark.parametrize("number", range(4, 13))
def test_a_photograph_has_only_the_page_s_own_marks(number: int) -> None:
    text = with_one_page("A_79_768", number).pages[0].text
    assert f"{number}/13" in text
    assert "25-01814" in text


@needs_tesseract
def test_a_bad_layer_is_read_again() -> None:
    page = with_one_page("A_39_361", 1).pages[0]
    assert "contributing to the improvement of the humanitarian situation in East Timor" in (
        " ".join(page.text.split())
    )
    assert "inprovenent" not in page.text


@needs_tesseract
def test_arabic_whose_fonts_give_other_letters_is_read_from_its_image() -> None:
    page = with_one_page("S_2025_453", 68).pages[0]
    assert page.quality.source == "ocr"
    assert in_order(page.text, "29. Kuwait", "وزير الشؤون الخارجية والأوروبية لجمهورية سلوفينيا")


def test_of_bold_table_heads_and_references_only_the_headings_count() -> None:
    found = [heading.text for heading in reading("us-025").headings]
    assert found[0] == "Coronary Heart Disease and Stroke Deaths — United States, 2006"
    assert found[-1] == "References"
    assert not {"Sex", "Race"} & set(found)
    assert not any("Rate" in text or "Heron" in text or "CDC." in text for text in found)
    captions = [text for kind, text in parts("us-025", 2) if kind == "caption"]
    assert any(text.endswith("Statistics System, United States, 2006") for text in captions)
