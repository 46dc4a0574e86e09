"""The lines of the first pages of a PDF as they are laid out, where its title may stand."""

from collections.abc import Iterator, Sequence

from ingest.readers.document.reader import ShownLine
from ingest.readers.pdf.page import PageText

_PAGES = 4
_LINES = 70
_LONGEST = 300


def shown_lines(pages: Sequence[PageText]) -> Iterator[ShownLine]:
    """Yield the first lines of each of the first pages, in reading order."""
    for number, page in enumerate(pages[:_PAGES], start=1):
        width, height = page.size
        if not width or not height:
            continue
        for line in page.lines[:_LINES]:
            laid = line.laid
            yield ShownLine(
                page=number,
                text=page.text[line.start : min(line.end, line.start + _LONGEST)],
                size=round(laid.size, 2),
                bold=line.bold,
                left=laid.left / width,
                top=laid.top / height,
                right=laid.right / width,
                bottom=laid.bottom / height,
                turned=laid.kind == "turned",
            )
