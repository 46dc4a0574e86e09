"""PDF to pages: text by PDFium, structure by pypdf."""

import contextlib
import re
import threading
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pypdf
import pypdfium2 as pdfium

from corpus.document import Page, PageSpan
from corpus.errors import PasswordError, ReadError
from corpus.stores.storable import readable
from ingest.quality.grading import NOT_BY_PDFIUM, lowered
from ingest.quality.page_figures import quality_of
from ingest.readers.document.reader import Heading, OcrMode, Reading
from ingest.readers.document.running_lines import running_blocks
from ingest.readers.document.titles import believed_title
from ingest.readers.document.versions import VERSIONS
from ingest.readers.pdf.blocks import blocks_of, usual_letters
from ingest.readers.pdf.completeness import HARMED, LOST, Completeness, completeness_of, recoverable
from ingest.readers.pdf.headings import shown_headings
from ingest.readers.pdf.page import PageText
from ingest.readers.pdf.page_labels import page_labels
from ingest.readers.pdf.page_reading import PageReading, with_page
from ingest.readers.pdf.quality import quality_of_page
from ingest.readers.pdf.shown import shown_lines
from ingest.readers.pdf.structure import (
    OutlineItem,
    Structure,
    open_pypdf,
    read_structure,
    text_by_pypdf,
)
from ingest.text.normalizing import search_text_of

_WORD = re.compile(r"\S+")
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
_LONGEST_HEADING = 300
_PDFIUM = threading.Lock()  # PDFium keeps global state: one thread at a time


class PdfReader:
    """Reads PDF. One page of the file is one page. `ocr` says which are read from their image."""

    media_type = "application/pdf"
    version = VERSIONS[media_type]

    def __init__(self, ocr: OcrMode = "auto") -> None:
        self._ocr: OcrMode = ocr

    def with_ocr(self, ocr: OcrMode) -> "PdfReader":
        """Return a reader that reads other pages from their image."""
        return PdfReader(ocr)

    def read(self, content: bytes, *, password: str | None = None) -> Reading:
        """Return the pages in reading order, with what each part of a page is as blocks.

        Headings are the outline's entries whose text is found on their page; where there are none,
        the headings that the pages show. A page that PDFium
        cannot read is read by pypdf; one without text is graded D.

        Raises: PasswordError, ReadError.
        """
        with open_pdf(content, password) as document:
            reading = PageReading(document, self._ocr)
            begun = [with_page(document, index, reading.read) for index in range(len(document))]
            texts = [None if text is None else text() for text in begun]
        if not texts:
            raise ReadError(
                "A PDF without pages. Expected at least one; save or download it again."
            )
        second = open_pypdf(content, password)
        structure = read_structure(second)
        complete = completeness_of(content, second, texts)
        pages = _labelled(tuple(_pages(texts, second, complete)), structure.labels)
        laid = [PageText() if text is None else text for text in texts]
        usual = usual_letters(laid)
        blocks = blocks_of(laid, running_blocks(pages), usual)
        headings = list(_headings(pages, structure.outline))
        if not headings:
            headings = shown_headings(laid, blocks, usual.height)
        return Reading(
            pages=pages,
            headings=tuple(headings),
            blocks=blocks,
            title=believed_title(structure.title),
            publisher=structure.author,
            date=structure.date,
            language=structure.language,
            metadata=_metadata(structure),
            partial=complete.partial,
            shown=tuple(shown_lines(laid)),
        )


@contextlib.contextmanager
def open_pdf(content: bytes, password: str | None) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF and close it.

    Raises: PasswordError if it needs a password or another one, ReadError if it is damaged.
    """
    _check_complete(content)
    with _PDFIUM:
        try:
            document = pdfium.PdfDocument(content, password=password)
        except pdfium.PdfiumError as error:
            raise _translated(content, password, error) from error
        try:
            yield document
        finally:
            document.close()


def _translated(content: bytes, password: str | None, error: pdfium.PdfiumError) -> ReadError:
    if error.err_code == _PASSWORD_ERROR:
        found = "the one given does not open it" if password else "none was given"
        return PasswordError(
            f"An encrypted PDF: it needs a password, and {found}. Give the right one."
        )
    return ReadError(
        f"A damaged PDF ({len(content)} bytes: {error}). "
        "Expected a file that a PDF viewer opens; download or export it again."
    )


def _check_complete(content: bytes) -> None:
    """Refuse a file whose end is missing: PDFium would read the rest as if it were all."""
    end = content.rfind(b"%%EOF")
    if end < 0 or b" obj" in content[end:]:
        raise ReadError(
            f"A PDF that breaks off ({len(content)} bytes, no end mark after the last object). "
            "Expected a complete file; download or copy it again."
        )


def _pages(
    texts: Sequence[PageText | None], second: pypdf.PdfReader | None, complete: Completeness
) -> Iterator[Page]:
    whole = recoverable(second, len(texts)) if None in texts else frozenset()
    for number, found in enumerate(texts, start=1):
        if found is None:
            text = text_by_pypdf(second, number) if number in whole else ""
            quality = quality_of(text, "recovered", reason=NOT_BY_PDFIUM if text else LOST)
        elif number in complete.lost:
            text, quality = found.text, quality_of(found.text, reason=LOST)
        else:
            text, quality = found.text, quality_of_page(found)
            if number in complete.harmed:
                quality = lowered(quality, "C", HARMED)
        yield Page(number, str(number), text, quality)


def _labelled(pages: tuple[Page, ...], tree: Sequence[str]) -> tuple[Page, ...]:
    labels = page_labels(pages, [readable(label) for label in tree])
    return tuple(replace(page, label=label) for page, label in zip(pages, labels, strict=True))


def _headings(pages: Sequence[Page], outline: Sequence[OutlineItem]) -> Iterator[Heading]:
    """Yield the outline's entries that stand on their page, each at its place.

    Outlines often lose the spaces at a heading's line breaks, so spaces do not count.
    """
    squeezed: dict[int, _Squeezed] = {}
    for item in outline:
        title = " ".join(item.title.split())
        if not title or len(title) > _LONGEST_HEADING or item.page > len(pages):
            continue
        page = pages[item.page - 1]
        if item.page not in squeezed:
            squeezed[item.page] = _Squeezed.of(page.text)
        text = squeezed[item.page]
        wanted = _Squeezed.of(title).letters
        found = [match.start() for match in re.finditer(re.escape(wanted), text.letters)]
        if found:
            starts = (at for at in found if _starts_line(page.text, text.place(at)))
            first = next(starts, found[0])
            start, end = text.place(first), text.place(first + len(wanted) - 1) + 1
            shown = search_text_of(page.text[start:end])
            yield Heading(item.level, shown or title, PageSpan(page.number, start, end))


@dataclass(frozen=True, slots=True)
class _Squeezed:
    """A text in lower case without whitespace, and of each word how far it is behind its place."""

    letters: str
    starts: Sequence[int]
    behind: Sequence[int]

    @classmethod
    def of(cls, text: str) -> "_Squeezed":
        lowered = text.lower()
        if len(lowered) != len(text):  # a letter whose small form is two
            lowered = "".join(low if len(low) == 1 else "?" for low in map(str.lower, text))
        starts, behind, at = [], [], 0
        for word in _WORD.finditer(lowered):
            starts.append(at)
            behind.append(word.start() - at)
            at += word.end() - word.start()
        return cls("".join(lowered.split()), starts, behind)

    def place(self, index: int) -> int:
        """Return where in the text a letter stood."""
        return index + self.behind[bisect_right(self.starts, index) - 1]


def _starts_line(text: str, place: int) -> bool:
    return not text[text.rfind("\n", 0, place) + 1 : place].strip()


def _metadata(structure: Structure) -> dict[str, str]:
    found = {"subject": structure.subject, "keywords": structure.keywords}
    return {key: value for key, value in found.items() if value}
