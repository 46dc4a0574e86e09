"""Descriptions as a CSV file, to be edited in a spreadsheet and read back.

A cell that was changed is an edit, a cell with `-` takes an edit back, an empty one says nothing.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from corpus.document import Document
from corpus.errors import InputError

FIELDS = ("title", "publisher", "date", "language", "collection")
KEYS = ("subtitle", "kind", "authors", "symbol")
COLUMNS = ("doc_id", *FIELDS, *KEYS, "source")
TAKEN_BACK = "-"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def sheet_of(documents: Iterable[Document]) -> str:
    """Return documents as CSV, a row each; further metadata keys are columns, too."""
    every = list(documents)
    more = sorted({key for each in every for key in each.metadata} - {*KEYS, *COLUMNS})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, *more])
    for each in every:
        writer.writerow([_cell(_value(each, name)) for name in (*COLUMNS, *more)])
    return out.getvalue()


def edits_in(path: Path, documents: Mapping[str, Document]) -> dict[str, dict[str, str | None]]:
    """Return the changes that a CSV file says, by document. Raises: InputError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if "doc_id" not in (reader.fieldnames or ()):
                raise InputError(
                    f"{path}: found the columns {', '.join(reader.fieldnames or ('none',))}; "
                    "expected doc_id and others, as `citewell documents list --csv` writes them."
                )
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} is no CSV file in UTF-8: {error}.") from error
    found: dict[str, dict[str, str | None]] = {}
    for number, row in enumerate(rows, 2):
        document = documents.get(row["doc_id"] or "")
        if document is None:
            raise InputError(
                f"{path}, line {number}: no current document is {row['doc_id']!r}. "
                "See: citewell documents list"
            )
        if changes := _changes(document, row, f"{path}, line {number}"):
            found[document.doc_id] = changes
    return found


def _changes(
    document: Document, row: Mapping[str | None, str | None], where: str
) -> dict[str, str | None]:
    if None in row:
        raise InputError(f"{where}: more cells than columns. Quote cells that hold commas.")
    changes: dict[str, str | None] = {}
    for name, cell in row.items():
        text = " ".join((cell or "").split())
        if not name or name in ("doc_id", "source") or not text:
            continue
        if text == TAKEN_BACK:
            if document.provenance.get(name) == "edit":
                changes[name] = None
        elif _plain(text) != " ".join(_value(document, name).split()):
            changes[name] = _plain(text)
    return changes


def _value(document: Document, name: str) -> str:
    if name in (*FIELDS, "doc_id", "source"):
        return str(getattr(document, name) or "")
    return document.metadata.get(name, "")


def _cell(value: str) -> str:
    """Return a value that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
