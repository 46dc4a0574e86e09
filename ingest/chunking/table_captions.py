"""What leads a table: its title and the heads of its columns, searched with each of its rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.document import PageSpan
from ingest.readers.document.reader import LEFT_OUT, Block, Reading

_TABLE, _CAPTION = "table", "caption"
_FARTHEST = 400  # characters between a caption and its table
_MOST_HEAD_LINES = 5
_OF_TABLE = re.compile(r"table|tabla|cuadro|exhibit|tableau", re.IGNORECASE)
_FIGURE = re.compile(r"[-–−+<>~$€£(]*\d[\d.,/]*(?:%|[a-z*]{0,2})[)]?[;,]?")
_YEAR = re.compile(r"(?:19|20)\d\d(?:[-–/]\d{2,4})?")
_LEAST_FIGURES = 1 / 3


@dataclass(frozen=True, slots=True)
class TableCaption:
    """A table, the title before it (maybe empty), and the heads of its columns.

    `titled_at` and `headed_at` are where they begin on the table's page, None where the title is
    that of the page before.
    """

    table: PageSpan
    title: str
    titled_at: int | None
    heads: str
    headed_at: int


def table_captions_of(reading: Reading) -> list[TableCaption]:
    """Return what leads each table; one that goes on from the page before may have its title."""
    texts = {page.number: page.text for page in reading.pages}
    body = [block for block in reading.blocks if block.kind not in LEFT_OUT]
    leads: list[TableCaption] = []
    for index, block in enumerate(body):
        if block.kind != _TABLE:
            continue
        lead = _lead(texts[block.span.page], block, body[:index])
        before = body[index - 1] if index else block
        if leads and not lead.title and _goes_on(before, block):
            last = leads[-1]
            lead = replace(lead, title=last.title, heads=lead.heads or last.heads)
        leads.append(lead)
    return leads


def table_caption_for(spans: Sequence[PageSpan], leads: Sequence[TableCaption]) -> list[str]:
    """Return what leads the table that most of a chunk's text is of, as far as it does not hold it.

    Nothing for a chunk that has no rows.
    """
    found: list[str] = []
    most = 0
    for lead in leads:
        for span in spans:
            shared = min(span.end, lead.table.end) - max(span.start, lead.table.start)
            if span.page == lead.table.page and shared > most:
                most = shared
                titled = lead.titled_at is not None and span.start <= lead.titled_at
                headed = span.start <= lead.headed_at
                found = ["" if titled else lead.title, "" if headed else lead.heads]
    return [text for text in found if text.strip()]


def _goes_on(before: Block, block: Block) -> bool:
    """Tell whether a table on the page before is the last that stands before another."""
    return before.kind == _TABLE and before.span.page == block.span.page - 1


def _lead(text: str, block: Block, before: Sequence[Block]) -> TableCaption:
    table = block.span
    heads, sure = _heads(text[table.start : table.end])
    caption = next(_captions(text, table, before), None)
    if caption is None:
        # Of text in columns, and where it has figures, the first row need not be the heads.
        sure = sure and not any(map(_is_figure, heads.split()))
        return TableCaption(table, "", None, heads if sure else "", table.start)
    heads = f"{text[caption.end : table.start]}{heads}"
    return TableCaption(table, text[caption.start : caption.end], caption.start, heads, caption.end)


def _captions(text: str, table: PageSpan, before: Sequence[Block]) -> Iterator[PageSpan]:
    """Yield the captions shortly before a table, the nearest first; none before another table."""
    for block in reversed(before):
        span = block.span
        if block.kind == _TABLE or span.page != table.page or table.start - span.end > _FARTHEST:
            return
        if block.kind == _CAPTION:
            if _OF_TABLE.match(text, span.start):
                yield span
            return


def _heads(rows: str) -> tuple[str, bool]:
    """Return the lines before the first row of figures, and whether there is such a row.

    Of a table without figures, that is the first line.
    """
    lines = rows.splitlines(keepends=True)
    for index, line in enumerate(lines[: _MOST_HEAD_LINES + 1]):
        if _has_figures(line):
            return "".join(lines[:index]), True
    return "".join(lines[:1]), False


def _has_figures(line: str) -> bool:
    words = line.split()
    return sum(map(_is_figure, words)) > _LEAST_FIGURES * len(words)


def _is_figure(word: str) -> bool:
    """Tell whether a word is a number, and no year."""
    return _FIGURE.fullmatch(word) is not None and _YEAR.fullmatch(word) is None
