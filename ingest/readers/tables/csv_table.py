"""Tables as text (CSV, TSV) to pages of a hundred rows."""

import csv
import io

from corpus.errors import ReadError
from ingest.readers.document.draft import Draft
from ingest.readers.document.formats import CSV
from ingest.readers.document.reader import Reading
from ingest.readers.document.versions import VERSIONS
from ingest.readers.tables.sheets import MOST_ROWS, write_sheet
from ingest.readers.text.decoding import decode

_DELIMITERS = ",;\t|"
_SAMPLE_CHARACTERS = 64 * 1024
_MOST_COLUMNS = 2_000


class CsvReader:
    """Reads tables as text. Each row names its number and its columns' headers."""

    media_type = CSV
    version = VERSIONS[media_type]

    def read(self, content: bytes, *, password: str | None = None) -> Reading:  # noqa: ARG002
        """Return the rows as pages. Raises: ReadError for binary content or no rows."""
        text, _ = decode(content)
        draft = Draft(by_section=False)
        try:
            rows = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
            whole = write_sheet(draft, None, (row[:_MOST_COLUMNS] for row in rows))
        except csv.Error as error:
            raise ReadError(
                f"A table that cannot be read ({error}). Expected rows of cells parted by commas, "
                "semicolons, tabs or bars."
            ) from error
        if not whole:
            raise ReadError(
                f"A table of more than {MOST_ROWS} rows. Expected a report, not a data set; "
                "split it."
            )
        if draft.is_empty:
            raise ReadError("A table without cells. Expected some; check the file.")
        return Reading(pages=draft.pages(), headings=draft.headings)


def _delimiter(text: str) -> str:
    """Return the delimiter that parts the most of the first lines equally often."""
    lines = [line for line in text[:_SAMPLE_CHARACTERS].split("\n")[:50] if line.strip()]

    def evenness(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=lambda count: (counts.count(count), count), default=0)
        return (counts.count(usual) if usual else 0, usual)

    return max(_DELIMITERS, key=evenness)
