"""Pages of the browser: finding, the page that a citation names, the widget, the API's docs."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, HTMLResponse

from corpus.errors import CitewellError
from service.citations.page import Highlights, page_of
from service.finding.finding import FindRequest
from service.http.web.pages import (
    docs_page,
    find_page,
    page_view,
    widget_page,
    widget_script,
)
from service.routing.dependencies import (
    AccessOf,
    DeskOf,
    DocIdOf,
    EngineOf,
    PageNumber,
    StoreOf,
    needs,
)
from service.values.request import Request as Asked
from service.wire.problems import problem_of_error

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/find", dependencies=[needs("read")])
async def find(
    request: Request,
    engine: EngineOf,
    access: AccessOf,
    desk: DeskOf,
    q: Annotated[str, Query(description="Terms, separated by commas or line breaks.")] = "",
    *,
    exact: bool = False,
) -> HTMLResponse:
    """Show the form, and every mention of the terms."""
    terms = tuple(term.strip() for term in re.split(r"[,;\n]", q) if term.strip())
    if not terms:
        return find_page(q="", exact=exact)
    collections = access.limited(Asked()).collections
    asked = FindRequest(terms, exact=exact, collections=collections)
    try:
        return find_page(q=q, exact=exact, found=await desk.run(engine.find, asked))
    except CitewellError as error:
        problem = problem_of_error(error, instance=request.url.path)
        return find_page(q=q, exact=exact, problem=problem)


@router.get("/documents/{doc_id}/pages/{number}", dependencies=[needs("read")])
def page(
    doc_id: DocIdOf,
    number: PageNumber,
    store: StoreOf,
    highlight: Annotated[list[str] | None, Query()] = None,
) -> HTMLResponse:
    """Show a page with the highlights marked: citations' `url`s lead here."""
    found = page_of(store, doc_id, number)
    highlights = Highlights.parse(highlight or [], found)
    return page_view(store.document(doc_id), found, highlights)


@router.get("/widget", dependencies=[needs("read")])
def widget(engine: EngineOf, store: StoreOf) -> HTMLResponse:
    """Show the widget, and how it gets on a page of another site."""
    settings = engine.settings
    return widget_page(store.collections(), settings.base_url, sorted(settings.embedding_origins))


@router.get("/widget.js", response_class=FileResponse)
def script() -> FileResponse:
    """Send the widget; it tells nothing of any collection."""
    return widget_script()


@router.get("/docs")
def docs() -> HTMLResponse:
    """Show the API's documentation; its script and styles come from this server."""
    return docs_page()
