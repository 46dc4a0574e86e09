"""What is laid out: runs of characters, and the lines that they form."""

from dataclasses import dataclass, field
from typing import Literal

LineKind = Literal["text", "cells", "turned"]


# A page has hundreds of runs and lines. They are not frozen, for those take three times as long
# to make; nobody changes one.


@dataclass(slots=True)
class Run:
    """Words that follow each other on one line without a wide gap.

    `start:end` is the range of the page's source characters; boxes are in points of the page as it
    is shown, x to the right and y downwards. `order` counts the runs as the file draws them, `size`
    is the height of its letters' boxes, `letters` about its number of characters.
    """

    start: int
    end: int
    left: float
    top: float
    right: float
    bottom: float
    size: float
    order: int
    letters: int
    right_to_left: bool = False
    upright: bool = True
    middle: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep the height of the middle of its letters, which is asked for again and again."""
        self.middle = (self.top + self.bottom) / 2


@dataclass(slots=True)
class LaidLine:
    """A line as it is read: its runs in order.

    `column` names the part of the page that it stands in: lines of one column follow each other
    down the page. `kind` is `cells` for a row of a table, `turned` for text that
    goes up or down the page. `size` is the height of the letters' boxes of its longest run, the
    first drawn of equals.
    """

    runs: tuple[Run, ...]
    column: int
    kind: LineKind = "text"
    left: float = field(init=False, repr=False, compare=False)
    top: float = field(init=False, repr=False, compare=False)
    right: float = field(init=False, repr=False, compare=False)
    bottom: float = field(init=False, repr=False, compare=False)
    size: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep what is asked for again and again."""
        runs = self.runs
        first = runs[0]
        if len(runs) == 1:
            self.left, self.top = first.left, first.top
            self.right, self.bottom = first.right, first.bottom
            self.size = first.size
            return
        self.left = min([run.left for run in runs])
        self.top = min([run.top for run in runs])
        self.right = max([run.right for run in runs])
        self.bottom = max([run.bottom for run in runs])
        self.size = max(runs, key=lambda run: (run.letters, -run.order)).size
