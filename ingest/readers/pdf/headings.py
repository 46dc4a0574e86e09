"""Headings of a PDF without an outline: short lines in larger or bolder letters."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus.document import PageSpan
from ingest.readers.document.reader import Block, Heading
from ingest.readers.pdf.page import PageText, TextLine
from ingest.readers.pdf.surroundings import Surroundings, breaks_off, is_sentence
from ingest.text.normalizing import search_text_of

_LARGER = 1.12
_SMALLER = 0.95
_TITLE_LETTERS = 32
_SAME = 0.15  # of the usual height: letters so much alike are of one level
_LONGEST_LINE = 120
_LONGEST = 200
_MOST_LINES = 3
_FEWEST_LETTERS = 3
_WIDEST_PITCH = 1.7  # of the height of the letters' boxes
_MOST_SHARE = 0.2
_DEEPEST = 4
_LETTERED = 1
_CLOSED = re.compile(r"(?<!\bNo)[.;,:]\s*$")
_OPEN = re.compile(r"[\"“‘«(¿¡]?(?:[A-ZÀ-Þ]|\d{1,2}\b|[ivx]{1,4}\.)")
_ROMAN = re.compile(r"[IVXL]{1,6}\.\s")
_NUMBERED = re.compile(
    r"(?:(?:chapter|part|section|annex|appendix|cap[íi]tulo|parte|secci[óo]n|anexo|ap[ée]ndice"
    r"|chapitre|partie|annexe|appendice)\s+)?(?:[IVXL]{1,6}\b|[A-Z]\.|\d{1,2}(?:\.\d{1,2})*\b)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[A-Z]\.\s")
_LABEL = re.compile(r"\S{1,7}[.)]\s+")
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

    def rank(self, kind_of_number: int) -> tuple[int, int]:
        """Sorts before the headings below it: larger letters first, then by kind of number."""
        return -round(self.size / _SAME), kind_of_number


_Group = tuple[tuple[float, bool], list[int]]  # height and weight of letters; indexes of lines


def shown_headings(
    pages: Sequence[PageText], blocks: Sequence[Block], usual: float
) -> list[Heading]:
    """Return the headings that the pages show, in order.

    A heading is one to three lines of running text, without a stop at their end, whose letters are
    larger than most, or bold in a document that is not, with text below it (see `Surroundings`).
    `usual` is the height of most letters. Where more than a fifth of all lines look so, weight
    tells nothing there, and only larger ones count.
    """
    if not usual:
        return []
    kinds = _kinds_of_lines(pages, blocks)
    found = [
        heading
        for number, page in enumerate(pages, start=1)
        for heading in _on_page(number, page, kinds[number - 1], usual)
    ]
    contents = [block.span.page for block in blocks if block.kind == "contents"]
    if contents and 4 * contents[0] <= len(pages) + 4:
        # What stands before the table of contents is a title page, whose lines head nothing.
        found = [heading for heading in found if heading.page >= contents[0]]
    lines = sum(len(page.lines) for page in pages)
    if len(found) > _MOST_SHARE * lines:
        found = [heading for heading in found if heading.size >= _LARGER]
    ranks = [
        heading.rank(kind) for heading, kind in zip(found, _kinds_of_numbers(found), strict=True)
    ]
    levels = {rank: level for level, rank in enumerate(sorted(set(ranks)), start=1)}
    return [
        Heading(
            min(levels[rank], _DEEPEST),
            search_text_of(heading.text),
            PageSpan(heading.page, heading.start, heading.end),
        )
        for heading, rank in zip(found, ranks, strict=True)
    ]


def _kinds_of_lines(pages: Sequence[PageText], blocks: Sequence[Block]) -> list[list[str]]:
    """Return the kind of block that each line of each page stands in."""
    kinds = [["text"] * len(page.lines) for page in pages]
    starts = [[line.start for line in page.lines] for page in pages]
    for block in blocks:
        of_page = starts[block.span.page - 1]
        first, end = bisect_left(of_page, block.span.start), bisect_left(of_page, block.span.end)
        kinds[block.span.page - 1][first:end] = [block.kind] * (end - first)
    return kinds


def _on_page(number: int, page: PageText, kinds: Sequence[str], usual: float) -> Iterator[_Found]:
    def style(index: int) -> tuple[float, bool] | None:
        line = page.lines[index]
        large = line.laid.size >= _LARGER * usual
        if kinds[index] != "text" or line.laid.kind != "text":
            return None
        return (round(line.laid.size, 1), line.bold) if large or line.bold else None

    groups = [
        (key, lines)
        for key, group in groupby(range(len(page.lines)), key=style)
        if key is not None
        for lines in _together(page.lines, list(group))
    ]
    around = Surroundings(page, kinds, {index for _, lines in groups for index in lines})
    for (size, bold), indexes in _joined(page, groups):
        lines = [page.lines[index] for index in indexes]
        text = page.text[lines[0].start : lines[-1].end]
        if len(lines) > _MOST_LINES or not _is_heading(text) or _goes_on(page, lines[-1]):
            continue
        long = size >= _SMALLER * usual and len(text) >= _TITLE_LETTERS
        sure = long or _NUMBERED.match(text) is not None
        large = size >= _LARGER * usual
        if around.head_text(indexes[0], indexes[-1], sure=sure, large=large):
            yield _Found(number, lines[0].start, lines[-1].end, text, size / usual, bold)


def _joined(page: PageText, groups: Sequence[_Group]) -> Iterator[_Group]:
    """Yield the groups, one that breaks off (`of`, `and`) together with the one that follows it."""
    held: _Group | None = None
    for group in groups:
        if held is not None:
            last, first = page.lines[held[1][-1]], page.lines[group[1][0]]
            near = group[1][0] == held[1][-1] + 1 and first.laid.column == last.laid.column
            if near and breaks_off(page.text[page.lines[held[1][0]].start : last.end]):
                held = (held[0], [*held[1], *group[1]])
                continue
            yield held
        held = group
    if held is not None:
        yield held


def _goes_on(page: PageText, line: TextLine) -> bool:
    """Tell whether the line below goes on in small letters: a paragraph in mixed fonts."""
    below = next((other for other in page.lines if other.start > line.start), None)
    return (
        below is not None
        and below.laid.column == line.laid.column
        and below.laid.bottom - line.laid.bottom < _WIDEST_PITCH * line.laid.size
        and page.text[below.start].islower()
    )


def _together(lines: Sequence[TextLine], indexes: Sequence[int]) -> Iterator[list[int]]:
    """Yield the indexes of lines that stand close under each other in one column."""
    held: list[int] = []
    for index in indexes:
        if held:
            above, below = lines[held[-1]].laid, lines[index].laid
            pitch = below.bottom - above.bottom
            if below.column != above.column or not 0 < pitch < _WIDEST_PITCH * below.size:
                yield held
                held = []
        held.append(index)
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
        and not is_sentence(_LABEL.sub("", text, count=1))
        and not breaks_off(text)
    )


def _kinds_of_numbers(found: Sequence[_Found]) -> Iterator[int]:
    """Yield the kind of each heading's number; `I.` after `H.` is a letter."""
    before = ""
    for heading in found:
        kind = _kind_of_number(heading.text)
        letter = _LETTER.match(heading.text)
        if letter and (kind == _LETTERED or before == chr(ord(heading.text[0]) - 1)):
            kind, before = _LETTERED, heading.text[0]
        elif kind <= _LETTERED:
            before = ""
        yield kind


def _kind_of_number(text: str) -> int:
    """Return 0 of none and of Roman numbers, 1 of letters, 2 and more of figures."""
    if _ROMAN.match(text):
        return 0
    if _LETTER.match(text):
        return _LETTERED
    number = _NUMBER.match(text)
    return 1 + _LETTERED + number.group(1).count(".") if number else 0
