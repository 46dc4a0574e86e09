"""Rows of cells to lines of text, each with the headers that say what its values are."""

import re
from collections.abc import Iterable, Iterator, Sequence

_NUMBER = re.compile(r"[-+(]?[$€£]?\s*[\d.,\s]+%?\)?")
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s?[-–/]\s?(?:\d\d){1,2})?")
_SPACE = re.compile(r"\s+")


def table_lines(rows: Iterable[Sequence[str]], *, first_row: int | None = None) -> Iterator[str]:
    """Yield a line for each row that is not empty: `Country: Kenya; Year: 2019`.

    The header is the first row that has two or more cells, if all of them are words or years; it is
    a line of its own, cells parted by ` | `. Rows above it, and all rows where there is no header,
    are their cells parted by ` | `. With `first_row`, each line but the header starts with its
    number in the sheet: `Row 12: Country: Kenya`.
    """
    header: list[str] | None = None
    searching = True
    for number, cells in enumerate(rows, start=first_row or 1):
        row = [_SPACE.sub(" ", cell).strip() for cell in cells]
        filled = [cell for cell in row if cell]
        if not filled:
            continue
        start = f"Row {number}: " if first_row is not None else ""
        if searching and len(filled) > 1:
            searching = False
            if all(_is_word(cell) for cell in filled):
                header = row
                yield " | ".join(filled)
                continue
        yield start + (_paired(header, row) if header and len(filled) > 1 else " | ".join(filled))


def _is_word(cell: str) -> bool:
    if _YEAR.fullmatch(cell):
        return True
    return len(cell) <= 200 and _NUMBER.fullmatch(cell) is None


def _paired(header: Sequence[str], row: Sequence[str]) -> str:
    names = [*header, *[""] * max(0, len(row) - len(header))]
    return "; ".join(
        f"{name}: {cell}" if name and name != cell else cell
        for name, cell in zip(names, row, strict=False)
        if cell
    )
