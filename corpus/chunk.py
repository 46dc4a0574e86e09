"""The unit that is indexed: a run of sentences with the places where they stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corpus.document import Page, PageSpan
from corpus.ids import ChunkId, DocId, Sha256, sha256_of


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of sentences of one document.

    `text` is exactly the page texts at `spans`, joined; `sentences` are half-open ranges of
    `text` in code points, in order (headings are in the text but are not sentences).
    `search_text` is the text as it is embedded and searched: line ends joined, ligatures and soft
    hyphens resolved. `context` is the title and the section path: embedded and searched with the
    text, never quoted. `ordinal` counts the document's chunks from 0.
    """

    chunk_id: ChunkId
    doc_id: DocId
    ordinal: int
    spans: tuple[PageSpan, ...]
    text: str
    sentences: tuple[tuple[int, int], ...]
    search_text: str
    context: str
    section: tuple[str, ...] = ()

    @property
    def embedded_text(self) -> str:
        """The text that is embedded: context, a line break, search text."""
        return f"{self.context}\n{self.search_text}" if self.context else self.search_text

    @property
    def embedded_sha256(self) -> Sha256:
        """The key of this chunk's vector in the vector cache."""
        return sha256_of(self.embedded_text)

    def spans_of(self, start: int, end: int) -> tuple[PageSpan, ...]:
        """Return the page spans of `text[start:end]`.

        Raises: ValueError if the range is empty or outside the text.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"not a range of a text of {len(self.text)} characters: {start}:{end}")
        return tuple(self._cut(start, end))

    def _cut(self, start: int, end: int) -> Iterator[PageSpan]:
        offset = 0
        for span in self.spans:
            length = span.end - span.start
            low, high = max(start - offset, 0), min(end - offset, length)
            if low < high:
                yield PageSpan(span.page, span.start + low, span.start + high)
            offset += length


@dataclass(frozen=True, slots=True)
class ChunkPlace:
    """Where a chunk stands: enough to tell which chunk holds a place on a page."""

    chunk_id: ChunkId
    spans: tuple[PageSpan, ...]
    section: tuple[str, ...]


def text_at(spans: tuple[PageSpan, ...], pages: Mapping[int, Page]) -> str:
    """Return the page texts at the spans, joined: the definition of a quote.

    Raises: KeyError if a page is missing.
    """
    return "".join(pages[span.page].text[span.start : span.end] for span in spans)
