"""Pages of the browser: the page that a citation names, the widget, the API's docs."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, HTMLResponse

from service.citations.page import Highlights, page_of
from service.http.web.pages import (
    docs_page,
    page_view,
    widget_page,
    widget_script,
)
from service.routing.dependencies import DocIdOf, EngineOf, PageNumber, StoreOf, needs

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


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
