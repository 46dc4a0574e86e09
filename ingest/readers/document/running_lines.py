"""Lines that run through a document: headers, footers and page numbers."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from corpus.document import Page, PageSpan
from ingest.readers.document.reader import Block
from ingest.text.lines import Line, lines_of_page

_EDGE_LINES = 3
_FEWEST_PAGES = 3
_MOST_PAGES_APART = 2
_FEWEST_LETTERS = 4
_LONGEST = 160
_NUMBER = re.compile(r"\d+|(?<![^\W_])[ivxlc]{1,7}(?![^\W_])", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"(?:page|página|pág\.|p\.)?\s*[-–—(\[]*\s*(?:\d{1,4}|[ivxlc]{1,7})\s*[-–—)\]]*"
    r"(?:\s*(?:/|of|de|sur)\s*\d{1,4})?",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True, slots=True)
class _EdgeLine:
    """A line near the top or bottom. `counted` are (key, form) of its numbers that may count."""

    page: int
    span: PageSpan
    text: str
    top: bool
    whole: str
    counted: tuple[tuple[str, str], ...]


def running_blocks(pages: Sequence[Page]) -> tuple[Block, ...]:
    """Return the headers, footers and page numbers of pages, by page and place.

    Such a line is among the first or last three of its page and stands on at least three pages
    near each other, or half of them in a shorter document: the same words, with a number in them
    that is the same too or that counts the pages.
    """
    edges = [line for page in pages for line in _edge_lines(page)]
    seen: defaultdict[tuple[bool, str], set[int]] = defaultdict(set)
    for line in edges:
        for key in (line.whole, *(key for key, _ in line.counted)):
            seen[line.top, key].add(line.page)
    enough = max(2, min(_FEWEST_PAGES, -(-len(pages) // 2)))
    running = {key for key, numbers in seen.items() if _recurs(sorted(numbers), enough)}
    running -= {(True, ""), (False, "")}
    # Pages i and ii carry the same line as 1, 2, 3, though they are too few to count.
    forms = {
        (line.top, form)
        for line in edges
        for key, form in line.counted
        if (line.top, key) in running and _is_telling(form)
    }
    found = [
        Block(_kind(line), line.span)
        for line in edges
        if (line.top, line.whole) in running
        or any((line.top, key) in running for key, _ in line.counted)
        or any((line.top, form) in forms for _, form in line.counted)
    ]
    return tuple(sorted(found, key=lambda block: (block.span.page, block.span.start)))


def _recurs(numbers: Sequence[int], enough: int) -> bool:
    """Tell whether so many pages lie close together: running lines skip few pages."""
    spread = enough * _MOST_PAGES_APART
    return any(
        last - first < spread for first, last in zip(numbers, numbers[enough - 1 :], strict=False)
    )


def _kind(line: _EdgeLine) -> str:
    if _PAGE_NUMBER.fullmatch(line.text):
        return "page_number"
    return "header" if line.top else "footer"


def _edge_lines(page: Page) -> Iterator[_EdgeLine]:
    lines = lines_of_page(page.text)
    for index, line in enumerate(lines):
        top, bottom = index < _EDGE_LINES, index >= len(lines) - _EDGE_LINES
        if not (top or bottom) or line.length > _LONGEST:
            continue
        at_top = index < len(lines) - 1 - index
        yield _edge_line(page, line, top=at_top)


def _edge_line(page: Page, line: Line, *, top: bool) -> _EdgeLine:
    text = page.text[line.start : line.end]
    folded = " ".join(text.split()).casefold()
    return _EdgeLine(
        page=page.number,
        span=PageSpan(page.number, line.start, line.end),
        text=text,
        top=top,
        whole=folded if _is_telling(folded) else "",
        counted=tuple(_counted(folded, page.number)),
    )


def _is_telling(folded: str) -> bool:
    """Tell whether the words alone make a running line; a number alone does not."""
    first = islice(filter(str.isalnum, folded), _FEWEST_LETTERS)
    return len(list(first)) == _FEWEST_LETTERS


def _counted(folded: str, page_number: int) -> Iterator[tuple[str, str]]:
    """Yield, for each number of the line, the line with the number's distance to the page's."""
    for number in _NUMBER.finditer(folded):
        value = _value(number.group())
        if value is not None and value < 10_000:
            before, after = folded[: number.start()], folded[number.end() :]
            yield f"{before}\0{value - page_number}\0{after}", f"{before}\0{after}"


def _value(number: str) -> int | None:
    """Return the value of a decimal or Roman number."""
    if number.isdecimal():
        return int(number)
    return roman_value(number)


def roman_value(number: str) -> int:
    """Return the value of a Roman number in small letters up to c."""
    values = [_ROMAN[letter] for letter in number]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < following else value for value, following in pairs)
