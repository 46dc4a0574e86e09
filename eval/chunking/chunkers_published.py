"""The chunkers of published figures: windows of tokens, and splitting at ever finer separators."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from corpus.errors import InputError
from eval.chunking.chunker import CutChunk
from eval.chunking.cl100k import VOCABULARY, Cl100k

SEPARATORS = ("\n\n", "\n", ".", "?", "!", " ", "")

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TokenWindows:
    """Windows of `size` cl100k tokens, each `overlap` tokens into the one before.

    In the published table `TokenText`. *Source:* Smith and Troynikov 2024, Evaluating chunking
    strategies for retrieval, Chroma technical report.
    """

    size: int
    overlap: int = 0
    tokens: Cl100k = field(default_factory=Cl100k, compare=False)

    def __post_init__(self) -> None:
        _check_sizes(self.size, self.overlap)

    @property
    def name(self) -> str:
        """`tokens-SIZE` or `tokens-SIZE-OVERLAP`."""
        return _named("tokens", self.size, self.overlap)

    @property
    def settings(self) -> Mapping[str, object]:
        """Size, overlap and what they are counted in."""
        return {"size": self.size, "overlap": self.overlap, "tokens": VOCABULARY}

    def chunk(self, title: str, text: str) -> list[CutChunk]:  # noqa: ARG002
        """Return the windows; the last ends with the text."""
        ends = self.tokens.ends(text)
        chunks: list[CutChunk] = []
        for first in range(0, len(ends), self.size - self.overlap):
            last = min(first + self.size, len(ends))
            start, end = ends[first - 1] if first else 0, ends[last - 1]
            chunks.append(CutChunk(start, end, text[start:end]))
            if last == len(ends):
                break
        return [each for each in chunks if each.start < each.end]


@dataclass(frozen=True, slots=True)
class RecursiveSplitter:
    """Pieces between separators, the coarsest first, packed up to `size` cl100k tokens.

    A text is cut before each of the first separator that it contains; a piece of `size` tokens or
    more is cut again by the finer ones. Neighbouring pieces are packed while their tokens add up
    to at most `size`; the next chunk begins with the last pieces of this one, at most `overlap`
    tokens of them. White space at the ends of a chunk is left out.

    In the published table `Recursive`, with its separators. *Source:* as `TokenWindows`.
    """

    size: int
    overlap: int = 0
    separators: tuple[str, ...] = SEPARATORS
    tokens: Cl100k = field(default_factory=Cl100k, compare=False)

    def __post_init__(self) -> None:
        _check_sizes(self.size, self.overlap)

    @property
    def name(self) -> str:
        """`recursive-SIZE` or `recursive-SIZE-OVERLAP`."""
        return _named("recursive", self.size, self.overlap)

    @property
    def settings(self) -> Mapping[str, object]:
        """Size, overlap, what they are counted in, and the separators."""
        return {
            "size": self.size,
            "overlap": self.overlap,
            "tokens": VOCABULARY,
            "separators": list(self.separators),
        }

    def chunk(self, title: str, text: str) -> list[CutChunk]:  # noqa: ARG002
        """Return the packed pieces."""
        count = lru_cache(maxsize=4096)(self.tokens.count)
        split = self._split(text, (0, len(text)), self.separators, count)
        stripped = (_stripped(text, each) for each in split)
        return [CutChunk(start, end, text[start:end]) for start, end in stripped if start < end]

    def _split(
        self, text: str, whole: Range, separators: tuple[str, ...], count: Callable[[str], int]
    ) -> Iterator[Range]:
        separator, finer = _coarsest(text[slice(*whole)], separators)
        waiting: list[tuple[Range, int]] = []
        for piece in _pieces(text, whole, separator):
            length = count(text[slice(*piece)])
            if length < self.size:
                waiting.append((piece, length))
                continue
            yield from self._packed(waiting)
            waiting = []
            if finer:
                yield from self._split(text, piece, finer, count)
            else:
                yield piece
        yield from self._packed(waiting)

    def _packed(self, pieces: list[tuple[Range, int]]) -> Iterator[Range]:
        first = total = 0
        for number, (_, length) in enumerate(pieces):
            if total + length > self.size and first < number:
                yield pieces[first][0][0], pieces[number - 1][0][1]
                while total > self.overlap or (total + length > self.size and total > 0):
                    total -= pieces[first][1]
                    first += 1
            total += length
        if pieces:
            yield pieces[first][0][0], pieces[-1][0][1]


def _coarsest(text: str, separators: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the first separator that the text contains, and those after it."""
    for number, separator in enumerate(separators):
        if separator in text:
            return separator, separators[number + 1 :]
    return "", ()


def _pieces(text: str, whole: Range, separator: str) -> Iterator[Range]:
    """Yield the range in pieces, cut before each separator; by characters where that is empty."""
    start, end = whole
    if not separator:
        yield from ((place, place + 1) for place in range(start, end))
        return
    at = text.find(separator, start, end)
    while at >= 0:
        if start < at:
            yield start, at
        start = at
        at = text.find(separator, at + len(separator), end)
    if start < end:
        yield start, end


def _stripped(text: str, piece: Range) -> Range:
    start, end = piece
    found = text[start:end]
    return start + len(found) - len(found.lstrip()), start + len(found.rstrip())


def _named(kind: str, size: int, overlap: int) -> str:
    return f"{kind}-{size}-{overlap}" if overlap else f"{kind}-{size}"


def _check_sizes(size: int, overlap: int) -> None:
    if size < 1 or not 0 <= overlap < size:
        raise InputError(
            f"Found chunks of {size} tokens with an overlap of {overlap}; expected a size of 1 or "
            "more and an overlap below it."
        )
