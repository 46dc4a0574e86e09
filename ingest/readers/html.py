"""HTML to a page: the text a reader sees, block by block."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.document import Page, PageSpan
from corpus.errors import ReadError
from ingest.abbreviations import words
from ingest.readers.decoding import decode
from ingest.readers.quality import quality_of
from ingest.readers.reader import Heading, Reading
from ingest.readers.titles import believed_title
from ingest.readers.versions import VERSIONS

_LEFT_OUT = words("script style noscript template nav head svg iframe button select")
_BLOCKS = words(
    "address article aside blockquote body caption dd details div dl dt figcaption figure footer "
    "form header hr li main ol p pre section summary table tbody tfoot thead ul tr "
    "h1 h2 h3 h4 h5 h6"
)
_ISO_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_DATES = ("article:published_time", "dcterms.date", "dc.date", "date", "citation_publication_date")
_PUBLISHERS = ("dcterms.publisher", "dc.publisher", "og:site_name", "author", "dc.creator")
_BULLET = "• "
_SPACE = re.compile(r"\s+")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


class HtmlReader:
    """Reads HTML. The whole page is one page; navigation, scripts and styles are left out."""

    media_type = "text/html"
    version = VERSIONS[media_type]

    def read(self, content: bytes, *, password: str | None = None) -> Reading:  # noqa: ARG002
        """Return the readable text, blocks parted by blank lines, with the headings.

        Raises: ReadError for an empty file, binary content or a page without text.
        """
        source, doubt = _decoded(content)
        tree = LexborHTMLParser(source)
        writer = _Writer()
        if tree.body is not None:
            writer.write(tree.body)
        text = writer.text()
        if not text.strip():
            raise ReadError(
                "An HTML page without text. Expected readable text; "
                "if it is drawn by scripts, save the page from a browser first."
            )
        metas = dict(_metas(tree))
        title = tree.css_first("head title")
        return Reading(
            pages=(Page(1, "1", text, quality_of(text, reason=doubt)),),
            headings=tuple(writer.headings(text)),
            title=believed_title(title.text() if title is not None else None)
            or believed_title(metas.get("og:title")),
            publisher=next((metas[key] for key in _PUBLISHERS if key in metas), None),
            date=_date(metas),
            language=_language(tree),
        )


class _Writer:
    """Collects the text of a tree and the places of its headings."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._headings: list[tuple[int, int, int]] = []
        self._break = ""
        self._preformatted = 0

    def text(self) -> str:
        """Return the text so far, ending with a line break."""
        return "".join(self._parts) + "\n" if self._parts else ""

    def headings(self, text: str) -> Iterator[Heading]:
        """Yield the headings at their places."""
        for level, start, end in self._headings:
            title = " ".join(text[start:end].split())
            if title:
                low = start + len(text[start:end]) - len(text[start:end].lstrip())
                yield Heading(level, title, PageSpan(1, low, low + len(text[start:end].strip())))

    def write(self, root: LexborNode) -> None:
        """Write a tree; a stack of its own, since pages nest deeper than Python's calls may."""
        waiting: list[tuple[LexborNode, int | None]] = [(root, None)]
        while waiting:
            node, opened_at = waiting.pop()
            tag = node.tag or ""
            if opened_at is not None:
                self._close(tag, opened_at)
            elif tag == "-text":
                self._write_text(node.text_content or "")
            elif tag not in _LEFT_OUT and not tag.startswith(("-", "_", "!")):
                waiting.append((node, self._open(tag)))
                waiting.extend((child, None) for child in _children(node))

    def _open(self, tag: str) -> int:
        if tag == "br":
            self._break = self._break or "\n"
        elif tag in {"td", "th"}:
            self._break = self._break or "\t"
        elif tag in _BLOCKS and self._parts[-1:] != [_BULLET]:
            self._break = "\n" if tag == "tr" and self._break != "\n\n" else "\n\n"
        if tag == "pre":
            self._preformatted += 1
        if tag == "li":
            self._append(_BULLET)
            self._break = ""
            return self._length
        return self._length

    def _close(self, tag: str, opened_at: int) -> None:
        if tag == "pre":
            self._preformatted -= 1
        if tag in _BLOCKS:
            self._break = "\n" if tag == "tr" else "\n\n"
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() and self._length > opened_at:
            self._headings.append((int(tag[1]), opened_at, self._length))

    def _write_text(self, raw: str) -> None:
        text = raw if self._preformatted else _SPACE.sub(" ", raw)
        if not self._parts or self._break or self._parts[-1].endswith((" ", "\n", "\t")):
            text = text.lstrip() if not self._preformatted else text
        if text:
            self._append(text)

    def _append(self, text: str) -> None:
        if self._break and self._parts:
            last = self._parts[-1].rstrip(" ")
            self._length -= len(self._parts[-1]) - len(last)
            self._parts[-1] = last
            self._parts.append(self._break)
            self._length += len(self._break)
        self._break = ""
        self._parts.append(text)
        self._length += len(text)


def _children(node: LexborNode) -> list[LexborNode]:
    return list(node.iter(include_text=True))[::-1]


def _decoded(content: bytes) -> tuple[str, str | None]:
    """Decode by the page's own charset where it is not UTF-8 and says so."""
    declared = _CHARSET.search(content[:4096])
    name = declared.group(1).decode("ascii", "replace").lower() if declared else "utf-8"
    if name not in {"utf-8", "utf8"}:
        try:
            return decode(content.decode(name).encode("utf-8"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(content)


def _metas(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for meta in tree.css("meta"):
        name = meta.attributes.get("name") or meta.attributes.get("property")
        value = " ".join((meta.attributes.get("content") or "").split())
        if name and value:
            yield name.lower(), value


def _date(metas: dict[str, str]) -> str | None:
    for key in _DATES:
        match = _ISO_DATE.match(metas.get(key, ""))
        if match:
            return match.group()
    return None


def _language(tree: LexborHTMLParser) -> str | None:
    root = tree.css_first("html")
    language = root.attributes.get("lang") if root is not None else None
    return language or None
