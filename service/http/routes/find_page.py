"""Finding in the browser: documents and terms, the mentions behind a cell, files of both."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from corpus.errors import CitewellError, NotFoundError
from service.access.access import Access
from service.finding.finding import FindRequest
from service.http.responses.content_disposition import content_disposition
from service.http.web.find_pages import FIRST_ORDER, FindForm, find_page, mentions_page
from service.http.web.narrowing import Narrowing, chosen_titles, facet_options
from service.rendering.find_tables import Row, csv_text, document_rows, mention_rows, workbook
from service.routing.dependencies import AccessOf, DeskOf, EngineOf, LibraryOf, needs
from service.values.find import Find
from service.values.request import DEFAULT_REQUEST
from service.wire.problems import problem_of_error

router = APIRouter(
    include_in_schema=False, default_response_class=HTMLResponse, dependencies=[needs("read")]
)

EXAMPLES = 3
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _csv(rows: list[Row]) -> bytes:
    return csv_text(rows).encode("utf-8-sig")  # without the mark, Excel takes it for Latin 1


FILES: Mapping[str, tuple[str, Callable[[Find], bytes]]] = {
    "documents.csv": ("text/csv; charset=utf-8", lambda found: _csv(document_rows(found))),
    "mentions.csv": ("text/csv; charset=utf-8", lambda found: _csv(mention_rows(found))),
    "mentions.xlsx": (_XLSX, workbook),
}


async def form_of(
    request: Request,
    q: Annotated[str, Query(description="Terms, separated by commas or line breaks.")] = "",
    *,
    exact: bool = False,
    sort: Annotated[str, Query(max_length=10)] = FIRST_ORDER,
    without: Annotated[int, Query(ge=0, le=1000)] = 0,
) -> FindForm:
    """Return what the address asks for."""
    return FindForm(q.strip(), exact, Narrowing.of(request.query_params), sort, without)


FormOf = Annotated[FindForm, Depends(form_of)]


def _request(form: FindForm, access: Access) -> FindRequest:
    terms = tuple(term.strip() for term in re.split(r"[,;\n]", form.typed) if term.strip())
    collections = access.limited(DEFAULT_REQUEST).collections
    return FindRequest(terms, form.narrowing.filters(), exact=form.exact, collections=collections)


@router.get("/find")
async def find(
    request: Request,
    form: FormOf,
    engine: EngineOf,
    access: AccessOf,
    desk: DeskOf,
    library: LibraryOf,
) -> HTMLResponse:
    """Show the form, and how often each document mentions each term."""

    def filled() -> FindForm:
        documents = library.of(engine.store, engine.snapshot_id)
        seen = [each for each in documents if access.sees(each.document.collection)]
        publishers = Counter(each.value("publisher") for each in seen)
        return replace(
            form,
            options=facet_options(seen),
            titles=chosen_titles(seen, form.narrowing),
            examples=[name for name, _ in publishers.most_common(EXAMPLES + 1) if name][:EXAMPLES],
            is_empty=not seen,
        )

    shown = await to_thread.run_sync(filled)
    asked = _request(form, access)
    if not asked.terms:
        return find_page(shown)
    try:
        return find_page(shown, found=await desk.run(engine.find, asked))
    except CitewellError as error:
        return find_page(shown, problem=problem_of_error(error, instance=request.url.path))


@router.get("/find/mentions")
async def mentions(form: FormOf, engine: EngineOf, access: AccessOf, desk: DeskOf) -> HTMLResponse:
    """Show the mentions in the documents that the address names."""
    found = await desk.run(engine.find, _request(form, access))
    if not found.documents:
        raise NotFoundError("Found no document of the address among those that may be read.")
    return mentions_page(form, found)


@router.get("/find/{name}", response_class=Response)
async def file(
    name: str, form: FormOf, engine: EngineOf, access: AccessOf, desk: DeskOf
) -> Response:
    """Send everything that was found as a file."""
    if name not in FILES:
        raise NotFoundError(f"Found no file {name!r}; expected one of: {', '.join(FILES)}.")
    media_type, written = FILES[name]
    found = await desk.run(engine.find, _request(form, access))
    content = await to_thread.run_sync(written, found)
    disposition = content_disposition(name, inline=False)
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
