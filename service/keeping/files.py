"""The notebook as a file, in each of its forms."""

from dataclasses import dataclass
from typing import Literal, get_args

from service.citations.exporting import EXPORTS
from service.citations.referencing import Style
from service.keeping.keeping import Notebook, SeenDocuments
from service.keeping.records import NoteRecord, note_records, reference_file
from service.keeping.writing_docx import as_docx
from service.keeping.writing_markdown import as_markdown
from service.keeping.writing_pdf import Joins, as_pdf

Form = Literal["docx", "markdown", "pdf", "ris", "bibtex", "csl-json"]
FORMS: tuple[Form, ...] = get_args(Form)
TITLE = "Notebook"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FILES: dict[Form, tuple[str, str]] = {
    "docx": ("notebook.docx", _DOCX),
    "markdown": ("notebook.md", "text/markdown; charset=utf-8"),
    "pdf": ("notebook.pdf", "application/pdf"),
    "ris": ("notebook.ris", "application/x-research-info-systems; charset=utf-8"),
    "bibtex": ("notebook.bib", "application/x-bibtex; charset=utf-8"),
    "csl-json": ("notebook.json", "application/vnd.citationstyles.csl+json"),
}


MEDIA_TYPES = tuple(media_type.partition(";")[0] for _, media_type in _FILES.values())


@dataclass(frozen=True, slots=True)
class NotebookFile:
    """A file's name, media type and content."""

    name: str
    media_type: str
    content: bytes


def notebook_file(notebook: Notebook, form: Form, style: Style, draws: Joins) -> NotebookFile:
    """Return all notes as a file; `style` is that of the references in text.

    Raises: NotFoundError for a PDF if no quote stands on a page of one; ReadError.
    """
    documents = notebook.documents()
    notes, answers = notebook.notes_and_answers(documents)
    records = note_records(notes, answers, style, documents)
    name, media_type = _FILES[form]
    return NotebookFile(name, media_type, _content(records, form, documents, draws))


def _content(
    records: list[NoteRecord], form: Form, documents: SeenDocuments, draws: Joins
) -> bytes:
    if form == "docx":
        return as_docx(records, TITLE)
    if form == "markdown":
        return as_markdown(records, TITLE)
    if form == "pdf":
        return as_pdf(records, TITLE, documents, draws)
    assert form in EXPORTS
    return reference_file(records, form, documents).encode("utf-8", "replace")
