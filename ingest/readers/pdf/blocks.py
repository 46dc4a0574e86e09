"""The blocks of PDF pages: what each part is, told by its geometry and its first words."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus.document import PageSpan
from ingest.readers.document.reader import Block
from ingest.readers.pdf.page import PageText, TextLine

_CAPTION = re.compile(
    r"(?:(?P<figure>fig(?:ure|ura|\.)|chart|map|gr[áa]fico|mapa|graphique|carte)"
    r"|(?P<table>table|tabla|cuadro|exhibit|tableau)|box|recuadro|encadré)"
    r"\s+(?:[A-Z]{1,3}[-.]?)?(?:\d{1,3}|[IVX]{1,5})(?:[-.–](?:\d{1,3}|[IVX]{1,5}))*[a-z]?\b[.:]?",
    re.IGNORECASE,
)
_NOTE_MARK = re.compile(
    r"(?:(?:\d{1,3}(?!\d)|[*†‡§¶]{1,3})[.)/]?\s?|[a-z](?:[.)/]\s?|\s))(?=[\"“‘(\[]?\w)"
)
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\S{1,9}\s*$|(?:…\s?){2,}\s*\S{1,9}\s*$")
_INDEX_ENTRY = re.compile(r"[^.]{3,60}(?:,\s*\d{1,4}(?:[-–]\d{1,4})?)+\s*[;.]?$")
_SMALLER = 0.93
_FEWEST_LEADERS = 3
_FEWEST_DOTS = 4
_FEWEST_INDEX_ENTRIES = 8
_FEWEST_SCATTERED = 4
_SHORT_LETTERS = 28
_FEWEST_ROWS = 2
_NEAR_LINES = 3
_TITLE_PITCH = 2.2
_ALIKE = 0.08


@dataclass(frozen=True, slots=True)
class Usual:
    """The width and height of a letter in most of a document's text, in points."""

    width: float
    height: float


def blocks_of(
    pages: Sequence[PageText], running: Sequence[Block], usual: Usual
) -> tuple[Block, ...]:
    """Return the blocks of all pages, by page and place; `running` are among them as they are.

    Other kinds: `footnote`, `table`, `figure` (the words of a chart or map), `caption`, `contents`
    (lines of a table of contents or an index) and `text`. Together they cover every line.
    """
    ran: dict[int, list[Block]] = {}
    for block in running:
        ran.setdefault(block.span.page, []).append(block)
    found: list[Block] = []
    for number, page in enumerate(pages, start=1):
        mine = ran.get(number, [])
        starts = {block.span.start for block in mine}
        lines = [line for line in page.lines if line.start not in starts]
        found.extend(mine)
        found.extend(_blocks(number, lines, _kinds(page, lines, usual)))
    return tuple(sorted(found, key=lambda block: (block.span.page, block.span.start)))


def _blocks(number: int, lines: Sequence[TextLine], kinds: Sequence[str]) -> Iterator[Block]:
    """Yield runs of lines of one kind; text also ends with its column."""

    def part(index: int) -> tuple[str, int]:
        kind = kinds[index]
        return kind, lines[index].laid.column if kind == "text" else -1

    for (kind, _), group in groupby(range(len(lines)), key=part):
        members = list(group)
        span = PageSpan(number, lines[members[0]].start, lines[members[-1]].end)
        yield Block(kind, span)


def _kinds(page: PageText, lines: Sequence[TextLine], usual: Usual) -> list[str]:
    texts = [page.text[line.start : line.end] for line in lines]
    kinds = ["text"] * len(lines)
    for index, line in enumerate(lines):
        if line.laid.kind == "turned":
            kinds[index] = "figure"
        elif _CAPTION.match(texts[index]):
            kinds[index] = "caption"
    _mark_titles(lines, texts, kinds)
    _mark_contents(texts, kinds)
    _mark_tables_and_figures(lines, texts, kinds)
    _mark_footnotes(page, lines, texts, kinds, usual)
    return kinds


def _mark_titles(lines: Sequence[TextLine], texts: Sequence[str], kinds: list[str]) -> None:
    """Mark the bold lines that go on below `Figure 3`, or below a caption in the same letters."""
    above: TextLine | None = None
    size: float | None = None
    for index, (line, text) in enumerate(zip(lines, texts, strict=True)):
        match = _CAPTION.match(text) if kinds[index] == "caption" else None
        if match is not None:
            bare = match.end() == len(text.rstrip())
            of_shape = match.group("figure") or match.group("table")
            above = line if of_shape and (bare or line.bold) else None
            size = None if bare else line.laid.size
        elif above is not None and kinds[index] == "text" and _goes_on(above, line, size):
            kinds[index] = "caption"
            above = line
        else:
            above = None


def _goes_on(above: TextLine, line: TextLine, size: float | None) -> bool:
    """Tell whether a line is bold, near the one above, and in letters of this height, if given."""
    pitch = line.laid.bottom - above.laid.bottom
    near = line.laid.column == above.laid.column and 0 < pitch < _TITLE_PITCH * line.laid.size
    alike = size is None or abs(line.laid.size - size) < _ALIKE * size
    return line.bold and near and alike and len(line.laid.runs) == 1


def _mark_contents(texts: Sequence[str], kinds: list[str]) -> None:
    leaders = [index for index, text in enumerate(texts) if _has_leaders(text)]
    if len(leaders) >= _FEWEST_LEADERS:
        # An entry that wraps has its page number on its last line only.
        for index in range(max(0, leaders[0] - 1), leaders[-1] + 1):
            if kinds[index] == "text":
                kinds[index] = "contents"
        return
    entries = [
        index
        for index, text in enumerate(texts)
        if text.rstrip("; .")[-1:].isdigit() and _INDEX_ENTRY.fullmatch(text)
    ]
    if len(entries) >= _FEWEST_INDEX_ENTRIES and 2 * len(entries) >= len(texts):
        for index in range(entries[0], entries[-1] + 1):
            kinds[index] = "contents"


def _has_leaders(text: str) -> bool:
    dots = text.count(".") >= _FEWEST_DOTS or text.count("…") > 1
    return dots and _LEADERS.search(text) is not None


def _mark_tables_and_figures(
    lines: Sequence[TextLine], texts: Sequence[str], kinds: list[str]
) -> None:
    """Mark stretches of short pieces: the caption beside them says what they are."""
    for start, end in list(_scattered(lines, texts, kinds)):
        near = [
            match
            for index in (*range(start - 1, start - 1 - _NEAR_LINES, -1), *range(end, end + 2))
            if 0 <= index < len(lines)
            for match in [_CAPTION.match(texts[index])]
            if match is not None
        ]
        rows = [line for line in lines[start:end] if line.laid.kind == "cells"]
        kind = ""
        if near and near[0].group("figure") and end - start >= _FEWEST_SCATTERED:
            kind = "figure"
        elif len(rows) >= _FEWEST_ROWS and (near or _are_rows(rows)):
            kind = "table"
        if kind:
            kinds[start:end] = [kind] * (end - start)


def _scattered(
    lines: Sequence[TextLine], texts: Sequence[str], kinds: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """Yield the longest ranges of lines that are rows of cells or short pieces."""
    start: int | None = None
    for index in range(len(lines) + 1):
        piece = index < len(lines) and kinds[index] in {"text", "figure"}
        piece = piece and (lines[index].laid.kind != "text" or len(texts[index]) <= _SHORT_LETTERS)
        if piece and start is None:
            start = index
        if not piece and start is not None:
            first, last = start, index
            # Short lines at the edges are headings or the ends of paragraphs.
            while first < last and lines[first].laid.kind == "text" and not _number(texts[first]):
                first += 1
            while (
                last > first and lines[last - 1].laid.kind == "text" and _sentence(texts[last - 1])
            ):
                last -= 1
            if last - first >= _FEWEST_ROWS:
                yield first, last
            start = None


def _number(text: str) -> bool:
    return sum(c.isdigit() for c in text) * 2 > len(text.replace(" ", ""))


def _sentence(text: str) -> bool:
    return text.rstrip().endswith((".", ";", ":"))


def _are_rows(rows: Sequence[TextLine]) -> bool:
    return sum(len(row.laid.runs) >= 2 for row in rows) * 2 >= len(rows)


def _mark_footnotes(
    page: PageText,
    lines: Sequence[TextLine],
    texts: Sequence[str],
    kinds: list[str],
    usual: Usual,
) -> None:
    """Mark small lines at the foot of each column, from the first that starts with a mark on."""
    order = [index for index in range(len(lines)) if kinds[index] in {"text", "contents"}]
    for _, group in groupby(order, key=lambda index: lines[index].laid.column):
        members = list(group)
        low = len(members)
        while low and _is_small(lines[members[low - 1]], usual):
            low -= 1
        notes = members[low:]
        while notes and not _NOTE_MARK.match(texts[notes[0]]):
            notes.pop(0)
        if notes and lines[notes[0]].laid.top > 0.35 * page.size[1]:
            for index in notes:
                kinds[index] = "footnote"


def _is_small(line: TextLine, usual: Usual) -> bool:
    """Tell whether a line's letters are narrower or lower than those of most of the text."""
    low = line.laid.size < _SMALLER * usual.height
    return low or _pitch(line) < _SMALLER * usual.width


def usual_letters(pages: Sequence[PageText]) -> Usual:
    """Return the size of a letter in most of the text."""
    widths: Counter[float] = Counter()
    heights: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            letters = line.end - line.start
            if letters >= _SHORT_LETTERS and line.laid.kind == "text":
                widths[_pitch(line)] += letters
                heights[line.laid.size] += letters
    return Usual(_middle(widths), _middle(heights))


def _middle(letters: Mapping[float, int]) -> float:
    """Return the value that half of the letters have or stay below, 0 of none."""
    half = sum(letters.values()) / 2
    for value in sorted(letters):
        half -= letters[value]
        if half <= 0:
            return value
    return 0.0


def _pitch(line: TextLine) -> float:
    """Return the width of a letter in points; of short lines, that of their longest run."""
    runs = line.laid.runs
    run = runs[0] if len(runs) == 1 else max(runs, key=lambda run: run.letters)
    return (run.right - run.left) / max(1, run.end - run.start)
