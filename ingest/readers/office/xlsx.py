"""Excel workbooks to pages, by openpyxl: a sheet is a page, or one for each hundred rows."""

import datetime
import io
from collections.abc import Iterator
from typing import Any

from corpus.errors import ReadError
from ingest.readers.document.draft import Draft
from ingest.readers.document.formats import XLSX
from ingest.readers.document.reader import Reading
from ingest.readers.document.titles import believed_title
from ingest.readers.document.versions import VERSIONS
from ingest.readers.guards.package import open_package
from ingest.readers.office.core_properties import read_core_properties
from ingest.readers.tables.sheets import MOST_ROWS, write_sheet

_KIND = "An Excel workbook"
_PERCENT = "%"


class XlsxReader:
    """Reads Excel workbooks. Each row names its number and its columns' headers.

    Cells are as last calculated and saved. Left out: hidden sheets, comments, charts, pictures.
    """

    media_type = XLSX
    version = VERSIONS[media_type]

    def read(self, content: bytes, *, password: str | None = None) -> Reading:  # noqa: ARG002
        """Return the pages of the sheets that are shown. Raises: ReadError, PasswordError."""
        open_package(content, _KIND).close()
        import openpyxl

        draft = Draft(by_section=False)
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            cut = [sheet.title for sheet in _shown(book) if not _write(draft, sheet)]
            properties = read_core_properties(_Properties(book.properties))
        except Exception as error:
            raise ReadError(
                f"{_KIND} that is damaged ({type(error).__name__}: {error}). "
                "Expected a file that Excel opens; save it again."
            ) from error
        if cut:
            raise ReadError(
                f"{_KIND} with more than {MOST_ROWS} rows on {', '.join(cut)}. "
                "Expected a report, not a data set; split it."
            )
        if draft.is_empty:
            raise ReadError(f"{_KIND} without text on a sheet that is shown. Expected some.")
        return Reading(
            pages=draft.pages(),
            headings=draft.headings,
            title=believed_title(properties.title),
            publisher=properties.author,
            date=properties.date,
            language=properties.language,
            metadata=properties.metadata,
        )


class _Properties:
    """The workbook's properties under the names that the other Office formats have."""

    def __init__(self, found: Any) -> None:
        self.title = str(found.title or "")
        self.author = str(found.creator or "")
        self.subject = str(found.subject or "")
        self.keywords = str(found.keywords or "")
        self.language = str(found.language or "")
        self.created: datetime.datetime | None = found.created
        # Where a file does not say when it was saved, openpyxl says: now.
        self.modified: datetime.datetime | None = None


def _shown(book: Any) -> Iterator[Any]:
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible" and hasattr(sheet, "iter_rows"):
            yield sheet


def _write(draft: Draft, sheet: Any) -> bool:
    sheet.reset_dimensions()  # what a file says of its size may be wrong, or a bomb
    rows = ([_text(cell) for cell in row] for row in sheet.iter_rows())
    return write_sheet(draft, sheet.title, rows)


def _text(cell: Any) -> str:
    """Return a cell as a reader sees it, as far as its value and format tell."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, float | int) and _PERCENT in (cell.number_format or ""):
        return f"{round(value * 100, 4):g}%"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.12g}"
    return str(value)
