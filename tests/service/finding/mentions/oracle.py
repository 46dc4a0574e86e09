"""Every mention, found another way: a plain scan over text joined across line and page breaks.

Written without a look at `service.finding.mentions`: the text is folded character by character with
the place of each kept, words broken at line ends are joined where the collection has them whole,
and the forms, listed by hand, are sought in it. Running lines are told by their repetition.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_BREAK = re.compile(r"(\w+)[-\u2010\u2011][ \t]*\n\s*(\w+)")
_EDGE = 4
_REACH = 300


@dataclass(frozen=True, slots=True)
class Folded:
    """Text in plain letters, and the place of each character in the page."""

    text: str
    at: tuple[int, ...]


def words_of(texts: Sequence[str]) -> Counter[str]:
    """Count the words that stand whole on a line."""
    counted: Counter[str] = Counter()
    for text in texts:
        counted.update(re.findall(r"\w+", _BREAK.sub(" ", text).lower()))
    return counted


def fold(text: str, words: Mapping[str, int]) -> Folded:
    """Join broken words, take accents off, straighten apostrophes and hyphens."""
    dropped: set[int] = set()
    for found in _BREAK.finditer(text):
        joined = (found[1] + found[2]).lower()
        whole = words.get(joined, 0) > 0 and found[2][0].islower()
        dropped.update(range(found.end(1) + (0 if whole else 1), found.start(2)))
    out: list[str] = []
    at: list[int] = []
    for place, character in enumerate(text):
        if place in dropped or character in "\u00ad\u200b\u200e\u200f\ufeff":
            continue
        plain = {"’": "'", "‘": "'", "‐": "-", "‑": "-", "–": "-"}.get(character, character)
        if plain == character and ord(character) > 127:
            decomposed = unicodedata.normalize("NFKD", character)
            if character not in "ñÑ":
                decomposed = "".join(c for c in decomposed if not unicodedata.combining(c))
            plain = decomposed
        out.append(plain)
        at.extend([place] * len(plain))
    return Folded("".join(out), tuple(at))


def pattern_of(term: str, forms: Sequence[str]) -> re.Pattern[str]:
    """Return the pattern of the forms in folded text."""
    alternatives = []
    for form in sorted(forms, key=len, reverse=True):
        words = [re.escape(word).replace(r"\-", r"[-\s]*") for word in form.split()]
        alternatives.append(r"(?:\s+|-\s*)".join(words))
    flags = 0 if term.isupper() and term.isalpha() else re.IGNORECASE
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)", flags)


def mentions(
    pages: Mapping[int, str], patterns: Mapping[str, re.Pattern[str]], words: Mapping[str, int]
) -> Iterator[tuple[str, int, int]]:
    """Yield (term, page, start) of every mention in a document."""
    running = _running_lines(pages)
    for number, text in pages.items():
        folded = fold(text, words)
        for term, pattern in patterns.items():
            for match in pattern.finditer(folded.text):
                yield term, number, folded.at[match.start()]
        if number + 1 in pages:
            head, tail = _joint(text, pages[number + 1], running)
            joined = fold(f"{tail}\n{head}", words)
            begin = len(text[: len(text)]) and text.rfind(tail)
            for term, pattern in patterns.items():
                for match in pattern.finditer(joined.text):
                    first, last = joined.at[match.start()], joined.at[match.end() - 1]
                    if first < len(tail) < last:
                        yield term, number, begin + first


def _running_lines(pages: Mapping[int, str]) -> set[str]:
    seen: Counter[str] = Counter()
    for text in pages.values():
        lines = [line for line in text.splitlines() if line.strip()]
        seen.update({_form(line) for line in (*lines[:_EDGE], *lines[-_EDGE:])})
    return {form for form, count in seen.items() if count >= 3}


def _form(line: str) -> str:
    return " ".join(re.sub(r"\d+|\b[ivxlc]+\b", "#", line.lower()).split())


def _joint(first: str, second: str, running: set[str]) -> tuple[str, str]:
    """Return the beginning of the second page and the end of the first, running lines off."""
    lines = first.splitlines(keepends=True)
    for _ in range(_EDGE):
        while lines and not lines[-1].strip():
            lines.pop()
        if lines and (_form(lines[-1]) in running or not _form(lines[-1]).strip("#/ ()")):
            lines.pop()
    following = second.splitlines(keepends=True)
    for _ in range(_EDGE):
        while following and not following[0].strip():
            following.pop(0)
        if following and (_form(following[0]) in running or not _form(following[0]).strip("#/ ()")):
            following.pop(0)
    return "".join(following)[:_REACH], "".join(lines).rstrip()[-_REACH:]
