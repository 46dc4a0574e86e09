"""The models that the settings name."""

from __future__ import annotations

from dataclasses import dataclass

from index.embedders import DEFAULT_EMBEDDER, open_embedder
from index.ports import Embedder, Reranker
from index.rerankers import DEFAULT_RERANKER, open_reranker
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Models:
    """The models of a collection, opened but not yet loaded."""

    embedder: Embedder
    reranker: Reranker | None

    @classmethod
    def open(cls, settings: Settings) -> Models:
        """Open the models that the settings name. Raises: ModelError."""
        embedder = DEFAULT_EMBEDDER if settings.embedder == "default" else settings.embedder
        reranker = DEFAULT_RERANKER if settings.reranker == "default" else settings.reranker
        return cls(
            open_embedder(embedder, threads=settings.threads),
            open_reranker(reranker, threads=settings.threads),
        )

    def warm(self) -> None:
        """Begin to load both models, side by side; return at once."""
        self.embedder.warm()
        if self.reranker:
            self.reranker.warm()

    def ready(self) -> None:
        """Return when both models have run once. Raises: ModelError."""
        self.warm()
        self.embedder.embed_queries(["ready"])
        if self.reranker:
            self.reranker.score("ready", ["ready"])
