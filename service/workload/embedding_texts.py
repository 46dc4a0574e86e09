"""Clients' texts to vectors: within budgets of tokens, and only while somebody waits for them."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from starlette.requests import Request as HttpRequest

from corpus.errors import InputError
from index.values.ports import FloatMatrix
from ingest.chunking.token_counting import TokenizerCounter
from service.engine.engine import Engine
from service.workload.bounded_queue import BoundedQueue
from service.workload.rate import rate_of

# So many texts are embedded between two looks at whether the client is still there: a question that
# comes meanwhile waits for no more than these.
TEXTS_AT_ONCE = 8
# No tokenizer makes a token of much more letters in words; what is longer is not even counted.
CHARACTERS_A_TOKEN = 16


class AbandonedError(Exception):
    """Raised when the client has gone before its texts were embedded."""


@dataclass(frozen=True, slots=True)
class EmbeddedTexts:
    """(n, dimensions) unit vectors in the order of the texts, and the tokens that were read."""

    vectors: FloatMatrix
    tokens: int


class TextEmbedder:
    """Embeds what clients send, one request at a time, so that questions find their places free."""

    def __init__(self, engine: Engine) -> None:
        settings = engine.settings
        self._engine = engine
        self._most = settings.embedding_tokens
        per_minute = settings.key_embedding_tokens_per_minute
        self._rate = rate_of(settings, engine.store, per_minute, of="tokens to embed")
        self._desk = BoundedQueue(
            at_once=1,
            waiting=settings.asking_waiting,
            what="requests for embeddings are being answered",
        )

    async def embed(self, texts: Sequence[str], name: str, request: HttpRequest) -> EmbeddedTexts:
        """Return the vectors of texts for a key's name, if its client waits for them.

        Raises: InputError for a text that is too long, or more tokens than a request may have;
        RateError for more than a key may have in a minute; BusyError; AbandonedError.
        """
        characters = sum(map(len, texts))
        if characters > self._most * CHARACTERS_A_TOKEN:
            raise InputError(self._too_many(f"{characters:,} characters"))
        async with _gone(request) as gone:
            return await self._desk.run(self._embedded, texts, name, gone)

    def count(self, texts: Sequence[str]) -> int:
        """Return how many tokens texts have, by the embedder's tokenizer."""
        return sum(self._counter.count(texts))

    def _embedded(self, texts: Sequence[str], name: str, gone: threading.Event) -> EmbeddedTexts:
        tokens = sum(sum(self._counter.count(part)) for part in _parts(texts, gone))
        if tokens > self._most:
            raise InputError(self._too_many(f"{tokens:,} tokens"))
        self._rate.take(name, tokens)
        rows = [self._engine.embed(part) for part in _parts(texts, gone)]
        return EmbeddedTexts(np.concatenate(rows), tokens)

    @cached_property
    def _counter(self) -> TokenizerCounter:
        return TokenizerCounter(self._engine.embedder.tokenizer.tokenizer_json)

    def _too_many(self, found: str) -> str:
        return (
            f"input: found {found}; expected at most {self._most:,} tokens in a request. Send "
            "fewer texts at a time."
        )


def _parts(texts: Sequence[str], gone: threading.Event) -> Iterator[Sequence[str]]:
    """Yield a few texts at a time, for as long as the client is there. Raises: AbandonedError."""
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        if gone.is_set():
            raise AbandonedError
        yield texts[start : start + TEXTS_AT_ONCE]


@asynccontextmanager
async def _gone(request: HttpRequest) -> AsyncIterator[threading.Event]:
    """Yield what is set once the client has gone; its body has to have been read before."""
    gone = threading.Event()

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        gone.set()

    watching = asyncio.create_task(watch())
    try:
        yield gone
    finally:
        watching.cancel()
        gone.set()
