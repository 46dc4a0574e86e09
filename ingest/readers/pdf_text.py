"""The text of a PDF page, and which character of PDFium's each of its code points is.

PDFium counts UTF-16 units. It marks a hyphen at a line end with U+FFFE (U+0002 in calls for single
characters, where a glyph without a meaning may be U+0002 as well) and leaves the line break out;
page text writes what the page shows, a hyphen and a line break. Seen with pypdfium2 5.15.
"""

import ctypes
import re
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

_HYPHEN = "\ufffe"
_MARK = re.compile(
    r"\r\n?|\n|\ufffe|\u00ad|\x00|[\x01-\x08\x0b-\x1f\x7f-\x9f\uffff]"
    r"|[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]"
)
_WRITTEN = {
    "\r\n": "\n",
    "\r": "\n",
    "\n": "\n",
    _HYPHEN: "-\n",
    "\u00ad": "-",  # a soft hyphen in the middle of a line is drawn, so it is a hyphen
    "\x00": "",
}
_UNKNOWN = "\ufffd"  # a glyph that the font gives no meaning to; leaving it out could falsify


def page_text(textpage: pdfium.PdfTextPage) -> str:
    """Return the text of a page as it shows it, ending with a line break unless empty."""
    return "".join(written for written, _, _ in _pieces(_units(textpage)))


def char_indexes(textpage: pdfium.PdfTextPage) -> list[int]:
    """Return PDFium's character index for each code point of `page_text`."""
    indexes: list[int] = []
    for written, start, one_to_one in _pieces(_units(textpage)):
        length = len(written)
        indexes.extend(range(start, start + length) if one_to_one else [start] * length)
    return indexes


def _units(textpage: pdfium.PdfTextPage) -> str:
    """Return PDFium's characters, one code point a UTF-16 unit."""
    count = pdfium_c.FPDFText_CountChars(textpage.raw)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    copied = pdfium_c.FPDFText_GetText(textpage.raw, 0, count, buffer)
    if copied == count + 1:
        return "".join(map(chr, buffer[:count]))
    # The batch call leaves glyphs without a meaning out: only single calls keep the indexes.
    return "".join(_unit(textpage, index) for index in range(count))


def _unit(textpage: pdfium.PdfTextPage, index: int) -> str:
    unit = pdfium_c.FPDFText_GetUnicode(textpage.raw, index)
    if unit == 2 and pdfium_c.FPDFText_IsHyphen(textpage.raw, index) == 1:
        return _HYPHEN
    return chr(unit) if unit <= 0xFFFF else _UNKNOWN


def _pieces(units: str) -> Iterator[tuple[str, int, bool]]:
    """Yield (page text, PDFium's index, whether each code point has its own index)."""
    position = 0
    last = ""
    for mark in _MARK.finditer(units):
        start = mark.start()
        if start > position:
            yield units[position:start], position, True
        last = _written(mark.group())
        if last:
            yield last, start, False
        position = mark.end()
    if position < len(units):
        yield units[position:], position, True
        last = units[-1]
    if units and not last.endswith("\n"):
        yield "\n", len(units) - 1, False


def _written(mark: str) -> str:
    if len(mark) == 2 and mark != "\r\n":
        return mark.encode("utf-16", "surrogatepass").decode("utf-16")
    return _WRITTEN.get(mark, _UNKNOWN)
