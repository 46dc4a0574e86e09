"""What models said once, kept for the next configuration: scores of pairs, vectors of queries."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from corpus.closing import Closing
from corpus.errors import StoreError
from corpus.ids import Fingerprint, sha256_of
from index.embedding.vector_cache import VectorCache
from index.values.ports import (
    Embedder,
    FloatMatrix,
    FloatVector,
    FoundSpan,
    Reranker,
    SpanFinder,
    TokenizerSpec,
    finds_spans,
)
from service.settings.models import Models

SCORES = "scores.sqlite"
_BATCH = 500


class ScoreCache(Closing):
    """A file of reranker scores by model, query and text. Raises: StoreError."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=60, check_same_thread=False)
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS scores (key TEXT PRIMARY KEY, score REAL NOT NULL)"
            )
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS spans (key TEXT PRIMARY KEY, found TEXT NOT NULL)"
            )
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"cannot use the score cache {path}: {error}; delete it") from error

    def get(self, keys: Sequence[str]) -> dict[str, float]:
        """Return the scores that are there, by key."""
        found: dict[str, float] = {}
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            marks = ", ".join("?" * len(batch))
            query = f"SELECT key, score FROM scores WHERE key IN ({marks})"
            found.update(self._connection.execute(query, batch).fetchall())
        return found

    def put(self, scores: dict[str, float]) -> None:
        """Keep the scores."""
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO scores VALUES (?, ?)", list(scores.items())
            )

    def spans(self, keys: Sequence[str]) -> dict[str, FoundSpan]:
        """Return the spans that are there, by key."""
        found: dict[str, FoundSpan] = {}
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            marks = ", ".join("?" * len(batch))
            query = f"SELECT key, found FROM spans WHERE key IN ({marks})"
            rows = self._connection.execute(query, batch).fetchall()
            found.update({key: FoundSpan(**json.loads(value)) for key, value in rows})
        return found

    def put_spans(self, spans: Mapping[str, FoundSpan]) -> None:
        """Keep the spans."""
        rows = [(key, json.dumps(asdict(found))) for key, found in spans.items()]
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO spans VALUES (?, ?)", rows)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class CachedReranker:
    """A reranker that scores no pair twice. Scores do not depend on a text's neighbours."""

    def __init__(self, reranker: Reranker, cache: ScoreCache) -> None:
        self._reranker = reranker
        self._cache = cache
        self.name = reranker.name
        self.fingerprint: Fingerprint = reranker.fingerprint

    def warm(self) -> None:
        """Nothing: the model may not be needed."""

    def score(self, query: str, texts: Sequence[str]) -> FloatVector:
        """Return (n,) scores."""
        keys: list[str] = [sha256_of("\0".join((self.fingerprint, query, text))) for text in texts]
        known = self._cache.get(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            scores = self._reranker.score(query, list(missing.values()))
            new = {key: float(score) for key, score in zip(missing, scores, strict=True)}
            self._cache.put(new)
            known |= new
        return np.array([known[key] for key in keys], dtype=np.float32)


class CachedSpanFinder:
    """A span finder that reads no passage twice. A span does not depend on the others beside it."""

    def __init__(self, finder: SpanFinder, cache: ScoreCache) -> None:
        self._finder = finder
        self._cache = cache
        self.name = finder.name
        self.fingerprint: Fingerprint = finder.fingerprint

    def warm(self) -> None:
        """Nothing: the model may not be needed."""

    def score(self, query: str, texts: Sequence[str]) -> FloatVector:
        """Return (n,) margins."""
        return np.array([found.margin for found in self.find(query, texts)], dtype=np.float32)

    def find(self, question: str, passages: Sequence[str]) -> list[FoundSpan]:
        """Return one span a passage, in their order."""
        keys: list[str] = [
            sha256_of("\0".join((self.fingerprint, question, text))) for text in passages
        ]
        known = self._cache.spans(keys)
        missing = {key: text for key, text in zip(keys, passages, strict=True) if key not in known}
        if missing:
            spans = self._finder.find(question, list(missing.values()))
            new = dict(zip(missing, spans, strict=True))
            self._cache.put_spans(new)
            known |= new
        return [known[key] for key in keys]


class CachedQueries:
    """An embedder that embeds no query twice; documents have a cache of their own."""

    def __init__(self, embedder: Embedder, cache: VectorCache) -> None:
        self._embedder = embedder
        self._cache = cache
        self.name = embedder.name
        self.fingerprint: Fingerprint = embedder.fingerprint

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return self._embedder.dimensions

    @property
    def tokenizer(self) -> TokenizerSpec:
        """The embedder's tokenizer."""
        return self._embedder.tokenizer

    def warm(self) -> None:
        """Nothing: the model may not be needed."""

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (n, d) unit vectors."""
        return self._embedder.embed_documents(texts)

    def embed_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (n, d) unit vectors."""
        # Some embedders put another prompt before queries: the key tells them from documents.
        keys = [sha256_of(f"query\0{text}") for text in texts]
        missing = self._cache.missing(self.fingerprint, keys)
        if missing:
            by_key = dict(zip(keys, texts, strict=True))
            vectors = self._embedder.embed_queries([by_key[key] for key in missing])
            self._cache.put(self.fingerprint, missing, vectors)
        return self._cache.matrix(self.fingerprint, keys, self.dimensions)


@contextmanager
def caching(models: Models, work: Path, *, on: bool = True) -> Iterator[Models]:
    """Yield the models behind the cache in a folder; as they are where it is not `on`."""
    if not on:
        yield models
        return
    with ScoreCache(work / SCORES) as scores:
        yield cached_models(models, scores)


def cached_models(models: Models, scores: ScoreCache) -> Models:
    """Return the models behind the cache: no pair scored, no passage read, twice."""
    reranker = models.reranker
    if reranker is None:
        return models
    cached = (
        CachedSpanFinder(reranker, scores)
        if finds_spans(reranker)
        else CachedReranker(reranker, scores)
    )
    return replace(models, reranker=cached)
