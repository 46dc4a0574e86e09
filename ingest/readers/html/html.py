"""HTML to pages: the text a reader sees, block by block, without the site around it."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from corpus.errors import ReadError
from ingest.readers.document.draft import Draft
from ingest.readers.document.formats import HTML
from ingest.readers.document.reader import Reading
from ingest.readers.document.titles import believed_title
from ingest.readers.document.versions import VERSIONS
from ingest.readers.guards.nesting import refuse_deep
from ingest.readers.html.html_pieces import Piece, pieces_of
from ingest.readers.text.decoding import decode

_ISO_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_DATES = ("article:published_time", "dcterms.date", "dc.date", "date", "citation_publication_date")
_PUBLISHERS = ("dcterms.publisher", "dc.publisher", "og:site_name", "author", "dc.creator")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


class HtmlReader:
    """Reads HTML. A page is a section of a few thousand characters, labelled with its anchor.

    Left out: navigation, banners, side columns and footers of the site, scripts, styles, forms and
    what is hidden.
    """

    media_type = HTML
    version = VERSIONS[media_type]

    def read(self, content: bytes, *, password: str | None = None) -> Reading:  # noqa: ARG002
        """Return the readable text, blocks parted by blank lines, with the headings.

        Raises: ReadError for an empty file, binary content or a page without text.
        """
        source, doubt = _decoded(content)
        refuse_deep(source)
        tree = LexborHTMLParser(source)
        draft = Draft(by_section=True, doubt=doubt)
        for piece in pieces_of(tree):
            if piece.level:
                draft.heading(piece.level, piece.text, label=piece.anchor)
            else:
                draft.paragraph(piece.text)
        if draft.is_empty:
            raise ReadError(
                "An HTML page without text. Expected readable text; "
                "if it is drawn by scripts, save the page from a browser first."
            )
        metas = dict(_metas(tree))
        title = tree.css_first("head title")
        return Reading(
            pages=draft.pages(),
            headings=draft.headings,
            title=believed_title(title.text() if title is not None else None)
            or believed_title(metas.get("og:title")),
            publisher=next((metas[key] for key in _PUBLISHERS if key in metas), None),
            date=_date(metas),
            language=_language(tree),
        )


def pieces_of_html(content: bytes) -> Iterator[Piece]:
    """Yield the blocks of markup inside another document; nothing for markup without text."""
    if content.strip():
        source = _decoded(content)[0]
        refuse_deep(source)
        yield from pieces_of(LexborHTMLParser(source))


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
