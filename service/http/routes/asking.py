"""Questions and searches."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header
from sse_starlette import EventSourceResponse, ServerSentEvent

from corpus.errors import CitewellError
from index.retrieval.explaining import Explanation
from service.engine.engine import Engine
from service.routing.dependencies import AccessOf, ChecksFirst, DeskOf, EngineOf, needs
from service.routing.streaming import event_stream
from service.values.answer import Answer, Search, Statement
from service.values.request import Request
from service.wire.problems import problem_json, problem_of_error
from service.wire.wire import AskBody, ExplainBody, SearchBody, json_of
from service.workload.answer_stream import parts_of_answer
from service.workload.bounded_queue import BoundedQueue

router = APIRouter(
    route_class=ChecksFirst, prefix="/v1", tags=["asking"], dependencies=[needs("read")]
)

STREAM: dict[int | str, dict[str, object]] = {
    200: {
        "description": "An Answer; or, as events, its passages, statements and the whole.",
        "content": event_stream("passages", "statement", "answer", "error"),
    }
}


@router.post("/ask", summary="Answer a question", response_model=Answer, responses=STREAM)
async def ask(
    body: AskBody,
    engine: EngineOf,
    access: AccessOf,
    desk: DeskOf,
    accept: Annotated[str, Header()] = "*/*",
) -> Answer | EventSourceResponse:
    """Answer a question with verbatim quotes, or abstain and say why.

    With `Accept: text/event-stream` or `"stream": true` the answer comes as server-sent events:
    `passages` as soon as they are found, one `statement` each, `answer`; or `error` with a problem.
    """
    request = access.limited(body.request())
    if body.stream or "text/event-stream" in accept.lower():
        engine.check(body.question, request)  # what can be refused has its own status
        desk.check()
        return EventSourceResponse(events(engine, desk, body.question, request))
    return await desk.run(engine.ask, body.question, request)


@router.post("/search", summary="Search passages")
async def search(body: SearchBody, engine: EngineOf, access: AccessOf, desk: DeskOf) -> Search:
    """Return passages, best first, with the parts of their scores."""
    return await desk.run(engine.search, body.query, access.limited(body.request()))


@router.post("/explain", summary="Explain a passage's rank")
async def explain(
    body: ExplainBody, engine: EngineOf, access: AccessOf, desk: DeskOf
) -> Explanation:
    """Return why a passage ranks where it does for a question, or was not found.

    A passage of another collection than the key's is as if it were not there.
    """
    request = access.limited(body.request())
    return await desk.run(engine.explain, body.question, body.passage_id, request)


async def events(
    engine: Engine, desk: BoundedQueue, question: str, request: Request
) -> AsyncIterator[ServerSentEvent]:
    """Yield the events of one question as they come to be; an error is the last one."""
    sent: list[Statement] = []
    async for part in parts_of_answer(engine, desk, question, request):
        if isinstance(part, CitewellError):
            problem = problem_of_error(part, instance=f"{router.prefix}/ask")
            yield ServerSentEvent(problem_json(problem), event="error")
        elif isinstance(part, Answer):
            for statement in part.statements:
                if statement not in sent:
                    yield ServerSentEvent(json_of(statement), event="statement")
            yield ServerSentEvent(json_of(part), event="answer")
        elif isinstance(part, Statement):
            sent.append(part)
            yield ServerSentEvent(json_of(part), event="statement")
        else:
            yield ServerSentEvent(json_of(part), event="passages")
