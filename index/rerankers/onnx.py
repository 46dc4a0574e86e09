"""The default reranker: a cross-encoder as an ONNX file run by onnxruntime, without torch."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import SettingsError
from corpus.ids import Fingerprint, fingerprint_of
from index.model_files import MS_MARCO_MINILM_MODEL, MS_MARCO_MINILM_TOKENIZER, ModelFile
from index.onnx_model import OnnxModel
from index.ports import FloatVector

if TYPE_CHECKING:
    from tokenizers import Encoding

_QUERY_TOKENS = 256


@dataclass(frozen=True, slots=True)
class OnnxRerankerSpec:
    """A cross-encoder with one output.

    A passage is read up to `passage_tokens`, and so that the pair fits `window_tokens`, special
    tokens included.
    """

    name: str
    model: ModelFile
    tokenizer: ModelFile
    window_tokens: int = 512
    passage_tokens: int = 512


MS_MARCO_MINILM = OnnxRerankerSpec(
    name="cross-encoder/ms-marco-MiniLM-L-12-v2",
    model=MS_MARCO_MINILM_MODEL,
    tokenizer=MS_MARCO_MINILM_TOKENIZER,
)


class OnnxReranker:
    """Scores pairs with a cross-encoder, one pair at a time, `threads` of them side by side.

    *Source:* Nogueira and Cho, Passage Re-ranking with BERT, 2019.
    """

    def __init__(
        self, spec: OnnxRerankerSpec = MS_MARCO_MINILM, *, threads: int | None = None
    ) -> None:
        if spec.passage_tokens < 1:
            raise SettingsError(f"passage_tokens is {spec.passage_tokens}, expected 1 or more")
        self._spec = spec
        self._model = OnnxModel(spec.model, spec.tokenizer, threads=threads)

    @property
    def name(self) -> str:
        """The model's name."""
        return self._spec.name

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """Over the files' checksums and the settings."""
        settings = asdict(self._spec)
        settings["model"] = self._spec.model.sha256
        settings["tokenizer"] = self._spec.tokenizer.sha256
        return fingerprint_of(settings)

    def warm(self) -> None:
        """Start loading in the background; return at once."""
        self._model.warm()

    def score(self, query: str, texts: Sequence[str]) -> FloatVector:
        """Return (n,) logits, about -12 (off the subject) to 11 (answers)."""
        if not texts:
            return np.empty(0, dtype=np.float32)
        logits = self._model.run(self._encode(query, texts))
        return np.array([float(logit[0]) for logit in logits], dtype=np.float32)

    def _encode(self, query: str, texts: Sequence[str]) -> "list[Encoding]":
        tokenizer = self._model.tokenizer
        question = tokenizer.encode(query, add_special_tokens=False)
        question.truncate(_QUERY_TOKENS)
        special = tokenizer.num_special_tokens_to_add(True)
        room = self._spec.window_tokens - special - len(question.ids)
        passages = tokenizer.encode_batch(list(texts), add_special_tokens=False)
        for passage in passages:
            passage.truncate(min(room, self._spec.passage_tokens))
        # `post_process` adds [CLS] and [SEP] and gives the passage's tokens the type 1.
        return [tokenizer.post_process(question, passage) for passage in passages]
