"""Headings of a PDF without an outline: short lines in larger or bolder letters."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus.document import PageSpan
from ingest.normalizing import search_text_of
from ingest.readers.pdf_blocks import usual_letters
from ingest.readers.pdf_page import PageText, TextLine
from ingest.readers.reader import Block, Heading

_LARGER = 1.12
_SAME = 0.15  # of the usual height: letters so much alike are of one level
_LONGEST_LINE = 120
_LONGEST = 200
_MOST_LINES = 3
_FEWEST_LETTERS = 3
_WIDEST_PITCH = 1.7  # of the height of the letters' boxes
_MOST_SHARE = 0.2
_DEEPEST = 4
_CLOSED = re.compile(r"(?<!\bNo)[.;,:]\s*$")
_OPEN = re.compile(r"[\"“‘«(¿¡]?(?:[A-ZÀ-Þ]|\d{1,2}\b|[ivx]{1,4}\.)")
_ROMAN = re.compile(r"[IVXL]{1,6}\.\s")
_LETTER = re.compile(r"[A-Z]\.\s")
_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s")


@dataclass(frozen=True, slots=True)
class _Found:
    """A heading: its page and range, its letters' height of the usual, its weight, its number."""

    page: int
    start: int
    end: int
    text: str
    size: float
    bold: bool

    @property
    def rank(self) -> tuple[int, int]:
        """Sorts before the headings below it: larger letters first, then by kind of number."""
        return -round(self.size / _SAME), _kind_of_number(self.text)


def shown_headings(pages: Sequence[PageText], blocks: Sequence[Block]) -> list[Heading]:
    """Return the headings that the pages show, in order.

    A heading is one to three lines of running text, without a stop at their end, whose letters are
    larger than most, or bold in a document that is not. Where more than a fifth of all lines look
    so, weight tells nothing there, and only larger ones count.
    """
    prose = {
        (block.span.page, start)
        for block in blocks
        if block.kind == "text"
        for start in _starts(pages[block.span.page - 1], block)
    }
    usual = usual_letters(pages).height
    if not usual:
        return []
    found = [
        heading
        for number, page in enumerate(pages, start=1)
        for heading in _on_page(number, page, prose, usual)
    ]
    contents = [block.span.page for block in blocks if block.kind == "contents"]
    if contents and 4 * contents[0] <= len(pages) + 4:
        # What stands before the table of contents is a title page, whose lines head nothing.
        found = [heading for heading in found if heading.page >= contents[0]]
    lines = sum(len(page.lines) for page in pages)
    if len(found) > _MOST_SHARE * lines:
        found = [heading for heading in found if heading.size >= _LARGER]
    ranks = sorted({heading.rank for heading in found})
    return [
        Heading(
            min(ranks.index(heading.rank) + 1, _DEEPEST),
            search_text_of(heading.text),
            PageSpan(heading.page, heading.start, heading.end),
        )
        for heading in found
    ]


def _starts(page: PageText, block: Block) -> Iterator[int]:
    for line in page.lines:
        if block.span.start <= line.start < block.span.end:
            yield line.start


def _on_page(
    number: int, page: PageText, prose: set[tuple[int, int]], usual: float
) -> Iterator[_Found]:
    def style(line: TextLine) -> tuple[float, bool] | None:
        large = line.laid.size >= _LARGER * usual
        if (number, line.start) not in prose or line.laid.kind != "text":
            return None
        return (round(line.laid.size, 1), line.bold) if large or line.bold else None

    for key, group in groupby(page.lines, key=style):
        if key is None:
            continue
        for lines in _together(list(group)):
            start, end = lines[0].start, lines[-1].end
            text = page.text[start:end]
            goes_on = _goes_on(page, lines[-1])
            if len(lines) <= _MOST_LINES and _is_heading(text) and not goes_on:
                yield _Found(number, start, end, text, key[0] / usual, key[1])


def _goes_on(page: PageText, line: TextLine) -> bool:
    """Tell whether the line below goes on in small letters: a paragraph in mixed fonts."""
    below = next((other for other in page.lines if other.start > line.start), None)
    return (
        below is not None
        and below.laid.column == line.laid.column
        and below.laid.bottom - line.laid.bottom < _WIDEST_PITCH * line.laid.size
        and page.text[below.start].islower()
    )


def _together(lines: Sequence[TextLine]) -> Iterator[list[TextLine]]:
    """Yield lines of one style that stand close under each other in one column."""
    held: list[TextLine] = []
    for line in lines:
        if held:
            above, below = held[-1].laid, line.laid
            pitch = below.bottom - above.bottom
            if below.column != above.column or not 0 < pitch < _WIDEST_PITCH * below.size:
                yield held
                held = []
        held.append(line)
    if held:
        yield held


def _is_heading(text: str) -> bool:
    letters = sum(letter.isalpha() for letter in text)
    return (
        letters >= _FEWEST_LETTERS
        and 2 * letters > len(text)
        and len(text) <= _LONGEST
        and max(map(len, text.splitlines())) <= _LONGEST_LINE
        and _OPEN.match(text) is not None
        and not _CLOSED.search(text)
    )


def _kind_of_number(text: str) -> int:
    if _ROMAN.match(text):
        return 0
    if _LETTER.match(text):
        return 1
    number = _NUMBER.match(text)
    return 2 + number.group(1).count(".") if number else 0
