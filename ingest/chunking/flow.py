"""The running text of a document: its pages without the parts that are left out."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.document import Page, PageSpan


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a page in the flow: `start` in the flow is `page_start` of the page's text."""

    start: int
    page: int
    page_start: int
    length: int


class Flow:
    """The pages' texts in a row, the spans left out, and the way back to the pages."""

    def __init__(self, pages: Sequence[Page], left_out: Iterable[PageSpan]) -> None:
        by_page: dict[int, list[tuple[int, int]]] = {}
        for span in left_out:
            by_page.setdefault(span.page, []).append((span.start, span.end))
        texts: list[str] = []
        segments: list[Segment] = []
        at = 0
        for page in pages:
            for start, end in _between(sorted(by_page.get(page.number, ())), len(page.text)):
                texts.append(page.text[start:end])
                segments.append(Segment(at, page.number, start, end - start))
                at += end - start
        self.text = "".join(texts)
        self._segments = segments
        self._starts = [segment.start for segment in segments]
        self._first_of_page: dict[int, int] = {}
        for index, segment in enumerate(segments):
            self._first_of_page.setdefault(segment.page, index)

    def page_at(self, position: int) -> int:
        """Return the page number of a place in the flow."""
        return self._segments[bisect_right(self._starts, position) - 1].page

    def spans(self, start: int, end: int) -> tuple[PageSpan, ...]:
        """Return where a range of the flow stands on the pages, one span a piece."""
        return tuple(self._cut(start, end))

    def place(self, span: PageSpan) -> tuple[int, int]:
        """Return the range of the flow that a page span is.

        Where a block covers it, that is the empty range at the text that follows.
        """
        first = self._first_of_page.get(span.page, len(self._segments))
        for index in range(first, len(self._segments)):
            segment = self._segments[index]
            if segment.page != span.page:
                return segment.start, segment.start
            low = span.start - segment.page_start
            if low < 0:
                return segment.start, segment.start
            if low < segment.length:
                high = min(span.end - segment.page_start, segment.length)
                return segment.start + low, segment.start + high
        return self._start_after(span.page), self._start_after(span.page)

    def end_of(self, page: int) -> int:
        """Return where the text of a page and of those before it ends."""
        return self._start_after(page)

    def _start_after(self, page: int) -> int:
        """Return where the text of the next page begins, or the end."""
        later = (segment.start for segment in self._segments if segment.page > page)
        return next(later, len(self.text))

    def _cut(self, start: int, end: int) -> Iterator[PageSpan]:
        index = bisect_right(self._starts, start) - 1
        while index < len(self._segments) and self._segments[index].start < end:
            segment = self._segments[index]
            low = max(start - segment.start, 0)
            high = min(end - segment.start, segment.length)
            if low < high:
                yield PageSpan(segment.page, segment.page_start + low, segment.page_start + high)
            index += 1


def all_but(spans: Iterable[PageSpan], pages: Sequence[Page]) -> Iterator[PageSpan]:
    """Yield the parts of pages that no span covers."""
    by_page: dict[int, list[tuple[int, int]]] = {}
    for span in spans:
        by_page.setdefault(span.page, []).append((span.start, span.end))
    for page in pages:
        for start, end in _between(sorted(by_page.get(page.number, ())), len(page.text)):
            yield PageSpan(page.number, start, end)


def _between(blocks: Sequence[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of 0..length that no block covers."""
    position = 0
    for start, end in blocks:
        if position < min(start, length):
            yield position, min(start, length)
        position = max(position, end)
    if position < length:
        yield position, length
