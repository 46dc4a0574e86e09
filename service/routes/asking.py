"""Questions, searches, and checking an answer again."""

import json
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Body, Header
from sse_starlette import EventSourceResponse, ServerSentEvent

from corpus.errors import CitewellError, InputError
from service.answer import Answer, Search, VerificationReport
from service.engine import Engine
from service.problems import problem_json, problem_of_error
from service.routes.dependencies import EngineOf
from service.wire import AskBody, SearchBody, encodable, event_stream, json_of

router = APIRouter(prefix="/v1", tags=["asking"])

STREAM: dict[int | str, dict[str, object]] = {
    200: {
        "description": "An Answer; or, as events, its passages, statements and the whole.",
        "content": event_stream("passages", "statement", "answer", "error"),
    }
}


@router.post("/ask", summary="Answer a question", response_model=Answer, responses=STREAM)
def ask(
    body: AskBody, engine: EngineOf, accept: Annotated[str, Header()] = "*/*"
) -> Answer | EventSourceResponse:
    """Answer a question with verbatim quotes, or abstain and say why.

    With `Accept: text/event-stream` or `"stream": true` the answer comes as server-sent events:
    `passages`, one `statement` each, `answer`; or `error` with a problem.
    """
    if body.stream or "text/event-stream" in accept.lower():
        engine.check(body.question, body.request())  # what can be refused has its own status
        return EventSourceResponse(events(engine, body))
    return engine.ask(body.question, body.request())


@router.post("/search", summary="Search passages")
def search(body: SearchBody, engine: EngineOf) -> Search:
    """Return passages, best first, with the parts of their scores."""
    return engine.search(body.query, body.request())


@router.post("/verify", summary="Check a saved answer again")
def verify(
    answer: Annotated[dict[str, object], Body(description="A saved Answer.")], engine: EngineOf
) -> VerificationReport:
    """Check the citations of a saved answer: each is `ok`, `moved`, `altered` or `gone`."""
    try:
        encodable(json.dumps(answer, ensure_ascii=False))
    except ValueError as error:
        raise InputError(f"Not a saved Answer: {error}.") from error
    return engine.verify(answer)


def events(engine: Engine, body: AskBody) -> Iterator[ServerSentEvent]:
    """Yield the events of one question; an error is the last one."""
    try:
        answer = engine.ask(body.question, body.request())
    except CitewellError as error:
        problem = problem_of_error(error, instance=f"{router.prefix}/ask")
        yield ServerSentEvent(problem_json(problem), event="error")
        return
    yield ServerSentEvent(json_of(answer.passages), event="passages")
    for statement in answer.statements:
        yield ServerSentEvent(json_of(statement), event="statement")
    yield ServerSentEvent(json_of(answer), event="answer")
