"""The core answer as OpenAI's chat completions, responses, models and vector store searches."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from corpus.document import Document
from index.values.ports import FloatMatrix
from service.citations.citing import public_metadata
from service.dialects.chat.models import MODEL as MODEL
from service.rendering.answer_text import AnswerText, Marked, file_name_of, passage_url
from service.rendering.scores import scores
from service.values.answer import Answer, Passage, Search

Json = dict[str, object]

OWNER = "citewell"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of what was sent and of the text that came back, by the embedder's tokenizer."""

    sent: int
    returned: int

    def of_chat(self) -> Json:
        """Return the usage of a chat completion."""
        total = self.sent + self.returned
        return {
            "prompt_tokens": self.sent,
            "completion_tokens": self.returned,
            "total_tokens": total,
        }

    def of_response(self) -> Json:
        """Return the usage of a response."""
        return {
            "input_tokens": self.sent,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": self.returned,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": self.sent + self.returned,
        }


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer, its text, the model that was asked for, and the question as it was taken."""

    answer: Answer
    text: AnswerText
    model: str
    taken_as: str | None
    usage: Usage

    @property
    def created(self) -> int:
        """When it was made, in seconds since 1970."""
        return int(datetime.fromisoformat(self.answer.receipt.created_at).timestamp())

    @property
    def extension(self) -> Json:
        """What our own clients may want beside: the question as it was taken, and the Answer."""
        return {"question": self.answer.question, "rewritten": self.taken_as is not None} | {
            "answer": asdict(self.answer)
        }


def chat_completion(spoken: Completion) -> Json:
    """Return the whole completion."""
    message = {
        "role": "assistant",
        "content": spoken.text.text,
        "refusal": None,
        "annotations": url_citations(spoken.text.marks),
    }
    return _chat_head(spoken, "chat.completion") | {
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": spoken.usage.of_chat(),
        "citewell": spoken.extension,
    }


def chat_chunks(spoken: Completion, *, usage: bool) -> Iterator[Json]:
    """Yield the pieces of a streamed completion: the role, the text, the annotations, the end."""
    head = _chat_head(spoken, "chat.completion.chunk")

    def chunk(delta: Json, finish: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return head | {"choices": [choice]} | ({"usage": None} if usage else {})

    yield chunk({"role": "assistant", "content": ""})
    for piece in pieces(spoken.text):
        yield chunk({"content": piece})
    yield chunk({"annotations": url_citations(spoken.text.marks)})
    yield chunk({}, "stop") | {"citewell": spoken.extension}
    if usage:
        yield head | {"choices": [], "usage": spoken.usage.of_chat()}


def pieces(text: AnswerText) -> Iterator[str]:
    """Yield the text in pieces that end where a statement ends; joined they are the text."""
    at = 0
    for end in sorted({mark.end for mark in text.marks}):
        yield text.text[at:end]
        at = end
    if at < len(text.text):
        yield text.text[at:]


def url_citations(marks: Sequence[Marked]) -> list[Json]:
    """Return annotations that open the page with the quote marked."""
    return [{"type": "url_citation", "url_citation": _url_citation(mark)} for mark in marks]


def response(spoken: Completion, *, results: bool) -> Json:
    """Return the answer as a response: the search that was made, then the message."""
    annotations = [
        annotation for mark in spoken.text.marks for annotation in _response_annotations(mark)
    ]
    text = {"type": "output_text", "text": spoken.text.text, "annotations": annotations}
    message = {
        "id": f"msg_{spoken.answer.receipt.answer_id}",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [text | {"logprobs": []}],
    }
    return {
        "id": f"resp_{spoken.answer.receipt.answer_id}",
        "object": "response",
        "created_at": spoken.created,
        "status": "completed",
        "model": spoken.model,
        "output": [_file_search_call(spoken, results=results), message],
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "parallel_tool_calls": False,
        "temperature": None,
        "tool_choice": "auto",
        "tools": [],
        "top_p": None,
        "usage": spoken.usage.of_response(),
        "citewell": spoken.extension,
    }


def models(collections: Sequence[str], embedder: str) -> Json:
    """Return the models that may be asked: everything, one collection each, and the embedder."""
    names = [MODEL, *(f"{MODEL}/{collection}" for collection in collections), embedder]
    return {"object": "list", "data": [model(name) for name in names]}


def model(name: str) -> Json:
    """Return one model."""
    return {"id": name, "object": "model", "created": 0, "owned_by": OWNER}


def embeddings(vectors: FloatMatrix, name: str, *, tokens: int, as_base64: bool) -> Json:
    """Return (n, d) vectors as OpenAI does; base64 is of little-endian float32."""
    data = [
        {
            "object": "embedding",
            "index": index,
            "embedding": base64.b64encode(row.astype("<f4").tobytes()).decode()
            if as_base64
            else [float(value) for value in row],
        }
        for index, row in enumerate(vectors)
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": data, "model": name, "usage": usage}


def vector_stores(collections: Mapping[str, int], *, after: str | None, limit: int) -> Json:
    """Return a page of collections, by name, as vector stores; `after` is the last one seen."""
    names = [name for name in sorted(collections) if after is None or name > after]
    data = [vector_store(name, collections[name]) for name in names[:limit]]
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": len(names) > limit,
    }


def vector_store(collection: str, documents: int) -> Json:
    """Return a collection as a vector store. Its size is not counted in bytes."""
    counts = {"in_progress": 0, "completed": documents, "failed": 0, "cancelled": 0}
    return {
        "id": collection,
        "object": "vector_store",
        "created_at": 0,
        "name": collection,
        "usage_bytes": 0,
        "file_counts": counts | {"total": documents},
        "status": "completed",
        "last_active_at": None,
        "metadata": {},
    }


def vector_store_results(
    found: Search, documents: Mapping[str, Document], base_url: str, *, threshold: float
) -> Json:
    """Return a page of search results, best first, whose scores reach the threshold."""
    data = [
        {
            "file_id": passage.doc_id,
            "filename": file_name_of(documents[passage.doc_id].source),
            "score": score,
            "attributes": attributes(passage, documents[passage.doc_id], base_url),
            "content": [{"type": "text", "text": passage.text}],
        }
        for passage, score in zip(found.passages, scores(found.passages), strict=True)
        if score >= threshold
    ]
    return {
        "object": "vector_store.search_results.page",
        "search_query": [found.query],
        "data": data,
        "has_more": False,
        "next_page": None,
    }


def attributes(passage: Passage, document: Document, base_url: str) -> Json:
    """Return at most 16 attributes of a passage: where it stands, then the document's metadata."""
    first = passage.spans[0]
    place: Json = {
        "title": passage.title,
        "collection": document.collection,
        "page": first.page,
        "page_label": first.label,
        "url": passage_url(base_url, passage),
        "passage_id": passage.passage_id,
    }
    if passage.flags:
        place["flags"] = ",".join(passage.flags)
    rest = {k[:64]: v for k, v in public_metadata(document).items() if k not in place}
    return {
        name: value[:512] if isinstance(value, str) else value
        for name, value in [*place.items(), *rest.items()][:16]
    }


def _chat_head(spoken: Completion, kind: str) -> Json:
    return {
        "id": f"chatcmpl-{spoken.answer.receipt.answer_id}",
        "object": kind,
        "created": spoken.created,
        "model": spoken.model,
        "system_fingerprint": spoken.answer.receipt.snapshot,
    }


def _url_citation(mark: Marked) -> Json:
    citation = mark.citation
    where = {"start_index": mark.start, "end_index": mark.end}
    return where | {"title": citation.title, "url": citation.url}


def _response_annotations(mark: Marked) -> list[Json]:
    name = file_name_of(mark.citation.source)
    file: Json = {"type": "file_citation", "file_id": mark.citation.doc_id, "filename": name}
    return [file | {"index": mark.end}, {"type": "url_citation"} | _url_citation(mark)]


def _file_search_call(spoken: Completion, *, results: bool) -> Json:
    answer = spoken.answer
    found = [
        {
            "file_id": passage.doc_id,
            "filename": passage.title,
            "score": score,
            "text": passage.text,
            "attributes": {"passage_id": passage.passage_id, "page": passage.spans[0].page},
        }
        for passage, score in zip(answer.passages, scores(answer.passages), strict=True)
    ]
    return {
        "id": f"fs_{answer.receipt.answer_id}",
        "type": "file_search_call",
        "status": "completed",
        "queries": [answer.question],
        "results": found if results else None,
    }
