"""What OpenAI's clients ask: chat completions, responses, models, embeddings, vector stores."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi import Request as HttpRequest
from sse_starlette import EventSourceResponse, ServerSentEvent

from corpus.errors import InputError, NotFoundError
from corpus.ids import DocId
from service.access.access import Access, SeenStore
from service.dialects.chat.models import no_model
from service.dialects.chat.options import ModelOptions
from service.dialects.chat.turns import turns_of
from service.dialects.dialect import Dialect
from service.dialects.openai import translation as dialect
from service.dialects.openai.errors import openai_error
from service.dialects.openai.events import response_events
from service.dialects.openai.filters import conditions
from service.dialects.openai.wire import (
    ChatBody,
    EmbeddingsBody,
    Message,
    ResponsesBody,
    VectorSearchBody,
)
from service.engine.engine import Engine
from service.rendering.answer_text import answer_text
from service.routing.dependencies import AccessOf, ChecksFirst, DeskOf, EngineOf, StoreOf, needs
from service.routing.streaming import stream_of
from service.values.request import Request
from service.workload.embedding_texts import AbandonedError, TextEmbedder

ERROR: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "What went wrong, in OpenAI's shape.",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["error"],
                    "properties": {
                        "error": {
                            "type": "object",
                            "required": ["message", "type", "param", "code"],
                        }
                    },
                }
            }
        },
    }
}
STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer; or, with `stream`, its pieces as server-sent events."}
}


async def texts_of(request: HttpRequest) -> TextEmbedder:
    """Return what embeds the texts of clients, and counts their tokens."""
    texts: TextEmbedder = request.app.state.text_embedder
    return texts


TextsOf = Annotated[TextEmbedder, Depends(texts_of)]
router = APIRouter(
    route_class=ChecksFirst,
    prefix="/v1",
    tags=["openai"],
    dependencies=[needs("read")],
    responses=ERROR,
)

NOBODY = ""  # the budget of all requests without a key
CollectionOf = Annotated[
    str, Path(max_length=200, description="A collection.", examples=["default"])
]


@router.post("/chat/completions", summary="Complete a chat (OpenAI)", responses=STREAM)
async def chat_completions(
    body: ChatBody, engine: EngineOf, access: AccessOf, desk: DeskOf, texts: TextsOf
) -> Any:
    """Answer the last question of a conversation; its citations are in `annotations`.

    A follow-up ("Who chairs it?") is spelled out from the turns before it, without a model, and
    the text then begins with the question as it was taken.
    """
    spoken = await _spoken(body, body.messages, engine, access, desk, texts)
    if not body.stream:
        return dialect.chat_completion(spoken)
    usage = bool(body.stream_options and body.stream_options.include_usage)
    return EventSourceResponse(_events(dialect.chat_chunks(spoken, usage=usage)))


@router.post("/responses", summary="Respond (OpenAI)", responses=STREAM)
async def responses(
    body: ResponsesBody, engine: EngineOf, access: AccessOf, desk: DeskOf, texts: TextsOf
) -> Any:
    """Answer the last question; its citations are `file_citation` and `url_citation`."""
    spoken = await _spoken(body, body.messages(), engine, access, desk, texts)
    results = "file_search_call.results" in (body.include or [])
    if not body.stream:
        return dialect.response(spoken, results=results)
    return stream_of(response_events(spoken, results=results))


@router.get("/models", summary="List models (OpenAI)")
def models(engine: EngineOf, store: StoreOf) -> Any:
    """List what may be asked for as `model`: everything, one collection, or the embedder."""
    return dialect.models(store.collections(), engine.embedder.name)


@router.get("/models/{model_id:path}", summary="Show a model (OpenAI)")
def model(model_id: str, engine: EngineOf, store: StoreOf) -> Any:
    """Return one model."""
    known = [f"{dialect.MODEL}/{collection}" for collection in store.collections()]
    if model_id not in (dialect.MODEL, engine.embedder.name, *known):
        raise no_model(model_id)
    return dialect.model(model_id)


@router.post("/embeddings", summary="Embed texts (OpenAI)")
async def embeddings(
    body: EmbeddingsBody,
    request: HttpRequest,
    engine: EngineOf,
    access: AccessOf,
    texts: TextsOf,
) -> Any:
    """Return unit vectors of texts, by the embedder of the collection, as documents have them."""
    embedder = engine.embedder
    if body.model not in (embedder.name, dialect.MODEL):
        raise no_model(body.model)
    if body.dimensions not in (None, embedder.dimensions):
        raise InputError(
            f"dimensions: found {body.dimensions}; {embedder.name} has {embedder.dimensions}."
        )
    if not all(text.strip() for text in body.texts):
        raise InputError("input: found an empty text; expected words.")
    try:
        found = await texts.embed(body.texts, access.key_id or NOBODY, request)
    except AbandonedError:
        return Response(status_code=499)  # nobody is there to read it
    as_base64 = body.encoding_format == "base64"
    return dialect.embeddings(
        found.vectors, embedder.name, tokens=found.tokens, as_base64=as_base64
    )


@router.get("/vector_stores", summary="List vector stores (OpenAI)")
def vector_stores(
    store: StoreOf,
    after: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Any:
    """List the collections as vector stores, by name."""
    return dialect.vector_stores(_documents_counted(store), after=after, limit=limit)


@router.get("/vector_stores/{collection}", summary="Show a vector store (OpenAI)")
def vector_store(collection: CollectionOf, store: StoreOf) -> Any:
    """Return one collection as a vector store."""
    if collection not in (counted := _documents_counted(store)):
        raise NotFoundError(f"there is no vector store {collection!r}")
    return dialect.vector_store(collection, counted[collection])


@router.post("/vector_stores/{collection}/search", summary="Search a vector store (OpenAI)")
async def vector_store_search(
    collection: CollectionOf,
    body: VectorSearchBody,
    engine: EngineOf,
    store: StoreOf,
    access: AccessOf,
    desk: DeskOf,
) -> Any:
    """Search one collection; filters are on the documents' fields and metadata."""
    ranking = body.ranking_options
    request = Request(
        passages=body.max_num_results,
        filters=conditions(body.filters),
        rerank=not (ranking and ranking.ranker == "none"),
        collections=(collection,),
    )
    if collection not in store.collections():
        raise NotFoundError(f"there is no vector store {collection!r}")
    found = await desk.run(engine.search, body.text, access.limited(request))
    documents = {p.doc_id: store.document(DocId(p.doc_id)) for p in found.passages}
    threshold = (ranking.score_threshold if ranking else None) or 0.0
    base_url = engine.settings.base_url
    return dialect.vector_store_results(found, documents, base_url, threshold=threshold)


async def _spoken(
    body: ModelOptions,
    messages: list[Message],
    engine: Engine,
    access: Access,
    desk: DeskOf,
    texts: TextEmbedder,
) -> dialect.Completion:
    """Return the answer to the last question of a conversation, from the model's collection."""
    turns = turns_of(messages)
    question = engine.spelled_out(turns)
    taken_as = question if question != " ".join(turns[-1].text.split()) else None
    answer = await desk.run(engine.ask, question, access.limited(body.request()))
    text = answer_text(answer, engine.settings.base_url, taken_as=taken_as)
    sent = await anyio.to_thread.run_sync(texts.count, [message.text for message in messages])
    returned = await anyio.to_thread.run_sync(texts.count, [text.text])
    return dialect.Completion(answer, text, body.model, taken_as, dialect.Usage(sent, returned))


def _documents_counted(store: SeenStore) -> Counter[str]:
    return Counter(document.collection for document in store.documents())


async def _events(chunks: Any) -> AsyncIterator[ServerSentEvent]:
    for chunk in chunks:
        yield ServerSentEvent(json.dumps(chunk, ensure_ascii=False))
    yield ServerSentEvent("[DONE]")


OPENAI = Dialect(
    "openai", "The same answers, as OpenAI's clients ask for them.", router, openai_error
)
