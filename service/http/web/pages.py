"""Values to HTML. Everything a template prints is escaped: documents are not trusted."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.responses import FileResponse, HTMLResponse

from corpus.document import Document, Page
from service.citations.page import PDF, Highlights
from service.citations.quote_text import as_one_line
from service.http.web import answer_wording as answer_wording  # its filters
from service.http.web import notebook_pages as notebook_pages  # its filters
from service.http.web.rendering import FOLDER, filters, html
from service.http.web.wording import chunk_place, localized_date, place
from service.values.answer import Citation, Passage
from service.values.find import Mention
from service.wire.problems import Problem

ASSETS = FOLDER / "assets"


def page_view(document: Document, page: Page, highlights: Highlights) -> HTMLResponse:
    """Return one page: the quote, the page as printed where there is a picture, and its text."""
    return html(
        "page.html",
        document=document,
        page=page,
        pieces=list(highlights.pieces(page.text)),
        quotes=[page.text[start:end] for start, end in highlights.ranges],
        image=f"/v1/documents/{document.doc_id}/pages/{page.number}.png{highlights.query}"
        if document.media_type == PDF
        else None,
        alone=f"/v1/documents/{document.doc_id}/pages/{page.number}.pdf{highlights.query}"
        if document.media_type == PDF
        else None,
    )


def problem_page(problem: Problem) -> HTMLResponse:
    """Return a page that says what went wrong."""
    return html("problem.html", status=problem.status, problem=problem)


def sign_in_page(*, back: str, wrong: bool = False) -> HTMLResponse:
    """Return the form for a key; `back` is where it leads then."""
    return html("sign-in.html", status=401 if wrong else 200, back=back, wrong=wrong, reason="")


def docs_page() -> HTMLResponse:
    """Return the API's documentation, drawn in the browser from /openapi.json."""
    response = html("docs.html")
    # Swagger UI writes style attributes and shows its icons from data: addresses.
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    )
    return response


def widget_page(collections: Sequence[str], address: str, origins: Sequence[str]) -> HTMLResponse:
    """Return a page on which the widget stands, with the line that puts it on another page."""
    return html("widget.html", collections=collections, address=address, origins=origins)


def widget_script() -> FileResponse:
    """Return the widget: the same file for every page, so that any site may read it."""
    headers = {
        "Access-Control-Allow-Origin": "*",  # asked for by pages that check its checksum
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cache-Control": "public, max-age=300",
    }
    return FileResponse(ASSETS / "widget.js", media_type="text/javascript", headers=headers)


def path_of(url: str) -> str:
    """Return an address of this server without its host, so that it holds behind any name."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def passage_path(passage: Passage) -> str:
    """Return the address of the passage's first page with the passage marked."""
    first = passage.spans[0]
    marks = Highlights(tuple((s.start, s.end) for s in passage.spans if s.page == first.page))
    return f"/documents/{passage.doc_id}/pages/{first.page}{marks.query}"


def quote_parts(citation: Citation) -> tuple[str, str, str]:
    """Return the quote in three: before the words that answer, these, and after.

    Where no words are known, all of it is before. Joined, the parts are the quote.
    """
    quote, span = citation.quote, citation.answer_span
    start, end = (span.start, span.end) if span else (len(quote), len(quote))
    return quote[:start], quote[start:end], quote[end:]


def excerpt_parts(mention: Mention) -> tuple[str, str, str]:
    """Return a mention's excerpt in three: before what stands there, this, and after.

    Where it stands there more than once, it is the one nearest the middle.
    """
    excerpt, form = mention.excerpt, mention.form
    middle = (len(excerpt) - len(form)) / 2
    places = [found.start() for found in re.finditer(re.escape(form), excerpt)]
    start = min(places, key=lambda place: abs(place - middle), default=len(excerpt))
    return excerpt[:start], excerpt[start : start + len(form)], excerpt[start + len(form) :]


def reference(citation: Citation) -> str:
    """Return a citation as it is pasted elsewhere: quote, document, page and address."""
    quote, where = as_one_line(citation.quote), place(citation.spans)
    known = [citation.metadata[name] for name in ("publisher", "date") if name in citation.metadata]
    return f"“{quote}” {', '.join([citation.title, *known, where])}. {citation.url}"


filters(
    chunk_place=chunk_place,
    excerpt_parts=excerpt_parts,
    passage_path=passage_path,
    path_of=path_of,
    place=place,
    quote_parts=quote_parts,
    reference=reference,
    localized_date=localized_date,
)
