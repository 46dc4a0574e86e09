"""Bands: the horizontal strips of a region that no white line parts, and their free intervals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from ingest.layout.run import Run

Interval = tuple[float, float]

_MIDDLE_AND_LEFT = attrgetter("middle", "left")
_LEFT = attrgetter("left")
_CORE = 0.28  # of the height of a letter's box, to both sides of its middle
_NEAR_MIDDLE = 0.42


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
        self.size = runs[0].size if one else middle_of([run.size for run in runs])


def middle_of(sizes: Iterable[float]) -> float:
    """Return the median, which the library takes ten times as long to find of a few sizes."""
    ordered = sorted(sizes)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def bands_of(runs: Iterable[Run]) -> list[Band]:
    """Return the bands from top to bottom; ascenders and descenders may overlap."""
    bands: list[Band] = []
    held: list[Run] = []
    top = bottom = 0.0
    highs = [(run.middle - _CORE * run.size, run.left, at, run) for at, run in enumerate(runs)]
    for high, _, _, run in sorted(highs):
        if held and high >= bottom:
            bands.append(Band(tuple(held), top, bottom))
            held = []
        low = run.middle + _CORE * run.size
        if not held:
            top, bottom = high, low
        elif low > bottom:
            bottom = low
        held.append(run)
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
    found = sorted(runs, key=_MIDDLE_AND_LEFT)
    if not found:
        return []
    line, largest = [found[0]], found[0]
    lines = [line]
    for run in found[1:]:
        # The middle of a raised or lowered mark is compared with that of the largest letters.
        if abs(run.middle - largest.middle) < _NEAR_MIDDLE * max(run.size, largest.size):
            line.append(run)
            if run.size > largest.size:
                largest = run
        else:
            line, largest = [run], run
            lines.append(line)
    return [line if len(line) == 1 else _in_line_order(line) for line in lines]


def _in_line_order(line: Sequence[Run]) -> list[Run]:
    rtl = sum([run.letters for run in line if run.right_to_left])
    if rtl and rtl * 2 > sum([run.letters for run in line]):
        return sorted(line, key=lambda run: -run.right)
    return sorted(line, key=_LEFT)
