"""Asking in the browser: a page for each question, whole or as it comes to be."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from corpus.errors import CitewellError
from service.answering.conversation import Turn
from service.collection.library import LibraryDocument
from service.engine.engine import Engine
from service.http.web.ask_pages import MOST_EARLIER, AskForm, ask_page, ask_result
from service.http.web.narrowing import Narrowing, chosen_titles, facet_options
from service.http.web.viewer import say
from service.routing.dependencies import AccessOf, DeskOf, EngineOf, LibraryOf, needs
from service.values.answer import Answer
from service.values.request import Request as Asked
from service.wire.problems import problem_of_error
from service.workload.answer_stream import parts_of_answer
from service.workload.bounded_queue import BoundedQueue

router = APIRouter(
    include_in_schema=False, default_response_class=HTMLResponse, dependencies=[needs("read")]
)

EXAMPLES = 3
TITLES_READ = 3  # named while an answer is made


@router.get("/", response_model=None)
async def home(
    request: Request,
    engine: EngineOf,
    access: AccessOf,
    desk: DeskOf,
    library: LibraryOf,
    q: Annotated[str, Query(description="The question.")] = "",
    follow: Annotated[str, Query(description="A follow-up to it.")] = "",
    after: Annotated[list[str] | None, Query(description="The questions before.")] = None,
    said: Annotated[str, Query(description="How a follow-up was typed.")] = "",
    as_of: Annotated[str, Query(description="Answer as then.")] = "",
    accept: Annotated[str, Header()] = "",
) -> Response:
    """Show the form, and the answer to `q`; or lead to the page of a follow-up."""
    earlier = [each.strip() for each in after or () if each.strip()][-MOST_EARLIER:]
    narrowing = Narrowing.of(request.query_params)
    typed = AskForm(q.strip(), narrowing, as_of.strip(), earlier, said.strip())
    if follow.strip():
        address = await to_thread.run_sync(followed, engine, typed, follow.strip())
        return RedirectResponse(address, 303)

    def filled() -> AskForm:
        documents = library.of(engine.store, engine.snapshot_id)
        seen = [each for each in documents if access.sees(each.document.collection)]
        basis = engine.confidence_basis if typed.question else None
        return replace(form_of(seen, typed), basis=basis)

    form = await to_thread.run_sync(filled)
    if not form.question:
        return ask_page(form)
    asked = access.limited(form.request)
    if "text/event-stream" in accept:
        stream = events(engine, desk, form, asked)
        return EventSourceResponse(stream, headers={"Cache-Control": "no-store"})
    try:
        answer = await desk.run(engine.ask, form.question, asked)
        return ask_page(form, answer=answer)
    except CitewellError as error:
        return ask_page(form, problem=problem_of_error(error, instance=request.url.path))


async def events(
    engine: Engine, desk: BoundedQueue, form: AskForm, asked: Asked
) -> AsyncIterator[ServerSentEvent]:
    """Yield what is being read, each proved statement, and the result as HTML, which is the last.

    `reading` and `statement` are text for people, `result` is markup of this server.
    """
    async for part in parts_of_answer(engine, desk, form.question, asked):
        if isinstance(part, CitewellError):
            problem = problem_of_error(part, instance="/")
            yield ServerSentEvent(ask_result(form, problem=problem), event="result")
        elif isinstance(part, Answer):
            yield ServerSentEvent(ask_result(form, answer=part), event="result")
        elif isinstance(part, tuple):
            titles = list(dict.fromkeys(passage.title for passage in part))[:TITLES_READ]
            if titles:
                shown = "; ".join(title[:100] for title in titles)
                yield ServerSentEvent(say("ask.reading_in", titles=shown), event="reading")
        else:
            yield ServerSentEvent(part.text, event="statement")


def followed(engine: Engine, form: AskForm, follow: str) -> str:
    """Return the address of a follow-up, spelled out by the questions before it."""
    before = [*form.earlier, *([form.question] if form.question else [])]
    understood = engine.spelled_out([Turn("user", each) for each in [*before, follow]])
    said = "" if understood == follow else follow
    return form.address_of(understood, before, said)


def form_of(seen: Sequence[LibraryDocument], form: AskForm) -> AskForm:
    """Return the form with what there is to choose from."""
    longest = sorted(seen, key=lambda each: (-each.document.pages, each.document.doc_id))
    options = facet_options(seen)
    return replace(
        form,
        options=options,
        titles=chosen_titles(seen, form.narrowing),
        examples=[each.document.title for each in longest[:EXAMPLES]],
        collections=options["collection"],
        is_empty=not seen,
    )
