"""Generators without a model, for tests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.errors import ModelError
from service.answering.generation.generator import Quote


@dataclass(frozen=True, slots=True)
class CopyingGenerator:
    """Writes every quote as it is, with its number."""

    name: str = "copying"

    def write(self, question: str, quotes: Sequence[Quote]) -> Iterator[str]:
        """Yield each quote and its marker."""
        del question
        for quote in quotes:
            yield f"{' '.join(quote.text.split())} "
            yield f"[{quote.number}]\n"


@dataclass(frozen=True, slots=True)
class ScriptedGenerator:
    """Writes what it was given, in pieces of `piece` characters; then fails, if it is to."""

    text: str
    piece: int = 7
    fails: bool = False
    name: str = "scripted"

    def write(self, question: str, quotes: Sequence[Quote]) -> Iterator[str]:
        """Yield the text in pieces. Raises: ModelError at its end if it is to fail."""
        del question, quotes
        for start in range(0, len(self.text), self.piece):
            yield self.text[start : start + self.piece]
        if self.fails:
            raise ModelError("the generator broke off")
