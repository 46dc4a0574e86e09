"""The lines of a text and the gaps between them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_CONTINUED_SHARE = 0.2


@dataclass(slots=True)
class Line:
    """A line that is not blank: its trimmed range, and the number of line breaks before it."""

    start: int
    end: int
    gap: int

    @property
    def length(self) -> int:
        """The number of code points."""
        return self.end - self.start


def lines_of(text: str) -> list[Line]:
    """Return the lines of a text that are not blank, in order."""
    lines: list[Line] = []
    at = gap = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            start = at + raw.index(stripped[0])
            lines.append(Line(start, start + len(stripped), gap if lines else 0))
            gap = 0
        at += len(raw) + 1
        gap += 1
    return lines


@lru_cache(maxsize=1_000)
def lines_of_page(text: str) -> tuple[Line, ...]:
    """Return `lines_of` a page, kept: its edges are looked at for labels and running lines."""
    return tuple(lines_of(text))


def line_gap_of(text: str, lines: Sequence[Line]) -> int:
    """Return how many line breaks stand between two lines of one paragraph: 1, or 2 and more
    where an extraction has left a blank line after every line.

    A gap is inside paragraphs where a fifth or more of the lines after it go on in lower case.
    """
    seen: Counter[int] = Counter()
    continued: Counter[int] = Counter()
    for line in lines[1:]:
        seen[line.gap] += 1
        continued[line.gap] += text[line.start].islower()
    soft = [gap for gap, n in seen.items() if continued[gap] >= max(2, _CONTINUED_SHARE * n)]
    return max(soft, default=1)
