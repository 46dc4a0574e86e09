"""Page labels: what is printed on each page, checked along the document."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from corpus.document import Page
from ingest.readers.document.running_lines import roman_value
from ingest.text.lines import lines_of_page

_EDGE_LINES = 3
_LONGEST_LINE = 160
_TOKEN = re.compile(
    r"(?<![\w./-])(?P<prefix>[A-Z]{1,3}-)?(?:(?P<number>\d{1,4})|(?P<roman>[ivxlc]{1,7}))"
    r"(?P<total>\s?/\s?\d{1,4})?(?![\w/-]|[.,]\d)"
)
_AROUND = " \t\u00a0-–—|[]"
_OF_TOTAL = re.compile(r"(?:of|de|sur)\s+\d{1,4}")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_SURE_PAGES = 3
_SURE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A number at the edge of a page that may be its label.

    `series` is what the labels of one numbering have in common: prefix, kind of figures, total,
    and the distance of its value from the page's number. `beside` are the letters of the words on
    its line; none where it gives a total, which hardly anything but a label does.
    """

    page: int
    label: str
    series: tuple[str, str, str, int]
    alone: bool
    beside: str


def page_labels(pages: Sequence[Page], tree: Sequence[str]) -> list[str]:
    """Return a label for each page: of the file's label tree, else the one printed in its margin.

    A printed number counts where it goes on from page to page, or stands alone on its line in a
    document too short to tell. Words beside it have to come again on other pages, as those of a
    running header do: notes at the foot may happen to count the pages. A page between two of one
    numbering is counted with them; where nothing is known, the label is the number.
    """
    numbers = [str(page.number) for page in pages]
    if len(tree) == len(pages) and any(label.strip() for label in tree) and list(tree) != numbers:
        return [label.strip() or number for label, number in zip(tree, numbers, strict=True)]
    chosen = _printed(pages)
    return [chosen.get(page.number, str(page.number)) for page in pages]


def _printed(pages: Sequence[Page]) -> dict[int, str]:
    candidates = [found for page in pages for found in _candidates(page)]
    recurring = _recurring(candidates)
    members: defaultdict[tuple[str, str, str, int], dict[int, _Candidate]] = defaultdict(dict)
    for candidate in candidates:
        members[candidate.series].setdefault(candidate.page, candidate)
    believed = {
        series: found
        for series, found in members.items()
        if _is_numbering(found, len(pages)) and _is_sure(found.values(), recurring)
    }
    chosen: dict[int, str] = {}
    for series, found in sorted(believed.items(), key=lambda item: _rank(item[0], item[1])):
        for page, candidate in found.items():
            chosen.setdefault(page, candidate.label)
        known = sorted(found)
        for one, other in pairwise(known):
            for page in range(one + 1, other):
                if other - one <= 3 and series[1] == "decimal":
                    chosen.setdefault(page, _written(series, page))
    return chosen


def _recurring(candidates: Iterable[_Candidate]) -> set[str]:
    """Return the words beside numbers that stand so on two pages and more."""
    pages: defaultdict[str, set[int]] = defaultdict(set)
    for candidate in candidates:
        pages[candidate.beside].add(candidate.page)
    return {beside for beside, found in pages.items() if len(found) > 1}


def _is_sure(found: Collection[_Candidate], recurring: Set[str]) -> bool:
    """Tell whether half of the numbers stand as labels do: alone, of a total, or in a header."""
    sure = sum(not each.beside or each.beside in recurring for each in found)
    return sure >= _SURE_SHARE * len(found)


def _rank(
    series: tuple[str, str, str, int], found: dict[int, _Candidate]
) -> tuple[int, int, tuple[str, str, str, int]]:
    """The numbering of most pages first; of equals, the one that stands alone on its line."""
    return -len(found), -sum(candidate.alone for candidate in found.values()), series


def _written(series: tuple[str, str, str, int], page: int) -> str:
    prefix, _, total, distance = series
    return f"{prefix}{page + distance}{total}"


def _is_numbering(found: dict[int, _Candidate], pages: int) -> bool:
    """Tell whether enough pages carry it: three, or two that stand alone on their lines.

    In a document of one or two pages, one such page is enough.
    """
    numbers = sorted(found)
    alone = all(candidate.alone for candidate in found.values())
    if len(numbers) >= _SURE_PAGES:
        return any(later - one <= 2 for one, later in pairwise(numbers))
    return alone and (len(numbers) > 1 or pages < _SURE_PAGES)


def _candidates(page: Page) -> Iterator[_Candidate]:
    lines = lines_of_page(page.text)
    for index, line in enumerate(lines):
        if not (index < _EDGE_LINES or index >= len(lines) - _EDGE_LINES):
            continue
        text = page.text[line.start : line.end]
        if len(text) > _LONGEST_LINE:
            continue
        for match in _TOKEN.finditer(text):
            before, after = text[: match.start()].strip(_AROUND), text[match.end() :].strip(_AROUND)
            if _OF_TOTAL.fullmatch(after):
                after = ""
            if (before and after and match.group("total") is None) or after[:1] in tuple(".):"):
                continue  # a label stands at an end of its line; "7. Findings" is a heading
            candidate = _candidate(page, match, text, f"{before} {after}")
            if candidate is not None:
                yield candidate


def _candidate(page: Page, match: re.Match[str], line: str, words: str) -> _Candidate | None:
    number, roman = match.group("number"), match.group("roman")
    value = int(number) if number else roman_value(roman)
    prefix = match.group("prefix") or ""
    if value is None or value > 9_999:
        return None
    total = "".join((match.group("total") or "").split())
    if total and int(total[1:]) < value:
        return None
    label = "".join(match.group().split())
    kind = "decimal" if number else "roman"
    series = (prefix, kind, total, value - page.number)
    alone = len(line.strip(_AROUND)) == len(match.group())
    beside = "" if total else _NO_LETTERS.sub(" ", words).strip().casefold()
    return _Candidate(page.number, label, series, alone, beside)
