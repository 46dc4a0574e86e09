"""Groups: consecutive bands of a region with white gutters in common."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from ingest.layout.bands import Band, Interval, common, free_intervals, lines_in, middle_of
from ingest.layout.run import Run

_GUTTER = 0.75  # of the height of the letters' boxes
_JOINED_GAP = 2.5  # lines this many heights apart may still be of one column
_HEADER_GAP = 1.0  # a single row with gaps, so far above the rest, is a header
_FEWEST_COLUMN_LINES = 3
_FEW_LINES = 4
_SURE_GUTTER = 1.8
_LONGEST_LABEL = 6
_STAGGERED = 4
_PROSE_LETTERS = 20
_LONGER = 2
_CAPTION_GAP = 1.2
_LOOKED_AT = 5
_ALIGNED = 0.2


@dataclass(frozen=True, slots=True)
class Group:
    """Consecutive bands with the gutters between their columns; none for lines of full width."""

    bands: tuple[Band, ...]
    gutters: tuple[Interval, ...] = ()

    def columns(self, bands: Sequence[Band] | None = None) -> list[list[Run]]:
        """Return the runs between the gutters, from left to right (or right to left)."""
        parts: list[list[Run]] = [[] for _ in range(len(self.gutters) + 1)]
        middles = [(gap[0] + gap[1]) / 2 for gap in self.gutters]
        letters = backwards = 0
        for band in self.bands if bands is None else bands:
            for run in band.runs:
                parts[bisect_left(middles, (run.left + run.right) / 2)].append(run)
                letters += run.letters
                if run.right_to_left:
                    backwards += run.letters
        return parts[::-1] if backwards * 2 > letters else parts


def groups_of(bands: Sequence[Band], are_columns: Callable[[Group], bool]) -> Iterator[Group]:
    """Yield bands with common gutters together, and the bands between them.

    `are_columns` tells columns of prose from the cells of a table: gutters of columns that go on
    far beyond a table in one of them are taken before the table's own.
    """
    least = _GUTTER * middle_of(run.size for band in bands for run in band.runs)
    region = (min(band.left for band in bands), max(band.right for band in bands))

    @cache
    def free(index: int) -> list[Interval]:
        return free_intervals(bands[index], region, least)

    plain: list[Band] = []
    at = 0
    while at < len(bands):
        end, gutters = _reach(bands, free, at, least)
        if gutters and end < len(bands):
            longer, held = _reach(bands, free, at, least, all_of_them=False)
            far_longer = held and longer - at >= _LONGER * (end - at)
            if far_longer and are_columns(Group(tuple(bands[at:longer]), tuple(held))):
                end, gutters = longer, held
        if gutters:
            end = _without_caption(bands, at, end, gutters)
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
    bands: Sequence[Band],
    free: Callable[[int], list[Interval]],
    start: int,
    least: float,
    *,
    all_of_them: bool = True,
) -> tuple[int, list[Interval]]:
    """Return where the group that starts at this band ends, and its gutters.

    It ends where a gutter does, or, if not `all_of_them`, where the last does.
    """
    end = start + 1
    if len(bands[start].runs) == 1 and not _staggered(bands, start):
        return end, []  # most lines, told at once
    held = free(start)
    left, right = bands[start].left, bands[start].right
    gutters = [gap for gap in held if gap[0] >= left and gap[1] <= right]
    if not gutters and not _staggered(bands, start):
        return end, []
    while end < len(bands):
        held = common(held, free(end), least)
        left, right = min(left, bands[end].left), max(right, bands[end].right)
        inner = [gap for gap in held if gap[0] >= left and gap[1] <= right]
        ends = all_of_them and end - start >= _FEWEST_COLUMN_LINES
        if len(inner) < len(gutters) and (not inner or ends):
            break
        if _far(bands[end - 1], bands[end], _HEADER_GAP) and (
            _far(bands[end - 1], bands[end], _JOINED_GAP)
            or (end == start + 1 and not _begins_columns(bands[start : start + _LOOKED_AT]))
        ):
            break
        gutters = inner
        end += 1
    return end, gutters


def _far(upper: Band, lower: Band, heights: float) -> bool:
    return lower.top - upper.bottom > heights * lower.size


def _without_caption(
    bands: Sequence[Band], start: int, end: int, gutters: Sequence[Interval]
) -> int:
    """Return the end without a last line apart, left of all gutters, that goes on below."""
    last = end - 1
    if (
        start < last
        and end < len(bands)
        and bands[last].right <= gutters[0][0] + 0.01
        and _far(bands[last - 1], bands[last], _CAPTION_GAP)
        and not _far(bands[last], bands[end], _HEADER_GAP)
    ):
        return last
    return end


def _begins_columns(bands: Sequence[Band]) -> bool:
    """Tell whether each piece of the first band begins where two lines below it do."""
    below = [run for band in bands[1:] for run in band.runs]
    return all(
        sum(abs(other.left - run.left) < _ALIGNED * run.size for other in below) > 1
        for run in bands[0].runs
    )


def _staggered(every: Sequence[Band], start: int) -> bool:
    """Tell whether lines stand left and right by turns, as those of columns with other heights."""
    if start + _STAGGERED > len(every) or not _disjoint(every[start], every[start + 1]):
        return False  # most lines, told at once
    bands = every[start : start + _STAGGERED]
    return all(
        _disjoint(one, other) and not _far(one, other, _JOINED_GAP)
        for one, other in pairwise(bands)
    ) and all(map(_is_long, bands))


def _disjoint(one: Band, other: Band) -> bool:
    return one.right < other.left or other.right < one.left


def _backwards(bands: Sequence[Band], plain: int, start: int, gutters: Sequence[Interval]) -> int:
    """Return the first of the bands above that belong to columns after the first one.

    Lines of the first column between them come with them; above them they may stay, since they
    are read first in any case.
    """
    rtl = any(run.right_to_left for run in bands[start].runs)
    first = start
    for index in range(start - 1, start - plain - 1, -1):
        band = bands[index]
        if not _in_one_column(band, gutters) or _far(band, bands[index + 1], _JOINED_GAP):
            break
        last = band.right < gutters[0][1] if rtl else band.left > gutters[-1][0]
        middle = not (band.left > gutters[-1][0] if rtl else band.right < gutters[0][1])
        if last or (middle and _is_long(band)):
            first = index
    return first


def _is_long(band: Band) -> bool:
    return sum(run.letters for run in band.runs) >= _PROSE_LETTERS


def _in_one_column(band: Band, gutters: Sequence[Interval]) -> bool:
    return all(band.right <= gap[0] + 0.01 or band.left >= gap[1] - 0.01 for gap in gutters)


def _without_label_columns(group: Group) -> Group:
    """Return the group without gutters between list numbers and what they number."""
    parts = group.columns()
    beside = list(zip(group.gutters, parts, parts[1:], strict=False))
    kept = [gutter for gutter, labels, text in beside if not _are_labels(labels, text)]
    if len(kept) == len(beside) or any(run.right_to_left for part in parts for run in part):
        return group
    return Group(group.bands, tuple(kept))


def _are_labels(labels: Sequence[Run], text: Sequence[Run]) -> bool:
    """Tell whether each run is a short mark at the height of a line of longer text."""
    if not labels or any(run.letters > _LONGEST_LABEL for run in labels):
        return False
    if any(len(line) > 1 for line in lines_in(labels)):
        return False
    lines = lines_in(text)
    letters = sum(run.letters for run in text)
    if letters < 4 * _LONGEST_LABEL * len(lines) or 2 * len(labels) > len(lines) + 2:
        return False
    return all(
        any(abs(label.middle - run.middle) < 0.4 * run.size for run in text) for label in labels
    )
