"""Candidates for the date of publication: every date on the first pages, and the file's own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ingest.front_matter.candidate import Candidate, Features
from ingest.front_matter.sheet import Sheet
from ingest.front_matter.words import words_in
from ingest.text.months import MONTHS, month_number

_SHORT = {month[:3]: number for number, month in enumerate(MONTHS[:12], 1)}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True)) + "|" + "|".join(
    rf"{short}\.?" for short in _SHORT)  # fmt: skip
_YEAR = r"(?:19|20)\s?\d\s?\d"
_DATE = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?\s+(?:de\s+|of\s+)?(?P<month>{_MONTH})\s*,?\s+"
    rf"(?:de\s+|del\s+)?(?P<year>{_YEAR})\b"
    rf"|\b(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s*,\s*(?P<year2>{_YEAR})\b"
    rf"|\b(?P<month3>{_MONTH})\s*,?\s+(?:de\s+|del\s+)?(?P<year3>{_YEAR})\b"
    r"|\b(?P<year4>(?:19|20)\d\d)-(?P<month4>\d\d)-(?P<day4>\d\d)\b"
    r"|\b(?P<month5>\d{1,2})/(?P<day5>\d{1,2})/(?P<year5>(?:19|20)\d\d)\b"
    r"|(?<![\w/–.-])(?P<year6>(?:19|20)\d\d)(?![\w/–-])",
    re.IGNORECASE,
)
_BEFORE_WORDS = 4


@dataclass(frozen=True, slots=True)
class _Found:
    value: str
    start: int
    end: int


def date_candidates(sheet: Sheet) -> list[Candidate]:
    """Return what may be the date of publication, as YYYY, YYYY-MM or YYYY-MM-DD."""
    found = list(_printed(sheet))
    for line in sheet.running:
        for each in _dates_in(line.text):
            features = {"run": 1.0, "run:share": line.share, **_precision(each.value, "run:")}
            found.append(Candidate(each.value, "running header", features))
    for each in _dates_in(sheet.subject):
        filed = {"subject": 1.0} | _context(sheet, sheet.subject, each, "subject:")
        found.append(Candidate(each.value, "file", filed))
    return found


def iso_date(text: str) -> str | None:
    """Return the first date of a text as YYYY, YYYY-MM or YYYY-MM-DD.

    >>> iso_date("le 1er juin 2025")
    '2025-06-01'
    """
    return next((each.value for each in _dates_in(text)), None)


def _printed(sheet: Sheet) -> Iterator[Candidate]:
    pages: dict[int, int] = {}
    place: dict[int, int] = {}
    before = ""
    for line in sheet.lines:
        at = place[line.page] = place.get(line.page, -1) + 1
        for each in _dates_in(line.text):
            order = pages[line.page] = pages.get(line.page, 0) + 1
            words = words_in(line.text)
            features = {
                "printed": 1.0,
                f"page:{line.page}": 1.0,
                "order": 1 / order,
                "early": 1 / (1 + at),
                "head": float(line.page == 1 and at < 12),
                "size": min(line.size / sheet.usual if sheet.usual else 1.0, 2.5),
                "inside": float(sheet.starts_inside),
                "alone": float(len(words) <= 3),
                "short": float(len(words) <= 6),
                "long": float(len(words) > 10),
                "top": line.top,
            }
            features |= _precision(each.value, "")
            features |= _context(sheet, line.text, each, "")
            above = set(sheet.words.kinds_of(words_in(before)[-_BEFORE_WORDS:]))
            if not line.text[: each.start].strip():
                features |= {f"line before:{kind}": 1.0 for kind in above & {"issued", "covered"}}
            features |= _by_file(sheet, each.value)
            yield Candidate(each.value, "first page", features)
        before = line.text


def _context(sheet: Sheet, text: str, found: _Found, prefix: str) -> dict[str, float]:
    before = words_in(text[: found.start])
    near = sheet.words.kinds_of(before[-_BEFORE_WORDS:])
    last = sheet.words.kinds_of(before[-1:])
    after = sheet.words.kinds_of(words_in(text[found.end :])[:2])
    features = {
        f"{prefix}{side}:{kind}": 1.0
        for side, kinds in (("near", near), ("just", last), ("then", after))
        for kind in kinds
        if kind in ("issued", "covered", "holder", "session", "month", "kind", "function")
    }
    features[f"{prefix}starts"] = float(not before)
    features[f"{prefix}range"] = float(
        bool(re.search(r"[–-]\s*$", text[: found.start]) or re.match(r"\s*[–-]", text[found.end :]))
    )
    features[f"{prefix}bracket"] = float("(" in text[: found.start] and ")" in text[found.end :])
    features[f"{prefix}holder"] = float("©" in text)
    features[f"{prefix}bullet"] = float("•" in text[: found.start])
    return features


def _precision(value: str, prefix: str) -> Features:
    return {f"{prefix}precision:{len(value)}": 1.0}


def _by_file(sheet: Sheet, value: str) -> Features:
    """Return how a date lies to that of the file, which is made about when it is published."""
    if not sheet.date or len(sheet.date) < 10:
        return {}
    same_year = float(value[:4] == sheet.date[:4])
    if len(value) < 10:
        return {"same year": same_year, "same month": float(value == sheet.date[:7])}
    try:
        days = (date.fromisoformat(sheet.date) - date.fromisoformat(value)).days
    except ValueError:
        return {"same year": same_year}
    return {
        "same year": same_year,
        "within 60 days": float(-3 <= days <= 60),
        "after the file": float(days < -3),
    }


def _dates_in(text: str) -> list[_Found]:
    found = []
    for match in _DATE.finditer(text):
        parts = match.groupdict()
        suffix = next(s for s in ("", "2", "3", "4", "5", "6") if parts.get(f"year{s}"))
        year = "".join((parts[f"year{suffix}"] or "").split())
        month = _number(parts.get(f"month{suffix}"))
        day = int(parts.get(f"day{suffix}") or 0)
        value = _iso(year, month, day)
        if value:
            found.append(_Found(value, match.start(), match.end()))
    return found


def _number(month: str | None) -> int:
    if not month:
        return 0
    if month.isdecimal():
        return int(month)
    folded = month.casefold().rstrip(".")
    return month_number(folded) or _SHORT.get(folded[:3], 0)


def _iso(year: str, month: int, day: int) -> str | None:
    try:
        if month and day:
            return date(int(year), month, day).isoformat()
        return f"{year}-{month:02}" if 1 <= month <= 12 else None if month else year
    except ValueError:
        return None
