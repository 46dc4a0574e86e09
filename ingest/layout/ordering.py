"""Reading order by whitespace: columns are cut apart where white gutters run down the page.

*Source:* recursive cuts along white space, G. Nagy and S. Seth, "Hierarchical representation of
optically scanned documents" (ICPR 1984); gutters first, T. Breuel, "Two geometric algorithms for
layout analysis" (DAS 2002). Where the white space of a table and that of columns look alike, the
order in which the file draws the text decides.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, pairwise
from statistics import median

from ingest.layout.bands import Band, bands_of, lines_in
from ingest.layout.edges import edge_lines
from ingest.layout.grouping import Group, groups_of
from ingest.layout.run import LaidLine, Run

_FEWEST_COLUMN_LINES = 3
_FEWEST_PROSE_LETTERS = 12.0
_CELL_LETTERS = 25.0
_FILLED = 0.5
_ROWS_DRAWN = 0.5
_ROWS_MATCHED = 0.7
_ONE_ROW = 0.8
_DEEPEST = 8

HEAD, FOOT = -2, -3  # the columns of lines apart at the head and foot of a page

Lines = Sequence[Sequence[Run]]


def reading_order(runs: Sequence[Run]) -> list[LaidLine]:
    """Return the lines of a page in reading order; every run is in exactly one.

    Runs that go up or down the page, such as the names of a chart's axes, come before the first
    line below them.
    """
    across = [run for run in runs if run.upright]
    lines = list(_whole_page(across))
    for run in runs:
        if not run.upright:
            below = (index for index, line in enumerate(lines) if line.top >= run.bottom)
            lines.insert(next(below, len(lines)), LaidLine((run,), -1, "turned"))
    return lines


def _whole_page(runs: Sequence[Run]) -> Iterator[LaidLine]:
    """Yield the lines of a page; a line of its own at its head or foot belongs to no column."""
    bands = bands_of(runs)
    head = edge_lines(bands)
    foot = edge_lines(bands[head:][::-1])
    order = _Order()
    yield from _plain(bands[:head], HEAD)
    inner = bands[head : len(bands) - foot]
    yield from order.of_bands(inner, depth=0)
    yield from _plain(bands[len(bands) - foot :], FOOT)


class _Order:
    def __init__(self) -> None:
        self._columns = count()

    def lines(self, runs: Sequence[Run], *, depth: int) -> Iterator[LaidLine]:
        """Yield the lines of a region."""
        yield from self.of_bands(bands_of(runs), depth=depth)

    def of_bands(self, bands: Sequence[Band], *, depth: int) -> Iterator[LaidLine]:
        """Yield the lines of a region that is these bands."""
        column = next(self._columns)
        if not bands:
            return
        runs = [run for band in bands for run in band.runs]
        if depth >= _DEEPEST or _is_one_column(runs, bands):
            yield from _plain(bands, column)
            return
        for group in groups_of(bands, _columns_of_prose):
            if not group.gutters:
                yield from _plain(group.bands, column)
                continue
            yield from self._group(group, depth=depth)
            column = next(self._columns)

    def _group(self, group: Group, *, depth: int) -> Iterator[LaidLine]:
        rows = list(_rows(group.bands))
        if _are_columns(group, rows):
            for part in group.columns():
                yield from self.lines(part, depth=depth + 1)
            return
        column = next(self._columns)
        for row in rows:
            yield from self._row(group, row, column, depth=depth)

    def _row(
        self, group: Group, bands: Sequence[Band], column: int, *, depth: int
    ) -> Iterator[LaidLine]:
        """Yield the lines of a row of a table: its cells one after the other."""
        lines = lines_in(run for band in bands for run in band.runs)
        if len(lines) == 1:
            yield LaidLine(tuple(lines[0]), column, "cells")
            return
        cells = [cell for cell in group.columns(bands) if cell]
        anchors = _anchors([lines_in(cell) for cell in cells])
        if anchors:
            for runs in _at(anchors, [run for cell in cells for run in cell]):
                part = Group((Band(tuple(runs), 0, 0),), group.gutters)
                for line in _cell_after_cell([lines_in(cell) for cell in part.columns()]):
                    yield LaidLine(tuple(line), column, "cells")
            return
        if _rows_match([lines_in(cell) for cell in cells]):
            yield from (LaidLine(tuple(line), column, "cells") for line in lines)
            return
        long = [cell for cell in cells if _is_passage(lines_in(cell))]
        if long and len(cells) > 1:
            for cell in cells:
                yield from self.lines(cell, depth=depth + 1)
            return
        for line in _cell_after_cell([lines_in(cell) for cell in cells]):
            yield LaidLine(tuple(line), column, "cells")


def _is_one_column(runs: Sequence[Run], bands: Sequence[Band]) -> bool:
    """Tell whether each band is one run and no white can run down between them."""
    return len(runs) == len(bands) and (
        max(run.left for run in runs) < min(run.right for run in runs)
    )


def _plain(bands: Sequence[Band], column: int) -> Iterator[LaidLine]:
    for band in bands:
        for line in [band.runs] if len(band.runs) == 1 else lines_in(band.runs):
            yield LaidLine(tuple(line), column)


def _rows(bands: Sequence[Band]) -> Iterator[list[Band]]:
    """Yield the bands of a table by row: bands that the file draws in one go belong together."""
    first = [min(run.order for run in band.runs) for band in bands]
    # The first run drawn of all the bands from each one on.
    for index in range(len(first) - 2, -1, -1):
        first[index] = min(first[index], first[index + 1])
    held: list[Band] = []
    latest = -1
    for index, band in enumerate(bands):
        held.append(band)
        latest = max(latest, *(run.order for run in band.runs))
        if index + 1 == len(bands) or first[index + 1] > latest:
            yield held
            held = []


def _are_columns(group: Group, rows: Sequence[Sequence[Band]]) -> bool:
    """Tell columns of prose, read one after the other, from the cells of a table."""
    parts = group.columns()
    lines = [lines_in(part) for part in parts]
    long = [part for part in lines if len(part) >= _FEWEST_COLUMN_LINES]
    if not long or (len(long) < 2 and not _is_passage(max(lines, key=len))):
        return False
    prose = [_is_prose(part) for part in long]
    if not _is_one_row(group, rows):
        shortest = min(_letters_a_line(part) for part in long)
        return all(prose) and shortest >= _CELL_LETTERS and _drawn_by_lines(parts)
    return all(prose) or (any(prose) and not _anchors(lines) and not _rows_match(lines))


def _is_one_row(group: Group, rows: Sequence[Sequence[Band]]) -> bool:
    """Tell whether the file draws all in one go, but for lines at the ends of one column."""
    longest = max(rows, key=len)
    return len(longest) >= _ONE_ROW * len(group.bands) and all(
        sum(map(bool, group.columns([band]))) == 1
        for row in rows
        if row is not longest
        for band in row
    )


def _columns_of_prose(group: Group) -> bool:
    return _are_columns(group, list(_rows(group.bands)))


def _is_passage(lines: Lines) -> bool:
    return len(lines) >= 2 * _FEWEST_COLUMN_LINES and _is_prose(lines)


def _is_prose(lines: Lines) -> bool:
    if _letters_a_line(lines) < _FEWEST_PROSE_LETTERS:
        return False
    widths = [abs(line[-1].right - line[0].left) for line in lines]
    return median(widths) >= _FILLED * max(widths)


def _letters_a_line(lines: Lines) -> float:
    return sum(run.letters for line in lines for run in line) / max(1, len(lines))


def _drawn_by_lines(parts: Sequence[Sequence[Run]]) -> bool:
    """Tell whether the file draws across the columns, line after line."""
    drawn = sorted(
        (run.order, index, run.middle, run.size) for index, part in enumerate(parts) for run in part
    )
    across = sum(
        one[1] != other[1] and abs(one[2] - other[2]) < 0.4 * one[3]
        for one, other in pairwise(drawn)
    )
    return across >= _ROWS_DRAWN * max(len(lines_in(part)) for part in parts)


def _anchors(cells: Sequence[Lines]) -> list[float]:
    """Return the heights of the rows where at least two columns have lines at the same ones."""
    several = [cell for cell in cells if len(cell) > 1]
    counted = Counter(len(cell) for cell in several)
    for number, columns in counted.most_common(1):
        alike = [cell for cell in several if len(cell) == number]
        if columns < 2 or 2 * columns < len(cells) - 1:
            continue
        if any(_letters_a_line(cell) >= _FEWEST_PROSE_LETTERS for cell in alike):
            continue
        heights = [max(line, key=lambda run: run.size).middle for line in alike[0]]
        size = alike[0][0][0].size
        if all(
            abs(line[0].middle - height) < 0.3 * size
            for cell in alike
            for line, height in zip(cell, heights, strict=True)
        ):
            return heights
    return []


def _rows_match(cells: Sequence[Lines]) -> bool:
    """Tell whether short cells stand at the heights of the longest column's lines: table rows."""
    longest = max(cells, key=len)
    others = [cell for cell in cells if cell is not longest]
    lines = [line for cell in others for line in cell]
    if len(lines) < 2 * len(others) or _letters_a_line(lines) >= _FEWEST_PROSE_LETTERS:
        return False
    heights = [line[0].middle for line in longest]
    matched = sum(
        any(abs(line[0].middle - height) < 0.35 * line[0].size for height in heights)
        for line in lines
    )
    return matched >= _ROWS_MATCHED * len(lines)


def _at(anchors: Sequence[float], runs: Sequence[Run]) -> list[list[Run]]:
    """Return the runs by the row whose height is nearest."""
    rows: list[list[Run]] = [[] for _ in anchors]
    for run in runs:
        nearest = min(range(len(anchors)), key=lambda index: abs(anchors[index] - run.middle))
        rows[nearest].append(run)
    return [row for row in rows if row]


def _cell_after_cell(cells: Sequence[Lines]) -> Iterator[list[Run]]:
    """Yield a row's lines: each cell goes on where the one before it ended."""
    line: list[Run] = []
    for cell in cells:
        for index, part in enumerate(cell):
            if index:
                yield line
                line = []
            line = [*line, *part]
    if line:
        yield line
