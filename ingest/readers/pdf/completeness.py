"""What of a damaged PDF could not be read, though the rest of it could."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pypdf
from pypdf.generic import ArrayObject, StreamObject

from ingest.readers.pdf.page import PageText
from ingest.readers.pdf.streams import pages_with_damaged_parts
from ingest.readers.pdf.structure import DAMAGE, text_by_pypdf

LOST = "what the page draws is missing from the file"
HARMED = "a part of what the page draws is damaged in the file"

_LINEARIZED = re.compile(rb"/Linearized\b[^>]*?/L\s+(\d{1,12})")
_ENCRYPTED = b"/Encrypt"
_OPERATOR = re.compile(rb"[A-Za-z]")
_HEAD_BYTES = 1024
_MOST_LOOKED_AT = 500  # empty pages of a file
_MOST_NAMED = 5
_FEWEST_BYTES = 12  # packed, nothing takes eight


@dataclass(frozen=True, slots=True)
class Completeness:
    """Which pages of a file are damaged, and what is to be said of the whole."""

    lost: frozenset[int] = frozenset()
    harmed: frozenset[int] = frozenset()
    partial: str | None = None


def completeness_of(
    content: bytes, reader: pypdf.PdfReader | None, texts: Sequence[PageText | None]
) -> Completeness:
    """Return what is missing; `texts` are those of the pages, None where one cannot be opened.

    A page is lost if it has no text since its drawing is missing or broken; an empty page that is
    whole is no loss. `reader` is None for a file that pypdf cannot open: one that is not encrypted
    is broken then, PDFium has gathered what was left of it, and an empty page counts as lost.
    A page is harmed if it has text, and a part of what it draws cannot be unpacked.
    """
    broken = reader is None and _ENCRYPTED not in content
    unopened = {number for number, text in enumerate(texts, start=1) if text is None}
    empty = [
        number
        for number, text in enumerate(texts, start=1)
        if text is not None and not text.text and not text.left_out
    ]
    harmed: set[int] = set()
    if reader is None:
        lost = set(empty) if broken else set()
    else:
        harmed = set(pages_with_damaged_parts(reader)) - unopened
        lost = {n for n in empty[:_MOST_LOOKED_AT] if _is_lost(reader, n)}
    said = ["the file is broken, and was read from its parts"] if broken else []
    if damaged := unopened | lost | harmed:
        said.append(_damaged(sorted(damaged), len(texts)))
    declared = _declared_pages(reader)
    if declared is not None and declared > len(texts):
        said.append(f"{len(texts)} of {declared} pages are in the file")
    length = _declared_bytes(content)
    if length is not None and length > len(content):
        said.append(f"{len(content)} of {length} bytes are there")
    return Completeness(frozenset(lost), frozenset(harmed - lost), "; ".join(said) or None)


def recoverable(reader: pypdf.PdfReader | None, pages: int) -> frozenset[int]:
    """Return the numbers of the pages whose text may be taken from pypdf.

    None where pypdf finds another number of pages. Where an object is missing, pypdf takes the next
    one in the file for it: a page that draws what another page draws is that other one.
    """
    if reader is None:
        return frozenset()
    try:
        drawn = [repr(page.raw_get("/Contents")) for page in reader.pages if "/Contents" in page]
    except DAMAGE:
        return frozenset()
    if len(drawn) != pages:
        return frozenset()
    counted = Counter(drawn)
    return frozenset(number for number, each in enumerate(drawn, start=1) if counted[each] == 1)


def _damaged(numbers: Sequence[int], pages: int) -> str:
    named = ", ".join(map(str, numbers[:_MOST_NAMED])) + (", …" if numbers[_MOST_NAMED:] else "")
    if len(numbers) == 1:
        return f"page {named} of {pages} is damaged"
    return f"{len(numbers)} of {pages} pages are damaged: {named}"


def _is_lost(reader: pypdf.PdfReader, number: int) -> bool:
    try:
        page = reader.pages[number - 1]
        if "/Contents" not in page:
            return False
        drawn = page.get_contents()
        if drawn is None:
            return True
        if not _OPERATOR.search(drawn.get_data()):
            return _packed_bytes(page) > _FEWEST_BYTES
        # Where an object is missing, pypdf takes the next one; PDFium draws nothing.
        return bool(text_by_pypdf(reader, number))
    except DAMAGE:
        return True


def _packed_bytes(page: pypdf.PageObject) -> int:
    """Return how many bytes the page's drawing takes in the file."""
    held = page["/Contents"].get_object()
    parts = [part.get_object() for part in held] if isinstance(held, ArrayObject) else [held]
    # pypdf 6 takes /Length out and has no public name for the bytes as they are packed.
    return sum(len(part._data) for part in parts if isinstance(part, StreamObject))


def _declared_pages(reader: pypdf.PdfReader | None) -> int | None:
    """Return how many pages the file says it has."""
    if reader is None:
        return None
    try:
        count = reader.root_object["/Pages"]["/Count"]  # type: ignore[index]
        return int(count)
    except DAMAGE:
        return None


def _declared_bytes(content: bytes) -> int | None:
    """Return how long a file that is made for the web says it is."""
    found = _LINEARIZED.search(content[:_HEAD_BYTES])
    return int(found[1]) if found else None
