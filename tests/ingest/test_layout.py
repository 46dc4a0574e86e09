"""Reading order and spaces of small pages drawn for one thing each."""

import io
from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.readers.pdf import PdfReader
from ingest.readers.reader import Reading

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
