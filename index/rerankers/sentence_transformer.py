"""Any cross-encoder that sentence-transformers can load: a Hugging Face id or a folder."""

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import ModelError
from corpus.ids import Fingerprint
from index.models.model_folder import find_model_folder, fingerprint_of_folder
from index.values.ports import FloatVector

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class SentenceTransformerReranker:
    """Scores pairs through sentence-transformers, imported when the first pair is scored.

    One pair at a time, so that a score does not depend on its neighbours. The score is the raw
    logit, whatever activation the model's configuration names.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The name that it was opened by."""
        return self._name

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """Over the weights, configuration and vocabulary files. Loads nothing, reads them once."""
        return fingerprint_of_folder(self._folder, kind="cross-encoder")

    def warm(self) -> None:
        """Load the model."""
        _ = self._model

    def score(self, query: str, texts: Sequence[str]) -> FloatVector:
        """Return (n,) logits. Raises ModelError if the model has more than one output."""
        import torch

        model = self._model
        scores = np.empty(len(texts), dtype=np.float32)
        for row, text in enumerate(texts):
            logit = model.predict(
                [(query, text)], activation_fn=torch.nn.Identity(), show_progress_bar=False
            )
            if np.size(logit) != 1:
                raise ModelError(
                    f"{self._name} gives {np.size(logit)} scores a pair, expected 1: "
                    f"it is a classifier, not a reranker"
                )
            scores[row] = float(np.ravel(logit)[0])
        return scores

    @cached_property
    def _folder(self) -> Path:
        return find_model_folder(self._name)

    @property
    def _model(self) -> "CrossEncoder":
        with self._lock:
            return self._loaded_model

    @cached_property
    def _loaded_model(self) -> "CrossEncoder":
        from sentence_transformers import CrossEncoder

        try:
            model: CrossEncoder = CrossEncoder(
                str(self._folder), device="cpu", local_files_only=True
            )
            return model
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            raise ModelError(
                f"sentence-transformers cannot load {self._name} from {self._folder}: {error}"
            ) from error
