"""PowerPoint presentations to pages, by python-pptx: a slide is a page."""

import io
from collections.abc import Iterator
from typing import Any

from corpus.errors import ReadError
from ingest.readers.document.draft import Draft
from ingest.readers.document.formats import PPTX
from ingest.readers.document.reader import Reading
from ingest.readers.document.titles import believed_title
from ingest.readers.document.versions import VERSIONS
from ingest.readers.guards.package import open_package
from ingest.readers.office.core_properties import read_core_properties
from ingest.readers.tables.table import table_lines

_KIND = "A PowerPoint presentation"
_MOST_GROUPS = 20


class PptxReader:
    """Reads PowerPoint presentations. `slide 3` is the third slide as PowerPoint counts them.

    The slide's title is a heading; text boxes, tables and speaker notes follow. Left out: hidden
    slides, comments, text in pictures, charts' values, what stands on the master.
    """

    media_type = PPTX
    version = VERSIONS[media_type]

    def read(self, content: bytes, *, password: str | None = None) -> Reading:  # noqa: ARG002
        """Return a page for each slide that is shown. Raises: ReadError, PasswordError."""
        open_package(content, _KIND).close()
        import pptx

        try:
            presentation = pptx.Presentation(io.BytesIO(content))
            draft = _written(presentation)
            properties = read_core_properties(presentation.core_properties)
        except Exception as error:
            raise ReadError(
                f"{_KIND} that is damaged ({type(error).__name__}: {error}). "
                "Expected a file that PowerPoint opens; save it again."
            ) from error
        if not draft.pages():
            raise ReadError(f"{_KIND} without slides that are shown. Expected at least one.")
        first = draft.headings[0].text if draft.headings else None
        return Reading(
            pages=draft.pages(),
            headings=draft.headings,
            title=believed_title(properties.title) or believed_title(first),
            publisher=properties.author,
            date=properties.date,
            language=properties.language,
            metadata=properties.metadata,
        )


def _written(presentation: Any) -> Draft:
    draft = Draft(by_section=False)
    for number, slide in enumerate(presentation.slides, start=1):
        if slide.element.get("show") in {"0", "false"}:
            continue
        draft.page(f"slide {number}")
        title = slide.shapes.title
        if title is not None and title.has_text_frame:
            draft.heading(1, title.text_frame.text)
        own = title.shape_id if title is not None else None
        for text in _texts((s for s in slide.shapes if s.shape_id != own), depth=0):
            draft.paragraph(text)
        if notes := _notes(slide):
            draft.paragraph(f"Notes: {notes}")
    return draft


def _notes(slide: Any) -> str:
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    return "" if frame is None else str(frame.text).strip()


def _texts(shapes: Any, depth: int) -> Iterator[str]:
    """Yield the paragraphs and rows of shapes, in their order, groups opened."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            if depth < _MOST_GROUPS:
                yield from _texts(shape.shapes, depth + 1)
        elif getattr(shape, "has_table", False):
            yield from table_lines([cell.text for cell in row.cells] for row in shape.table.rows)
        elif shape.has_text_frame:
            yield from (_paragraph(paragraph) for paragraph in shape.text_frame.paragraphs)


def _paragraph(paragraph: Any) -> str:
    text = str(paragraph.text).strip()
    return f"• {text}" if text and paragraph.level else text
