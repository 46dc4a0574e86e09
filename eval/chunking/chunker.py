"""The port that turns a text into chunks, as chunking is evaluated."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CutChunk:
    """A chunk of a text: the half-open range `start:end` in code points.

    `search_text` is what is embedded and searched, `context` what goes before it.
    """

    start: int
    end: int
    search_text: str
    context: str = ""


class Chunker(Protocol):
    """A text to chunks. Pure: the same text gives the same chunks."""

    @property
    def name(self) -> str:
        """The name that it is chosen by, such as `recursive-200`."""
        ...

    @property
    def settings(self) -> Mapping[str, object]:
        """All that its chunks depend on beside the text."""
        ...

    def chunk(self, title: str, text: str) -> list[CutChunk]:
        """Return the chunks in the order of the text; they may overlap. `title` names the text."""
        ...
