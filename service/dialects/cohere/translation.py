"""The core answer as Cohere's chat, version 2: a text and its citations; passages as documents.

*Source:* https://docs.cohere.com/docs/retrieval-augmented-generation-rag for both shapes.
"""

from collections.abc import Iterator
from dataclasses import asdict

from service.rendering.answer_text import AnswerText, Marked, passage_url, place
from service.values.answer import Answer, Passage, Search

Json = dict[str, object]

_USAGE: Json = {
    "billed_units": {"input_tokens": 0, "output_tokens": 0},
    "tokens": {"input_tokens": 0, "output_tokens": 0},
}


def documents(found: Search | Answer, base_url: str) -> list[Json]:
    """Return a document a passage, to be given to Cohere's chat as `documents`."""
    return [{"id": each.passage_id, "data": _data(each, base_url)} for each in found.passages]


def chat(answer: Answer, text: AnswerText) -> Json:
    """Return the whole chat response."""
    message = {
        "role": "assistant",
        "content": [{"type": "text", "text": text.text}],
        "citations": [_citation(mark, text) for mark in text.marks],
    }
    head: Json = {"id": answer.receipt.answer_id, "finish_reason": "COMPLETE"}
    return head | {"message": message, "usage": _USAGE, "citewell": {"answer": asdict(answer)}}


def chat_events(answer: Answer, text: AnswerText) -> Iterator[Json]:
    """Yield the events of a streamed response: the text in pieces, each with its citations."""
    begun: Json = {"role": "assistant", "content": [], "tool_plan": "", "citations": []}
    yield {
        "type": "message-start",
        "id": answer.receipt.answer_id,
        "delta": {"message": begun},
    }
    yield _content("content-start", {"type": "text", "text": ""})
    at = number = 0
    for end in [*sorted({mark.end for mark in text.marks}), len(text.text)]:
        if text.text[at:end]:
            yield _content("content-delta", {"text": text.text[at:end]})
        for mark in [mark for mark in text.marks if at < mark.end <= end]:
            said: Json = {"message": {"citations": _citation(mark, text)}}
            yield {"type": "citation-start", "index": number, "delta": said}
            yield {"type": "citation-end", "index": number}
            number += 1
        at = end
    yield {"type": "content-end", "index": 0}
    yield {"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": _USAGE}}


def _content(kind: str, content: Json) -> Json:
    return {"type": kind, "index": 0, "delta": {"message": {"content": content}}}


def _citation(mark: Marked, text: AnswerText) -> Json:
    cited = mark.citation
    document: Json = {
        "id": cited.passage_id,
        "title": cited.title,
        "snippet": cited.quote,
        "page": place(cited.spans),
        "url": cited.url,
    }
    source = {"type": "document", "id": cited.passage_id, "document": document}
    return {
        "start": mark.start,
        "end": mark.end,
        "text": text.text[mark.start : mark.end],
        "sources": [source],
        "content_index": 0,
        "type": "TEXT_CONTENT",
    }


def _data(passage: Passage, base_url: str) -> Json:
    flags: Json = {"flags": ",".join(passage.flags)} if passage.flags else {}
    return {
        "title": passage.title,
        "snippet": passage.text,
        "page": place(passage.spans),
        "url": passage_url(base_url, passage),
    } | flags
