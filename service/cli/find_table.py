"""What `find` found as tables: for reading, as CSV, as a workbook."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence

from service.cli.printing import place, printable
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


def find_lines(found: Find) -> list[str]:
    """Return what was found, for reading: the documents that mention a term and where."""
    pages: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for mention in found.mentions:
        at = pages[mention.citation.doc_id, mention.term]
        where = place(mention.citation.spans[:1]).removeprefix("page ")
        at[where] = at.get(where, 0) + 1
    lines: list[str] = []
    for document in found.documents:
        if any(document.counts.values()):
            lines.append(f"{document.doc_id}  {printable(document.title)[:_WIDEST_TITLE]}")
            for term in found.terms:
                if document.counts[term]:
                    where = ", ".join(pages[document.doc_id, term])
                    lines.append(f"    {document.counts[term]:5} × {term}: page {where}")
    return [*lines, *_further_lines(found), *_summary_lines(found)]


def _summary_lines(found: Find) -> list[str]:
    coverage = found.coverage
    lines = []
    for term in found.terms:
        counts = [document.counts[term] for document in found.documents]
        naming = sum(count > 0 for count in counts)
        lines.append(
            f"{term}: {sum(counts)} mentions in {naming} documents; "
            f"{len(counts) - naming} documents do not mention it"
        )
    share = coverage.pages_searched / coverage.pages if coverage.pages else 1.0
    lines.append(
        f"searched {coverage.pages_searched} of {coverage.pages} pages ({share:.1%}) "
        f"of {coverage.documents} documents"
    )
    also = defaultdict(list)
    for each in found.also_searched:
        also[each.term].append(each.form)
    lines += [f"{term} was also searched for as {'; '.join(forms)}" for term, forms in also.items()]
    lines += [
        f"{each.term} means several things here ({'; '.join(each.meanings)}): "
        "only the name itself was searched for"
        for each in found.ambiguous
    ]
    unreadable: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for page in coverage.unreadable:
        unreadable[page.doc_id, page.reason].append(str(page.page))
    return lines + [
        f"not searched: {doc_id} page {', '.join(pages)} ({reason})"
        for (doc_id, reason), pages in unreadable.items()
    ]


def _further_lines(found: Find) -> list[str]:
    return [
        line
        for term, passages in (found.related or {}).items()
        for passage in passages
        for line in (
            f"without naming {term}: {printable(passage.title)[:_WIDEST_TITLE]}, "
            f"{place(passage.spans)}",
            f"    {' '.join(passage.text.split())[:160]}",
        )
    ]


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
