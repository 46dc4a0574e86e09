"""What `find` found as tables: as CSV, as a workbook."""

import csv
import io
from collections.abc import Iterable, Sequence

from service.values.find import Find, Mention

Row = Sequence[str | int]

# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_WIDEST_TITLE = 60


def plain_cell(value: str | int) -> str | int:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before it.

    >>> plain_cell("=1+1")
    "'=1+1"
    """
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def document_rows(found: Find) -> list[Row]:
    """Return the matrix: a heading, then a row a document with its count of each term."""
    rows: list[Row] = [["doc_id", "title", *found.terms]]
    for each in found.documents:
        rows.append([each.doc_id, each.title, *(each.counts[term] for term in found.terms)])
    return rows


def mention_rows(found: Find) -> list[Row]:
    """Return a heading, then a row a mention with its place."""
    heading = "number term form doc_id title page label start end excerpt url".split()
    return [heading, *(_mention_row(mention) for mention in found.mentions)]


def coverage_rows(found: Find) -> list[Row]:
    """Return what was searched, and each page that could not be."""
    coverage = found.coverage
    rows: list[Row] = [
        ["documents", coverage.documents],
        ["pages", coverage.pages],
        ["pages_searched", coverage.pages_searched],
    ]
    rows += [["also searched", each.term, each.form] for each in found.also_searched]
    rows += [["ambiguous", each.term, *each.meanings] for each in found.ambiguous]
    rows += [["unreadable", each.doc_id, each.page, each.reason] for each in coverage.unreadable]
    return rows


def csv_text(rows: Iterable[Row]) -> str:
    """Return rows as CSV (RFC 4180)."""
    written = io.StringIO()
    csv.writer(written).writerows([plain_cell(cell) for cell in row] for row in rows)
    return written.getvalue()


def workbook(found: Find) -> bytes:
    """Return an XLSX workbook with the sheets Documents, Mentions and Coverage.

    Every text is written as a text: none becomes a formula or a link.
    """
    import xlsxwriter

    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, options) as book:
        bold = book.add_format({"bold": True})
        for name, rows in (
            ("Documents", document_rows(found)),
            ("Mentions", mention_rows(found)),
            ("Coverage", coverage_rows(found)),
        ):
            sheet = book.add_worksheet(name)
            sheet.set_column(1, 1, _WIDEST_TITLE)
            for number, row in enumerate(rows):
                heading = bold if number == 0 and name != "Coverage" else None
                sheet.write_row(number, 0, [_storable(cell) for cell in row], heading)
            if name != "Coverage":
                sheet.freeze_panes(1, 0)
    return made.getvalue()


def _mention_row(mention: Mention) -> Row:
    citation = mention.citation
    first, last = citation.spans[0], citation.spans[-1]
    return [
        citation.number,
        mention.term,
        mention.form,
        citation.doc_id,
        citation.title,
        first.page,
        first.label,
        first.start,
        last.end,
        mention.excerpt,
        citation.url,
    ]


def _storable(cell: str | int) -> str | int:
    """Return a cell without the control characters that XML cannot hold."""
    if isinstance(cell, int):
        return cell
    return "".join(c for c in cell if c >= " " and c not in "\ufffe\uffff")
