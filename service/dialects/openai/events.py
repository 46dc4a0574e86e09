"""A response of OpenAI's as the events of its stream, in the order in which they are sent."""

from collections.abc import Iterator
from typing import Any

from service.dialects.openai.translation import Completion, Json, pieces, response

_Event = tuple[str, Json]


def response_events(spoken: Completion, *, results: bool) -> Iterator[Json]:
    """Yield the events; what they say, put together, is `response`.

    The response is created, each item of its output is added and done, and it is completed. The
    text comes in pieces that end where a statement ends, then its annotations.
    """
    whole: dict[str, Any] = response(spoken, results=results)
    begun = whole | {"status": "in_progress", "output": []}
    for number, (kind, said) in enumerate(_events(whole, begun, spoken)):
        yield {"type": kind, "sequence_number": number} | said


def _events(whole: dict[str, Any], begun: Json, spoken: Completion) -> Iterator[_Event]:
    yield "response.created", {"response": begun}
    yield "response.in_progress", {"response": begun}
    search, message = whole["output"]
    yield from _item(search, 0, _searching(search), {"status": "in_progress", "results": None})
    said = _saying(message, spoken)
    yield from _item(message, 1, said, {"status": "in_progress", "content": []})
    yield "response.completed", {"response": whole}


def _item(
    item: dict[str, Any], index: int, between: Iterator[_Event], begun: Json
) -> Iterator[_Event]:
    place: Json = {"output_index": index}
    yield "response.output_item.added", place | {"item": item | begun}
    yield from between
    yield "response.output_item.done", place | {"item": item}


def _searching(item: dict[str, Any]) -> Iterator[_Event]:
    for step in ("in_progress", "searching", "completed"):
        said: Json = {"item_id": item["id"], "output_index": 0}
        yield f"response.file_search_call.{step}", said


def _saying(item: dict[str, Any], spoken: Completion) -> Iterator[_Event]:
    place: Json = {"item_id": item["id"], "output_index": 1, "content_index": 0}
    [part] = item["content"]
    yield (
        "response.content_part.added",
        place | {"part": part | {"text": "", "annotations": []}},
    )
    for piece in pieces(spoken.text):
        yield "response.output_text.delta", place | {"delta": piece, "logprobs": []}
    for index, annotation in enumerate(part["annotations"]):
        said: Json = {"annotation_index": index, "annotation": annotation}
        yield "response.output_text.annotation.added", place | said
    yield "response.output_text.done", place | {"text": part["text"], "logprobs": []}
    yield "response.content_part.done", place | {"part": part}
