"""Chunks to vectors in the cache: only what is missing, equal texts once, in small commits."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import copy_context
from itertools import islice
from typing import TYPE_CHECKING

from corpus.chunk import Chunk
from corpus.errors import ModelError
from corpus.ids import Sha256
from index.values.ports import Embedder

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from index.embedding.vector_cache import VectorCache

# Chunks embedded and committed together: a second or so of work that a crash may lose.
BATCH_CHUNKS = 64
_WRITERS = 2
OnProgress = Callable[[int, int], None]


def embed_missing(
    chunks: Iterable[Chunk],
    embedder: Embedder,
    cache: "VectorCache",
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """Embed the chunks whose vectors the cache lacks; return how many texts were embedded.

    `on_progress` is told, after each batch, how many chunks are done, embedded or found.

    Raises: ModelError naming chunk and document if a chunk is longer than the window; what was
    embedded before it stays in the cache.
    """
    writer = _CacheWriter(embedder, cache)
    done = embedded = 0
    for batch in _batches(chunks, BATCH_CHUNKS):
        embedded += writer.write(batch)
        done += len(batch)
        if on_progress is not None:
            on_progress(done)
    return embedded


class EmbeddingQueue:
    """Embeds chunks in the background while others are still being read.

    Two threads take what has been put, in batches, so that the embedder has texts to run side by
    side while one batch is looked up or written. Use as a context manager, or call `close`. An
    error in the background is raised by the next `put` or by `close`; the chunks after it are not
    embedded. `afresh` embeds also what the cache holds, so that the time that it takes does not
    tell what others have ingested.
    """

    def __init__(
        self,
        embedder: Embedder,
        cache: "VectorCache",
        on_progress: OnProgress | None = None,
        *,
        waiting_chunks: int = 4096,
        afresh: bool = False,
    ) -> None:
        self._writer = _CacheWriter(embedder, cache, afresh=afresh)
        self._on_progress = on_progress
        self._waiting: queue.Queue[Chunk | None] = queue.Queue(waiting_chunks)
        self._error: BaseException | None = None
        self._done = 0
        self._total = 0
        self._embedded = 0
        self._closed = False
        self._counting = threading.Lock()
        self._threads = [
            threading.Thread(
                target=copy_context().run, args=(self._run,), name="citewell-embed", daemon=True
            )
            for _ in range(_WRITERS)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def done(self) -> int:
        """How many chunks have their vectors in the cache."""
        return self._done

    @property
    def embedded(self) -> int:
        """How many texts were embedded: those whose vectors were not in the cache."""
        return self._embedded

    @property
    def total(self) -> int:
        """How many chunks have been put."""
        return self._total

    def put(self, chunks: Iterable[Chunk]) -> None:
        """Hand over chunks; waits while too many are waiting. Raises what went wrong so far."""
        if self._closed:
            raise ValueError("the queue is closed")
        for chunk in chunks:
            self._raise_error()
            self._waiting.put(chunk)
            self._total += 1

    def close(self) -> None:
        """Wait until all is embedded. Raises what went wrong."""
        if not self._closed:
            self._finish()
        self._raise_error()

    def __enter__(self) -> "EmbeddingQueue":
        return self

    def __exit__(self, error_type: type[BaseException] | None, *_: object) -> None:
        if error_type is None:
            self.close()
            return
        # Something else failed: stop soon, and let that error be the one that is seen.
        self._error = self._error or InterruptedError("the queue was given up")
        self._finish()

    def _finish(self) -> None:
        self._closed = True
        self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while batch := self._next_batch():
            # After an error the queue is still emptied, so that nobody waits for room in it.
            if self._error is None:
                self._embed(batch)

    def _next_batch(self) -> list[Chunk]:
        """Return what waits, up to a batch; nothing when all was taken and the queue is closed."""
        batch: list[Chunk] = []
        while len(batch) < BATCH_CHUNKS:
            try:
                chunk = self._waiting.get(block=not batch)
            except queue.Empty:
                break
            if chunk is None:
                self._waiting.put(None)  # the end is for every thread
                break
            batch.append(chunk)
        return batch

    def _embed(self, batch: Sequence[Chunk]) -> None:
        try:
            embedded = self._writer.write(batch)
            with self._counting:
                self._embedded += embedded
                self._done += len(batch)
                if self._on_progress is not None:
                    self._on_progress(self._done, self._total)
        except BaseException as error:  # noqa: BLE001  carried to the thread that waits for it
            self._error = self._error or error

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error


class _CacheWriter:
    """Embeds batches into the cache, and says which chunk is too long."""

    def __init__(self, embedder: Embedder, cache: "VectorCache", *, afresh: bool = False) -> None:
        self._embedder = embedder
        self._cache = cache
        self._afresh = afresh
        self._counter: Tokenizer | None = None

    def write(self, chunks: Sequence[Chunk]) -> int:
        by_key: dict[Sha256, Chunk] = {chunk.embedded_sha256: chunk for chunk in chunks}
        missing = list(by_key)
        if not self._afresh:
            missing = list(self._cache.missing(self._embedder.fingerprint, missing))
        if not missing:
            return 0
        wanted = [by_key[key] for key in missing]
        try:
            vectors = self._embedder.embed_documents([chunk.embedded_text for chunk in wanted])
        except ModelError:
            self._name_longest(wanted)
            raise
        self._cache.put(self._embedder.fingerprint, missing, vectors)
        return len(missing)

    def _name_longest(self, chunks: Sequence[Chunk]) -> None:
        """Raise the error that names the first chunk longer than the window, if there is one."""
        if self._counter is None:
            from tokenizers import Tokenizer

            self._counter = Tokenizer.from_str(self._embedder.tokenizer.tokenizer_json)
        window = self._embedder.tokenizer.window_tokens
        encodings = self._counter.encode_batch([chunk.embedded_text for chunk in chunks])
        for chunk, encoding in zip(chunks, encodings, strict=True):
            if len(encoding.ids) > window:
                raise ModelError(
                    f"chunk {chunk.chunk_id} of document {chunk.doc_id} has {len(encoding.ids)} "
                    f"tokens, more than the window of {window} tokens of {self._embedder.name}; "
                    f"ingest again with smaller chunks"
                )


def _batches(chunks: Iterable[Chunk], size: int) -> Iterator[list[Chunk]]:
    remaining = iter(chunks)
    while batch := list(islice(remaining, size)):
        yield batch
