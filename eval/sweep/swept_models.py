"""The models of a configuration, behind caches that all configurations share."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import InputError
from corpus.home import Home
from eval.sweep.score_cache import SCORES, CachedQueries, ScoreCache, cached_models
from eval.sweep.sweep_settings import SweptSettings
from index.embedding.vector_cache import VectorCache
from ingest.chunking.chunking import ChunkingSettings
from service.settings.models import Models
from service.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class SweptModels:
    """The models that a configuration names, or the settings do."""

    settings: Settings
    work: Path

    def of(self, swept: SweptSettings) -> Models:
        """Return the models, not yet loaded. Raises: ModelError."""
        given = {
            name: swept.text(name, getattr(self.settings, name))
            for name in ("embedder", "reranker")
        }
        return Models.open(self.settings.model_copy(update=given))

    @contextmanager
    def cached(self, swept: SweptSettings) -> Iterator[Models]:
        """Yield the models behind caches: no query embedded, no pair scored, twice."""
        models = self.of(swept)
        with (
            ScoreCache(self.work / SCORES) as scores,
            VectorCache.open(Home(self.work).vectors) as vectors,
        ):
            queries = CachedQueries(models.embedder, vectors)
            yield replace(cached_models(models, scores), embedder=queries)

    def chunking(self, swept: SweptSettings, models: Models) -> ChunkingSettings:
        """Return how long chunks are. Raises: InputError."""
        size = swept.number("chunk_tokens", self.settings.chunk_tokens)
        window = models.embedder.tokenizer.window_tokens
        if not 1 <= size <= window:
            raise InputError(
                f"Found chunks of {size} tokens; expected 1 to {window}, which is the window of "
                f"{models.embedder.name}."
            )
        return ChunkingSettings(chunk_tokens=size, window_tokens=window)
