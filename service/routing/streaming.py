"""Server-sent events: how a stream of them is described, and sent."""

import json
from collections.abc import Iterable

from sse_starlette import EventSourceResponse, ServerSentEvent


def stream_of(events: Iterable[dict[str, object]]) -> EventSourceResponse:
    """Return a stream of the events, each named by its `type`."""
    return EventSourceResponse(
        ServerSentEvent(json.dumps(each, ensure_ascii=False), event=str(each["type"]))
        for each in events
    )


def event_stream(*names: str) -> dict[str, object]:
    """Return how OpenAPI describes a stream of server-sent events with these names."""
    event = {"type": "string", "enum": list(names)}
    data = {"type": "string", "description": "JSON"}
    schema = {
        "type": "object",
        "properties": {"event": event, "data": data},
        "required": ["event", "data"],
    }
    return {"text/event-stream": {"schema": schema}}
