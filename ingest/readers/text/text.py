"""Plain text to pages."""

from collections.abc import Iterator

from corpus.document import Page, PageSpan
from ingest.quality.page_figures import quality_of
from ingest.readers.document.reader import Heading, Reading
from ingest.readers.document.running_lines import running_blocks
from ingest.readers.document.titles import believed_title
from ingest.readers.document.versions import VERSIONS
from ingest.readers.text.decoding import decode
from ingest.readers.text.text_headings import find_headings, first_line_title


class TextReader:
    """Reads plain text. A form feed starts a new page; without any, all of it is one page."""

    media_type = "text/plain"
    version = VERSIONS[media_type]

    def read(self, content: bytes, *, password: str | None = None) -> Reading:  # noqa: ARG002
        """Return the pages as they are written, with numbered and underlined headings.

        Raises: ReadError for an empty file or binary content.
        """
        text, doubt = decode(content)
        pages = pages_of(text, doubt)
        return Reading(
            pages=pages,
            headings=tuple(_headings(pages)),
            blocks=running_blocks(pages) if len(pages) > 1 else (),
            title=believed_title(first_line_title(pages[0].text)),
        )


def pages_of(text: str, doubt: str | None) -> tuple[Page, ...]:
    """Return the text in pages, parted at form feeds; what is doubtful becomes their quality."""
    parts = text.split("\f")
    if len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    last = len(parts) - 1
    texts = [part if index == last else f"{part}\n" for index, part in enumerate(parts)]
    return tuple(
        Page(number, str(number), part, quality_of(part, reason=doubt))
        for number, part in enumerate(texts, start=1)
    )


def _headings(pages: tuple[Page, ...]) -> Iterator[Heading]:
    for page in pages:
        for found in find_headings(page.text):
            title = " ".join(page.text[found.start : found.end].split())
            yield Heading(found.level, title, PageSpan(page.number, found.start, found.end))
