"""The port that turns bytes into pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from corpus.document import Page, PageSpan


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading at its place: `level` counts from 1; `span` is the heading's own text."""

    level: int
    text: str
    span: PageSpan


OcrMode = Literal["auto", "off", "force"]
LEFT_OUT = frozenset({"header", "footer", "page_number", "figure", "contents"})


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page and what it is.

    `kind` is one of header, footer, page_number, figure, contents, which stay in the page text and
    out of the chunks (LEFT_OUT); footnote, which has chunks of its own; and
    text, heading, caption, table. What no block covers is text.
    """

    kind: str
    span: PageSpan


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of one of the first pages as it is laid out.

    `size` is the height of its letters' boxes in points; `left`, `right`, `top` and `bottom` are
    shares of the page's width and height, from its upper left corner. `turned` text does not run
    across the page.
    """

    page: int
    text: str
    size: float
    bold: bool
    left: float
    top: float
    right: float
    bottom: float
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in one file: pages in order, and what the file says of itself.

    `metadata` keys that documents have as fields (title, publisher, date, language) are fields
    here; anything else the file says is in `metadata`. `partial` says what of the file could not
    be read, None where all of it was. `shown` are the lines of the first pages, in reading order,
    where the format has a layout.
    """

    pages: tuple[Page, ...]
    headings: tuple[Heading, ...] = ()
    blocks: tuple[Block, ...] = ()
    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    language: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    partial: str | None = None
    shown: tuple[ShownLine, ...] = ()


@runtime_checkable
class ReadsScans(Protocol):
    """A reader that can read a page from its image, where its text is missing or bad."""

    def with_ocr(self, ocr: OcrMode) -> "Reader":
        """Return a reader that reads other pages from their image."""
        ...


class Reader(Protocol):
    """Bytes to pages. Pure: the same bytes give the same Reading. Raises ReadError and below."""

    @property
    def media_type(self) -> str:
        """The media type that it reads, such as application/pdf."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the reader's output may; part of the reading fingerprint."""
        ...

    def read(self, content: bytes, *, password: str | None = None) -> Reading:
        """Return the pages of one file."""
        ...
