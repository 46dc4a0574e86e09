"""One PDF page to its text: its own, or read from its image where that is missing or bad."""

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import BoundedSemaphore
from typing import TypeVar

import pypdfium2 as pdfium

from ingest.quality.grading import NO_TESSERACT
from ingest.quality.page_figures import odd_share
from ingest.readers.document.reader import OcrMode
from ingest.readers.pdf.hidden import has_image
from ingest.readers.pdf.ocr import ocr_languages
from ingest.readers.pdf.page import PageText, page_text
from ingest.readers.pdf.quality import FEWEST_LETTERS
from ingest.readers.pdf.scan import image_of, scanned_text

MOST_SCANS = 60  # pages of one file that are read from their image
SWITCHED_OFF = "it shows an image, and images are not read (CITEWELL_OCR=off)"

_ODD_LAYER = 0.02
_ODD_TEXT = 0.12
_LEAST_CONFIDENCE = 60.0
_SAMPLED_PAGES = 5
_SCANS_AT_ONCE = 2
_ARABIC = re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_TELLING = {
    "en": {"the", "of", "and", "to", "in", "that", "for", "with"},
    "es": {"el", "los", "las", "del", "y", "que", "por", "con"},
    "fr": {"le", "les", "des", "du", "et", "que", "dans", "pour"},
}


Read = TypeVar("Read")


class PageReading:
    """Reads the pages of one open document; knows its language and how many scans are left.

    `ocr` says which pages are read from their image: those without usable text (`auto`), no page
    (`off`), or also every page whose text a scanner wrote under an image (`force`).
    """

    def __init__(self, document: pdfium.PdfDocument, ocr: OcrMode = "auto") -> None:
        self._document = document
        self._ocr = ocr
        self._language: str | None = None
        self._scanning = ThreadPoolExecutor(_SCANS_AT_ONCE)
        self._room = BoundedSemaphore(2 * _SCANS_AT_ONCE)
        self.scans = 0

    def read(self, page: pdfium.PdfPage) -> Callable[[], PageText]:
        """Return what returns the text of a page, which need not be open any more by then.

        A page without text, with a bad scanner's layer or with fonts that give other letters than
        they show is read from its image, if Tesseract is there; the better text is kept. Images
        are read while the pages behind them are looked at, two at once.
        """
        found = self.read_layer(page)
        forced = self._ocr == "force" and found.layer
        if not forced and not _is_doubtful(page, found):
            return lambda: found
        languages, doubt = self._scan_with(found)
        if languages is None:
            return lambda: replace(found, doubt=doubt)
        self.scans += 1
        image = image_of(page)
        self._room.acquire()  # so that not all images of a long file wait in memory
        scanned = self._scanning.submit(scanned_text, image, languages)
        scanned.add_done_callback(lambda _: self._room.release())
        return lambda: _better(found, *scanned.result(), forced=forced)

    def _scan_with(self, found: PageText) -> tuple[str | None, str | None]:
        """Return what Tesseract is to read a page's image in, or why it is not."""
        if self._ocr == "off":
            return None, SWITCHED_OFF
        if self.scans >= MOST_SCANS:
            return None, (
                f"it shows an image, and only {MOST_SCANS} pages of a file are read from theirs"
            )
        languages = ocr_languages(self._language_of(found.text))
        return languages, None if languages else NO_TESSERACT

    def read_layer(self, page: pdfium.PdfPage) -> PageText:
        """Return the text that the file itself has for a page."""
        textpage = page.get_textpage()
        try:
            return page_text(page, textpage)
        finally:
            textpage.close()

    def read_image(self, page: pdfium.PdfPage) -> PageText | None:
        """Return the text of a page's image, None where Tesseract is not installed."""
        languages = ocr_languages(self._language_of(self.read_layer(page).text))
        return None if languages is None else scanned_text(image_of(page), languages)[0]

    def _language_of(self, text: str) -> str:
        letters = max(1, sum(c.isalpha() for c in text))
        if len(_ARABIC.findall(text)) > 0.3 * letters:
            return "ar"
        if len(_CYRILLIC.findall(text)) > 0.3 * letters:
            return "ru"
        if self._language is None:
            self._language = _language(self._document)
        return self._language


def with_page(
    document: pdfium.PdfDocument, index: int, read: Callable[[pdfium.PdfPage], Read]
) -> Read | None:
    """Return what was read of a page that is opened for it, None if PDFium cannot."""
    try:
        page = document[index]
        try:
            return read(page)
        finally:
            page.close()
    except pdfium.PdfiumError:
        return None


def _better(found: PageText, scanned: PageText, confidence: float, *, forced: bool) -> PageText:
    """Return the better of a page's own text and that of its image."""
    if confidence >= _LEAST_CONFIDENCE and (forced or _is_better(scanned.text, found.text)):
        return scanned
    if confidence >= _LEAST_CONFIDENCE or not scanned.text.strip():
        return replace(found, doubt="its image has no text, or none better than the page's own")
    doubt = f"its image could be read with a confidence of {confidence:.0f} of 100 only"
    return replace(found, doubt=doubt)


def _is_doubtful(page: pdfium.PdfPage, found: PageText) -> bool:
    if len(found.text) < FEWEST_LETTERS:
        return has_image(page)
    return odd_share(found.text) > (_ODD_LAYER if found.layer else _ODD_TEXT)


def _is_better(scanned: str, text: str) -> bool:
    if len(text) < FEWEST_LETTERS:
        return len(scanned) > len(text)
    if len(_ARABIC.findall(scanned)) > 0.3 * len(scanned):
        return True  # the forms of words say nothing of Arabic, and its letters are there
    return 2 * len(scanned) > len(text) and odd_share(scanned) < odd_share(text)


def _language(document: pdfium.PdfDocument) -> str:
    """Return the language of the first pages with text: en, es or fr."""
    counted: Counter[str] = Counter()
    for index in range(min(_SAMPLED_PAGES, len(document))):
        page = document[index]
        textpage = page.get_textpage()
        words = Counter(textpage.get_text_range().lower().split())
        textpage.close()
        page.close()
        for language, telling in _TELLING.items():
            counted[language] += sum(words[word] for word in telling)
    return counted.most_common(1)[0][0] if counted.total() else "en"
