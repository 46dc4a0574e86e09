"""What a PDF says of itself: labels, outline, title, author, date, language. Read by pypdf."""

import contextlib
import datetime
import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import pypdf
from pypdf.errors import PyPdfError
from pypdf.generic import Destination

# What pypdf raises on damaged files; its own errors are only some of them.
DAMAGE = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    zlib.error,
)

_DATE = re.compile(r"(?:D:)?(\d{4})(?:(\d{2})(\d{2})?)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_MOST_OUTLINE_ITEMS = 5_000
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """An entry of the outline: level from 1, title, page number from 1."""

    level: int
    title: str
    page: int


@dataclass(frozen=True, slots=True)
class Structure:
    """What was found; what was not is empty or None. `labels` holds one label a page."""

    labels: tuple[str, ...] = ()
    outline: tuple[OutlineItem, ...] = ()
    title: str | None = None
    author: str | None = None
    date: str | None = None
    language: str | None = None
    subject: str | None = None
    keywords: str | None = None


def read_structure(reader: pypdf.PdfReader | None) -> Structure:
    """Return what the file says of itself, as much of it as is whole; None is not read."""
    if reader is None:
        return Structure()
    found = _either(lambda: reader.metadata)
    info: Mapping[str, object] = {} if found is None else found
    return Structure(
        labels=_either(lambda: _labels(reader)) or (),
        outline=_either(lambda: tuple(_outline(reader))) or (),
        title=_text(info, "/Title"),
        author=_text(info, "/Author"),
        date=_iso_date(_text(info, "/CreationDate")),
        language=_either(lambda: _language(reader)),
        subject=_text(info, "/Subject"),
        keywords=_text(info, "/Keywords"),
    )


def open_pypdf(content: bytes, password: str | None) -> pypdf.PdfReader | None:
    """Return pypdf's reader of the file, None if it cannot open it."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(password or ""):
            return None
    except DAMAGE:
        return None
    return reader


def text_by_pypdf(reader: pypdf.PdfReader | None, number: int) -> str:
    """Return the text of one page as pypdf reads it, empty where it cannot."""
    if reader is None:
        return ""
    text = _either(lambda: reader.pages[number - 1].extract_text()) or ""
    printable = "".join(c if c in "\n\t" or c.isprintable() else " " for c in text).strip()
    return f"{printable}\n" if printable else ""


def _either(read: Callable[[], _T]) -> _T | None:
    """Return what was read, None where the file is damaged at this place."""
    try:
        return read()
    except DAMAGE:
        return None


def _labels(reader: pypdf.PdfReader) -> tuple[str, ...]:
    return tuple(reader.page_labels) if "/PageLabels" in reader.root_object else ()


def _outline(reader: pypdf.PdfReader) -> Iterator[OutlineItem]:
    """Yield the entries that lead to a page, in the outline's order."""
    outline = reader.outline
    if not outline:
        return
    numbers = {
        page.indirect_reference.idnum: number
        for number, page in enumerate(reader.pages, start=1)
        if page.indirect_reference is not None
    }
    waiting: list[tuple[int, object]] = [(1, item) for item in reversed(outline)]
    for _ in range(_MOST_OUTLINE_ITEMS):
        if not waiting:
            return
        level, item = waiting.pop()
        if isinstance(item, list):
            waiting.extend((level + 1, inner) for inner in reversed(item))
        elif isinstance(item, Destination):
            number = numbers.get(getattr(item.page, "idnum", None) or -1)
            if number is not None and isinstance(item.title, str):
                yield OutlineItem(level, item.title, number)


def _text(info: Mapping[str, object], key: str) -> str | None:
    value = _either(lambda: info.get(key))
    if not isinstance(value, str):
        return None
    return " ".join("".join(c if c.isprintable() else " " for c in value).split()) or None


def _iso_date(written: str | None) -> str | None:
    """Return `D:20190531…` as `2019-05-31`, as much of it as is a date."""
    match = _DATE.match(written or "")
    if match is None:
        return None
    year, month, day = match.group(1), match.group(2) or "", match.group(3) or ""
    for length, date in (
        (10, f"{year}-{month}-{day}"),
        (7, f"{year}-{month}-01"),
        (4, f"{year}-01-01"),
    ):
        with contextlib.suppress(ValueError):
            return datetime.date.fromisoformat(date).isoformat()[:length]
    return None


def _language(reader: pypdf.PdfReader) -> str | None:
    value = reader.root_object.get("/Lang")
    written = str(value).strip() if value is not None else ""
    return written.replace("_", "-") if _LANGUAGE.fullmatch(written) else None
