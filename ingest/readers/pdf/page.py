"""The text of a PDF page in reading order, and which of PDFium's characters each letter is."""

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium

from ingest.layout.ordering import reading_order
from ingest.layout.run import LaidLine, Run
from ingest.readers.pdf.glyphs import HYPHEN, UNKNOWN, Words, bold_at, frame_of, words_of
from ingest.readers.pdf.hidden import covered, has_image, invisible, within
from ingest.readers.pdf.runs import runs_of

WRITTEN = -1  # the index of what is written between PDFium's characters

_MARK = re.compile(
    r"[^\S\n\r]*[\r\n]\s*|\ufffe|\u00ad|\x00|[\x01-\x08\x0b-\x1f\x7f-\x9f\uffff]"
    r"|[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]"
)
_SKIPPED = 3  # spaces and line breaks of PDFium's that page text leaves out
_LEAST_SPACE = 0.1  # of the height of the letters' boxes
_RAISED = (0.4, 0.8)  # of the height of the letters before
_LONGEST_MARK = 3
_SPACE_BEFORE_RAISED = 0.25
_LAYER_SHARE = 0.5


@dataclass(slots=True)
class TextLine:
    """A line of the page text: its range, without the line break, and how it was laid.

    `bold` lines begin and end in a font whose name or weight says so.
    """

    start: int
    end: int
    laid: LaidLine
    bold: bool = False


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page as it shows it, ending with a line break unless empty.

    `indexes` has PDFium's character index of each code point, or WRITTEN. `size` is the page's
    width and height as shown, in points. `layer` tells a scan's hidden text from a page's own;
    `left_out` counts the letters that a reader of the page does not see. `doubt` says why a page
    whose own text is missing or bad was not read from its image.
    """

    text: str = ""
    indexes: Sequence[int] = ()
    lines: tuple[TextLine, ...] = ()
    size: tuple[float, float] = (0.0, 0.0)
    layer: bool = False
    left_out: int = 0
    confidence: float | None = None
    doubt: str | None = None

    def characters(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the half-open ranges of PDFium's characters that a range of the text shows."""
        first = last = WRITTEN
        for index in self.indexes[max(0, start) : end]:
            if index == WRITTEN:
                continue
            if first != WRITTEN and not last <= index <= last + _SKIPPED:
                yield first, last + 1
                first = index
            elif first == WRITTEN:
                first = index
            last = index
        if first != WRITTEN:
            yield first, last + 1


def page_text(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> PageText:
    """Return the text of a page in reading order."""
    frame = frame_of(page)
    words = words_of(textpage, frame)
    found = runs_of(words)
    hidden = invisible(textpage, found)
    layer = False
    if hidden:
        share = sum(run.letters for run in found if run.order in hidden)
        layer = share >= _LAYER_SHARE * sum(run.letters for run in found) and has_image(page)
    seen = [run for run in found if layer or run.order not in hidden]
    under = covered(page, textpage, seen)
    runs = list(within(textpage, [run for run in seen if run.order not in under], frame))
    left_out = sum(run.letters for run in found) - sum(run.letters for run in runs)
    text, indexes, lines = _written(words, reading_order(runs), bold_at(textpage))
    return PageText(text, indexes, lines, frame.size, layer, left_out)


def _written(
    words: Words, laid: Sequence[LaidLine], is_bold: Callable[[int], bool]
) -> tuple[str, Sequence[int], tuple[TextLine, ...]]:
    """Return the text of lines, the index of each code point, and where the lines stand."""
    texts: list[str] = []
    indexes = array("i")
    lines: list[TextLine] = []
    at = 0
    units = words.units
    own = array("i", np.arange(len(units), dtype=np.intc).tobytes())
    for line in laid:
        start = at
        before: Run | None = None
        for run in line.runs:
            if before is not None and _apart(before, run):
                texts.append(" ")
                indexes.append(WRITTEN)
            before = run
            written = units[run.start : run.end]
            if written.isprintable():  # then it has no mark
                texts.append(written)
                indexes.extend(own[run.start : run.end])
                continue
            for piece, index, one_to_one in _pieces(units, run):
                length = len(piece)
                texts.append(piece)
                indexes.extend(own[index : index + length] if one_to_one else [index] * length)
        at = len(indexes)
        if at > start:
            bold = is_bold(line.runs[0].start) and is_bold(line.runs[-1].end - 1)
            lines.append(TextLine(start, at, line, bold))
            texts.append("\n")
            indexes.append(WRITTEN)
            at += 1
    return "".join(texts), indexes, tuple(lines)


def _apart(before: Run, run: Run) -> bool:
    gap = max(run.left - before.right, before.left - run.right)
    low, high = _RAISED
    raised = low * before.size < run.size < high * before.size and run.letters <= _LONGEST_MARK
    return gap > (_SPACE_BEFORE_RAISED if raised else _LEAST_SPACE) * max(run.size, before.size)


def _pieces(units: str, run: Run) -> Iterator[tuple[str, int, bool]]:
    """Yield (page text, PDFium's index, whether each code point has its own index)."""
    position = run.start
    for mark in _MARK.finditer(units, run.start, run.end):
        start = mark.start()
        if start > position:
            yield units[position:start], position, True
        written = _shown(mark.group())
        if written:
            yield written, start, False
        position = mark.end()
    if position < run.end:
        yield units[position : run.end], position, True


def _shown(mark: str) -> str:
    if mark[-1] in "\r\n" or mark.isspace():
        # PDFium breaks a line at raised figures; what stands on one line stays on it.
        return " " if mark.strip("\r\n") else ""
    if mark in (HYPHEN, "\u00ad"):
        return "-"  # a soft hyphen in the middle of a line is drawn, so it is a hyphen
    if mark == "\x00":
        return ""
    if len(mark) == 2:
        return mark.encode("utf-16", "surrogatepass").decode("utf-16")
    return UNKNOWN
