"""Candidates for a title: runs of lines of the first pages, running lines, the file's own."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.front_matter.candidate import Candidate
from ingest.front_matter.sheet import RunningLine, Sheet
from ingest.front_matter.words import fold, words_in
from ingest.readers.document.reader import ShownLine
from ingest.readers.document.titles import believed_title, title_from_name
from ingest.text.abbreviations import CONTINUING

_MOST_LINES = 7
_TITLE_PAGES = 3
_LEAST_RATIO = 0.55
_LONGEST = 320
_NEXT_PART = 0.88  # of the size of letters above: what is smaller is another part of the title
_SYMBOL = re.compile(r"(?=\S*\d)\S+(?:[/-]\S+){2,}")
_DIGIT = re.compile(r"\d")
_ODD = re.compile(r"[^\w\s]")
_THREE_LETTERS = re.compile(r"(?:[^\W\d_].*?){3}")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DAY = re.compile(r"\b\d{1,2}(?:st|nd|rd|th|er|[–-]\d{1,2})?\s+(?:de\s+)?[A-Za-zÀ-ÿ]{3,10}\b")
_LEADERS = re.compile(r"\.{4,}|(?:\. ){4,}|_{3,}")
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*\.?|[IVX]{1,5}\.|[a-z]\)|[•●▪–-])\s")
_CASE_KINDS = ("kind", "session", "byline", "organisation", "furniture", "masthead", "month",
               "contact", "label", "verb")  # fmt: skip


def title_candidates(sheet: Sheet) -> list[Candidate]:
    """Return what may be the title of a document."""
    found = list(_printed(sheet))
    found += [_running(sheet, line, rank) for rank, line in enumerate(sheet.running)]
    if believed_title(sheet.title):
        title = str(sheet.title)
        features = {"file": 1.0, **_words(sheet, title, "file"), **_agreement(sheet, title)}
        features["file:printed"] = float(fold(title) in fold(sheet.text[:4000]))
        found.append(Candidate(title, "file", features))
    return found


def _printed(sheet: Sheet) -> Iterator[Candidate]:
    for page in range(1, _TITLE_PAGES + 1):
        lines = sheet.of_page(page)
        kinds = [sheet.words.kinds_of(words_in(line.text)) for line in lines]
        running = {fold(line.text) for line in sheet.running}
        own = [_line_features(sheet, line, running) for line in lines]
        for start, line in enumerate(lines):
            if line.text.lstrip("“«\"'([ ")[:1].islower():
                continue
            for end in range(start + 1, min(start + _MOST_LINES, len(lines)) + 1):
                if end - start > 1 and not _continues(lines[end - 2], lines[end - 1]):
                    break
                text = joined(lines[start:end])
                if len(text) > _LONGEST:
                    break
                if not _THREE_LETTERS.search(text):
                    continue
                features = _run(sheet, lines, own, kinds, start, end)
                features |= _words(sheet, text, "print") | _agreement(sheet, text)
                features[f"page:{page}"] = 1.0
                yield Candidate(text, "first page", features)


def joined(lines: Sequence[ShownLine]) -> str:
    """Return lines as one title: a colon before smaller letters, no hyphen of a line's end."""
    text = lines[0].text.strip()
    for above, line in pairwise(lines):
        part = line.text.strip()
        smaller = line.size < _NEXT_PART * above.size or (line.size < above.size / _NEXT_PART and (
            above.bold and not line.bold))  # fmt: skip
        if text.endswith("-") and part[:1].islower():
            text = text[:-1] + part
        elif smaller and text[-1:].isalnum() and part[:1].isalnum() and not part[:1].islower():
            text = f"{text}: {part}"
        else:
            text = f"{text} {part}"
    return " ".join(text.split())


def _continues(above: ShownLine, line: ShownLine) -> bool:
    ratio = line.size / above.size if above.size else 0.0
    return _LEAST_RATIO <= ratio <= 1.3 and line.page == above.page


def _line_features(sheet: Sheet, line: ShownLine, running: set[str]) -> dict[str, float]:
    return {
        "size": line.size / sheet.usual if sheet.usual else 1.0,
        "rank": line.size / sheet.largest if sheet.largest else 1.0,
        "bold": float(line.bold),
        "upper": float(line.text.isupper()),
        "running": float(fold(line.text) in running),
    }


def _run(
    sheet: Sheet,
    lines: Sequence[ShownLine],
    own: Sequence[dict[str, float]],
    kinds: Sequence[dict[str, int]],
    start: int,
    end: int,
) -> dict[str, float]:
    """Return the layout features of lines start to end, and of those beside them."""
    first, last = lines[start], lines[end - 1]
    count = end - start
    sizes = [line.size for line in lines[start:end]]
    found = {
        name: sum(line[name] for line in own[start:end]) / count
        for name in ("bold", "upper", "running")
    }
    size = own[start]["size"]
    found |= {
        "printed": 1.0,
        "size": min(size, 3.0),
        "size:large": float(size >= 1.25),
        "size:usual": float(0.95 <= size <= 1.08),
        "size:small": float(size < 0.95),
        "rank": own[start]["rank"],
        "rank:largest": float(own[start]["rank"] > 0.95),
        "even": float(min(sizes) > 0.93 * max(sizes)),
        "uneven": max(sizes) / min(sizes) - 1 if min(sizes) else 0.0,
        "mixed bold": float(len({line.bold for line in lines[start:end]}) > 1),
        "mixed case": float(0 < found["upper"] < 1),
        "top": first.top,
        "centred": float(abs((first.left + first.right) / 2 - 0.5) < 0.03),
        "lines:1": float(count == 1),
        "lines:5+": float(count >= 5),
        "wide gap": float(_widest_gap(lines[start:end]) > 1.6),
        "first": float(start == 0),
        "inside": float(sheet.starts_inside),
    }
    found |= _beside("before", first, lines[start - 1] if start else None)
    found |= _beside("after", last, lines[end] if end < len(lines) else None)
    if start:
        found |= {f"before:{kind}": 1.0 for kind in kinds[start - 1] if kind in _CASE_KINDS}
    if end < len(lines):
        found |= {f"after:{kind}": 1.0 for kind in kinds[end] if kind in _CASE_KINDS}
        found["after:lower"] = float(lines[end].text[:1].islower())
        found["after:long"] = float(len(lines[end].text) > 70)
    return found


def _beside(side: str, line: ShownLine, other: ShownLine | None) -> dict[str, float]:
    """Return how a line differs from the one beside it, which is not of the run."""
    if other is None:
        return {f"{side}:edge": 1.0}
    ratio = other.size / line.size if line.size else 1.0
    gap = line.top - other.bottom if side == "before" else other.top - line.bottom
    height = max(line.bottom - line.top, 1e-6)
    return {
        f"{side}:same size": float(0.95 <= ratio <= 1.05),
        f"{side}:smaller": float(ratio < 0.9),
        f"{side}:larger": float(ratio > 1.1),
        f"{side}:same bold": float(other.bold == line.bold),
        f"{side}:alike": float(0.95 <= ratio <= 1.05 and other.bold == line.bold),
        f"{side}:gap": float(gap > 0.8 * height),
        f"{side}:same case": float(other.text.isupper() == line.text.isupper()),
    }


def _widest_gap(lines: Sequence[ShownLine]) -> float:
    gaps = [
        (below.top - above.bottom) / max(above.bottom - above.top, 1e-6)
        for above, below in pairwise(lines)
    ]
    return max(gaps, default=0.0)


def _words(sheet: Sheet, text: str, prefix: str) -> dict[str, float]:
    """Return what the words of a text tell."""
    words = words_in(text)
    count = max(1, len(words))
    kinds = sheet.words.kinds_of(words)
    found = {f"share:{kind}": number / count for kind, number in kinds.items()}
    found |= {f"has:{kind}": 1.0 for kind in kinds if kind in ("kind", "verb", "session")}
    if words:
        found |= {f"starts:{kind}": 1.0 for kind in sheet.words.kinds_of(words[:1])}
        found |= {f"ends:{kind}": 1.0 for kind in sheet.words.kinds_of(words[-1:])}
    found |= {
        f"{prefix}:words:1": float(count == 1),
        "words:2": float(count == 2),
        "words:3-4": float(3 <= count <= 4),
        "words:5-20": float(5 <= count <= 20),
        "words:21+": float(count > 20),
        "words:35+": float(count > 35),
        "breaks off": float(bool(words) and words[-1] in CONTINUING),
        "starts lower": float(text[:1].islower()),
        "ends stop": float(text.endswith((".", ";", ","))),
        "ends colon": float(text.endswith(":")),
        "open bracket": float(text.count("(") != text.count(")")),
        "stop inside": float(bool(re.search(r"[a-z]{3}[.;]\s+[A-Z(]", text))),
        "symbol": float(bool(_SYMBOL.search(text))),
        "year": float(bool(_YEAR.search(text))),
        "day": float(bool(_DAY.search(text) and _YEAR.search(text))),
        "leaders": float(bool(_LEADERS.search(text))),
        "numbered": float(bool(_NUMBERED.match(text))),
        "digits": len(_DIGIT.findall(text)) / max(1, len(text)),
        "odd": len(_ODD.findall(text)) / max(1, len(text)),
        "quoted": float(text[:1] in '«“"'),
        "capitals": _capitals(text),
        "organisation only": float(sheet.words.organisation(text) is not None),
    }
    return found


def _capitals(text: str) -> float:
    """Return the share of the longer words that begin with a capital letter."""
    long = [word for word in text.split() if len(word) > 3 and word[0].isalpha()]
    return sum(word[0].isupper() for word in long) / len(long) if long else 0.0


def _agreement(sheet: Sheet, text: str) -> dict[str, float]:
    """Return how a text agrees with the file's title, its name, its outline, its running lines."""
    key = fold(text)
    named = set(words_in(title_from_name(sheet.name)))
    words = {word for word in words_in(text) if len(word) > 3}
    own = fold(sheet.title or "")
    return {
        "as file title": float(bool(own) and key == own),
        "in file title": float(len(key) > 8 and key in own),
        "has file title": float(len(own) > 8 and own in key),
        "in name": len(words & named) / max(1, len(words)),
        "in outline": float(key in sheet.outline),
        "in running": float(any(len(key) > 8 and key in fold(each.text) for each in sheet.running)),
        "has running": float(
            any(len(fold(each.text)) > 8 and fold(each.text) in key for each in sheet.running)
        ),
        "printed twice": float(len(key) > 8 and fold(sheet.text).count(key) > 1),
    }


def _running(sheet: Sheet, line: RunningLine, rank: int) -> Candidate:
    features = {
        "run": 1.0,
        "run:inside": float(sheet.starts_inside),
        "run:share": line.share,
        "run:recurs": float(line.recurs),
        "run:numbered": float(line.numbered),
        "run:inside edge": float(sheet.starts_inside and not line.recurs),
        "run:capitals": _capitals(line.text),
        "run:once": float(line.share < 0.4),
        "run:first": float(rank == 0),
        "run:upper": float(line.text.isupper()),
        **{f"run:{k}": v for k, v in _words(sheet, line.text, "run").items()},
        "run:in name": _agreement(sheet, line.text)["in name"],
    }
    return Candidate(line.text, "running header", features)
