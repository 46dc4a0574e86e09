"""Why a passage is shown for a question, or not, in the browser."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from corpus.errors import CitewellError, InputError, NotFoundError
from corpus.ids import ChunkId, DocId
from service.access.access import SeenStore
from service.http.web.explain_pages import ExplainedPassage, explain_page
from service.http.web.narrowing import Narrowing
from service.routing.dependencies import AccessOf, DeskOf, EngineOf, StoreOf, needs
from service.values.request import Request as Asked
from service.wire.problems import problem_of_error

router = APIRouter(
    include_in_schema=False, default_response_class=HTMLResponse, dependencies=[needs("read")]
)

MOST_PASSAGES = 8  # of a page: each is a question of its own


@router.get("/explain", response_model=None)
async def explain(
    request: Request,
    engine: EngineOf,
    access: AccessOf,
    store: StoreOf,
    desk: DeskOf,
    q: Annotated[str, Query(description="The question.")] = "",
    passage: Annotated[str, Query(description="A passage's id.")] = "",
    of: Annotated[str, Query(description="A document's id, in the place of a passage.")] = "",
    page: Annotated[int, Query(ge=1, le=10_000_000, description="Its page.")] = 1,
    as_of: Annotated[str, Query(description="Answer as then.")] = "",
) -> Response:
    """Explain one passage, or all that stand on a page of a document."""
    narrowing = Narrowing.of(request.query_params)
    asked = access.limited(Asked(filters=narrowing.filters(), as_of=as_of.strip() or None))

    def explained() -> list[ExplainedPassage]:
        question = engine.check(q.strip(), asked)
        found = store.chunks(_passages(store, passage, of, page))
        if not found:
            raise NotFoundError("There is no such passage, or none on that page.")
        titles = {each.doc_id: store.document(each.doc_id).title for each in found.values()}
        return [
            ExplainedPassage(
                chunk, titles[chunk.doc_id], engine.explain(question, chunk.chunk_id, asked)
            )
            for chunk in sorted(found.values(), key=lambda each: each.ordinal)
        ]

    try:
        return explain_page(q.strip(), await desk.run(explained))
    except CitewellError as error:
        return explain_page(q.strip(), problem=problem_of_error(error, instance="/explain"))


def _passages(store: SeenStore, passage: str, doc_id: str, page: int) -> list[ChunkId]:
    """Return the ids of the passages that an address means. Raises: NotFoundError, InputError."""
    if passage:
        return [ChunkId(passage)]
    if not doc_id:
        raise InputError("Found neither a passage nor a document; expected one of them.")
    places = store.chunk_places(DocId(doc_id))
    on_page = [each.chunk_id for each in places if page in {span.page for span in each.spans}]
    return on_page[:MOST_PASSAGES]
