"""Markdown to a page: the source as it is, with its headings."""

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise

from markdown_it import MarkdownIt

from corpus.document import Page, PageSpan
from ingest.readers.document.reader import Block, Heading, Reading
from ingest.readers.document.titles import believed_title
from ingest.readers.document.versions import VERSIONS
from ingest.readers.text.decoding import decode
from ingest.readers.text.text import pages_of

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_ENTRY = re.compile(r"([A-Za-z][\w-]*)[ \t]*:[ \t]+(.*)")
_ISO_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_MARKS = re.compile(r"(?<!\\)[*_`]+|!?\[([^\]]*)\]\([^)]*\)")


class MarkdownReader:
    """Reads Markdown. YAML front matter gives title, publisher, date and language."""

    media_type = "text/markdown"
    version = VERSIONS[media_type]

    def read(self, content: bytes, *, password: str | None = None) -> Reading:  # noqa: ARG002
        """Return the source as pages, with its headings; front matter is a header block.

        Raises: ReadError for an empty file or binary content.
        """
        text, doubt = decode(content)
        pages = pages_of(text, doubt)
        front, body_start = _front_matter(pages[0].text)
        headings = tuple(heading for page in pages for heading in _headings(page, body_start))
        first = headings[0].text if headings and headings[0].level == 1 else None
        return Reading(
            pages=pages,
            headings=headings,
            blocks=(Block("header", PageSpan(1, 0, body_start)),) if body_start else (),
            title=believed_title(front.pop("title", None)) or believed_title(first),
            publisher=front.pop("publisher", None) or front.pop("author", None),
            date=_iso(front.pop("date", None)),
            language=front.pop("language", None) or front.pop("lang", None),
            metadata=front,
        )


def _front_matter(text: str) -> tuple[dict[str, str], int]:
    """Return the one-line entries of the front matter, and where the body starts."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, 0
    entries = (_ENTRY.fullmatch(line.strip()) for line in match.group(1).splitlines())
    found = {entry.group(1).lower(): _unquoted(entry.group(2)) for entry in entries if entry}
    return {key: value for key, value in found.items() if value}, match.end()


def _unquoted(value: str) -> str:
    stripped = value.strip()
    if len(stripped) > 1 and stripped[0] == stripped[-1] and stripped[0] in "\"'":
        return stripped[1:-1].strip()
    return stripped


def _iso(date: str | None) -> str | None:
    match = _ISO_DATE.match(date or "")
    return match.group() if match else None


def _headings(page: Page, body_start: int) -> Iterator[Heading]:
    skipped = body_start if page.number == 1 else 0
    # Front matter is blanked, not cut, so that line numbers stay those of the page.
    body = "\n" * page.text.count("\n", 0, skipped) + page.text[skipped:]
    starts = [0, *accumulate(len(line) + 1 for line in page.text.split("\n"))]
    tokens = MarkdownIt("commonmark").parse(body)
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open" or opening.map is None or not inline.content.strip():
            continue
        low, high = starts[opening.map[0]], min(starts[opening.map[1]], len(page.text))
        source = inline.content.split("\n")[0]
        start = page.text.find(source, low, high)
        if start >= 0:
            end = start + len(source)
            yield Heading(
                int(opening.tag[1:]), _plain(inline.content), PageSpan(page.number, start, end)
            )


def _plain(source: str) -> str:
    return " ".join(_MARKS.sub(lambda mark: mark.group(1) or "", source).split())
