"""Sentences to parts of about equal size that fit the window."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.errors import SettingsError
from ingest.chunking.sections import Section
from ingest.chunking.token_counting import TokenCounter

_SPECIAL_TOKENS = 4
_SURE_SHARE = 0.9

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes a chunk: a range of the flow from `start` to its last sentence's end.

    `tokens` is the number of its sentences' tokens, or None where they were not counted.
    """

    section: Section
    context: str
    start: int
    sentences: tuple[Range, ...]
    tokens: int | None = None

    @property
    def surely_below(self) -> float:
        """A number of tokens that its embedded text does not reach, infinite if not counted."""
        if self.tokens is None:
            return math.inf
        # A token has at least one character; joining sentences adds at most one token each.
        head = len(self.context) + self.sentences[0][0] - self.start
        return self.tokens + len(self.sentences) + head + _SPECIAL_TOKENS

    @property
    def end(self) -> int:
        """The end of the last sentence."""
        return self.sentences[-1][1]


def pack(part: Part, tokens: Sequence[int], chunk_tokens: int) -> list[Part]:
    """Return the part in ceil(total / chunk_tokens) parts of about equal size.

    `tokens` holds the number of tokens of each sentence. Each part ends with the sentence whose
    end is nearest to its even share.
    """
    total = sum(tokens)
    number = min(-(-total // chunk_tokens), len(tokens))
    if number < 2:
        return [replace(part, tokens=total)]
    ends: list[int] = []
    reached = 0
    for index, count in enumerate(tokens[:-1], start=1):
        share = total * (len(ends) + 1) / number
        reached += count
        if len(ends) + 1 < number and reached + tokens[index] / 2 >= share:
            ends.append(index)
    bounds = [0, *ends, len(tokens)]
    return [_slice(part, low, high) for low, high in pairwise(bounds) if low < high]


def fit(
    parts: Sequence[Part],
    embedded_text: Callable[[Part], str],
    window_tokens: int,
    text: str,
    counter: TokenCounter,
) -> list[Part]:
    """Return the parts, those that do not fit the window halved until they do.

    Halves are of sentences; of a single sentence, its heading and itself, then of its words; of a
    single word, of its letters.

    Raises: SettingsError if the window has no room for one character.
    """
    fitted: list[Part] = []
    doubtful = [part for part in parts if part.surely_below > _SURE_SHARE * window_tokens]
    counts = iter(counter.count([embedded_text(part) for part in doubtful]))
    for part in parts:
        if part.surely_below <= _SURE_SHARE * window_tokens or next(counts) <= window_tokens:
            fitted.append(part)
        else:
            fitted += fit(_halves(part, text), embedded_text, window_tokens, text, counter)
    return fitted


def _slice(part: Part, low: int, high: int) -> Part:
    start = part.start if low == 0 else part.sentences[low][0]
    return replace(part, start=start, sentences=part.sentences[low:high], tokens=None)


def _halves(part: Part, text: str) -> list[Part]:
    if len(part.sentences) > 1:
        middle = len(part.sentences) // 2
        return [_slice(part, 0, middle), _slice(part, middle, len(part.sentences))]
    (start, end) = part.sentences[0]
    if part.start < start:  # a heading before a sentence that fills the window by itself
        heading = (part.start, part.start + len(text[part.start : start].rstrip()))
        return [
            replace(part, sentences=(heading,), tokens=None),
            replace(part, start=start, tokens=None),
        ]
    if end - start < 2:
        raise SettingsError(
            "A window too small for one character and its context. "
            "Expected window_tokens of at least 64; choose an embedder with a longer window."
        )
    low, high = _middle(text, start, end)
    return [
        replace(part, start=start, sentences=((start, low),), tokens=None),
        replace(part, start=high, sentences=((high, end),), tokens=None),
    ]


def _middle(text: str, start: int, end: int) -> Range:
    """Return the whitespace nearest to the middle, or the empty range there if there is none."""
    middle = (start + end) // 2
    for distance in range(middle - start):
        for place in (middle - distance, middle + distance):
            if start < place < end - 1 and text[place].isspace():
                low = high = place
                while low > start and text[low - 1].isspace():
                    low -= 1
                while high < end and text[high].isspace():
                    high += 1
                if start < low and high < end:
                    return low, high
    return middle, middle
