"""A message of Anthropic's as the events of its stream, in the order in which they are sent."""

from collections.abc import Iterator
from typing import Any

from service.dialects.anthropic.translation import Json, message
from service.values.answer import Answer


def message_events(answer: Answer, base_url: str, *, model: str) -> Iterator[Json]:
    """Yield the events; what they say, put together, is `message`.

    A block a statement: its text, then its citations.
    """
    whole: dict[str, Any] = message(answer, base_url, model=model)
    begun = whole | {"content": [], "stop_reason": None}
    yield {"type": "message_start", "message": begun}
    for index, block in enumerate(whole["content"]):
        place: Json = {"index": index}
        empty = block | {"text": "", "citations": None if block["citations"] is None else []}
        yield {"type": "content_block_start"} | place | {"content_block": empty}
        for delta in _deltas(block):
            yield {"type": "content_block_delta"} | place | {"delta": delta}
        yield {"type": "content_block_stop"} | place
    ended = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": ended, "usage": {"output_tokens": 0}}
    yield {"type": "message_stop"}


def _deltas(block: dict[str, Any]) -> Iterator[Json]:
    yield {"type": "text_delta", "text": block["text"]}
    for citation in block["citations"] or []:
        yield {"type": "citations_delta", "citation": citation}
