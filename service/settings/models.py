"""The models that the settings name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.embedders.opening import DEFAULT_EMBEDDER, open_embedder, open_multilingual
from index.rerankers.opening import DEFAULT_RERANKER, open_reranker
from index.values.ports import Embedder, Reranker, finds_spans
from service.confidence.confidence_file import OWN, ConfidenceFile, FittedModels, read_confidence
from service.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class Models:
    """The models of a collection, opened but not yet loaded.

    `reranker` is the reading model: citewell's span finder, or a cross-encoder, which orders
    passages and marks no words. `confidence` is the fitted one that the settings name, whatever
    models it was fitted on. `multilingual` embeds what is in other languages than English; None
    beside another embedder than the default, which reads what it reads.
    """

    embedder: Embedder
    reranker: Reranker | None
    confidence: ConfidenceFile | None = None
    multilingual: Embedder | None = None

    @classmethod
    def open(cls, settings: Settings) -> Models:
        """Open the models that the settings name. Raises: ModelError, InputError."""
        embedder = DEFAULT_EMBEDDER if settings.embedder == "default" else settings.embedder
        reranker = DEFAULT_RERANKER if settings.reranker == "default" else settings.reranker
        return cls(
            open_embedder(embedder, threads=settings.threads),
            open_reranker(reranker, threads=settings.threads),
            _confidence(settings.confidence),
            open_multilingual(embedder, threads=settings.threads)
            if settings.multilingual
            else None,
        )

    @property
    def fitting_confidence(self) -> ConfidenceFile | None:
        """The confidence, if it was fitted on the scores of these models; else None."""
        if self.confidence is None or self.fitted is None:
            return None
        return self.confidence if self.confidence.models == self.fitted else None

    @property
    def fitted(self) -> FittedModels | None:
        """What a confidence that is fitted on these models names; None where one is missing."""
        if not finds_spans(self.reranker):
            return None
        return FittedModels(
            embedder=self.embedder.fingerprint, span_finder=self.reranker.fingerprint
        )

    def warm(self) -> None:
        """Begin to load the models, side by side; return at once."""
        self.embedder.warm()
        if self.reranker:
            self.reranker.warm()

    def ready(self) -> None:
        """Return when each model has run once. Raises: ModelError."""
        self.warm()
        self.embedder.embed_queries(["ready"])
        if self.reranker:
            self.reranker.score("ready", ["ready"])


def _confidence(name: str) -> ConfidenceFile | None:
    """Return the confidence that the settings name. Raises: InputError."""
    if name == "none":
        return None
    return read_confidence(OWN if name == "default" else Path(name))
