"""Where words stand in the pages of a document, or the text that comes nearest to them.

Words are compared without what readers and editions do to them: the space and line breaks between
them, hyphens, ligatures and the form of quotation marks.
"""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from corpus.document import Page, PageSpan

_HYPHENS = "-\u00ad\u2010\u2011\ufffe"
_DROPPED = dict.fromkeys(map(ord, _HYPHENS)) | dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff"))
_QUOTES = {ord(mark): "'" for mark in "\u2018\u2019\u201a\u201b"} | {
    ord(mark): '"' for mark in "\u201c\u201d\u201e\u201f"
}
_NEAR = 0.5


@dataclass(frozen=True, slots=True)
class Similar:
    """The text that comes nearest: its places, and how near, 0..1 of the words in order."""

    spans: tuple[PageSpan, ...]
    text: str
    similarity: float


def find_words(quote: str, pages: Mapping[int, Page]) -> tuple[PageSpan, ...] | None:
    """Return where the quote's words stand, in order, whatever the space between them.

    The words may begin on one page and end on the next ones. The first place wins.
    """
    wanted, words = _keys_of(quote), _words(pages)
    if not wanted:
        return None
    for start in range(len(words) - len(wanted) + 1):
        if words[start].key == wanted[0]:
            run = words[start : start + len(wanted)]
            if [word.key for word in run] == wanted:
                return _spans(run)
    return None


def find_similar(quote: str, pages: Mapping[int, Page]) -> Similar | None:
    """Return the text of as many words that shares most words with the quote, the first of equals.

    None where less than half of the words stand in it in the quote's order.
    """
    wanted, words = _keys_of(quote), _words(pages)
    if not wanted or not words:
        return None
    size = min(len(wanted), len(words))
    need = Counter(wanted)
    have = Counter(word.key for word in words[:size])
    shared = sum(min(count, have[key]) for key, count in need.items())
    best, best_start = shared, 0
    for start in range(1, len(words) - size + 1):
        left, came = words[start - 1].key, words[start + size - 1].key
        shared -= have[left] <= need[left]
        have[left] -= 1
        have[came] += 1
        shared += have[came] <= need[came]
        if shared > best:
            best, best_start = shared, start
    run = words[best_start : best_start + size]
    matcher = SequenceMatcher(None, wanted, [word.key for word in run], autojunk=False)
    if matcher.ratio() < _NEAR:
        return None
    spans = _spans(run)
    text = " ".join(pages[span.page].text[span.start : span.end] for span in spans)
    return Similar(spans, " ".join(text.split()), round(matcher.ratio(), 4))


@dataclass(frozen=True, slots=True)
class _Word:
    page: int
    start: int
    end: int
    key: str


def _key(word: str) -> str:
    return unicodedata.normalize("NFKC", word).translate(_DROPPED).translate(_QUOTES)


def _keys_of(quote: str) -> list[str]:
    """Return the keys of a text's words, those broken by a hyphen at a line's end joined."""
    return [word.key for word in _words({1: Page(1, "1", quote)})]


def _words(pages: Mapping[int, Page]) -> list[_Word]:
    found: list[_Word] = []
    for number in sorted(pages):
        text, at = pages[number].text, 0
        broken = False
        for word in text.split():
            start = text.index(word, at)
            at = start + len(word)
            if broken and "\n" in text[found[-1].end : start]:
                found[-1] = _Word(number, found[-1].start, at, found[-1].key + _key(word))
            elif _key(word):
                found.append(_Word(number, start, at, _key(word)))
            broken = word[-1] in _HYPHENS and len(word) > 1
    return found


def _spans(words: Sequence[_Word]) -> tuple[PageSpan, ...]:
    numbers = dict.fromkeys(word.page for word in words)
    return tuple(
        PageSpan(
            number,
            min(word.start for word in words if word.page == number),
            max(word.end for word in words if word.page == number),
        )
        for number in numbers
    )
