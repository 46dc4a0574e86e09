"""Pages in the making, for documents that have none of their own."""

import re
from dataclasses import dataclass, field

from corpus.document import Page, PageSpan
from ingest.quality.page_figures import quality_of
from ingest.readers.document.reader import Heading

FEWEST_CHARACTERS = 2_000
MOST_CHARACTERS = 8_000
_LONGEST_LABEL = 80
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[ \t]+\n")


@dataclass(slots=True)
class _Sheet:
    label: str
    parts: list[str] = field(default_factory=list)
    length: int = 0


class Draft:
    """Takes a document's text piece by piece and gives pages and headings.

    `by_section` starts a page at a heading once the page before has FEWEST_CHARACTERS, and at a
    paragraph once it would have more than MOST_CHARACTERS; such a page is labelled with the
    heading that it stands under, `Partnerships (2)` where the section goes on. Otherwise pages
    begin where `page` says, and a long one goes on in a page of the same label. The same pieces
    give the same pages.
    """

    def __init__(self, *, by_section: bool, doubt: str | None = None) -> None:
        """`doubt` is what makes the quality of all pages poor."""
        self._by_section = by_section
        self._doubt = doubt
        self._sheets: list[_Sheet] = []
        self._headings: list[Heading] = []
        self._label = ""
        self._continued = 1

    def page(self, label: str) -> None:
        """Begin a page."""
        self._name(label)
        self._sheets.append(_Sheet(self._label))

    def heading(self, level: int, text: str, *, label: str | None = None) -> None:
        """Add a heading; `label` names its page where another name than its text is better."""
        title = " ".join(cleaned(text).split())
        if not title:
            return
        if self._by_section:
            begins = not self._sheets or self._sheets[-1].length >= FEWEST_CHARACTERS
            named = _shortened(label or title)
            if begins:
                self.page(named)
            elif not self._sheets[-1].label:
                self._sheets[-1].label = named
            self._name(named)
        start = self._append(title)
        sheet = len(self._sheets)
        self._headings.append(Heading(level, title, PageSpan(sheet, start, start + len(title))))

    def paragraph(self, text: str) -> None:
        """Add a paragraph, a list item or a row; line breaks inside it stay."""
        kept = _SPACES.sub("\n", cleaned(text)).strip()
        if not kept:
            return
        length = self._sheets[-1].length if self._sheets else 0
        if length and length + len(kept) > MOST_CHARACTERS:
            self._continued += 1
            self._sheets.append(_Sheet(f"{self._label or 'page'} ({self._continued})"))
        self._append(kept)

    def row(self, text: str) -> None:
        """Add a row of a sheet, whose pages are not parted by their length."""
        self._append(" ".join(cleaned(text).split()))

    def pages(self) -> tuple[Page, ...]:
        """Return the pages, numbered from 1; a page without a label has its number."""
        last = len(self._sheets)
        texts = ["".join(sheet.parts) for sheet in self._sheets]
        ends = ["\n" if number == last else "\n\n" for number in range(1, last + 1)]
        return tuple(
            Page(
                number,
                sheet.label or str(number),
                whole,
                quality_of(whole, reason=self._doubt if whole.strip() else None),
            )
            for number, (sheet, text, end) in enumerate(
                zip(self._sheets, texts, ends, strict=True), start=1
            )
            for whole in [text + end if text else text]
        )

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings at their places."""
        return tuple(self._headings)

    @property
    def opening(self) -> str | None:
        """The heading that the document begins with, None if it begins otherwise."""
        first = self._headings[0] if self._headings else None
        return first.text if first and (first.span.page, first.span.start) == (1, 0) else None

    @property
    def is_empty(self) -> bool:
        """Whether no text was added."""
        return not any(sheet.length for sheet in self._sheets)

    def _name(self, label: str) -> None:
        self._label = _shortened(label)
        self._continued = 1

    def _append(self, text: str) -> int:
        if not self._sheets:
            self._sheets.append(_Sheet(self._label))
        sheet = self._sheets[-1]
        if sheet.parts:
            sheet.parts.append("\n\n")
            sheet.length += 2
        start = sheet.length
        sheet.parts.append(text)
        sheet.length += len(text)
        return start


def cleaned(text: str) -> str:
    """Return the text with `\\n` line breaks and without characters that no store keeps."""
    return _UNWANTED.sub("", _BREAKS.sub("\n", text))


def _shortened(label: str) -> str:
    line = " ".join(cleaned(label).split())
    return line if len(line) <= _LONGEST_LABEL else f"{line[: _LONGEST_LABEL - 1].rstrip()}…"
