"""Notes as Markdown."""

import re
from collections.abc import Iterator, Sequence

from service.keeping.records import NoteRecord, QuoteRecord, references_listed

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!$&])")
_LINE_STARTS = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


def as_markdown(records: Sequence[NoteRecord], title: str) -> bytes:
    """Return the notes as CommonMark. What is quoted shows as text, whatever marks it holds."""
    return ("\n".join(_lines(records, title)) + "\n").encode("utf-8", "replace")


def plain(text: str) -> str:
    """Return text that Markdown shows as it is.

    >>> plain("*1* <b>")
    '\\\\*1\\\\* \\\\<b\\\\>'
    """
    return _LINE_STARTS.sub(r"\1\\\2", _MARKS.sub(r"\\\1", text))


def _lines(records: Sequence[NoteRecord], title: str) -> Iterator[str]:
    yield f"# {plain(title)}"
    question = None
    for record in records:
        if record.note.question != question:
            question = record.note.question
            yield from ("", f"## {plain(' '.join(question.split()))}")
        if record.note.note:
            yield from ("", plain(record.note.note))
        for each in record.quotes:
            yield from _quote(each)
        if not record.note.available:
            yield from ("", "*The answer was deleted with a document that it quoted.*")
        yield from ("", f"<{record.note.answer_url}>")
    listed = references_listed(records)
    if listed:
        yield from ("", "## References", "")
        yield from (f"- {plain(each)}" for each in listed)


def _quote(record: QuoteRecord) -> Iterator[str]:
    yield from (
        "",
        f"> {plain(record.text)}",
        ">",
        f"> — {plain(record.cited)} [page]({_url(record)})",
    )
    if record.quote.verdict != "ok":
        yield from ("", f"**{record.quote.verdict}**: {plain(record.quote.detail)}")


def _url(record: QuoteRecord) -> str:
    return record.quote.url.replace("(", "%28").replace(")", "%29").replace(" ", "%20")
