"""Groups: consecutive bands of a region with white gutters in common."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.layout.bands import Band, Interval, common, free_intervals, lines_in
from ingest.layout.run import Run

_GUTTER = 0.75  # of the height of the letters' boxes
_JOINED_GAP = 2.5  # lines this many heights apart may still be of one column
_HEADER_GAP = 1.0  # a single row with gaps, so far above the rest, is a header
_FEWEST_COLUMN_LINES = 3
_FEW_LINES = 4
_SURE_GUTTER = 1.8
_LONGEST_LABEL = 6


@dataclass(frozen=True, slots=True)
class Group:
    """Consecutive bands with the gutters between their columns; none for lines of full width."""

    bands: tuple[Band, ...]
    gutters: tuple[Interval, ...] = ()

    def columns(self, bands: Sequence[Band] | None = None) -> list[list[Run]]:
        """Return the runs between the gutters, from left to right (or right to left)."""
        parts: list[list[Run]] = [[] for _ in range(len(self.gutters) + 1)]
        for band in self.bands if bands is None else bands:
            for run in band.runs:
                middle = (run.left + run.right) / 2
                parts[sum(middle > (gap[0] + gap[1]) / 2 for gap in self.gutters)].append(run)
        letters = sum(run.letters for part in parts for run in part)
        backwards = sum(run.letters for part in parts for run in part if run.right_to_left)
        return parts[::-1] if backwards * 2 > letters else parts


def groups_of(bands: Sequence[Band]) -> Iterator[Group]:
    """Yield bands with common gutters together, and the bands between them."""
    least = _GUTTER * median(run.size for band in bands for run in band.runs)
    region = (min(band.left for band in bands), max(band.right for band in bands))
    free = [free_intervals(band, region, least) for band in bands]
    plain: list[Band] = []
    at = 0
    while at < len(bands):
        end, gutters = _reach(bands, free, at, least)
        if gutters:
            start = _backwards(bands, len(plain), at, gutters)
            del plain[len(plain) - (at - start) :]
            group = _without_label_columns(Group(tuple(bands[start:end]), tuple(gutters)))
            if group.gutters and not _by_chance(group, least):
                if plain:
                    yield Group(tuple(plain))
                    plain = []
                yield group
                at = end
                continue
            plain.extend(group.bands)
            at = end
            continue
        plain.append(bands[at])
        at += 1
    if plain:
        yield Group(tuple(plain))


def _by_chance(group: Group, least: float) -> bool:
    """Tell whether the gutters may be wide spaces in a few justified lines."""
    widest = max(gutter[1] - gutter[0] for gutter in group.gutters)
    one_line = len(group.bands) == 1 and len(lines_in(group.bands[0].runs)) == 1
    return one_line or (len(group.bands) <= _FEW_LINES and widest < _SURE_GUTTER * least)


def _reach(
    bands: Sequence[Band], free: Sequence[list[Interval]], start: int, least: float
) -> tuple[int, list[Interval]]:
    """Return where the group that starts at this band ends, and its gutters."""
    held = free[start]
    left, right = bands[start].left, bands[start].right
    gutters = [gap for gap in held if gap[0] >= left and gap[1] <= right]
    end = start + 1
    if not gutters:
        return end, []
    while end < len(bands):
        held = common(held, free[end], least)
        left, right = min(left, bands[end].left), max(right, bands[end].right)
        inner = [gap for gap in held if gap[0] >= left and gap[1] <= right]
        if len(inner) < len(gutters) and (not inner or end - start >= _FEWEST_COLUMN_LINES):
            break
        if _far(bands[end - 1], bands[end], _HEADER_GAP if end == start + 1 else _JOINED_GAP):
            break
        gutters = inner
        end += 1
    return end, gutters


def _far(upper: Band, lower: Band, heights: float) -> bool:
    return lower.top - upper.bottom > heights * median(run.size for run in lower.runs)


def _backwards(bands: Sequence[Band], plain: int, start: int, gutters: Sequence[Interval]) -> int:
    """Return the first of the bands above that belong to the last column alone."""
    first = start
    while first > start - plain:
        band = bands[first - 1]
        if band.left < gutters[-1][1] - 0.01 or _far(band, bands[first], _JOINED_GAP):
            break
        first -= 1
    return first


def _without_label_columns(group: Group) -> Group:
    """Return the group without gutters between list numbers and what they number."""
    kept: list[Interval] = []
    parts = Group(group.bands, group.gutters).columns()
    if any(run.right_to_left for part in parts for run in part):
        return group
    for gutter, labels, text in zip(group.gutters, parts, parts[1:], strict=False):
        if not _are_labels(lines_in(labels), text):
            kept.append(gutter)
    return Group(group.bands, tuple(kept))


def _are_labels(labels: Sequence[Sequence[Run]], text: Sequence[Run]) -> bool:
    """Tell whether each line is a short mark at the height of a line of longer text."""
    if not labels or any(len(line) > 1 or line[0].letters > _LONGEST_LABEL for line in labels):
        return False
    lines = lines_in(text)
    letters = sum(run.letters for run in text)
    if letters < 4 * _LONGEST_LABEL * len(lines) or 2 * len(labels) > len(lines) + 2:
        return False
    return all(
        any(abs(line[0].middle - run.middle) < 0.4 * run.size for run in text) for line in labels
    )
