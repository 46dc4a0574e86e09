"""One stored page, the places marked on it, and its picture."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.document import Document, Page
from corpus.errors import InputError, NotFoundError
from corpus.ids import DocId
from ingest.pages.excerpting import Excerpt
from ingest.pages.marking import Marks

PDF = "application/pdf"
MOST_HIGHLIGHTS = 100


class Pages(Protocol):
    """What a page is taken from: a store, or the part of it that may be seen."""

    def document(self, doc_id: DocId) -> Document:
        """Return one document. Raises: NotFoundError."""
        ...

    def pages(self, doc_id: DocId, numbers: Sequence[int] | None = None) -> dict[int, Page]:
        """Return pages by number. Raises: NotFoundError."""
        ...

    def content(self, doc_id: DocId) -> bytes:
        """Return the bytes that the document was read from. Raises: NotFoundError."""
        ...


class Draws(Protocol):
    """What draws pages and takes them out: ingest's workers, or a double of them."""

    def image(self, content: bytes, number: int, marks: Marks, *, scale: float = 2.0) -> bytes:
        """Return a page as PNG, `scale` pixels a point, the marks on it.

        Raises: ReadError, NotFoundError.
        """
        ...

    def excerpt(self, content: bytes, pages: Sequence[Excerpt], title: str) -> bytes:
        """Return a PDF of these pages. Raises: ReadError, NotFoundError."""
        ...


@dataclass(frozen=True, slots=True)
class Highlights:
    """Half-open ranges of a page's text, in order, none touching another."""

    ranges: tuple[tuple[int, int], ...]

    @classmethod
    def parse(cls, texts: Sequence[str], page: Page) -> "Highlights":
        """Return the ranges of `start-end` texts, overlaps joined.

        Raises: InputError if one is no range of the page's text.
        """
        if len(texts) > MOST_HIGHLIGHTS:
            raise InputError(f"highlight: found {len(texts)}; at most {MOST_HIGHLIGHTS} are drawn.")
        joined: list[tuple[int, int]] = []
        for start, end in sorted(_range(text, page) for text in texts):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        return cls(tuple(joined))

    def pieces(self, text: str) -> Iterator[tuple[str, bool]]:
        """Yield the text in pieces, each with whether it is marked."""
        at = 0
        for start, end in self.ranges:
            if at < start:
                yield text[at:start], False
            yield text[start:end], True
            at = end
        if at < len(text):
            yield text[at:], False

    @property
    def query(self) -> str:
        """The ranges as they stand in an address, with its `?`; empty when there are none."""
        marks = "&".join(f"highlight={start}-{end}" for start, end in self.ranges)
        return f"?{marks}" if marks else ""


def page_of(store: Pages, doc_id: DocId, number: int) -> Page:
    """Return one page. Raises: NotFoundError, which says how many pages the document has."""
    document = store.document(doc_id)
    page = store.pages(doc_id, [number]).get(number)
    if page is None:
        raise NotFoundError(
            f"Document {doc_id} has no page {number}; its pages are 1 to {document.pages}."
        )
    return page


def page_image(
    store: Pages,
    draws: Draws,
    doc_id: DocId,
    number: int,
    highlights: Sequence[str],
    *,
    scale: float = 2.0,
) -> bytes:
    """Return the page of a PDF as PNG, the `start-end` ranges of its text marked.

    It has `scale` pixels a point, a 72nd of an inch.

    Raises: NotFoundError if the document is no PDF and so has no image; InputError, ReadError.
    """
    page = page_of(store, doc_id, number)
    ranges = Highlights.parse(highlights, page).ranges
    document = store.document(doc_id)
    if document.media_type != PDF:
        raise NotFoundError(
            f"Document {doc_id} is {document.media_type} and has no page images; its text is at "
            f"/v1/documents/{doc_id}/pages/{number}."
        )
    marks = Marks(ranges, page.quality.source, page.text)
    return draws.image(store.content(doc_id), number, marks, scale=scale)


def _range(text: str, page: Page) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,9})-([0-9]{1,9})", text)
    if found:
        start, end = int(found[1]), int(found[2])
        if start < end <= len(page.text):
            return start, end
    raise InputError(
        f"highlight: found {text[:40]!r}; expected START-END, a half-open range within the "
        f"{len(page.text):,} characters of page {page.number}, such as 0-{min(80, len(page.text))}."
    )
