"""Notes as a Word document."""

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from service.keeping.records import NoteRecord, references_listed

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

# What XML 1.0 cannot hold.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "dv", "yi"})
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def as_docx(records: Sequence[NoteRecord], title: str) -> bytes:
    """Return the notes as DOCX: each question a heading, each quote with its reference and link.

    The documents are listed at the end. Quotes of languages that run from right to left do so.
    """
    from docx import Document

    word = Document()
    word.core_properties.title = _clean(title)[:255]
    word.core_properties.author = "citewell"
    word.add_heading(_clean(title), 0)
    question = None
    for record in records:
        if record.note.question != question:
            question = record.note.question
            word.add_heading(_clean(" ".join(question.split())), 1)
        for line in record.note.note.splitlines():
            word.add_paragraph(_clean(line))
        for each in record.quotes:
            _directed(word.add_paragraph(_clean(each.text), "Intense Quote"), each.quote.language)
            source = word.add_paragraph(_clean(f"{each.cited} "))
            _link(source, each.quote.url, "page")
            if each.quote.verdict != "ok":
                said = word.add_paragraph()
                said.add_run(each.quote.verdict).bold = True
                said.add_run(_clean(f": {each.quote.detail}"))
        if not record.note.available:
            word.add_paragraph("The answer was deleted with a document that it quoted.")
    _list_references(word, references_listed(records))
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _list_references(word: "WordDocument", listed: Sequence[str]) -> None:
    if listed:
        word.add_heading("References", 1)
    for each in listed:
        word.add_paragraph(_clean(each))


def _directed(paragraph: "Paragraph", language: str | None) -> None:
    """Let a paragraph run from right to left where its language does."""
    if (language or "").partition("-")[0] not in _RIGHT_TO_LEFT:
        return
    from docx.oxml import OxmlElement

    paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    for run in paragraph.runs:
        run.font.rtl = True


def _link(paragraph: "Paragraph", url: str, text: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(_clean(url), _HYPERLINK, is_external=True))
    run = paragraph.add_run(text)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
