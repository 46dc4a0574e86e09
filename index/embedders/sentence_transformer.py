"""Any model that sentence-transformers can load: a Hugging Face id, a folder, a package."""

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import ModelError
from corpus.ids import Fingerprint
from index.models.model_folder import (
    find_model_folder,
    fingerprint_of_folder,
    read_json,
    tokenizer_json_of,
    window_tokens_of,
)
from index.values.ports import FloatMatrix, TokenizerSpec

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

_QUERY_PROMPTS = ("query",)
_DOCUMENT_PROMPTS = ("document", "passage", "corpus")


class SentenceTransformerEmbedder:
    """Embeds through sentence-transformers, imported when the first text is embedded.

    Texts are embedded one at a time: even in float32 a batch changes the last digits (about
    1e-7), since matrix products are summed in another order, and then equal texts would not have
    equal vectors. torch uses all cores for each text. Prompts before queries and documents are
    the ones of the model's own configuration.

    *Source:* Reimers and Gurevych, Sentence-BERT, EMNLP 2019.
    """

    def __init__(self, name: str, *, threads: int | None = None) -> None:
        self._name = name
        self._threads = threads
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The name that it was opened by."""
        return self._name

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """Over the weights, configuration and vocabulary files. Loads nothing, reads them once."""
        return fingerprint_of_folder(self._folder, kind="sentence-transformers")

    @cached_property
    def dimensions(self) -> int:
        """The length of a vector."""
        model = self._model
        # Newer versions give the method this name and warn of the older one.
        named = "get_embedding_dimension"
        found = getattr(
            model, named if hasattr(model, named) else "get_sentence_embedding_dimension"
        )()
        if not isinstance(found, int):
            raise ModelError(f"the model {self._name} does not say how long its vectors are")
        return found

    @cached_property
    def tokenizer(self) -> TokenizerSpec:
        """The tokenizer as it counts, read from the folder: loads no weights."""
        return TokenizerSpec(tokenizer_json_of(self._folder), window_tokens_of(self._folder))

    def warm(self) -> None:
        """Load the model."""
        _ = self._model

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (n, d) unit vectors. Raises ModelError for a text longer than the window."""
        prompt = self._prompt(_DOCUMENT_PROMPTS)
        window = self.tokenizer.window_tokens
        for text in texts:
            tokens = len(self._counter.encode(prompt + text).ids)
            if tokens > window:
                raise ModelError(
                    f"a text of {tokens} tokens is longer than the window of {window} tokens of "
                    f"{self._name}: {text[:60]!r}…; make the chunks smaller"
                )
        return self._embed(texts, prompt)

    def embed_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (n, d) unit vectors; a query is read up to the window."""
        return self._embed(texts, self._prompt(_QUERY_PROMPTS))

    @cached_property
    def _folder(self) -> Path:
        return find_model_folder(self._name)

    @cached_property
    def _counter(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        return Tokenizer.from_str(self.tokenizer.tokenizer_json)

    @property
    def _model(self) -> "SentenceTransformer":
        with self._lock:
            return self._loaded_model

    @cached_property
    def _loaded_model(self) -> "SentenceTransformer":
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        # Its bar over the weights is not ours to show.
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        if self._threads is not None:
            torch.set_num_threads(self._threads)
        try:
            return SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            raise ModelError(
                f"sentence-transformers cannot load {self._name} from {self._folder}: {error}"
            ) from error

    def _prompt(self, names: Sequence[str]) -> str:
        config = read_json(self._folder / "config_sentence_transformers.json")
        prompts = config.get("prompts")
        if not isinstance(prompts, dict):
            return ""
        for name in (*names, config.get("default_prompt_name")):
            if isinstance(prompt := prompts.get(name), str):
                return prompt
        return ""

    def _embed(self, texts: Sequence[str], prompt: str) -> FloatMatrix:
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._model.encode(
                text, prompt=prompt, normalize_embeddings=True, show_progress_bar=False
            )
        return vectors
