"""What a description is read from: the lines of the first pages, and what the file says."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ingest.front_matter.words import WordLists, fold, letters_in
from ingest.readers.document.reader import Reading, ShownLine

PAGES = 4
_MOST_LINES = {1: 44, 2: 24, 3: 24, 4: 14}
_RUNNING_KINDS = frozenset({"header", "footer"})
_LAST_LINES = 2
_STAMPED = 3
_LONGEST_RUNNING = 100
_PAGE_NUMBER = re.compile(
    r"^(?:(?:page|p\.|página|pág\.)\s*)?[-–—|(\[]?\s*(?:[A-Z]{1,2}\s?[-–]\s?)?(?:\d{1,4}|[ivxlc]{1,6})"
    r"\s*[-–—|)\]]?(?=\s|$)\s*|\s*(?<!\S)(?:(?:page|p\.|página|pág\.)\s*)?[-–—|(\[]?\s*"
    r"(?:[A-Z]{1,2}\s?[-–]\s?)?(?:\d{1,3}|[ivxlc]{1,6})\s*[-–—|)\]]?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RunningLine:
    """A header or footer without its page number, and the share of the pages that carry it.

    `recurs` tells that it was found to run through the file; others only stand at a page's edge.
    """

    text: str
    share: float
    recurs: bool
    numbered: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of the first pages in reading order, and what else is known of the file.

    `usual` and `largest` are the sizes of most letters and of the largest ones of a whole line.
    `running` are the headers and footers, the most frequent first.
    """

    lines: tuple[ShownLine, ...]
    usual: float
    largest: float
    running: tuple[RunningLine, ...]
    head: str
    text: str
    name: str
    title: str | None
    author: str | None
    date: str | None
    subject: str
    outline: tuple[str, ...]
    words: WordLists
    starts_inside: bool

    def of_page(self, number: int) -> list[ShownLine]:
        """Return the lines of one page."""
        return [line for line in self.lines if line.page == number]


def sheet_of(reading: Reading, name: str, words: WordLists) -> Sheet:
    """Return what is looked at of a file that was read."""
    lines = _looked_at(reading.shown)
    sizes = [line.size for line in lines if line.size > 0]
    head = reading.pages[0].text if reading.pages else ""
    inside = starts_inside(reading)
    return Sheet(
        lines=lines,
        usual=median(sizes) if sizes else 0.0,
        largest=max((line.size for line in lines if letters_in(line.text) > 3), default=0.0),
        running=_running(reading, inside=inside),
        head=head,
        text="\n".join(page.text for page in reading.pages[:PAGES])[:20_000],
        name=name,
        title=reading.title,
        author=reading.publisher,
        date=reading.date,
        subject=reading.metadata.get("subject", ""),
        outline=tuple(fold(heading.text) for heading in reading.headings[:3]),
        words=words,
        starts_inside=inside,
    )


def starts_inside(reading: Reading) -> bool:
    """Tell whether the first page is not the first of its report: by its number, or its words."""
    if not reading.pages:
        return False
    label = reading.pages[0].label.casefold()
    inner = re.search(r"(\d+)$", label)
    if inner and label != "1" and int(inner.group()) > 1:
        return True
    first = next((line for line in reading.pages[0].text.splitlines() if letters_in(line) > 3), "")
    return first[:1].islower()


def _looked_at(shown: Sequence[ShownLine]) -> tuple[ShownLine, ...]:
    """Return the first lines of each page without stamps: words that a page repeats."""
    repeated = Counter((line.page, line.text) for line in shown)
    kept: list[ShownLine] = []
    counted: Counter[int] = Counter()
    for line in shown:
        if line.turned or repeated[line.page, line.text] >= _STAMPED:
            continue
        counted[line.page] += 1
        if counted[line.page] <= _MOST_LINES.get(line.page, 0):
            kept.append(line)
    return tuple(kept)


def _running(reading: Reading, *, inside: bool) -> tuple[RunningLine, ...]:
    """Return headers and footers; of pages from inside a report also what stands at their edges."""
    pages: dict[str, set[int]] = {}
    first: dict[str, tuple[str, bool, bool]] = {}
    for page, raw, recurs in _edge_texts(reading, inside=inside):
        text = without_page_number(raw)
        key = fold(text)
        if len(key) < 4 or len(text) > _LONGEST_RUNNING:
            continue
        pages.setdefault(key, set()).add(page)
        numbered = text != " ".join(raw.split())
        before = first.get(key, (text, False, False))
        first[key] = (before[0], before[1] or recurs, before[2] or numbered)
    count = max(1, len(reading.pages))
    found = [
        RunningLine(text, len(pages[key]) / count, recurs, numbered)
        for key, (text, recurs, numbered) in first.items()
    ]
    return tuple(sorted(found, key=lambda line: (not line.recurs, -line.share))[:10])


def _edge_texts(reading: Reading, *, inside: bool) -> list[tuple[int, str, bool]]:
    pages = {page.number: page.text for page in reading.pages}
    found = [
        (block.span.page, pages[block.span.page][block.span.start : block.span.end], True)
        for block in reading.blocks
        if block.kind in _RUNNING_KINDS
    ]
    if inside:
        for page in reading.pages[:PAGES]:
            lines = [line for line in page.text.splitlines() if line.strip()]
            edge = [*lines[:1], *lines[-_LAST_LINES:]] if len(lines) > 5 else lines[:1]
            found += [(page.number, line, False) for line in edge]
    return found


def without_page_number(line: str) -> str:
    """Return a header or footer without the number of its page at either end."""
    text = " ".join(line.split())
    shorter = _PAGE_NUMBER.sub("", text, count=1).strip(" |·•")
    return shorter if letters_in(shorter) > 3 else text
