"""Candidates for the publisher: organisations named on the first pages, the file's own author."""

import re
from collections.abc import Iterator

from ingest.front_matter.candidate import Candidate
from ingest.front_matter.sheet import PAGES, Sheet
from ingest.front_matter.words import WordLists, fold, words_in
from ingest.readers.document.reader import ShownLine

_LONGEST_WORDS = 12
_TRAILING_CODE = re.compile(r"\s+(?=\S*\d)\S*[/-]\S*.*$")
_SUBSIDIARIES = re.compile(r"\s+and\s+(?:its\s+)?subsidiar(?:y companies|ies)$", re.IGNORECASE)
_HOLDER = re.compile(
    r"(?:©|\([cC]\)(?=\s*(?:19|20)\d\d)|[Cc]opyright|COPYRIGHT)\s*(?:©\s*)?(?:(?:19|20)\d\d\s*)?"
    r"(?:by\s+)?(?P<name>[A-ZÀ-Þ][^.;©]{3,90})"
)
_LABELLED = re.compile(
    r"^(?:publisher|published by|issued by|publi[ée] par|publicado por|éditeur|editorial)\b:?\s+"
    r"(?P<name>\S.{1,90})",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-ZÀ-Þ][\w’'.-]*\.?")
_ROLES = ("phd", "mph", "ms", "md", "dr", "mr", "mrs", "author", "authors", "inspector")


def publisher_candidates(sheet: Sheet) -> list[Candidate]:
    """Return what may be the publisher of a document."""
    found = list(_lines(sheet))
    found += _mentions(sheet)
    found += _labelled(sheet)
    for rank, line in enumerate(sheet.running):
        text = _name_alone(line.text)
        name = sheet.words.organisation(text) or text
        if sheet.words.organisation(text) or _has_kind(sheet.words, line.text):
            features = {"run": 1.0, "run:share": line.share, "run:first": float(rank == 0)}
            found.append(
                Candidate(name, "running header", features | _name(sheet, name, line.text))
            )
    if sheet.author and plausible_publisher(sheet.author, sheet.words):
        name = sheet.words.organisation(sheet.author) or sheet.author
        printed = float(fold(sheet.author) in fold(sheet.text))
        features = {"file": 1.0, "file:printed": printed} | _name(sheet, name, sheet.author)
        found.append(Candidate(name, "file", features))
    return found


def plausible_publisher(name: str, words: WordLists) -> bool:
    """Tell whether a file's author can be an organisation, not a person, an account or a program.

    >>> plausible_publisher("BOTERO Andres", WordLists.shipped())
    False
    """
    if words.organisation(name):
        return True
    found = words_in(name)
    kinds = words.kinds_of(found)
    if not found or kinds.get("tool"):
        return False
    if kinds.get("organisation"):
        return True
    if len(found) == 1:
        return name.isupper() and 2 <= len(name) <= 6
    is_person = len(found) <= 4 and all(_NAME.fullmatch(part.strip(",")) for part in name.split())
    return not is_person and not name.islower() and "," not in name


def _lines(sheet: Sheet) -> Iterator[Candidate]:
    """Yield the lines that are the name of an organisation, alone or with the next one."""
    for page in range(1, PAGES + 1):
        lines = sheet.of_page(page)
        for at, line in enumerate(lines):
            texts = [_name_alone(line.text)]
            if at + 1 < len(lines) and 0.9 < lines[at + 1].size / max(line.size, 0.1) < 1.1:
                texts.append(f"{texts[0]} {lines[at + 1].text.strip()}")
            for text in texts:
                known = sheet.words.organisation(text)
                if not known and not _has_kind(sheet.words, text):
                    continue
                features = {"line": 1.0, "line:two": float(len(texts) > 1 and text == texts[1])}
                features |= _place(sheet, line, at)
                yield Candidate(known or text, "first page", features | _name(sheet, known, text))


def _name_alone(line: str) -> str:
    """Return a line without a document's number after it, a list's "and subsidiaries", an emblem.

    >>> _name_alone("United Nations A/79/352")
    'United Nations'
    """
    text = _SUBSIDIARIES.sub("", _TRAILING_CODE.sub("", line.strip()))
    return " ".join(word for word in text.split() if len(word) > 1 or word in "&y")


def _mentions(sheet: Sheet) -> Iterator[Candidate]:
    """Yield the organisations that are known, where the first pages name them within a line."""
    everywhere: dict[str, int] = {}
    for line in sheet.lines:
        for name in sheet.words.organisations_in(line.text):
            everywhere[name] = everywhere.get(name, 0) + 1
    most = max(everywhere.values(), default=1)
    for page in (1, 2, 3):
        seen: set[str] = set()
        for at, line in enumerate(sheet.of_page(page)):
            for name in sorted(sheet.words.organisations_in(line.text) - seen):
                seen.add(name)
                words = words_in(line.text)
                yield Candidate(
                    name,
                    "first page",
                    {
                        "mention": 1.0,
                        "mention:page:1": float(page == 1),
                        "mention:top": line.top,
                        "mention:early": 1 / (1 + at),
                        "mention:large": float(line.size > 1.2 * sheet.usual),
                        "mention:share": everywhere[name] / most,
                        "mention:often": float(everywhere[name] >= 4),
                        "mention:long line": float(len(words) > 10),
                        "mention:source": float("source" in words[:1]),
                        "mention:inside": float(sheet.starts_inside),
                    },
                )


def _labelled(sheet: Sheet) -> Iterator[Candidate]:
    for line in sheet.lines:
        for kind, pattern in (("holder", _HOLDER), ("labelled", _LABELLED)):
            match = pattern.search(line.text)
            if match:
                text = match["name"].strip(" .,:")
                parts = re.split(r"\s*/\s*", text)
                known = next(filter(None, map(sheet.words.organisation, (text, *parts))), None)
                yield Candidate(
                    known or text, "first page", {kind: 1.0, "known": float(bool(known))}
                )


def _place(sheet: Sheet, line: ShownLine, at: int) -> dict[str, float]:
    return {
        f"page:{line.page}": 1.0,
        "first": float(at == 0 and line.page == 1),
        "early": 1 / (1 + at) if line.page == 1 else 0.0,
        "top": line.top,
        "foot": float(line.top > 0.8),
        "size": min(line.size / sheet.usual if sheet.usual else 1.0, 3.0),
        "bold": float(line.bold),
        "inside": float(sheet.starts_inside),
    }


def _name(sheet: Sheet, known: str | None, text: str) -> dict[str, float]:
    words = words_in(text)
    kinds = sheet.words.kinds_of(words)
    count = max(1, len(words))
    is_known = sheet.words.organisation(known or text) is not None
    return {
        "known": float(is_known),
        "known:acronym": float(is_known and text.isupper() and count == 1),
        "share:function": kinds.get("function", 0) / count,
        "has:kind": float("kind" in kinds),
        "has:session": float("session" in kinds),
        "has:verb": float("verb" in kinds),
        "has:contact": float("contact" in kinds),
        "has:byline": float("byline" in kinds),
        "has:month": float("month" in kinds),
        "has:digit": float(any(c.isdigit() for c in text)),
        "words:1": float(count == 1),
        "words:6+": float(count >= 6),
        "lower": float(text[:1].islower()),
        "ends open": float(words[-1:] != [] and "function" in sheet.words.kinds_of(words[-1:])),
        "ends stop": float(text.endswith((".", ",", ";", ":"))),
        "bracket": float("(" in text or ")" in text),
    }


def _has_kind(lists: WordLists, text: str) -> bool:
    words = words_in(text)
    if not 1 < len(words) <= _LONGEST_WORDS or text[:1].islower():
        return False
    long = [word for word in text.split() if len(word) > 3 and word[0].isalpha()]
    named = sum(word[0].isupper() for word in long) >= 0.7 * len(long)
    return named and "organisation" in lists.kinds_of(words)
