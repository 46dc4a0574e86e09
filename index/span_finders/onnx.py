"""The default span finder: a small reading model as an ONNX file run by onnxruntime."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import ModelError, SettingsError
from corpus.ids import sha256_of
from index.models.model_files import MS_MARCO_MINILM_TOKENIZER, SPAN_FINDER_MODEL, ModelFile
from index.models.onnx_model import OnnxFiles, OnnxTool
from index.span_finders.spans import best_span, score_of_all
from index.values.ports import FloatMatrix, FloatVector, FoundSpan

if TYPE_CHECKING:
    from tokenizers import Encoding

_NOTHING = FoundSpan(0, 0, score=-100.0, null_score=100.0, relevance=-12.0, answers=-12.0)


@dataclass(frozen=True, slots=True)
class OnnxSpanFinderSpec(OnnxFiles):
    """A reading model: its outputs are span logits (n, 2), the answer's logit and the ranking's.

    A sequence is read up to `window_tokens`, special tokens included; a longer passage in windows
    that share `shared_tokens`. Questions are read up to `question_tokens`, spans are at most
    `longest_span` tokens. `answer_weight` is how much the answer head counts beside the spans.
    """

    window_tokens: int = 256
    shared_tokens: int = 48
    question_tokens: int = 48
    longest_span: int = 32
    answer_weight: float = 1.0

    def __post_init__(self) -> None:
        room = self.window_tokens - self.question_tokens - 3
        if not 0 <= self.shared_tokens < room:
            raise SettingsError(
                f"windows share {self.shared_tokens} tokens, expected 0 to {room - 1}: of "
                f"{self.window_tokens} tokens {room} are left for the passage"
            )


SPAN_FINDER = OnnxSpanFinderSpec(
    name="citewell/span-finder",
    model=SPAN_FINDER_MODEL,
    tokenizer=MS_MARCO_MINILM_TOKENIZER,
)


def spec_of_file(path: Path) -> OnnxSpanFinderSpec:
    """Return the default's settings with the weights of another file. Raises: ModelError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"the span finder {path} cannot be read: {error.strerror}") from error
    model = ModelFile(str(path), sha256_of(content))
    return replace(SPAN_FINDER, name=str(path), model=model)


class OnnxSpanFinder(OnnxTool):
    """Finds spans with a reading model, one window at a time, `threads` of them side by side.

    The score is that of all spans of the window together, so that where two places answer neither
    takes from the other. That of "not here" is the span logits of [CLS] less the answer head's.

    *Source:* Devlin et al., BERT, 2019, section 4.3 (spans, and [CLS] as "no answer"); Zhang, Yang
    and Zhao, Retrospective Reader for Machine Reading Comprehension, 2021 (a head that verifies).
    """

    def __init__(
        self, spec: OnnxSpanFinderSpec = SPAN_FINDER, *, threads: int | None = None
    ) -> None:
        super().__init__(spec, threads=threads)
        self._spec = spec

    def score(self, query: str, texts: Sequence[str]) -> FloatVector:
        """Return (n,) margins."""
        return np.array([found.margin for found in self.find(query, texts)], dtype=np.float32)

    def find(self, question: str, passages: Sequence[str]) -> list[FoundSpan]:
        """Return one span a passage: of the window whose margin is highest, the first of equals."""
        if not passages:
            return []
        tokenizer = self._model.tokenizer
        asked = tokenizer.encode(question, add_special_tokens=False)
        asked.truncate(self._spec.question_tokens)
        windows = [self._windows(asked, passage) for passage in passages]
        pairs = [
            (tokenizer.post_process(asked, window), window) for each in windows for window in each
        ]
        outputs = iter(self._model.run_all([pair for pair, _ in pairs]))
        return [
            max(
                (self._found(asked, window, next(outputs)) for window in each),
                key=lambda found: found.margin,
                default=_NOTHING,
            )
            for each in windows
        ]

    def _windows(self, asked: "Encoding", passage: str) -> "list[Encoding]":
        """Return the passage's tokens, if any, in windows that fit beside the question."""
        encoding = self._model.tokenizer.encode(passage, add_special_tokens=False)
        if not encoding.ids:
            return []
        special = self._model.tokenizer.num_special_tokens_to_add(True)
        room = self._spec.window_tokens - special - len(asked.ids)
        encoding.truncate(room, stride=self._spec.shared_tokens)
        return [encoding, *encoding.overflowing]

    def _found(
        self, asked: "Encoding", window: "Encoding", outputs: tuple[FloatMatrix, ...]
    ) -> FoundSpan:
        spans, answer, rank = outputs
        before = len(asked.ids) + 2  # [CLS] question [SEP]
        inside = spans[before : before + len(window.ids)]
        best = best_span(inside[:, 0], inside[:, 1], longest=self._spec.longest_span)
        start, end = _whole_words(window, best.first, best.last)
        null = float(spans[0].sum()) - self._spec.answer_weight * float(answer)
        score = score_of_all(inside[:, 0], inside[:, 1])
        return FoundSpan(start, end, score, null, relevance=float(rank), answers=float(answer))


def _whole_words(window: "Encoding", first: int, last: int) -> tuple[int, int]:
    """Return the half-open code points of the words that two tokens belong to."""
    words = window.word_ids
    while first > 0 and words[first - 1] == words[first]:
        first -= 1
    while last + 1 < len(words) and words[last + 1] == words[last]:
        last += 1
    return window.offsets[first][0], window.offsets[last][1]
