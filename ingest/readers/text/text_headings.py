"""Headings in plain text, told by their numbers and the room around them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.text.lines import Line, line_gap_of, lines_of

_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})[.)]?\s+(?=[^\W\d_]|[\"“«(¿])")
_ROMAN = re.compile(r"[IVXLC]{1,6}\.\s+(?=[^\W\d_])")
_LETTERED = re.compile(r"[A-Z]\.\s+(?=[A-Z])")
_NAMED = re.compile(
    r"(?:chapter|part|section|annex|appendix|capítulo|parte|sección|anexo|chapitre|partie|annexe)"
    r"\s+(?:\d{1,3}|[IVXLC]{1,6}|[A-Z])\b",
    re.IGNORECASE,
)
_UNDERLINE = re.compile(r"(=|-|~|\*|_)\1{2,}")
_CLOSED = re.compile(r"[.;,:!?…][\"'”’»)\]]*$")
_MOST_LINES = 3
_MOST_CHARACTERS = 200
_SHORT_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class FoundHeading:
    """A heading: level from 1, and the range of its text."""

    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    level: int
    lines: tuple[Line, ...]
    alone: bool  # nothing else in its paragraph


def find_headings(text: str) -> list[FoundHeading]:
    """Return the headings of a text: numbered, named (`Chapter 3`) or underlined, in order.

    A heading stands at the start of a paragraph, is short and ends without a stop. It may run
    over lines, where it is a paragraph of its own. Items of a numbered list are not headings.
    """
    lines = lines_of(text)
    gap = line_gap_of(text, lines)
    paragraphs = list(_paragraphs(lines, gap))
    found = [_candidate(text, paragraph) for paragraph in paragraphs]
    return [
        FoundHeading(candidate.level, candidate.lines[0].start, candidate.lines[-1].end)
        for index, candidate in enumerate(found)
        if candidate is not None and not _in_list(found, index)
    ]


def first_line_title(text: str) -> str | None:
    """Return the first paragraph in one line if it looks like a title."""
    lines = lines_of(text)
    for paragraph in _paragraphs(lines, line_gap_of(text, lines)):
        start, end = paragraph[0].start, paragraph[-1].end
        title = " ".join(text[start:end].split())
        fits = len(paragraph) <= _MOST_LINES and 4 <= len(title) <= _MOST_CHARACTERS
        return title if fits and not _CLOSED.search(title) and title[0].isalnum() else None
    return None


def _paragraphs(lines: Sequence[Line], gap: int) -> Iterator[tuple[Line, ...]]:
    paragraph: list[Line] = []
    for line in lines:
        if paragraph and line.gap > gap:
            yield tuple(paragraph)
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield tuple(paragraph)


def _candidate(text: str, paragraph: tuple[Line, ...]) -> _Candidate | None:
    first = paragraph[0]
    written = text[first.start : first.end]
    if len(paragraph) > 1:
        second = text[paragraph[1].start : paragraph[1].end]
        if _UNDERLINE.fullmatch(second) and first.length <= _MOST_CHARACTERS:
            depth = 1 if second[0] in "=*" else 2
            return _Candidate(depth, (first,), alone=len(paragraph) == 2)
    level = _level(written)
    if level is None:
        return None
    whole = text[first.start : paragraph[-1].end]
    if len(paragraph) <= _MOST_LINES and len(whole) <= _MOST_CHARACTERS:
        if _level(text[paragraph[-1].start : paragraph[-1].end]) and len(paragraph) > 1:
            return None
        return None if _CLOSED.search(whole) else _Candidate(level, paragraph, alone=True)
    following = text[paragraph[1].start] if len(paragraph) > 1 else ""
    width = max(line.length for line in paragraph)
    short = first.length < _SHORT_SHARE * width and first.length <= _MOST_CHARACTERS
    if short and following.isupper() and not _CLOSED.search(written):
        return _Candidate(level, (first,), alone=False)
    return None


def _level(line: str) -> int | None:
    """Return the level that a line's number says: `2.1 Title` is 2, `IV. Title` 1."""
    if numbered := _NUMBERED.match(line):
        return numbered.group(1).count(".") + 1
    if _NAMED.match(line) or _ROMAN.match(line):
        return 1
    return 2 if _LETTERED.match(line) else None


def _in_list(found: Sequence[_Candidate | None], index: int) -> bool:
    """Tell whether a neighbour without text between makes this an item of a list."""
    mine = found[index]
    before = found[index - 1] if index else None
    after = found[index + 1] if index + 1 < len(found) else None
    if mine is None:
        return False
    return (before is not None and before.alone and before.level == mine.level) or (
        after is not None and mine.alone and after.level == mine.level
    )
