"""Rows of a sheet to pages of a hundred rows."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ingest.readers.document.draft import Draft
from ingest.readers.tables.table import table_lines

ROWS_A_PAGE = 100
MOST_ROWS = 200_000
MOST_CELL_CHARACTERS = 10_000


def write_sheet(draft: Draft, name: str | None, rows: Iterable[Sequence[str]]) -> bool:
    """Write a sheet's rows, ROWS_A_PAGE a page; return whether all of them were taken.

    A page is labelled `Budget rows 1-100` (numbers as the program shows them); a sheet of one page
    just `Budget`. Rows after MOST_ROWS are left.
    """
    lines = list(_numbered(rows))
    pages = [list(group) for _, group in groupby(lines, key=lambda line: (line[0] - 1) // 100)]
    for page in pages:
        first = (page[0][0] - 1) // ROWS_A_PAGE * ROWS_A_PAGE + 1
        spread = f"rows {first}-{first + ROWS_A_PAGE - 1}"
        draft.page((f"{name} {spread}" if name else spread) if len(pages) > 1 else name or "rows")
        if name and page is pages[0]:
            draft.heading(1, name)
        for _, line in page:
            draft.row(line)
    return not lines or lines[-1][0] < MOST_ROWS


def _numbered(rows: Iterable[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """Yield each line with the number of its row."""
    number = 0

    def counted() -> Iterator[Sequence[str]]:
        nonlocal number
        for number, row in enumerate(rows, start=1):
            yield [cell[:MOST_CELL_CHARACTERS] for cell in row]
            if number >= MOST_ROWS:
                return

    for line in table_lines(counted(), first_row=1):
        yield number, line
