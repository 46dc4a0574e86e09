"""Examples as token windows, and windows as padded batches of like length."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.examples import Example

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

WINDOW_TOKENS = 176
_QUESTION_TOKENS = 48
_ROUND_TO = 8  # padded lengths are multiples of it
_BATCHES_SORTED = 8


@dataclass(frozen=True, slots=True)
class Taught:
    """What a teacher says of a window: the likeliest places and their shares, (2, k) each.

    The first row is of starts, the second of ends. `answers` is the answer head's logit.
    """

    places: npt.NDArray[np.uint8]
    shares: npt.NDArray[np.float16]
    answers: float


@dataclass(frozen=True, slots=True)
class Window:
    """Token ids of one sequence; `start` and `end` are token positions, both inclusive.

    Both are 0, [CLS], where the passage does not answer. `types` is 1 from the passage on.
    """

    ids: tuple[int, ...]
    types: tuple[int, ...]
    start: int
    end: int
    taught: Taught | None = None


@dataclass(frozen=True, slots=True)
class TaughtBatch:
    """What a teacher says of a batch: shares of places (b, n, 2), logits of answering (b,).

    `known` (b,) is 1 for the windows that it has read, 0 for others.
    """

    spans: Tensor
    answers: Tensor
    known: Tensor


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows padded to one length: (b, n) each, and (b,) for `starts` and `ends`.

    `taught` is there if a teacher has read one of them.
    """

    ids: Tensor
    attention: Tensor
    types: Tensor
    starts: Tensor
    ends: Tensor
    taught: TaughtBatch | None = None


def window_of(example: Example, tokenizer: "Tokenizer", draw: random.Random) -> Window:
    """Return the example as one window of at most `WINDOW_TOKENS`.

    A longer passage is cut at a place drawn, such that the answer is in the window.
    """
    question = tokenizer.encode(example.question, add_special_tokens=False)
    passage = tokenizer.encode(example.passage, add_special_tokens=False)
    asked = question.ids[:_QUESTION_TOKENS]
    room = WINDOW_TOKENS - 3 - len(asked)
    first, last = _answer_tokens(example, passage)
    low = _cut(len(passage.ids), room, first, last, draw)
    kept = passage.ids[low : low + room]
    before = len(asked) + 2
    start, end = (0, 0)
    if first is not None and last is not None:
        start = before + first - low
        end = min(before + last - low, before + len(kept) - 1)
    classify, separate = tokenizer.encode("").ids  # [CLS] and [SEP], and nothing between them
    ids = (classify, *asked, separate, *kept, separate)
    return Window(ids, (0,) * before + (1,) * (len(kept) + 1), start, end)


def windows_of(examples: Iterable[Example], tokenizer: "Tokenizer", seed: int) -> Iterator[Window]:
    """Yield each example as a window; where a passage is cut depends on the seed."""
    draw = random.Random(seed)
    for example in examples:
        yield window_of(example, tokenizer, draw)


def batches(windows: Iterable[Window], size: int, draw: random.Random) -> Iterator[Batch]:
    """Yield batches of `size` in an order drawn, each of windows of like length."""
    source = iter(windows)
    while pool := list(islice(source, size * _BATCHES_SORTED)):
        pool.sort(key=lambda window: len(window.ids))
        groups = [pool[i : i + size] for i in range(0, len(pool), size)]
        draw.shuffle(groups)
        for group in groups:
            yield padded(group)


def padded(windows: Sequence[Window]) -> Batch:
    """Return the windows as tensors, padded at the end."""
    longest = max(len(window.ids) for window in windows)
    length = -(-longest // _ROUND_TO) * _ROUND_TO

    def rows(values: Iterable[Sequence[int]]) -> Tensor:
        return torch.tensor([[*row, *[0] * (length - len(row))] for row in values])

    return Batch(
        ids=rows(window.ids for window in windows),
        attention=rows([1] * len(window.ids) for window in windows),
        types=rows(window.types for window in windows),
        starts=torch.tensor([window.start for window in windows]),
        ends=torch.tensor([window.end for window in windows]),
        taught=_taught([window.taught for window in windows], length),
    )


def _taught(said: Sequence[Taught | None], length: int) -> TaughtBatch | None:
    if not any(said):
        return None
    spans, answers = torch.zeros(len(said), length, 2), torch.zeros(len(said))
    known = torch.tensor([float(each is not None) for each in said])
    for row, each in enumerate(said):
        if each is not None:
            places = torch.from_numpy(each.places.astype(np.int64))
            spans[row].scatter_(0, places.T, torch.from_numpy(each.shares.astype(np.float32)).T)
            answers[row] = each.answers
    return TaughtBatch(spans, answers, known)


def _answer_tokens(example: Example, passage: "Encoding") -> tuple[int | None, int | None]:
    """Return the first and the last token that the answer touches."""
    if example.start is None or example.end is None:
        return None, None
    start, end = example.start, example.end
    touched = [i for i, (low, high) in enumerate(passage.offsets) if low < end and start < high]
    return (touched[0], touched[-1]) if touched else (None, None)


def _cut(length: int, room: int, first: int | None, last: int | None, draw: random.Random) -> int:
    """Return the token at which the window begins."""
    if length <= room:
        return 0
    lowest, highest = 0, length - room
    if first is not None and last is not None:
        lowest = min(max(0, last + 1 - room), first)
        highest = min(highest, first)
    return draw.randint(min(lowest, highest), highest)


def tokenizer() -> "Tokenizer":
    """Return the cross-encoder's tokenizer, without truncation and padding. Raises: ModelError."""
    from tokenizers import Tokenizer

    from index.models.model_files import MS_MARCO_MINILM_TOKENIZER

    found = Tokenizer.from_str(MS_MARCO_MINILM_TOKENIZER.read().decode("utf-8"))
    found.no_truncation()
    found.no_padding()
    return found
