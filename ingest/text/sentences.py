"""Where sentences start and end in a text."""

import re
from collections.abc import Iterator

from ingest.text.abbreviations import INNER, LABELLED, NUMBERED, OPEN, STARTERS, TITLES
from ingest.text.lines import line_gap_of, lines_of
from ingest.text.units import unit_spans

VERSION = "1"
LONGEST = 900  # characters; about 120 words
_SHORTEST_CUT = 300

_CLOSERS = "\"'”’»›)\\]}*_"
_STOP = re.compile(rf"[.!?…。！？]+(?:[{_CLOSERS}]*)")
_FOOTNOTE = re.compile(r"(?:\[?\d{1,3}\]?(?:[,–-]\d{1,3})*|[¹²³⁰⁴-⁹]+)(?=\s|$)")
_NEXT = re.compile(r"\s+([\"'“‘«‹(\[¿¡*_•–—-]*\s?)(\S)")
_WORD_EDGES = frozenset(" \t\n\r\u00a0\"'“‘«([/—–")
_WORD_AT = re.compile(r"\w+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d$")
_ENUMERATOR = re.compile(r"[(\[]?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxlcIVXLC]{1,6})[)\]]?")
_LETTERS_WITH_STOPS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_CLAUSE_MARKS = (re.compile(r"[;:]\s"), re.compile(r"[,،、，]\s?"), re.compile(r"\s"))
_FULL_WIDTH = "。！？"
_WINDOW = 40  # characters looked at before a full stop


def sentence_spans(text: str, *, line_gap: int | None = None) -> list[tuple[int, int]]:
    """Return the half-open ranges of the sentences of a text, in order, trimmed of whitespace.

    Everything but whitespace is in exactly one sentence. Bullets, numbered paragraphs, list items
    and lines of a table are sentences of their own; a numbered paragraph keeps its number. None is
    longer than `LONGEST` characters: longer ones are cut at clause marks or whitespace.
    `line_gap` is the number of line breaks inside paragraphs (see `line_gap_of`), found in the
    text if not given. Takes linear time.
    """
    lines = lines_of(text)
    gap = line_gap_of(text, lines) if line_gap is None else line_gap
    spans: list[tuple[int, int]] = []
    for start, end in unit_spans(text, lines, gap):
        for low, high in _sentences(text, start, end):
            spans.extend(_cut(text, low, high))
    return spans


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of one unit."""
    low = start
    position = start
    while stop := _STOP.search(text, position, end):
        position = stop.end()
        note = _FOOTNOTE.match(text, position, end)
        after = note.end() if note and _may_carry_note(text, stop.start()) else position
        if _ends(text, low, stop, after, end):
            high = after
            yield low, high
            low = position = _skip_space(text, high, end)
    if low < end:
        yield low, end


def _ends(text: str, low: int, stop: re.Match[str], after: int, end: int) -> bool:
    """Tell whether a sentence that began at `low` ends with this stop."""
    if after >= end:
        return False
    if stop.group()[0] in _FULL_WIDTH:
        return True
    following = _NEXT.match(text, after, end)
    if following is None or following.group(2).islower():
        return False
    if stop.group()[0] != "." or stop.group()[:2] == "..":
        return True
    if stop.start() - low < 14 and _ENUMERATOR.fullmatch(text, low, stop.start()):
        return False
    return _ends_after_word(text, stop.start(), following)


def _ends_after_word(text: str, dot: int, following: re.Match[str]) -> bool:
    word = _word_before(text, dot)
    if not word:
        return True
    key = word.casefold()
    if key in TITLES or key in INNER:
        return False
    next_word = _WORD_AT.match(text, following.start(2))
    starts = next_word is not None and next_word.group().casefold() in STARTERS
    if key in NUMBERED:
        return not (following.group(2).isdigit() or (next_word and len(next_word.group()) == 1))
    if key in OPEN or _LETTERS_WITH_STOPS.fullmatch(word):
        return starts
    if len(word) == 1 and word.isupper():
        earlier = _word_before(text, dot - 2)
        # "annex A." ends, "Mr. J. A." and "Maria A." do not.
        return earlier.casefold() in LABELLED or (starts and not earlier[:1].isupper())
    return True


def _word_before(text: str, end: int) -> str:
    """Return the word that ends at `end`, as much of it as matters."""
    start = end
    while start > max(0, end - _WINDOW) and text[start - 1] not in _WORD_EDGES:
        start -= 1
    return text[start:end]


def _may_carry_note(text: str, dot: int) -> bool:
    """Tell whether digits after this full stop are a footnote mark, and not decimals."""
    return not text[dot - 1].isdigit() or _YEAR.search(text, max(0, dot - 5), dot) is not None


def _skip_space(text: str, position: int, end: int) -> int:
    while position < end and text[position].isspace():
        position += 1
    return position


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a sentence in parts of at most LONGEST characters."""
    while end - start > LONGEST:
        cut = _cut_place(text, start)
        high = cut
        while high > start and text[high - 1].isspace():
            high -= 1
        if high > start:
            yield start, high
        start = _skip_space(text, cut, end)
    if start < end:
        yield start, end


def _cut_place(text: str, start: int) -> int:
    window = text[start + _SHORTEST_CUT : start + LONGEST]
    for mark in _CLAUSE_MARKS:
        places = [match.end() for match in mark.finditer(window)]
        if places:
            return start + _SHORTEST_CUT + places[-1]
    return start + LONGEST
