"""Pages of a PDF of which a part cannot be unpacked: what it draws may be missing from the text."""

import zlib
from collections.abc import Iterator
from typing import Any

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject, StreamObject

from ingest.readers.pdf.structure import DAMAGE

_FLATE = frozenset({"/FlateDecode", "/Fl"})
_ZEROS = bytes(64)  # nothing that is not packed has so many in a row
_STEP_BYTES = 1 << 20
_MOST_BYTES = 64 << 20  # of a stream, unpacked; what is beyond is not looked at
_DEEPEST = 8  # forms within forms
_FONT_PARTS = ("/ToUnicode", "/Encoding")
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def pages_with_damaged_parts(reader: pypdf.PdfReader) -> frozenset[int]:
    """Return the numbers of the pages whose drawing, fonts or forms are damaged or missing.

    PDFium and pypdf draw such a stream up to where it breaks, and say nothing of the rest. A packed
    stream is whole if it ends with its checksum; pictures are not looked at.
    """
    looked_at: dict[tuple[int, int], bool] = {}
    found = set()
    for number, page in enumerate(_pages(reader), start=1):
        try:
            if not all(_is_whole(part, looked_at) for part in _parts(page)):
                found.add(number)
        except DAMAGE:
            found.add(number)
    return frozenset(found)


def _pages(reader: pypdf.PdfReader) -> Iterator[DictionaryObject]:
    try:
        yield from reader.pages
    except DAMAGE:
        return


def _parts(page: DictionaryObject) -> Iterator[Any]:
    """Yield what the text of a page depends on: streams, and None for what is missing."""
    if "/Contents" in page:
        drawn = page.raw_get("/Contents")
        held = _at(drawn)
        yield from held if isinstance(held, ArrayObject) else [drawn]
    yield from _of_resources(page.get("/Resources"), _DEEPEST, set())


def _of_resources(resources: Any, depth: int, seen: set[int]) -> Iterator[Any]:
    resources = _at(resources)
    if not isinstance(resources, DictionaryObject) or depth == 0:
        return
    for font in _values(resources, "/Font"):
        yield from _of_font(font)
    for raw in _values(resources, "/XObject"):
        form = _at(raw)
        if not isinstance(form, StreamObject):
            yield None
        elif form.get("/Subtype") != "/Image" and id(form) not in seen:
            seen.add(id(form))
            yield raw
            yield from _of_resources(form.get("/Resources"), depth - 1, seen)


def _of_font(raw: Any) -> Iterator[Any]:
    font = _at(raw)
    if not isinstance(font, DictionaryObject):
        yield None
        return
    yield from (font.raw_get(name) for name in _FONT_PARTS if name in font)
    for each in _at(font.get("/DescendantFonts")) or ():
        yield from _of_font(each)
    descriptor = _at(font.get("/FontDescriptor"))
    if isinstance(descriptor, DictionaryObject):
        yield from (descriptor.raw_get(name) for name in _FONT_FILES if name in descriptor)
    elif "/FontDescriptor" in font:
        yield None


def _values(resources: DictionaryObject, name: str) -> Iterator[Any]:
    held = _at(resources.get(name))
    if isinstance(held, DictionaryObject):
        yield from (held.raw_get(key) for key in held)


def _at(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _is_whole(raw: Any, looked_at: dict[tuple[int, int], bool]) -> bool:
    """Tell whether a part is there, and unpacks to its end."""
    if not isinstance(raw, IndirectObject):
        return raw is not None and _unpacks(raw)
    key = (raw.idnum, raw.generation)
    if key not in looked_at:
        held = raw.get_object()
        looked_at[key] = not (held is None or isinstance(held, NullObject)) and _unpacks(held)
    return looked_at[key]


def _unpacks(held: Any) -> bool:
    if not isinstance(held, StreamObject):
        return True
    filters = _at(held.get("/Filter"))
    if isinstance(filters, ArrayObject):
        filters = filters[0] if filters else None
    data = held._data  # pypdf 6 has no public name for the bytes as they are packed
    if filters not in _FLATE:
        return bool(filters) or "/Length1" in held or _ZEROS not in data
    unpacking, left, unpacked = zlib.decompressobj(), bytes(data), 0
    try:
        while left and not unpacking.eof and unpacked < _MOST_BYTES:
            unpacked += len(unpacking.decompress(left, _STEP_BYTES))
            left = unpacking.unconsumed_tail
    except zlib.error:
        return False
    return unpacking.eof or unpacked >= _MOST_BYTES
