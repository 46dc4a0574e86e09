"""OpenDocument texts to pages, by odfdo."""

import io
from collections.abc import Iterator
from typing import Any

from corpus.errors import ReadError
from ingest.readers.document.draft import Draft
from ingest.readers.document.formats import ODT
from ingest.readers.document.reader import Reading
from ingest.readers.document.titles import believed_title
from ingest.readers.document.versions import VERSIONS
from ingest.readers.guards.package import open_package
from ingest.readers.tables.table import table_lines

_KIND = "An OpenDocument text"
_LEFT_OUT = {
    "office:annotation",
    "office:annotation-end",
    "text:tracked-changes",
    "text:hidden-text",
    "text:note",
    "text:note-body",
    "draw:text-box",
    "table:table",
    "svg:title",
    "svg:desc",
    "text:ruby-text",
}
_CHARACTERS = {"text:tab": "\t", "text:line-break": "\n"}
_MOST_SPACES = 100
_MOST_REPEATED = 50


class OdtReader:
    """Reads OpenDocument texts. A page is a section of a few thousand characters.

    Headings, lists, tables, text boxes and notes are kept; each note follows the paragraph that
    calls it. Left out: tracked deletions, comments, hidden text, running headers and footers.
    """

    media_type = ODT
    version = VERSIONS[media_type]

    def read(self, content: bytes, *, password: str | None = None) -> Reading:  # noqa: ARG002
        """Return the pages. Raises: ReadError, PasswordError."""
        open_package(content, _KIND).close()
        import odfdo

        try:
            document = odfdo.Document(io.BytesIO(content))
            draft = Draft(by_section=True)
            _write(draft, document.body)
            meta: Any = document.meta
            date = meta.date or meta.creation_date
            found = {"title": meta.title, "publisher": meta.initial_creator or meta.creator}
            said = {"subject": meta.subject, "keywords": meta.keyword}
            language = meta.language
        except Exception as error:
            raise ReadError(
                f"{_KIND} that is damaged ({type(error).__name__}: {error}). "
                "Expected a file that LibreOffice opens; save it again."
            ) from error
        if draft.is_empty:
            raise ReadError(f"{_KIND} without text. Expected some; is it a scan in a picture?")
        return Reading(
            pages=draft.pages(),
            headings=draft.headings,
            title=believed_title(found["title"]) or believed_title(draft.opening),
            publisher=" ".join((found["publisher"] or "").split()) or None,
            date=date.date().isoformat() if date else None,
            language=language or None,
            metadata={key: " ".join(value.split()) for key, value in said.items() if value},
        )


def _write(draft: Draft, body: Any) -> None:
    """Write the blocks of a body in order; a stack of its own, since lists nest."""
    waiting: list[tuple[Any, str]] = [(child, "") for child in body.children[::-1]]
    while waiting:
        element, start = waiting.pop()
        tag = element.tag
        if tag == "text:h":
            _write_paragraph(draft, element, "", _level(element))
        elif tag == "text:p":
            _write_paragraph(draft, element, start, None)
        elif tag == "table:table":
            _write_table(draft, element)
        elif tag == "text:list-item":
            inner = element.children
            waiting.extend((child, "") for child in inner[:0:-1])
            waiting.extend((child, "• ") for child in inner[:1])
        elif tag not in _LEFT_OUT:
            waiting.extend((child, start) for child in element.children[::-1])


def _write_paragraph(draft: Draft, element: Any, start: str, level: int | None) -> None:
    text = "".join(_shown(element)).strip()
    if text and level:
        draft.heading(level, text)
    elif text:
        draft.paragraph(start + text)
    for note in element.get_elements("descendant::text:note"):
        number = "".join(c.text or "" for c in note.children if c.tag == "text:note-citation")
        body = " ".join(
            "".join(_shown(p)).strip() for p in note.get_elements("text:note-body//text:p")
        )
        if body.strip():
            draft.paragraph(f"[{number}] {body.strip()}")
    for box in element.get_elements("descendant::draw:text-box"):
        for paragraph in box.get_elements("text:p|text:h"):
            draft.paragraph("".join(_shown(paragraph)))


def _write_table(draft: Draft, element: Any) -> None:
    rows = [
        [
            cell_text
            for cell in row.children
            if cell.tag in {"table:table-cell", "table:covered-table-cell"}
            for cell_text in [_cell(cell)] * _repeated(cell)
        ]
        for row in element.get_elements("descendant::table:table-row")
    ]
    for line in table_lines(rows):
        draft.paragraph(line)


def _cell(cell: Any) -> str:
    paragraphs = cell.get_elements("descendant::text:p|descendant::text:h")
    return " ".join("".join(_shown(paragraph)) for paragraph in paragraphs)


def _repeated(cell: Any) -> int:
    times = cell.get_attribute("table:number-columns-repeated") or "1"
    return min(int(times), _MOST_REPEATED) if str(times).isdecimal() else 1


def _level(element: Any) -> int:
    level = str(element.get_attribute("text:outline-level") or "1")
    return max(1, min(int(level), 9)) if level.isdecimal() else 1


def _shown(paragraph: Any) -> Iterator[str]:
    """Yield the text of a paragraph; notes inside it are their number."""
    yield paragraph.text or ""
    waiting = paragraph.children[::-1]
    while waiting:
        element = waiting.pop()
        if isinstance(element, str):
            yield element
            continue
        tag = element.tag
        waiting.append(element.tail or "")
        if tag == "text:s":
            yield " " * min(int(element.get_attribute("text:c") or 1), _MOST_SPACES)
        elif tag in _CHARACTERS:
            yield _CHARACTERS[tag]
        elif tag == "text:note":
            citation = [c.text or "" for c in element.children if c.tag == "text:note-citation"]
            yield f"[{''.join(citation)}]"
        elif tag not in _LEFT_OUT:
            waiting.extend(element.children[::-1])
            waiting.append(element.text or "")
