"""The port of what writes: numbered quotes in, a draft out, piece by piece."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Quote:
    """One citation as the generator sees it. `flagged`: it reads like an instruction."""

    number: int
    text: str
    title: str
    flagged: bool = False


class Generator(Protocol):
    """Writes a draft. Nothing in it is believed: `service.answering.generation.generating` proves
    each sentence."""

    @property
    def name(self) -> str:
        """What the receipt says of it."""
        ...

    def write(self, question: str, quotes: Sequence[Quote]) -> Iterator[str]:
        """Yield the draft in pieces, quotes cited as `[number]`. Raises: ModelError."""
        ...
