"""Server-sent events that are named by their type."""

import json
from collections.abc import Iterable

from sse_starlette import EventSourceResponse, ServerSentEvent


def stream_of(events: Iterable[dict[str, object]]) -> EventSourceResponse:
    """Return a stream of the events, each named by its `type`."""
    return EventSourceResponse(
        ServerSentEvent(json.dumps(each, ensure_ascii=False), event=str(each["type"]))
        for each in events
    )
