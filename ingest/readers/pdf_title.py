"""The title that the first page of a PDF shows: its largest letters."""

import re
from collections.abc import Sequence
from statistics import median

from ingest.readers.pdf_page import PageText, TextLine
from ingest.readers.titles import believed_title

# What stands in large letters above the title of official documents.
_MASTHEAD = re.compile(
    r"united nations|nations unies|naciones unidas|general assembly|security council"
    r"|economic and social council|distr\.?:? ?\w*|original: \w+|\S*\d\S*",
    re.IGNORECASE,
)
_LARGER = 1.15
_SAME = 0.93
_FEWEST_WORDS = 3
_LONGEST = 250
_MOST_LINES = 200


def shown_title(page: PageText) -> str | None:
    """Return the text in the largest letters, None if none is larger than the rest.

    Sizes are of the letters' boxes, so scaled fonts count as drawn. Runs of one or two words, such
    as the publisher's name, and mastheads are passed over.
    """
    text = page.text
    lines = page.lines[:_MOST_LINES]
    if len(lines) < 2:
        return None
    sizes = [line.laid.size for line in lines]
    shown = [size for size in sizes if size > 0]
    if not shown:
        return None
    usual = median(shown)
    for size in sorted({size for size in shown if size >= _LARGER * usual}, reverse=True):
        title = _run(text, lines, sizes, size)
        if title is not None:
            return title
    return None


def _run(text: str, lines: Sequence[TextLine], sizes: Sequence[float], size: float) -> str | None:
    """Return the first run of lines of this size that can be a title."""
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _SAME * size <= sizes[end] <= size / _SAME:
            end += 1
        while end > start and not _left_of(text[lines[start].start : lines[start].end]):
            start += 1
        if end > start:
            joined = " ".join(text[lines[start].start : lines[end - 1].end].split())
            if len(_left_of(joined)) >= _FEWEST_WORDS and len(joined) <= _LONGEST:
                return believed_title(joined)
        start = max(end, start + 1)
    return None


def _left_of(text: str) -> list[str]:
    """Return the words that are not of a masthead."""
    return _MASTHEAD.sub(" ", text).split()
