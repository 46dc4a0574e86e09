"""The lines at the head and foot of a page that belong to no column."""

from collections.abc import Sequence

from ingest.layout.bands import Band, lines_in, middle_of
from ingest.layout.run import Run

_MOST_EDGE_LINES = 3
_EDGE_LETTERS = 90
_EDGE_GAP = 0.85
_LOOKED_AT = 5  # bands: lines of two columns may stand between those of one
_ALIGNED = 0.2
_SAME_PITCH = 1.2
_WIDEST_PITCH = 1.6
_NEAR_PITCH = 2.5


def edge_lines(bands: Sequence[Band]) -> int:
    """Return how many of the bands from an edge on are short lines apart from the others."""
    for number in range(1, min(_MOST_EDGE_LINES, len(bands) - 1) + 1):
        one, other = bands[number - 1], bands[number]
        if len(lines_in(one.runs)) > 1 or sum(run.letters for run in one.runs) > _EDGE_LETTERS:
            return 0
        gap = max(other.top - one.bottom, one.top - other.bottom)
        if gap > _EDGE_GAP * middle_of(run.size for run in (*one.runs, *other.runs)):
            return 0 if _goes_on(one, bands[number:]) else number
    return 0


def _goes_on(edge: Band, inner: Sequence[Band]) -> bool:
    """Tell whether a line at an edge is the end of a column longer than the others.

    It is as near to the lines that begin above or below it as these are to each other; or it
    begins where columns after the first do, and is not far from them.
    """
    size = middle_of(run.size for run in edge.runs)
    near = [run for band in inner[:_LOOKED_AT] for run in band.runs]
    first = min(edge.runs, key=lambda run: run.left)
    aligned = _aligned(first, near)
    if len(aligned) > 1:
        one, other = (abs(aligned[index].middle - first.middle) for index in (0, 1))
        if one < min(_SAME_PITCH * (other - one), _WIDEST_PITCH * size):
            return True
    left = min(run.left for run in near)
    return (
        any(run.left > left + size for run in edge.runs)
        and all(len(_aligned(run, near)) > 1 for run in edge.runs)
        and min(abs(run.middle - first.middle) for run in near) < _NEAR_PITCH * size
    )


def _aligned(run: Run, others: Sequence[Run]) -> list[Run]:
    """Return the others that begin where a run does, the nearest first."""
    found = [other for other in others if abs(other.left - run.left) < _ALIGNED * other.size]
    return sorted(found, key=lambda other: abs(other.middle - run.middle))
