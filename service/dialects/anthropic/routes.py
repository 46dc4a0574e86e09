"""What Anthropic's clients ask, and the blocks that a tool of theirs gives back."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from service.dialects.anthropic import translation as dialect
from service.dialects.anthropic.errors import anthropic_error
from service.dialects.anthropic.events import message_events
from service.dialects.chat.options import ModelOptions
from service.dialects.chat.turns import ChatMessage, turns_of
from service.dialects.dialect import Dialect
from service.routing.dependencies import AccessOf, ChecksFirst, DeskOf, EngineOf, needs
from service.routing.streaming import stream_of
from service.wire.wire import SearchBody

ERROR: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "What went wrong, in Anthropic's shape.",
        "content": {
            "application/json": {
                "schema": {"type": "object", "required": ["type", "error"]},
            }
        },
    }
}
router = APIRouter(
    route_class=ChecksFirst,
    prefix="/v1/messages",
    tags=["anthropic"],
    dependencies=[needs("read")],
    responses=ERROR,
)


class MessageParam(ChatMessage):
    """One message; only its texts are read."""

    role: Literal["user", "assistant"]


class MessagesBody(ModelOptions):
    """A conversation whose last question is asked. What has no meaning here is ignored."""

    model_config = ConfigDict(extra="ignore")
    messages: Annotated[list[MessageParam], Field(min_length=1, max_length=1000)]
    max_tokens: Annotated[int, Field(ge=1)]
    stream: bool = False


@router.post("", summary="Create a message (Anthropic)")
async def messages(body: MessagesBody, engine: EngineOf, access: AccessOf, desk: DeskOf) -> Any:
    """Answer the last question; each text block carries `search_result_location` citations."""
    request = access.limited(body.request())
    answer = await desk.run(engine.ask, engine.spelled_out(turns_of(body.messages)), request)
    base_url = engine.settings.base_url
    if not body.stream:
        return dialect.message(answer, base_url, model=body.model)
    return stream_of(message_events(answer, base_url, model=body.model))


@router.post("/search_results", summary="Search, as search_result blocks (Anthropic)")
async def search_results(body: SearchBody, engine: EngineOf, access: AccessOf, desk: DeskOf) -> Any:
    """Return `{"content": [search_result…]}`, to be put in a `tool_result` as it is."""
    found = await desk.run(engine.search, body.query, access.limited(body.request()))
    return {"content": dialect.search_results(found, engine.settings.base_url)}


ANTHROPIC = Dialect(
    "anthropic", "The same for Anthropic's clients and tools.", router, anthropic_error
)
