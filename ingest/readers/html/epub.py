"""EPUB books to pages: a chapter is a page, or several where it is long."""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

from corpus.errors import ReadError
from ingest.readers.document.draft import Draft
from ingest.readers.document.formats import EPUB
from ingest.readers.document.reader import Reading
from ingest.readers.document.titles import believed_title
from ingest.readers.document.versions import VERSIONS
from ingest.readers.guards.package import FAILURES, open_package
from ingest.readers.html.html import pieces_of_html

_KIND = "An EPUB book"
_CONTAINER = "META-INF/container.xml"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MARKUP = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml"}
_MOST_CHAPTERS = 5_000


@dataclass(frozen=True, slots=True)
class _Book:
    """The parts that are read one after another, and what the book says of itself."""

    chapters: tuple[str, ...]
    said: dict[str, str]


class EpubReader:
    """Reads EPUB books. `chapter 3` is the third part in reading order; navigation is left out."""

    media_type = EPUB
    version = VERSIONS[media_type]

    def read(self, content: bytes, *, password: str | None = None) -> Reading:  # noqa: ARG002
        """Return the chapters as pages. Raises: ReadError, PasswordError."""
        draft = Draft(by_section=False)
        with open_package(content, _KIND) as package:
            try:
                book = _book(package)
                for number, name in enumerate(book.chapters, start=1):
                    _write(draft, number, package.read(name))
            except (*FAILURES, KeyError, ParseError, ValueError, RuntimeError) as error:
                raise ReadError(
                    f"{_KIND} that is damaged ({type(error).__name__}: {error}). "
                    "Expected a file that an e-book reader opens; export it again."
                ) from error
        if draft.is_empty:
            raise ReadError(f"{_KIND} without text. Expected some; is it a picture book?")
        said = book.said
        return Reading(
            pages=draft.pages(),
            headings=draft.headings,
            title=believed_title(said.get("title")) or believed_title(draft.opening),
            publisher=said.get("publisher") or said.get("creator"),
            date=(said.get("date") or "")[:10] or None,
            language=said.get("language"),
            metadata={k: v for k, v in said.items() if k in {"subject", "creator", "identifier"}},
        )


def _write(draft: Draft, number: int, markup: bytes) -> None:
    pieces = list(pieces_of_html(markup))
    if pieces:
        draft.page(f"chapter {number}")
    for piece in pieces:
        if piece.level:
            draft.heading(piece.level, piece.text)
        else:
            draft.paragraph(piece.text)


def _book(package: zipfile.ZipFile) -> _Book:
    from defusedxml.ElementTree import fromstring

    container = fromstring(package.read(_CONTAINER))
    opf_name = next(
        (e.get("full-path", "") for e in container.iter() if e.tag.endswith("}rootfile")), ""
    )
    opf = fromstring(package.read(opf_name))
    folder = posixpath.dirname(opf_name)
    items = {e.get("id", ""): e for e in opf.iter() if e.tag.endswith("}item")}
    # A part that stands in the order a hundred times is read once: so says the format.
    order = dict.fromkeys(e.get("idref", "") for e in opf.iter() if e.tag.endswith("}itemref"))
    spine = [items.get(each) for each in order]
    chapters = [
        posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
        for item in spine[:_MOST_CHAPTERS]
        if item is not None and _is_chapter(item)
    ]
    held = set(package.namelist())
    return _Book(tuple(name for name in chapters if name in held), dict(_said(opf)))


def _is_chapter(item: Element) -> bool:
    is_navigation = "nav" in item.get("properties", "").split()
    return item.get("media-type") in _MARKUP and not is_navigation


def _said(opf: Element) -> Iterator[tuple[str, str]]:
    """Yield what stands in the package's Dublin Core, the first of each name."""
    seen: set[str] = set()
    for element in opf.iter():
        name = element.tag.removeprefix(_DC)
        value = " ".join((element.text or "").split())
        if element.tag.startswith(_DC) and value and name not in seen:
            seen.add(name)
            yield name, value
