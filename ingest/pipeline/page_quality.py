"""The quality ledger: every page of a reading with the figures of how well it was read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from corpus.document import Page, PageQuality
from ingest.quality.grading import graded
from ingest.quality.page_figures import garbled_share
from ingest.readers.document.formats import PDF
from ingest.readers.document.reader import LEFT_OUT, Reading
from ingest.text.languages import main_language
from ingest.text.word_lists import dictionary_share

_MOST_CHECKED = 4  # pages of a file that a second engine reads
_PDFIUM_DOUBTS = frozenset({"B", "C", "D"})


def with_ledger(
    reading: Reading, content: bytes, *, media_type: str, password: str | None = None
) -> Reading:
    """Return the reading with the quality of its pages measured and graded.

    The pages have their languages. A page of a PDF that looks ill is read by a second engine too,
    four of a file at most: that is forty times slower than reading it once.
    """
    main = main_language(reading.pages)
    set_aside, tables = _counted_blocks(reading)
    pages = [
        replace(
            page,
            quality=replace(
                _measured(page, main), set_aside=set_aside[page.number], tables=tables[page.number]
            ),
        )
        for page in reading.pages
    ]
    doubtful = [page for page in pages if _is_doubtful(page)] if media_type == PDF else []
    found = _disagreements(doubtful, content, password)
    return replace(
        reading,
        pages=tuple(
            replace(
                page,
                quality=graded(replace(page.quality, disagreement=found.get(page.number))),
            )
            for page in pages
        ),
    )


def _measured(page: Page, main: str | None) -> PageQuality:
    """Return the quality with the shares that the words of the page tell."""
    share = dictionary_share(page.text, page.language)
    if share is None and main != page.language:
        share = dictionary_share(page.text, main)
    return replace(page.quality, dictionary_share=share, garbled_share=garbled_share(page.text))


def _counted_blocks(reading: Reading) -> tuple[Counter[int], Counter[int]]:
    """Return, by page, the characters that are not offered as answers, and the tables."""
    set_aside: Counter[int] = Counter()
    tables: Counter[int] = Counter()
    for block in reading.blocks:
        span = block.span
        if block.kind in LEFT_OUT:
            set_aside[span.page] += span.end - span.start
        elif block.kind == "table":
            tables[span.page] += 1
    return set_aside, tables


def _is_doubtful(page: Page) -> bool:
    """Tell whether a page that PDFium read from the file's own text looks ill."""
    own = page.quality.source == "layer" and not page.quality.scanned
    return own and graded(page.quality).grade in _PDFIUM_DOUBTS


def _disagreements(pages: Sequence[Page], content: bytes, password: str | None) -> dict[int, float]:
    if not pages:
        return {}
    from ingest.readers.pdf.cross_checking import disagreements

    return disagreements(pages[:_MOST_CHECKED], content, password)
