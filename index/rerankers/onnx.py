"""The default reranker: a cross-encoder as an ONNX file run by onnxruntime, without torch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import SettingsError
from index.models.model_files import MS_MARCO_MINILM_MODEL, MS_MARCO_MINILM_TOKENIZER
from index.models.onnx_model import OnnxFiles, OnnxTool
from index.values.ports import FloatVector

if TYPE_CHECKING:
    from tokenizers import Encoding

_QUERY_TOKENS = 256


@dataclass(frozen=True, slots=True)
class OnnxRerankerSpec(OnnxFiles):
    """A cross-encoder with one output.

    A passage is read up to `passage_tokens`, and so that the pair fits `window_tokens`, special
    tokens included.
    """

    window_tokens: int = 512
    passage_tokens: int = 512


MS_MARCO_MINILM = OnnxRerankerSpec(
    name="cross-encoder/ms-marco-MiniLM-L-12-v2",
    model=MS_MARCO_MINILM_MODEL,
    tokenizer=MS_MARCO_MINILM_TOKENIZER,
)


class OnnxReranker(OnnxTool):
    """Scores pairs with a cross-encoder, one pair at a time, `threads` of them side by side.

    *Source:* Nogueira and Cho, Passage Re-ranking with BERT, 2019.
    """

    def __init__(
        self, spec: OnnxRerankerSpec = MS_MARCO_MINILM, *, threads: int | None = None
    ) -> None:
        if spec.passage_tokens < 1:
            raise SettingsError(f"passage_tokens is {spec.passage_tokens}, expected 1 or more")
        super().__init__(spec, threads=threads)
        self._spec = spec

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
