"""Word documents to pages, by python-docx."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from corpus.errors import ReadError
from ingest.readers.document.draft import Draft
from ingest.readers.document.formats import DOCX
from ingest.readers.document.reader import Reading
from ingest.readers.document.titles import believed_title
from ingest.readers.document.versions import VERSIONS
from ingest.readers.guards.package import open_package
from ingest.readers.office.core_properties import read_core_properties
from ingest.readers.office.numbering import Numbering
from ingest.readers.tables.table import table_lines

if TYPE_CHECKING:
    from docx.document import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_KIND = "A Word document"
# Deleted and moved-away text, fields' codes, comments' marks and the second form of a drawing.
_LEFT_OUT = {
    f"{_W}del",
    f"{_W}moveFrom",
    f"{_W}instrText",
    f"{_W}delText",
    f"{_W}pPr",
    f"{_W}rPr",
    f"{_MC}Fallback",
}
_CHARACTERS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "\u2011"}


class DocxReader:
    """Reads Word documents. A page is a section of a few thousand characters.

    Headings, lists, tables, text boxes and footnotes are kept; each note follows the paragraph
    that calls it. Left out: tracked deletions, comments, hidden text, running headers and footers.
    """

    media_type = DOCX
    version = VERSIONS[media_type]

    def read(self, content: bytes, *, password: str | None = None) -> Reading:  # noqa: ARG002
        """Return the pages. Raises: ReadError, PasswordError."""
        open_package(content, _KIND).close()
        import docx

        try:
            document = docx.Document(io.BytesIO(content))
            draft = _Writer(document).written()
        except Exception as error:
            raise ReadError(
                f"{_KIND} that is damaged ({type(error).__name__}: {error}). "
                "Expected a file that Word opens; save it again."
            ) from error
        if draft.is_empty:
            raise ReadError(f"{_KIND} without text. Expected some; is it a scan in a picture?")
        properties = read_core_properties(document.core_properties)
        return Reading(
            pages=draft.pages(),
            headings=draft.headings,
            title=believed_title(properties.title) or believed_title(draft.opening),
            publisher=properties.author,
            date=properties.date,
            language=properties.language,
            metadata=properties.metadata,
        )


class _Writer:
    """Writes the body of a document into a draft."""

    def __init__(self, document: "Document") -> None:
        self._document = document
        self._draft = Draft(by_section=True)
        self._numbering = Numbering(_part_element(document, "numbering"), document.styles.element)
        self._notes = {
            **_notes(_part_element(document, "footnotes"), "footnote"),
            **_notes(_part_element(document, "endnotes"), "endnote"),
        }
        self._levels = dict(_heading_levels(document))

    def written(self) -> Draft:
        """Return the draft with the whole body."""
        for element in _unwrapped(self._document.element.body):
            if element.tag == f"{_W}p":
                self._paragraph(element)
            elif element.tag == f"{_W}tbl":
                self._table(element)
        return self._draft

    def _paragraph(self, element: Any) -> None:
        text = "".join(_runs(element)).strip()
        style = _value(element, f"{_W}pPr/{_W}pStyle")
        level = _outline_level(element) or self._levels.get(style or "")
        if text:
            if level and len(text) <= 300:
                self._draft.heading(level, self._numbering.next(element, style) + text)
            else:
                self._draft.paragraph(self._numbering.next(element, style) + text)
        for note in element.iter(f"{_W}footnoteReference", f"{_W}endnoteReference"):
            key = (note.tag[len(_W) :].removesuffix("Reference"), note.get(f"{_W}id"))
            if key in self._notes:
                self._draft.paragraph(self._notes[key])
        for box in element.iter(f"{_W}txbxContent"):
            if not any(parent.tag == f"{_MC}Fallback" for parent in box.iterancestors()):
                for inner in box.iterchildren(f"{_W}p"):
                    self._draft.paragraph("".join(_runs(inner)))

    def _table(self, element: Any) -> None:
        rows = [
            [" ".join("".join(_runs(p)) for p in _paragraphs(cell)) for cell in row.iter(f"{_W}tc")]
            for row in element.iterchildren(f"{_W}tr")
            if row.find(f"{_W}trPr/{_W}del") is None
        ]
        for line in table_lines(rows):
            self._draft.paragraph(line)


def _unwrapped(body: Any) -> Iterator[Any]:
    """Yield the blocks of a body, also those inside content controls and inserted parts."""
    waiting = list(body)[::-1]
    while waiting:
        element = waiting.pop()
        if element.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"}:
            waiting.extend(list(element)[::-1])
        else:
            yield element


def _paragraphs(cell: Any) -> list[Any]:
    return list(cell.iter(f"{_W}p"))


def _runs(paragraph: Any) -> Iterator[str]:
    """Yield the shown text of a paragraph; text boxes inside it are not its text."""
    waiting = list(paragraph)[::-1]
    while waiting:
        element = waiting.pop()
        tag = element.tag
        if tag == f"{_W}t":
            yield element.text or ""
        elif tag in _CHARACTERS:
            yield _CHARACTERS[tag]
        elif tag in {f"{_W}footnoteReference", f"{_W}endnoteReference"}:
            yield f"[{element.get(f'{_W}id')}]"
        elif tag == f"{_W}txbxContent" or tag in _LEFT_OUT or _is_hidden(element):
            continue
        else:
            waiting.extend(list(element)[::-1])


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish") if run.tag == f"{_W}r" else None
    return mark is not None and mark.get(f"{_W}val") not in {"0", "false"}


def _value(element: Any, path: str) -> str | None:
    found = element.find(path)
    value = None if found is None else found.get(f"{_W}val")
    return None if value is None else str(value)


def _outline_level(element: Any) -> int | None:
    value = _value(element, f"{_W}pPr/{_W}outlineLvl")
    return int(value) + 1 if value and value.isdecimal() and int(value) < 9 else None


def _heading_levels(document: "Document") -> Iterator[tuple[str, int]]:
    """Yield the styles that are headings: by outline level, or by name, also inherited."""
    levels: dict[str, int] = {}
    bases: list[tuple[str, str]] = []
    for style in document.styles.element.iterchildren(f"{_W}style"):
        key = str(style.get(f"{_W}styleId"))
        name = (_value(style, f"{_W}name") or "").lower()
        level = _outline_level(style)
        if name == "title":
            levels[key] = 1
        elif name.startswith("heading ") and name[8:].isdecimal():
            levels[key] = int(name[8:])
        elif level:
            levels[key] = level
        elif base := _value(style, f"{_W}basedOn"):
            bases.append((key, base))
    for _ in range(4):  # styles inherit over a few steps
        levels.update({key: levels[base] for key, base in bases if base in levels})
    yield from levels.items()


def _part_element(document: "Document", kind: str) -> Any | None:
    """Return the root of a part beside the document, such as its footnotes."""
    from docx.oxml.parser import parse_xml

    for relation in document.part.rels.values():
        if relation.reltype.endswith(f"/{kind}") and not relation.is_external:
            return parse_xml(relation.target_part.blob)
    return None


def _notes(root: Any | None, kind: str) -> dict[tuple[str, str], str]:
    """Return the notes' texts by kind and id: `[2] See the annex.`"""
    found: dict[tuple[str, str], str] = {}
    for note in root.iterchildren(f"{_W}{kind}") if root is not None else ():
        if note.get(f"{_W}type") in {None, "normal"}:
            key = str(note.get(f"{_W}id"))
            text = " ".join("".join(_runs(p)).strip() for p in note.iter(f"{_W}p")).strip()
            if text:
                found[kind, key] = f"[{key}] {text}"
    return found
