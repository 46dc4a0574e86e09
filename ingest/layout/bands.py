"""Bands: the horizontal strips of a region that no white line parts, and their free intervals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from statistics import median

from ingest.layout.run import Run

Interval = tuple[float, float]

_MIDDLE_AND_LEFT = attrgetter("middle", "left")
_SIZE = attrgetter("size")
_CORE = 0.28  # of the height of a letter's box, to both sides of its middle


@dataclass(slots=True)
class Band:
    """Runs whose letters overlap in height, directly or through others; from top to bottom.

    `left` and `right` are its edges, `size` is the middle one of its letters' heights.
    """

    runs: tuple[Run, ...]
    top: float
    bottom: float
    left: float = field(init=False, repr=False, compare=False)
    right: float = field(init=False, repr=False, compare=False)
    size: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep what is asked for again and again."""
        runs = self.runs
        one = len(runs) == 1
        self.left = runs[0].left if one else min([run.left for run in runs])
        self.right = runs[0].right if one else max([run.right for run in runs])
        self.size = runs[0].size if one else median([run.size for run in runs])


def bands_of(runs: Iterable[Run]) -> list[Band]:
    """Return the bands from top to bottom; ascenders and descenders may overlap."""
    bands: list[Band] = []
    held: list[Run] = []
    top = bottom = 0.0
    for run in sorted(runs, key=lambda run: (run.middle - _CORE * run.size, run.left)):
        high, low = run.middle - _CORE * run.size, run.middle + _CORE * run.size
        if held and high >= bottom:
            bands.append(Band(tuple(held), top, bottom))
            held = []
        if not held:
            top, bottom = high, low
        held.append(run)
        bottom = max(bottom, low)
    if held:
        bands.append(Band(tuple(held), top, bottom))
    return bands


def free_intervals(band: Band, region: Interval, least: float) -> list[Interval]:
    """Return the intervals of the region that no run of the band covers, `least` wide or wider."""
    free: list[Interval] = []
    at = region[0]
    if len(band.runs) == 1:
        run = band.runs[0]
        if run.left - at >= least:
            free.append((at, run.left))
        at = max(at, run.right)
        if region[1] - at >= least:
            free.append((at, region[1]))
        return free
    for left, right in sorted((run.left, run.right) for run in band.runs):
        if left - at >= least:
            free.append((at, left))
        at = max(at, right)
    if region[1] - at >= least:
        free.append((at, region[1]))
    return free


def common(first: Sequence[Interval], second: Sequence[Interval], least: float) -> list[Interval]:
    """Return the intervals that both hold, `least` wide or wider."""
    found: list[Interval] = []
    for a, b in first:
        for c, d in second:
            low = c if c > a else a
            high = d if d < b else b
            if high - low >= least:
                found.append((low, high))
    found.sort()
    return found


def lines_in(runs: Iterable[Run]) -> list[list[Run]]:
    """Return runs as lines from top to bottom, each from left to right (or right to left).

    A run belongs to the line whose letters' middle lies within half of its own letters.
    """
    lines: list[list[Run]] = []
    found = list(runs)
    if len(found) == 1:
        return [found]
    for run in sorted(found, key=_MIDDLE_AND_LEFT):
        near = lines[-1] if lines else None
        if near is not None and _on_line(near, run):
            near.append(run)
        else:
            lines.append([run])
    return [_in_line_order(line) for line in lines]


def _on_line(line: Sequence[Run], run: Run) -> bool:
    """Tell whether the run's middle is that of the line, raised and lowered marks included."""
    largest = line[0] if len(line) == 1 else max(line, key=_SIZE)
    return abs(run.middle - largest.middle) < 0.42 * max(run.size, largest.size)


def _in_line_order(line: Sequence[Run]) -> list[Run]:
    if len(line) == 1:
        return list(line)
    rtl = sum(run.letters for run in line if run.right_to_left)
    backwards = rtl * 2 > sum(run.letters for run in line)
    return sorted(line, key=lambda run: -run.right if backwards else run.left)
