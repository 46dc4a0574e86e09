"""Candidates for a subtitle: runs of lines below the title on the page that prints it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.front_matter.authors import is_person
from ingest.front_matter.candidate import Candidate, Features
from ingest.front_matter.dates import iso_date
from ingest.front_matter.kinds import KindWords
from ingest.front_matter.sheet import Sheet
from ingest.front_matter.titles import joined
from ingest.front_matter.words import fold, letters_in, words_in
from ingest.readers.document.reader import ShownLine

_PAGES = (1, 2, 3)
_LOOKED_AT = 14
_MOST_LINES = 8
_LONGEST = 240
_ALIKE = (0.93, 1.08)
_MARKS = re.compile(r"[*†‡]+$")
_RANGE = re.compile(r"[\(,]\s*\d|\d\s*[–-]\s*\d")
_LABEL = re.compile(r"^[^:]{3,30}:\s+\S")
_LIST = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*\.?|[IVX]{1,5}\.|[a-z]\)|[•●▪–-])\s")


@dataclass(frozen=True, slots=True)
class TitleBlock:
    """Where a title stands: lines start to end of those of its page."""

    lines: Sequence[ShownLine]
    start: int
    end: int


def title_block(sheet: Sheet, title: str) -> TitleBlock | None:
    """Return the lines that print a title, the largest ones; None where no first page does."""
    wanted = fold(title)
    found: list[TitleBlock] = []
    for page in _PAGES:
        lines = sheet.of_page(page)
        for start in range(len(lines)):
            text = ""
            for end in range(start + 1, len(lines) + 1):
                text += fold(lines[end - 1].text)
                if not wanted.startswith(text):
                    if fold(joined(lines[start:end])) == wanted:
                        found.append(TitleBlock(lines, start, end))
                    break
                if text == wanted:
                    found.append(TitleBlock(lines, start, end))
                    break
    return max(found, key=lambda block: block.lines[block.start].size, default=None)


def subtitle_candidates(sheet: Sheet, title: str | None) -> list[Candidate]:
    """Return what may be the subtitle of a document with this title."""
    block = title_block(sheet, title) if title else None
    if block is None or sheet.starts_inside:
        return []
    return list(_below(sheet, block))


def none_below(candidates: Sequence[Candidate]) -> Features:
    """Return the features of choosing no subtitle."""
    return {"none": 1.0, "none:empty": float(not candidates)}


def _below(sheet: Sheet, block: TitleBlock) -> Iterator[Candidate]:
    lines = block.lines
    last = min(len(lines), block.end + _LOOKED_AT)
    for start in range(block.end, last):
        if lines[start].text.lstrip("“«\"'([ ")[:1].islower():
            continue
        for end in range(start + 1, min(start + _MOST_LINES, last) + 1):
            if end - start > 1 and not _continues(lines[end - 2], lines[end - 1]):
                break
            text = _MARKS.sub("", " ".join(each.text for each in lines[start:end])).strip()
            text = " ".join(text.split())
            if len(text) > _LONGEST or letters_in(text) < 3:
                break
            yield Candidate(text, "first page", _features(sheet, block, start, end, text))


def _continues(above: ShownLine, line: ShownLine) -> bool:
    ratio = line.size / above.size if above.size else 0.0
    return _ALIKE[0] <= ratio <= _ALIKE[1] and above.bold == line.bold


def _features(sheet: Sheet, block: TitleBlock, start: int, end: int, text: str) -> Features:
    lines = block.lines
    return (
        _place(sheet, block, start, end)
        | _beside(lines, start, end)
        | _inside(sheet, lines[start:end])
        | _words(sheet, text)
    )


def _place(sheet: Sheet, block: TitleBlock, start: int, end: int) -> dict[str, float]:
    lines, first = block.lines, block.lines[start]
    above = lines[block.end - 1]
    size = first.size / above.size if above.size else 1.0
    between = lines[block.end : start]
    return {
        "size": first.size / sheet.usual if sheet.usual else 1.0,
        "size:usual": float(0.93 <= first.size / (sheet.usual or 1.0) <= 1.07),
        "of title": min(size, 1.5),
        "of title:same": float(0.97 <= size <= 1.03),
        "of title:small": float(size < 0.6),
        "bold": float(first.bold),
        "weight as title": float(first.bold == above.bold),
        "next": float(start == block.end),
        "second": float(start == block.end + 1),
        "far": min(start - block.end, 8) / 8,
        "gap": min(2.0, max(0.0, first.top - above.bottom) / max(0.01, 3 * _height(above))),
        "above": float(first.top < above.top),
        "same edge": float(abs(first.left - above.left) < 0.02),
        "same centre": float(
            abs((first.left + first.right) / 2 - (above.left + above.right) / 2) < 0.03
        ),
        "right half": float(first.left > 0.5),
        "foot": float(first.top > 0.75),
        "after larger": float(any(line.size > 1.03 * first.size for line in between)),
        "lines:1": float(end - start == 1),
        "lines:3+": float(end - start >= 3),
    }


def _beside(lines: Sequence[ShownLine], start: int, end: int) -> dict[str, float]:
    following = lines[end] if end < len(lines) else None
    return {
        "continued": float(following is not None and _continues(lines[end - 1], following)),
        "continues": float(_continues(lines[start - 1], lines[start])),
        "before:long": float(following is not None and len(following.text) > 70),
        "last": float(following is None),
        "long": float(max(len(line.text) for line in lines[start:end]) > 80),
    }


def _inside(sheet: Sheet, lines: Sequence[ShownLine]) -> dict[str, float]:
    """Return what tells that lines are not of one text: a gap, a heading, an organisation."""
    gaps = [(below.top - above.bottom) / _height(above) for above, below in pairwise(lines)]
    words = [words_in(line.text) for line in lines]
    kinds = [sheet.words.kinds_of(each) for each in words]
    return {
        "inner gap": min(3.0, max(0.0, *gaps)) if gaps else 0.0,
        "uneven gaps": min(3.0, max(gaps) - min(gaps)) if gaps else 0.0,
        "inner heading": float(
            any(
                kind.get("furniture", 0) == len(word)
                for kind, word in zip(kinds, words, strict=True)
            )
        ),
        "inner organisation": float(
            len(lines) > 1 and any(sheet.words.organisation(line.text) for line in lines)
        ),
        "organisation last": float(
            len(lines) > 1 and "organisation" in kinds[-1] and "organisation" not in kinds[0]
        ),
    }


def _words(sheet: Sheet, text: str) -> dict[str, float]:
    words = words_in(text)
    count = max(1, len(words))
    kinds = sheet.words.kinds_of(words)
    named = KindWords.shipped()
    found = {f"share:{kind}": number / count for kind, number in kinds.items()}
    found |= {f"has:{kind}": 1.0 for kind in ("kind", "session", "verb", "byline") if kind in kinds}
    found |= {f"starts:{kind}": 1.0 for kind in sheet.words.kinds_of(words[:1])}
    date = iso_date(text)
    return found | {
        "part": float(named.named(text, named.parts) is not None),
        "whole": float(named.named(text, {**named.wholes, **named.generic}) is not None),
        "organisation": float(sheet.words.organisation(text) is not None),
        "person": float(is_person(text, sheet.words)),
        "date only": float(date is not None and count <= 4 and not kinds.get("session")),
        "range": float(bool(_RANGE.search(text))),
        "labelled": float(bool(_LABEL.match(text))),
        "numbered": float(bool(_LIST.match(text))),
        "words:1": float(count == 1),
        "words:2": float(count == 2),
        "words:3-12": float(3 <= count <= 12),
        "words:25+": float(count > 25),
        "ends stop": float(text.endswith((".", ",", ";"))),
        "ends colon": float(text.endswith(":")),
        "symbol": float(bool(re.search(r"(?=\S*\d)\S+[/]\S+", text))),
        "digits": sum(c.isdigit() for c in text) / max(1, len(text)),
        "address": float("@" in text or "www" in text),
        "leaders": float("...." in text),
        "open bracket": float(text.count("(") != text.count(")")),
    }


def _height(line: ShownLine) -> float:
    return max(line.bottom - line.top, 1e-3)
