"""One PDF page to its text: its own, or read from its image where that is missing or bad."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pypdfium2 as pdfium

from ingest.readers.ocr import ocr_languages
from ingest.readers.pdf_hidden import has_image
from ingest.readers.pdf_page import PageText, page_text
from ingest.readers.pdf_scan import scanned_text
from ingest.readers.quality import odd_share

MOST_SCANS = 60  # pages of one file that are read from their image

_FEWEST_LETTERS = 20
_ODD_LAYER = 0.02
_ODD_TEXT = 0.12
_LEAST_CONFIDENCE = 60.0
_SAMPLED_PAGES = 5
_ARABIC = re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_TELLING = {
    "en": {"the", "of", "and", "to", "in", "that", "for", "with"},
    "es": {"el", "los", "las", "del", "y", "que", "por", "con"},
    "fr": {"le", "les", "des", "du", "et", "que", "dans", "pour"},
}


class PageReading:
    """Reads the pages of one open document; knows its language and how many scans are left."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        self._document = document
        self._language: str | None = None
        self.scans = 0

    def read(self, page: pdfium.PdfPage) -> PageText:
        """Return the text of a page.

        A page without text, with a bad scanner's layer or with fonts that give other letters than
        they show is read from its image, if Tesseract is there; the better text is kept.
        """
        textpage = page.get_textpage()
        try:
            found = page_text(page, textpage)
        finally:
            textpage.close()
        if not _is_doubtful(page, found) or self.scans >= MOST_SCANS:
            return found
        languages = ocr_languages(self._language_of(found.text))
        if languages is None:
            return found
        self.scans += 1
        scanned, confidence = scanned_text(page, languages)
        if confidence < _LEAST_CONFIDENCE or not _is_better(scanned.text, found.text):
            return found
        return replace(scanned, confidence=confidence)

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
    document: pdfium.PdfDocument, index: int, read: Callable[[pdfium.PdfPage], PageText]
) -> PageText | None:
    """Return what was read of a page that is opened for it, None if PDFium cannot."""
    try:
        page = document[index]
        try:
            return read(page)
        finally:
            page.close()
    except pdfium.PdfiumError:
        return None


def _is_doubtful(page: pdfium.PdfPage, found: PageText) -> bool:
    if len(found.text) < _FEWEST_LETTERS:
        return has_image(page)
    return odd_share(found.text) > (_ODD_LAYER if found.layer else _ODD_TEXT)


def _is_better(scanned: str, text: str) -> bool:
    if len(text) < _FEWEST_LETTERS:
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
