"""The blocks of an HTML tree that a reader reads: paragraphs, items, rows, headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.readers.tables.table import table_lines
from ingest.text.abbreviations import words

_LEFT_OUT = words(
    "script style noscript template nav head svg iframe button select option form dialog"
)
_BLOCKS = words(
    "address article aside blockquote body caption dd details div dl dt figcaption figure footer "
    "header hr li main ol p pre section summary table tbody tfoot thead ul tr td th "
    "h1 h2 h3 h4 h5 h6"
)
_SITE_ROLES = words("navigation banner contentinfo search complementary menu menubar dialog")
_SITE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|sidebar|cookies?|share|social"
    r"|skip-?link|site-(?:header|footer)|masthead|pagination)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_FEWEST_MAIN_CHARACTERS = 200
_FEWEST_LINKS = 5
_LINK_SHARE = 0.8
_LONGEST_LINK = 40
_BULLET = "• "
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of text; `level` is that of a heading, else 0; `anchor` its `#id`, if it has one."""

    text: str
    level: int = 0
    anchor: str | None = None


def pieces_of(tree: LexborHTMLParser) -> Iterator[Piece]:
    """Yield the blocks of the main text in order; of the whole page where none is told apart."""
    if tree.body is None:
        return
    main = _main(tree)
    walk = _Walk(in_main=main is not None)
    walk.walk(main or tree.body)
    if not walk.pieces and main is None:
        walk = _Walk(in_main=True)  # a page that is nothing but what looks like navigation
        walk.walk(tree.body)
    yield from walk.pieces


def _main(tree: LexborHTMLParser) -> LexborNode | None:
    """Return the one element that says that it is the main text, if it has some."""
    for selector in ("main", "[role=main]", "article"):
        found = tree.css(selector)
        if len(found) == 1 and len(found[0].text()) >= _FEWEST_MAIN_CHARACTERS:
            return found[0]
    return None


class _Walk:
    """Goes through a tree and gathers its pieces."""

    def __init__(self, *, in_main: bool) -> None:
        self.pieces: list[Piece] = []
        self._in_main = in_main
        self._buffer: list[str] = []
        self._bullet = ""
        self._preformatted = 0

    def walk(self, root: LexborNode) -> None:
        """Walk a tree; a stack of its own, since pages nest deeper than Python's calls may."""
        waiting: list[tuple[LexborNode, bool]] = [(root, False)]
        while waiting:
            node, is_end = waiting.pop()
            tag = node.tag or ""
            if is_end:
                self._close(node, tag)
            elif tag == "-text":
                self._write(node.text_content or "")
            elif tag == "table" and _is_data(node):
                self._flush()
                self.pieces += [Piece(line) for line in table_lines(_rows(node))]
            elif not tag.startswith(("-", "_", "!")) and not self._is_left_out(node, tag):
                self._open(tag)
                waiting.append((node, True))
                waiting.extend((child, False) for child in _children(node))
        self._flush()

    def _open(self, tag: str) -> None:
        if tag == "br":
            self._buffer.append("\n")
        elif tag in _BLOCKS:
            self._flush()
        if tag == "pre":
            self._preformatted += 1
        if tag == "li":
            self._bullet = _BULLET

    def _close(self, node: LexborNode, tag: str) -> None:
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdecimal():
            text = " ".join("".join(self._buffer).split())
            self._buffer.clear()
            if text:
                self.pieces.append(Piece(text, int(tag[1]), _anchor(node)))
        elif tag in _BLOCKS:
            self._flush()
        if tag == "pre":
            self._preformatted -= 1
        if tag == "li":
            self._bullet = ""

    def _write(self, raw: str) -> None:
        text = raw if self._preformatted else _SPACE.sub(" ", raw)
        if not self._preformatted and (not self._buffer or self._buffer[-1].endswith((" ", "\n"))):
            text = text.lstrip(" ")
        if text:
            self._buffer.append(text)

    def _flush(self) -> None:
        text = "".join(self._buffer)
        self._buffer.clear()
        if text.strip():
            kept = text.strip("\n").rstrip() if self._preformatted else text.strip()
            self.pieces.append(Piece(self._bullet + kept))
            self._bullet = ""

    def _is_left_out(self, node: LexborNode, tag: str) -> bool:
        if tag in _LEFT_OUT:
            return True
        said = node.attributes
        if "hidden" in said or said.get("aria-hidden") == "true":
            return True
        if _HIDDEN_STYLE.search(said.get("style") or "") or said.get("role") in _SITE_ROLES:
            return True
        if self._in_main or tag not in _BLOCKS or tag in {"body", "main", "article"}:
            return False
        names = f"{said.get('class') or ''} {said.get('id') or ''}"
        of_site = tag in {"aside", "footer"} or _SITE_NAMES.search(names) is not None
        return of_site or (tag in {"ul", "ol"} and _is_link_list(node))


def _children(node: LexborNode) -> list[LexborNode]:
    return list(node.iter(include_text=True))[::-1]


def _is_link_list(node: LexborNode) -> bool:
    """Tell whether a list is a menu: many short links and hardly any other text."""
    links = [" ".join((link.text() or "").split()) for link in node.css("a")]
    if len(links) < _FEWEST_LINKS:
        return False
    linked = sum(map(len, links))
    return linked >= _LINK_SHARE * len(" ".join(node.text().split())) and (
        linked / len(links) <= _LONGEST_LINK
    )


def _is_data(table: LexborNode) -> bool:
    """Tell a table of values from one that lays out a page."""
    if table.css_first("table table, h1, h2, h3, ul, ol, pre") is not None:
        return False
    rows = table.css("tr")
    columns = max((len(row.css("td, th")) for row in rows), default=0)
    return len(rows) > 1 and columns > 1


def _rows(table: LexborNode) -> Iterator[list[str]]:
    for row in table.css("tr"):
        yield [cell.text(separator=" ") for cell in row.css("td, th")]


def _anchor(heading: LexborNode) -> str | None:
    """Return the `#id` that an address of this heading ends with."""
    own = heading.attributes.get("id")
    inner = heading.css_first("a[id], a[name], span[id]")
    if not own and inner is not None:
        own = inner.attributes.get("id") or inner.attributes.get("name")
    parent = heading.parent
    if not own and parent is not None and parent.tag in {"section", "div", "article"}:
        own = parent.attributes.get("id")
    return f"#{own}" if own else None
