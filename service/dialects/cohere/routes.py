"""What Cohere's clients ask (version 2), and the documents that its chat takes."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from corpus.errors import InputError
from service.dialects.chat.options import ModelOptions
from service.dialects.chat.turns import ChatMessage, turns_of
from service.dialects.cohere import translation as dialect
from service.dialects.cohere.errors import cohere_error
from service.dialects.dialect import Dialect
from service.rendering.answer_text import answer_text
from service.routing.dependencies import AccessOf, ChecksFirst, DeskOf, EngineOf, needs
from service.routing.streaming import stream_of
from service.wire.wire import SearchBody

ERROR: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "What went wrong, in Cohere's shape.",
        "content": {"application/json": {"schema": {"type": "object", "required": ["message"]}}},
    }
}
router = APIRouter(
    route_class=ChecksFirst,
    prefix="/v2/chat",
    tags=["cohere"],
    dependencies=[needs("read")],
    responses=ERROR,
)


class ChatTurn(ChatMessage):
    """One message; only its texts are read."""

    role: Literal["user", "assistant", "system", "tool"]


class ChatV2Body(ModelOptions):
    """A conversation whose last question is asked. What has no meaning here is ignored."""

    model_config = ConfigDict(extra="ignore")
    messages: Annotated[list[ChatTurn], Field(min_length=1, max_length=1000)]
    documents: Annotated[Sequence[Any], Field(max_length=1000)] = ()
    stream: bool = False


@router.post("", summary="Chat (Cohere)")
async def chat(body: ChatV2Body, engine: EngineOf, access: AccessOf, desk: DeskOf) -> Any:
    """Answer the last question; its citations lead to passages, as Cohere's lead to documents."""
    if body.documents:
        raise InputError(
            f"documents: found {len(body.documents)}; answers come from the collection. "
            "Leave them out, or upload them."
        )
    request = access.limited(body.request())
    answer = await desk.run(engine.ask, engine.spelled_out(turns_of(body.messages)), request)
    text = answer_text(answer, engine.settings.base_url)
    if not body.stream:
        return dialect.chat(answer, text)
    return stream_of(dialect.chat_events(answer, text))


@router.post("/documents", summary="Search, as documents (Cohere)")
async def documents(body: SearchBody, engine: EngineOf, access: AccessOf, desk: DeskOf) -> Any:
    """Return `{"documents": [{"id", "data"}…]}`, to be given to Cohere's chat as they are."""
    found = await desk.run(engine.search, body.query, access.limited(body.request()))
    return {"documents": dialect.documents(found, engine.settings.base_url)}


COHERE = Dialect("cohere", "The same for Cohere's clients, version 2.", router, cohere_error)
