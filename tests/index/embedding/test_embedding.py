"""Chunks to vectors in the cache."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.chunk import Chunk
from corpus.errors import ModelError
from index.embedders.fake import HashEmbedder
from index.embedding.embedding import BATCH_CHUNKS, EmbeddingQueue, embed_missing
from index.embedding.vector_cache import VectorCache
from index.values.ports import FloatMatrix
from tests.index.samples import sample_chunks, sample_document


class CountingEmbedder(HashEmbedder):
    """Remembers how many texts each call embedded."""

    def __init__(self, **settings: int) -> None:
        super().__init__(**settings)
        self.calls: list[int] = []

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        self.calls.append(len(texts))
        return super().embed_documents(texts)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[VectorCache]:
    with VectorCache.open(tmp_path / "vectors.sqlite") as opened:
        yield opened


def chunks_of(count: int, text: str = "text {}") -> list[Chunk]:
    texts = [text.format(number) for number in range(count)]
    return sample_chunks(sample_document("Report"), texts)[1]


def test_all_vectors_are_in_the_cache_afterwards(cache: VectorCache) -> None:
    embedder, chunks = CountingEmbedder(), chunks_of(150)
    told: list[int] = []
    assert embed_missing(chunks, embedder, cache, told.append) == 150
    assert told == [64, 128, 150]
    keys = [chunk.embedded_sha256 for chunk in chunks]
    assert np.array_equal(
        cache.matrix(embedder.fingerprint, keys, embedder.dimensions),
        embedder.embed_documents([chunk.embedded_text for chunk in chunks]),
    )


def test_equal_texts_and_those_in_the_cache_are_not_embedded_again(cache: VectorCache) -> None:
    embedder = CountingEmbedder()
    assert embed_missing(chunks_of(100, "always the same"), embedder, cache) == 1
    assert embed_missing(chunks_of(100, "always the same"), embedder, cache) == 0
    assert embedder.calls == [1]


def test_what_was_embedded_before_a_failure_stays(cache: VectorCache) -> None:
    embedder = CountingEmbedder(window_tokens=20)
    chunks = [*chunks_of(BATCH_CHUNKS), *chunks_of(1, "word " * 30)]
    with pytest.raises(ModelError, match=f"chunk {chunks[-1].chunk_id} of document"):
        embed_missing(chunks, embedder, cache)
    assert embed_missing(chunks[:-1], embedder, cache) == 0


def test_the_queue_embeds_what_is_put(cache: VectorCache) -> None:
    embedder, chunks = CountingEmbedder(), chunks_of(300)
    told: list[tuple[int, int]] = []
    with EmbeddingQueue(
        embedder, cache, lambda done, total: told.append((done, total)), waiting_chunks=10
    ) as waiting:
        for start in range(0, 300, 7):
            waiting.put(chunks[start : start + 7])
    assert (waiting.done, waiting.total) == (300, 300)
    assert told[-1] == (300, 300)
    assert sum(embedder.calls) == 300
    keys = [chunk.embedded_sha256 for chunk in chunks]
    assert cache.missing(embedder.fingerprint, keys) == []


def test_an_error_in_the_background_is_raised_by_close(cache: VectorCache) -> None:
    waiting = EmbeddingQueue(CountingEmbedder(window_tokens=20), cache)
    waiting.put(chunks_of(1, "word " * 30))
    with pytest.raises(ModelError, match="more than the window"):
        waiting.close()


def test_an_error_in_the_background_never_blocks_who_puts(cache: VectorCache) -> None:
    waiting = EmbeddingQueue(CountingEmbedder(window_tokens=20), cache, waiting_chunks=5)
    with pytest.raises(ModelError, match="more than the window"):
        for _ in range(1000):
            waiting.put(chunks_of(1, "word " * 30))
    with pytest.raises(ModelError):
        waiting.close()


def test_an_error_of_the_reader_is_the_one_that_is_seen(cache: VectorCache) -> None:
    embedder = CountingEmbedder()
    with pytest.raises(KeyError), EmbeddingQueue(embedder, cache) as waiting:
        waiting.put(chunks_of(10))
        raise KeyError("the reader failed")
    assert not [thread for thread in threading.enumerate() if thread.name == "citewell-embed"]


def test_a_closed_queue_takes_no_more(cache: VectorCache) -> None:
    waiting = EmbeddingQueue(CountingEmbedder(), cache)
    waiting.close()
    waiting.close()
    with pytest.raises(ValueError, match="closed"):
        waiting.put(chunks_of(1))
