"""One page of a PDF as a PDF of its own, the quoted words highlighted."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.errors import NotFoundError, ReadError, UnsupportedError
from ingest.pages.marking import Box, Marks, boxes_of

if TYPE_CHECKING:
    import pypdf
    import pypdfium2 as pdfium

# Other pages hang on these, or things that run when the page is opened.
_LEFT_BEHIND = ("/Annots", "/AA", "/B", "/Metadata", "/PieceInfo", "/StructParents", "/Tabs")
_OF_ANNOTATIONS = ("/A", "/AA", "/Dest", "/IRT", "/P", "/Parent", "/Popup", "/StructParent")
_NOT_TAKEN = frozenset({"/Link", "/Popup", "/FileAttachment", "/Movie", "/Sound", "/Screen"})
_YELLOW = "fff078"
_PRINTED = 4


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A page to take out: its number from 1, its label, and what to highlight on it."""

    number: int
    label: str
    marks: Marks


def excerpt(
    content: bytes, pages: Sequence[Excerpt], title: str, *, password: str | None = None
) -> bytes:
    """Return a PDF of these pages alone, with the labels that they have in the file.

    The marked words have highlight annotations, right on rotated and cropped pages. Links and what
    would run when a page is opened stay behind. The same input gives the same bytes.

    Raises: NotFoundError for a page that the file does not have, UnsupportedError for a file that
    is no PDF, PasswordError, ReadError for a page that cannot be taken out of a damaged file.
    """
    if b"%PDF-" not in content[:1024]:
        raise UnsupportedError(
            "Only pages of PDFs are given as PDF, and this document is none. Ask for the text."
        )
    import pypdf

    from ingest.readers.pdf.pdf import open_pdf

    writer = pypdf.PdfWriter()
    with open_pdf(content, password) as document:
        for wanted in pages:
            if not 1 <= wanted.number <= len(document):
                raise NotFoundError(f"Page {wanted.number} of a document of {len(document)} pages.")
            _add(writer, document, content, wanted, password)
    for index, wanted in enumerate(pages):
        writer.set_page_label(index, index, prefix=wanted.label)
    writer.add_metadata({"/Title": title, "/Producer": "citewell"})
    return written(writer)


def _add(
    writer: "pypdf.PdfWriter",
    document: "pdfium.PdfDocument",
    content: bytes,
    wanted: Excerpt,
    password: str | None,
) -> None:
    """Add a page with its highlights to a file in the making."""
    import pypdfium2 as pdfium

    from ingest.readers.pdf.structure import DAMAGE, open_pypdf

    try:
        page = document[wanted.number - 1]
        try:
            boxes = list(boxes_of(document, page, wanted.marks))
            shown = _text_shown(page)
        finally:
            page.close()
        whole = open_pypdf(content, password)
        alone = None if whole is None else _alone_by_pypdf(whole, wanted.number)
        # Of a damaged file pypdf may take another page; PDFium tells which one was read.
        if alone is None or _text_of_only_page(alone) != shown:
            alone = _alone_by_pdfium(document, wanted.number)
        taken = pypdf_of(alone).pages[0]
        added = writer.add_page(taken)
        for annotation in _highlights(boxes, added.rotation % 360):
            writer.add_annotation(added, annotation)
    except (pdfium.PdfiumError, *DAMAGE) as error:
        raise ReadError(
            f"Page {wanted.number} cannot be taken out of this file, which is damaged ({error}). "
            "Ask for its image or its text."
        ) from error


def pypdf_of(content: bytes) -> "pypdf.PdfReader":
    """Return pypdf's reader of a file that was just written."""
    import pypdf

    return pypdf.PdfReader(io.BytesIO(content))


def _alone_by_pypdf(whole: "pypdf.PdfReader", number: int) -> bytes | None:
    """Return a file of one page, None where pypdf cannot take it out."""
    import pypdf

    from ingest.readers.pdf.structure import DAMAGE

    writer = pypdf.PdfWriter()
    try:
        page = whole.pages[number - 1]
        added = writer.add_page(page, excluded_keys=_LEFT_BEHIND)
        for kept in _own_annotations(page):
            writer.add_annotation(added, kept)
        return written(writer)
    except DAMAGE:
        return None


def _own_annotations(page: "pypdf.PageObject") -> Iterator["pypdf.generic.DictionaryObject"]:
    """Yield what else is drawn on the page, such as filled fields and stamps, without its links."""
    from pypdf.generic import DictionaryObject

    for reference in page.get("/Annots") or []:
        annotation = reference.get_object()
        if not isinstance(annotation, DictionaryObject) or "/AP" not in annotation:
            continue
        if annotation.get("/Subtype") in _NOT_TAKEN:
            continue
        kept = DictionaryObject(annotation)
        for key in _OF_ANNOTATIONS:
            kept.pop(key, None)
        yield kept


def _alone_by_pdfium(document: "pdfium.PdfDocument", number: int) -> bytes:
    import pypdfium2 as pdfium

    out = io.BytesIO()
    alone = pdfium.PdfDocument.new()
    try:
        alone.import_pages(document, [number - 1])
        alone.save(out)
    finally:
        alone.close()
    return out.getvalue()


def _text_of_only_page(content: bytes) -> str | None:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError:
        return None
    try:
        page = document[0]
        try:
            return _text_shown(page)
        finally:
            page.close()
    except pdfium.PdfiumError:
        return None
    finally:
        document.close()


def _text_shown(page: "pdfium.PdfPage") -> str:
    """Return the text that PDFium sees, with the size of the page."""
    textpage = page.get_textpage()
    try:
        return f"{page.get_size()} {textpage.get_text_range()}"
    finally:
        textpage.close()


def _highlights(
    boxes: Sequence[Box], rotation: int
) -> Iterator["pypdf.annotations.MarkupAnnotation"]:
    """Yield one annotation for all boxes: a quote is one mark, whatever its lines."""
    from pypdf.annotations import Highlight
    from pypdf.generic import ArrayObject, FloatObject, NameObject, TextStringObject

    if not boxes:
        return
    quads = ArrayObject(
        FloatObject(round(value, 2)) for box in boxes for value in _quad(box, rotation)
    )
    rect = (
        min(box.left for box in boxes),
        min(box.bottom for box in boxes),
        max(box.right for box in boxes),
        max(box.top for box in boxes),
    )
    annotation = Highlight(rect=rect, quad_points=quads, highlight_color=_YELLOW, printing=True)
    annotation[NameObject("/T")] = TextStringObject("citewell")
    yield annotation


def _quad(box: Box, rotation: int) -> tuple[float, ...]:
    """Return the corners as a reader of the page sees them: upper left and right, lower both.

    ISO 32000 names another order; this is the one that viewers draw.
    """
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    corners = {
        0: ((left, top), (right, top), (left, bottom), (right, bottom)),
        90: ((left, bottom), (left, top), (right, bottom), (right, top)),
        180: ((right, bottom), (left, bottom), (right, top), (left, top)),
        270: ((right, top), (right, bottom), (left, top), (left, bottom)),
    }[rotation]
    return tuple(value for corner in corners for value in corner)


def written(writer: "pypdf.PdfWriter") -> bytes:
    """Return the file of a writer."""
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
