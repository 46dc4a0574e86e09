"""Where a new unit must start at a line: paragraphs, list items, lines that stand alone."""

import re
from collections.abc import Iterator, Sequence

from ingest.text.abbreviations import CONTINUING
from ingest.text.lines import Line

_BULLET = re.compile(r"[•▪●◦‣■□○◆◊➢➤✓✔\uf000-\uf0ff\ufffd·]\s*|[*o]\s+(?=\S)")
_DASH = re.compile(r"[–—-]\s+(?=\S)")
_ITEM = re.compile(r"\(?(?:[a-z]{1,2}|[ivxlc]{1,6}|\d{1,2})\)\s")
_NUMBERED = re.compile(
    r"(?:[1-9]\d{0,2}(?:\.\d{1,2}){0,3}\.?|[IVXLC]{1,6}\.|[A-Z]\.)\s+(?=[\"“«(¿¡\[]?[^\W_])"
)
_TERMINAL = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*(?:\[?\d{1,3}\]?)?$")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*(?:\[?\d{1,3}\]?)?$")
_LIST_BEFORE = re.compile(r"(?:[.;:,!?]|\b(?:and|or|y|o|et|ou))[\"'”’»)\]]*\d{0,3}$")
_GOES_ON = re.compile(r"[,(\[“«‘/&–—-]$")
_LAST_WORD = re.compile(r"\S+$")
_NEIGHBOURS = 4
_SHORT = 0.6
_SHORT_BEFORE_NUMBER = 0.85


def unit_spans(text: str, lines: Sequence[Line], line_gap: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of runs of lines between which a sentence cannot go on."""
    if not lines:
        return
    lengths = [line.length for line in lines]
    start = lines[0].start
    for index in range(1, len(lines)):
        before, line = lines[index - 1], lines[index]
        near = lengths[max(0, index - 1 - _NEIGHBOURS) : index + _NEIGHBOURS]
        share = before.length / max(near)
        if _starts_unit(text, before, line, share=share, wide=line.gap > line_gap):
            yield start, before.end
            start = line.start
    yield start, lines[-1].end


def _starts_unit(text: str, before: Line, line: Line, *, share: float, wide: bool) -> bool:
    """Tell whether `line` starts a unit.

    `share` is the length of the line before, of the longest near it; `wide`: the gap is one that
    parts paragraphs.
    """
    tail = text[max(before.start, before.end - 40) : before.end]
    head = text[line.start : min(line.end, line.start + 24)]
    ended = _SENTENCE_END.search(tail) is not None
    if _BULLET.match(head):
        return True
    if wide:
        return ended or not head[0].islower()
    if _ITEM.match(head):
        return _LIST_BEFORE.search(tail) is not None
    closed = ended or _TERMINAL.search(tail) is not None
    if _DASH.match(head):
        first = text[before.start : before.start + 8]
        return closed or bool(_DASH.match(first) or _BULLET.match(first))
    if _NUMBERED.match(head):
        return (closed or share < _SHORT_BEFORE_NUMBER) and not _goes_on(tail)
    return share < _SHORT and not ended and not head[0].islower() and not _goes_on(tail)


def _goes_on(tail: str) -> bool:
    """Tell whether a line that ends so is continued by the next."""
    if _GOES_ON.search(tail):
        return True
    word = _LAST_WORD.search(tail)
    return word is not None and word.group().casefold() in CONTINUING
