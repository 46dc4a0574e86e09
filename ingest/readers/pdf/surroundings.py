"""What stands around a line of a PDF page that looks like a heading: text below it, or a table."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from ingest.layout.ordering import FOOT
from ingest.layout.run import LaidLine
from ingest.readers.pdf.page import PageText, TextLine
from ingest.text.abbreviations import CONTINUING

_NO_TEXT = frozenset({"table", "figure", "footnote"})
_ENDS_PAGE = frozenset({"footer", "page_number", "footnote"})
_SAME_SIZE = 0.08
_LABEL_LETTERS = 6
_HEAD_CELLS = 3
_LEVEL = 0.3  # of the height of the letters' boxes
_FILLED = 0.97
_PARAGRAPH_PITCH = 1.3

_STOP_INSIDE = re.compile(r"(?:[^\W\d_]{3,}|\d{4})[.?!]\s+[\"“‘«(]?[A-ZÀ-Þ]")
_CLOSED_BEFORE_NOTE = re.compile(r"[^\W\d_]{2,}[.;]\d{1,3}$")
_FORMULA = re.compile(r"[=⋯∑√×]")
_LAST_WORD = re.compile(r"[^\W\d_]+$")


def is_sentence(text: str) -> bool:
    """Tell whether a text in heavy letters has a stop inside, or before a note's number, or signs.

    Entries of a list of references do, and words that a writer wants seen.
    """
    return bool(
        _STOP_INSIDE.search(text) or _CLOSED_BEFORE_NOTE.search(text) or _FORMULA.search(text)
    )


def breaks_off(text: str) -> bool:
    """Tell whether a text ends in a word that another must follow: `of`, `and`, `the`."""
    word = _LAST_WORD.search(text)
    if word is None or (len(word.group()) == 1 and word.group().isupper()):  # Appendix A
        return False
    return word.group().casefold() in CONTINUING


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The lines of a page in reading order, the kind of block that each stands in, and which of
    them look like headings."""

    page: PageText
    kinds: Sequence[str]
    heavy: AbstractSet[int]

    def head_text(self, first: int, last: int, *, sure: bool, large: bool) -> bool:
        """Tell whether lines first to last head the text below them.

        They do not where they stand over the columns or rows of a table (unless they are `sure` of
        being a title, or in larger letters), at the end of a page, or begin a paragraph.
        """
        below = last + 1
        if self.page.lines[first].laid.column == FOOT or self._ends_page(first, below):
            return False
        cells = any(_is_row(self.page.lines[index].laid) for index in range(first, below))
        if cells and not (large and below == self._first_plain(below)):
            return False
        if self._is_no_text(below) and (cells or not (sure or large)):
            return False
        return not self._begins_paragraph(last) and not self._is_column_head(first)

    def _ends_page(self, first: int, below: int) -> bool:
        """Tell whether no text follows on a page that has text before."""
        before = (self.kinds[index] for index in range(first) if index not in self.heavy)
        return all(kind in _ENDS_PAGE for kind in self.kinds[below:]) and "text" in before

    def _first_plain(self, index: int) -> int:
        """Return the first line from one on that does not look like a heading."""
        return next((at for at in range(index, len(self.kinds)) if at not in self.heavy), index)

    def _is_no_text(self, index: int) -> bool:
        if index >= len(self.kinds):
            return False
        return self.kinds[index] in _NO_TEXT or self.page.lines[index].laid.kind == "cells"

    def _begins_paragraph(self, last: int) -> bool:
        """Tell whether the line is as wide as the lines that go on below it at their own pitch."""
        lines = self.page.lines
        if last + 2 >= len(lines):
            return False
        line, below, next_one = (lines[last + step].laid for step in range(3))
        if not line.column == below.column == next_one.column:
            return False
        pitch, usual = below.bottom - line.bottom, next_one.bottom - below.bottom
        if last + 1 in self.heavy:
            return False
        wide = line.right - line.left >= _FILLED * (below.right - below.left)
        return (
            wide
            and 0 < pitch < min(_PARAGRAPH_PITCH * usual, 1.5 * line.size)
            and (abs(line.size - below.size) < _SAME_SIZE * below.size)
        )

    def _is_column_head(self, first: int) -> bool:
        """Tell whether three and more lines of the same letters stand side by side."""
        line = self.page.lines[first]
        beside = sum(_level(line, other) for other in self.page.lines)
        return beside >= _HEAD_CELLS


def _is_row(line: LaidLine) -> bool:
    """Tell whether a line has pieces apart, other than a number before the first."""
    runs = line.runs
    return len(runs) > (2 if runs[0].letters <= _LABEL_LETTERS else 1)


def _level(line: TextLine, other: TextLine) -> bool:
    """Tell whether another line has the same letters at the same height, or is the line."""
    return (
        line.bold == other.bold
        and abs(line.laid.bottom - other.laid.bottom) < _LEVEL * line.laid.size
        and abs(line.laid.size - other.laid.size) < _SAME_SIZE * line.laid.size
    )
