"""Where the pages of one document mention a term."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from corpus.document import Page, PageSpan
from ingest.text.lines import Line, lines_of
from service.finding.mentions.term import LONGEST_TERM, TermForm, folded

# A line end that breaks a word, with the pieces of the word; and one at a match's start or end.
_BREAK = r"(?:[\u00ad\u200b\ufffe\x02]+|[-\u2010\u2011\u00ad][^\S\n]*\n\s*)"
_BROKEN_WORD = re.compile(rf"\w+{_BREAK}\w+")
_BROKEN_BEFORE = re.compile(rf"(\w+){_BREAK}\Z")
_BROKEN_AFTER = re.compile(rf"{_BREAK}(\w+)")
_WORD = re.compile(r"\w+")
_NEAR = 80
_LONGEST_ENDING = 5
# How much of a page's end and beginning may lie outside the running text: headers and footers.
_EDGE_LINES = 4
_EDGE_CHARACTERS = 1_500
_LAST_WORD = re.compile(r"(\w+)\W*\Z")
_FOOTNOTE = re.compile(r"[*_]|\d{1,3}\s*\S")

Range = tuple[int, int]


def mentions_in(
    pages: Mapping[int, Page], forms: Sequence[TermForm]
) -> Iterator[tuple[PageSpan, ...]]:
    """Yield where any of the forms stands, in reading order; of two that overlap the longer.

    A mention that goes over to the next page has a span on each: the words that end one page's
    text and begin the next one's, with footnotes, footers and headers between them.
    """
    vocabulary = _Vocabulary(pages)
    for number, page in pages.items():
        found = [
            (start, end)
            for start, end in _apart(
                match.span() for form in forms for match in form.pattern.finditer(page.text)
            )
            if vocabulary.is_whole(page.text, start, end)
        ]
        for start, end in found:
            yield (PageSpan(number, start, end),)
        if number + 1 in pages:
            yield from _over(page, pages[number + 1], forms, found)


class _Vocabulary:
    """The words that stand whole on a line of the document, made when first asked for."""

    def __init__(self, pages: Mapping[int, Page]) -> None:
        self._pages = pages
        self._words: frozenset[str] | None = None

    def is_whole(self, text: str, start: int, end: int) -> bool:
        """Tell whether a match is words, not the rest of one that a line end breaks.

        `able` in `sustain-⏎able` is none, `known` in `well-⏎known` is.
        """
        before = _BROKEN_BEFORE.search(text[max(0, start - _NEAR) : start])
        after = _BROKEN_AFTER.match(text, end, end + _NEAR)
        if before is None and after is None:
            return True
        words = _WORD.findall(text, start, end)
        if not words:
            return True
        return not (
            (before is not None and self._is_one_word(before[1], words[0], other=before[1]))
            or (after is not None and self._is_one_word(words[-1], after[1], other=after[1]))
        )

    def _is_one_word(self, head: str, tail: str, *, other: str) -> bool:
        """Tell whether a hyphen at a line end breaks one word, not joins two.

        It does where the word stands whole elsewhere, and where the `other` piece is short and
        never does, as endings are.
        """
        if not tail[0].islower():
            return False
        known = self._known()
        unknown = other.casefold() not in known and len(other) <= _LONGEST_ENDING
        return unknown or (head + tail).casefold() in known

    def _known(self) -> frozenset[str]:
        if self._words is None:
            self._words = frozenset(
                word
                for page in self._pages.values()
                for word in _WORD.findall(_BROKEN_WORD.sub(" ", page.text).casefold())
            )
        return self._words


def _over(
    page: Page, following: Page, forms: Sequence[TermForm], found: Sequence[Range]
) -> Iterator[tuple[PageSpan, ...]]:
    """Yield the mention that begins on one page and ends on the next, if there is one."""
    for end in _ends(page.text, forms):
        if any(start < end <= stop for start, stop in found):
            continue
        first = max(0, end - 2 * LONGEST_TERM)
        tail = page.text[first:end]
        for start in _starts(following.text):
            head = following.text[start : start + 2 * LONGEST_TERM]
            # The page's end is a line's end.
            text, over = f"{tail}\n{head}", len(tail) + 1
            for form in forms:
                for match in form.pattern.finditer(text):
                    if match.start() < len(tail) and match.end() > over:
                        yield (
                            PageSpan(page.number, first + match.start(), end),
                            PageSpan(following.number, start, start + match.end() - over),
                        )
                        return


def _ends(text: str, forms: Sequence[TermForm]) -> Iterator[int]:
    """Yield the ends of the last lines at which a term may break off, the last line first.

    They are the last few lines, and those that footnotes follow.
    """
    begin = max(0, len(text) - _EDGE_CHARACTERS)
    if not any(form.breaking.search(text, begin) for form in forms):
        return
    lines = lines_of(text[begin:])
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        near = index >= len(lines) - _EDGE_LINES
        if (near or _is_footnote(text, begin, lines[index + 1])) and _may_go_on(
            text[begin + line.start : begin + line.end], forms
        ):
            yield begin + line.end


def _is_footnote(text: str, begin: int, line: Line) -> bool:
    return _FOOTNOTE.match(text, begin + line.start) is not None


def _starts(text: str) -> Iterator[int]:
    for line in lines_of(text[:_EDGE_CHARACTERS])[:_EDGE_LINES]:
        yield line.start


def _may_go_on(line: str, forms: Sequence[TermForm]) -> bool:
    """Tell whether a line ends with a word of a term that has more, or with a piece of one."""
    last = _LAST_WORD.search(line[-_NEAR:])
    if last is None:
        return False
    word = folded(last[1])
    if line[-1] in "-\u2010\u2011\u00ad":
        return any(each.startswith(word) for form in forms for each in form.words)
    return any(len(form.term.split()) > 1 and word in form.words for form in forms)


def _apart(ranges: Iterable[Range]) -> Iterator[Range]:
    """Yield ranges in order; of two that overlap the first, or the longer if both begin there."""
    last = 0
    for start, end in sorted(ranges, key=lambda each: (each[0], -each[1])):
        if start >= last:
            yield start, end
            last = end
