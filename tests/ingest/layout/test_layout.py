"""Reading order and spaces of small pages drawn for one thing each."""

import io
from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.readers.document.reader import Reading
from ingest.readers.pdf.pdf import PdfReader

LINE = "words of a line that is long enough to be prose"


def drawn(draw: Callable[[Canvas], None], pages: int = 1) -> Reading:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=True)
    for _ in range(pages):
        canvas.setFont("Helvetica", 9)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return PdfReader().read(out.getvalue())


def test_columns_whose_lines_stand_at_other_heights_are_read_one_by_one() -> None:
    def draw(canvas: Canvas) -> None:
        for line in range(20):
            canvas.drawString(320, 700 - 14 * line, f"right {line} {LINE}")
        for line in range(20):
            canvas.drawString(60, 693 - 14 * line, f"left {line} {LINE}")

    lines = drawn(draw).pages[0].text.splitlines()
    assert [line.split()[0] for line in lines] == ["left"] * 20 + ["right"] * 20


def test_the_last_line_of_a_longer_column_stays_with_it() -> None:
    def draw(canvas: Canvas) -> None:
        for line in range(21):
            canvas.drawString(60, 700 - 13 * line, f"left {line} {LINE}")
        for line in range(20):
            canvas.drawString(320, 700 - 13 * line, f"right {line} {LINE}")

    lines = drawn(draw).pages[0].text.splitlines()
    assert [line.split()[0] for line in lines] == ["left"] * 21 + ["right"] * 20


def test_a_table_in_a_column_leaves_the_other_column_whole() -> None:
    def draw(canvas: Canvas) -> None:
        for line in range(24):
            canvas.drawString(320, 700 - 13 * line, f"right {line} {LINE}")
        for line in range(24):
            if line < 4:
                for x, text in ((60, "Kenya"), (150, "12.5"), (220, "13.5")):
                    canvas.drawString(x, 700 - 13 * line, text)
            else:
                canvas.drawString(60, 700 - 13 * line, f"left {line} {LINE}")

    lines = drawn(draw).pages[0].text.splitlines()
    assert lines[:4] == ["Kenya 12.5 13.5"] * 4
    assert [line.split()[0] for line in lines[4:]] == ["left"] * 20 + ["right"] * 24


def test_a_space_after_a_raised_number_is_kept() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(60, 700)
        text.textOut("the Special Rapporteur,")
        text.setFont("Helvetica", 5.5)
        text.setRise(4)
        text.textOut("5")
        text.setRise(0)
        text.setFont("Helvetica", 9)
        canvas.drawText(text)
        canvas.drawString(60 + canvas.stringWidth("the Special Rapporteur,") + 6, 700, "the end")

    assert drawn(draw).pages[0].text == "the Special Rapporteur,5 the end\n"


def test_wide_spaces_of_a_justified_line_are_no_columns() -> None:
    def draw(canvas: Canvas) -> None:
        for line in range(12):
            canvas.drawString(60, 700 - 13 * line, f"left {line} {LINE}")
        for x, word in ((60, "multilateral,"), (132, "expressed"), (194, "investigation")):
            canvas.drawString(x, 700 - 13 * 12, word)

    reading = drawn(draw)
    assert reading.pages[0].text.endswith("multilateral, expressed investigation\n")
    assert [block.kind for block in reading.blocks] == ["text"]


@pytest.mark.parametrize("form", ["– {} –", "Page {} of 340", "| {} |"])
def test_page_numbers_between_dashes_and_of_a_total_are_labels(form: str) -> None:
    def draw(canvas: Canvas) -> None:
        for line in range(5):
            canvas.drawString(60, 700 - 13 * line, LINE)
        canvas.drawString(290, 40, form.format(canvas.getPageNumber() + 30))

    assert [page.label for page in drawn(draw, pages=4).pages] == ["31", "32", "33", "34"]


def test_a_line_of_small_words_at_the_foot_is_no_footnote_without_a_mark() -> None:
    def draw(canvas: Canvas) -> None:
        for line in range(30):
            canvas.drawString(60, 700 - 13 * line, f"The {line} {LINE}")
        canvas.setFont("Helvetica", 7)
        canvas.drawString(60, 300, "initiative on decision under each evaluation")

    assert "footnote" not in {block.kind for block in drawn(draw).blocks}


def test_headings_are_shown_by_size_and_weight_where_there_is_no_outline() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 13)
        canvas.drawString(60, 740, "I. Findings")
        canvas.setFont("Helvetica-Bold", 9)
        canvas.drawString(60, 715, "A. Funds")
        canvas.drawString(60, 500, "Bold words that end a sentence are none.")
        canvas.setFont("Helvetica", 9)
        for line in range(12):
            canvas.drawString(60, 695 - 13 * line, f"The {line} {LINE}")

    headings = drawn(draw).headings
    assert [(heading.level, heading.text) for heading in headings] == [
        (1, "I. Findings"),
        (2, "A. Funds"),
    ]


def prose(canvas: Canvas, top: float, lines: int = 8) -> None:
    canvas.setFont("Helvetica", 9)
    for line in range(lines):
        canvas.drawString(60, top - 13 * line, f"The {line} {LINE}")


def bold(canvas: Canvas, top: float, *pieces: str, size: float = 9) -> None:
    canvas.setFont("Helvetica-Bold", size)
    for number, piece in enumerate(pieces):
        canvas.drawString(60 + 110 * number, top, piece)


def headings_of(draw: Callable[[Canvas], None]) -> list[str]:
    return [heading.text for heading in drawn(draw).headings]


def test_the_heads_of_a_table_and_its_title_are_no_headings() -> None:
    def draw(canvas: Canvas) -> None:
        bold(canvas, 740, "Deaths by State")
        prose(canvas, 725)
        bold(canvas, 600, "Table 1")
        bold(canvas, 587, "Deaths of heart disease, by State")
        bold(canvas, 570, "State", "Deaths", "Rate")
        canvas.setFont("Helvetica", 9)
        for row, name in enumerate(("Alabama", "Alaska", "Arizona", "Arkansas")):
            for column, cell in enumerate((name, f"6,33{row}", f"12{row}.9")):
                canvas.drawString(60 + 110 * column, 556 - 13 * row, cell)
        prose(canvas, 480)

    assert headings_of(draw) == ["Deaths by State"]
    reading = drawn(draw)
    captions = [block.span for block in reading.blocks if block.kind == "caption"]
    assert [reading.pages[0].text[span.start : span.end] for span in captions] == [
        "Table 1\nDeaths of heart disease, by State"
    ]


def test_bold_entries_of_a_list_of_references_are_no_headings() -> None:
    def draw(canvas: Canvas) -> None:
        prose(canvas, 740)
        bold(canvas, 615, "1. Heron M, Hoyert D. Deaths: final data for 2006. Hyattsville, MD")
        prose(canvas, 600)
        bold(canvas, 480, "2. Method")
        prose(canvas, 465)

    assert headings_of(draw) == ["2. Method"]


def test_a_heading_that_breaks_off_goes_on_in_the_next_line() -> None:
    def draw(canvas: Canvas) -> None:
        prose(canvas, 740)
        bold(canvas, 610, "Report on the work of the", size=12)
        bold(canvas, 586, "Statistical Commission", size=12)
        prose(canvas, 565)

    assert headings_of(draw) == ["Report on the work of the Statistical Commission"]


def test_a_bold_line_that_begins_a_paragraph_or_ends_a_page_is_no_heading() -> None:
    def draw(canvas: Canvas) -> None:
        bold(canvas, 740, "Findings")
        prose(canvas, 725)
        bold(canvas, 600, "Words in bold at the start of a paragraph that")
        prose(canvas, 587)
        bold(canvas, 480, "A line that looks like a heading")

    assert headings_of(draw) == ["Findings"]


def test_the_letter_i_after_h_is_of_the_level_of_letters() -> None:
    def draw(canvas: Canvas) -> None:
        for place, text in enumerate(("I. Work", "G. Funds", "H. Staff", "I. Travel", "II. End")):
            bold(canvas, 740 - 140 * place, text, size=12)
            prose(canvas, 722 - 140 * place)

    levels = [(heading.level, heading.text) for heading in drawn(draw).headings]
    assert levels == [
        (1, "I. Work"),
        (2, "G. Funds"),
        (2, "H. Staff"),
        (2, "I. Travel"),
        (1, "II. End"),
    ]
