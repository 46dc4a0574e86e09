"""The core answer as results of MCP tools; `search` and `fetch` as ChatGPT's connectors read them.

*Source:* https://developers.openai.com/api/docs/mcp for the two shapes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from urllib.parse import quote

from corpus.chunk import Chunk
from corpus.document import Document, Page
from corpus.source_name import source_name
from service.citations.citing import page_url, public_metadata
from service.rendering.answer_text import NOTE, answer_text, passage_url, place
from service.rendering.explanations import as_of_date
from service.values.answer import Answer, Search
from service.values.find import Find
from service.values.instruction_like import Flag, flags_of

Json = dict[str, object]

URI = "citewell://documents/"
INSTRUCTIONS = (
    "Answers from a collection of reports, each sentence a verbatim quote with its page. Use `ask` "
    "for a question, `search` and `fetch` to read for yourself, `find` "
    "for every mention of a name. Give the url of what you use. "
) + NOTE

_TEXT: Json = {"type": "string"}
_RESULT: Json = {
    "type": "object",
    "properties": {"id": _TEXT, "title": _TEXT, "url": _TEXT},
    "required": ["id", "title", "url"],
}
SEARCH_OUTPUT: Json = {
    "type": "object",
    "properties": {"results": {"type": "array", "items": _RESULT}},
    "required": ["results"],
}
FETCH_OUTPUT: Json = {
    "type": "object",
    "properties": {
        "id": _TEXT,
        "title": _TEXT,
        "text": _TEXT,
        "url": _TEXT,
        "metadata": {"type": "object"},
    },
    "required": ["id", "title", "text", "url"],
}
ASK_OUTPUT: Json = {
    "type": "object",
    "properties": {
        "question": _TEXT,
        "status": {"enum": ["answered", "unsure", "abstained"]},
        "reason": {"type": ["string", "null"]},
        "answer": _TEXT,
        "citations": {"type": "array", "items": {"type": "object"}},
        "conflicts": {"type": "array", "items": {"type": "object"}},
        "absent_names": {"type": "array", "items": _TEXT},
        "unanswered_parts": {"type": "array", "items": _TEXT},
        "as_of": {"type": ["string", "null"]},
        "receipt": {"type": "object"},
    },
    "required": ["question", "status", "answer", "citations"],
}


FIND_OUTPUT: Json = {
    "type": "object",
    "properties": {
        "terms": {"type": "array", "items": _TEXT},
        "documents": {"type": "array", "items": {"type": "object"}},
        "mentions": {"type": "array", "items": {"type": "object"}},
        "mentions_in_all": {"type": "integer"},
        "coverage": {"type": "object"},
    },
    "required": ["terms", "documents", "mentions", "mentions_in_all", "coverage"],
}
# Beyond this a model reads the counts; a mention that it wants, it finds by a narrower term.
MOST_MENTIONS = 50


def search_result(found: Search, base_url: str) -> Json:
    """Return the passages as ChatGPT's `search`: the id of each is that of its passage."""
    return {
        "results": [
            {
                "id": passage.passage_id,
                "title": f"{passage.title}, {place(passage.spans)}",
                "url": passage_url(base_url, passage),
            }
            for passage in found.passages
        ]
    }


def fetched_passage(
    chunk: Chunk, document: Document, pages: Mapping[int, Page], base_url: str
) -> Json:
    """Return the whole pages that a passage stands on, as ChatGPT's `fetch`."""
    numbers = list(dict.fromkeys(span.page for span in chunk.spans))
    labels = [pages[number].label for number in numbers]
    return {
        "id": chunk.chunk_id,
        "title": f"{document.title}, page {', '.join(map(str, numbers))}",
        "text": "\n\n".join(pages[number].text for number in numbers),
        "url": page_url(base_url, document.doc_id, chunk.spans),
        "metadata": _metadata(document, flags_of(chunk.text))
        | {"passage": chunk.text, "pages": ", ".join(map(str, numbers))}
        | {"labels": ", ".join(labels)},
    }


def fetched_document(document: Document, pages: Mapping[int, Page], base_url: str) -> Json:
    """Return a whole document, as ChatGPT's `fetch`."""
    return {
        "id": document.doc_id,
        "title": document.title,
        "text": document_text(pages),
        "url": f"{base_url.rstrip('/')}/documents/{quote(document.doc_id)}/pages/1",
        "metadata": _metadata(document, flags_of(document_text(pages))),
    }


def document_text(pages: Mapping[int, Page]) -> str:
    """Return the text of all pages, a form feed between them."""
    return "\f".join(pages[number].text for number in sorted(pages))


def ask_result(answer: Answer) -> Json:
    """Return the answer with its citations, and those of what other documents say."""
    whole = asdict(answer)
    said = ("question", "understood", "status", "reason", "confidence", "answer", "statements")
    kept = (*said, "citations", "conflicts", "absent_names", "unanswered_parts", "receipt")
    beside: Json = {"as_of": as_of_date(answer), "note": NOTE}
    return {name: whole[name] for name in kept} | beside


def find_result(found: Find) -> Json:
    """Return who mentions each term, how often, and the first mentions with their addresses.

    Documents that mention none are counted in `without`, not listed.
    """
    mentioning = [each for each in found.documents if any(each.counts.values())]
    mentions = [
        {
            "term": each.term,
            "form": each.form,
            "excerpt": each.excerpt,
            "title": each.citation.title,
            "page": place(each.citation.spans),
            "url": each.citation.url,
        }
        for each in found.mentions[:MOST_MENTIONS]
    ]
    return {
        "terms": found.terms,
        "documents": [asdict(each) for each in mentioning],
        "without": len(found.documents) - len(mentioning),
        "mentions": mentions,
        "mentions_in_all": len(found.mentions),
        "coverage": asdict(found.coverage),
        "also_searched": [asdict(each) for each in found.also_searched],
        "ambiguous": [asdict(each) for each in found.ambiguous],
        "note": NOTE,
    }


def ask_text(answer: Answer, base_url: str) -> str:
    """Return the answer to read, its quotes in quotation marks, with the places."""
    return answer_text(answer, base_url).text


def resource(document: Document) -> Json:
    """Return a document as a resource."""
    return {
        "uri": f"{URI}{document.doc_id}",
        "name": document.doc_id,
        "title": document.title,
        "description": f"{document.pages} pages, collection {document.collection}",
        "mimeType": "text/plain",
    }


def templates() -> Sequence[Json]:
    """Return what else may be read: one page."""
    return [
        {
            "uriTemplate": f"{URI}{{doc_id}}/pages/{{number}}",
            "name": "page",
            "title": "One page of a document",
            "mimeType": "text/plain",
        }
    ]


def _metadata(document: Document, flags: tuple[Flag, ...]) -> Json:
    return {
        "doc_id": document.doc_id,
        "source": source_name(document.source),
        "collection": document.collection,
        **public_metadata(document),
        "flags": list(flags),
        "note": NOTE,
    }
