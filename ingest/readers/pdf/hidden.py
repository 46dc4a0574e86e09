"""What a reader of a PDF page does not see: text without ink, under other shapes, out of view."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, repeat
from operator import attrgetter, itemgetter

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ingest.layout.run import Run
from ingest.readers.pdf.glyphs import PageFrame, called_by_address, char_boxes, ready

_OVERLAP = 0.4  # of the smaller of two runs
_CORE = 0.25  # of a run's height is left off above and below: lines may be set tightly
_MOST_RUNS = 1_500
_MANY = 30
_LEFT, _FIRST = attrgetter("left"), itemgetter(0)

_Sides = tuple[float, float, float, float]

# Without a Python object an argument: a third of the time.
_TEXT_OBJECT = called_by_address("FPDFText_GetTextObject", ctypes.c_void_p)
_PAGE_OBJECT = called_by_address("FPDFPage_GetObject", ctypes.c_void_p)
_RENDER_MODE = called_by_address("FPDFTextObj_GetTextRenderMode", ctypes.c_int, ctypes.c_void_p)
_KIND = called_by_address("FPDFPageObj_GetType", ctypes.c_int, ctypes.c_void_p)


def invisible(textpage: pdfium.PdfTextPage, runs: Sequence[Run]) -> set[int]:
    """Return the orders of runs that are drawn without ink, as a scanner's OCR layer is."""
    handle = ready(textpage.raw)
    found: set[int] = set()
    for run in runs:
        drawn = _TEXT_OBJECT(handle, run.start)
        if drawn and _RENDER_MODE(drawn) == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE:
            found.add(run.order)
    return found


def covered(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, runs: Sequence[Run]) -> set[int]:
    """Return the orders of runs that a filled shape hides, with other text written over it.

    Looked for only where two runs overlap: an old date under a new one, say.
    """
    overlapping = {run.order: run for pair in _overlapping(runs) for run in pair}
    if not overlapping:
        return set()
    count = pdfium_c.FPDFPage_CountObjects(page.raw)
    objects = list(map(_PAGE_OBJECT, repeat(ready(page.raw), count), range(count)))
    shapes = _opaque_shapes(objects)
    if not shapes:
        return set()
    depths = {item: depth for depth, item in enumerate(objects)}
    handle = ready(textpage.raw)
    found: set[int] = set()
    for run in overlapping.values():
        drawn = _TEXT_OBJECT(handle, run.start)
        depth = depths.get(drawn) if drawn else None
        if depth is None:
            continue
        under = _bounds(drawn)
        if any(over > depth and _hides(shape, under) for over, shape in shapes):
            found.add(run.order)
    return found


def has_image(page: pdfium.PdfPage) -> bool:
    """Tell whether the page draws an image or a form, which may hold one."""
    count = pdfium_c.FPDFPage_CountObjects(page.raw)
    objects = (pdfium_c.FPDFPage_GetObject(page.raw, index) for index in range(count))
    kinds = {pdfium_c.FPDFPageObj_GetType(item) for item in objects}
    return bool(kinds & {pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_FORM})


def within(textpage: pdfium.PdfTextPage, runs: Sequence[Run], frame: PageFrame) -> Iterator[Run]:
    """Yield the runs inside the visible part of the page, cut at its edges."""
    width, height = frame.size
    for run in runs:
        inside = run.left >= 0 and run.right <= width and run.top >= 0 and run.bottom <= height
        if inside:
            yield run
            continue
        part = _part_within(textpage, run, frame)
        if part is not None:
            yield part


def _part_within(textpage: pdfium.PdfTextPage, run: Run, frame: PageFrame) -> Run | None:
    width, height = frame.size
    indexes = np.arange(run.start, run.end)
    boxes = char_boxes(textpage, indexes, frame)
    across, down = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    seen = (across >= 0) & (across <= width) & (down >= 0) & (down <= height)
    kept = np.flatnonzero(seen & (boxes[:, 2] > boxes[:, 0]))
    if not len(kept):
        return None
    start, end = int(indexes[kept[0]]), int(indexes[kept[-1]]) + 1
    cut = replace(run, start=start, end=end, letters=len(kept))
    if not run.upright or (start, end) == (run.start, run.end):
        return cut
    left, right = float(boxes[kept, 0].min()), float(boxes[kept, 2].max())
    return replace(cut, left=max(run.left, left), right=min(run.right, right))


def _overlapping(runs: Sequence[Run]) -> Iterator[tuple[Run, Run]]:
    if len(runs) > _MOST_RUNS:
        return
    for level in _levels(runs):
        level.sort(key=_LEFT)
        if all(one.right <= other.left for one, other in pairwise(level)):
            continue  # side by side
        if len(level) < _MANY:
            for number, one in enumerate(level):
                yield from ((one, other) for other in level[number + 1 :] if _overlap(one, other))
        else:
            yield from _overlapping_of_many(level)


def _levels(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Yield the runs, two and more, whose cores overlap in height, directly or through others."""
    held: list[Run] = []
    lowest = 0.0
    for top, bottom, run in sorted(map(_core, runs), key=_FIRST):
        if held and top >= lowest:
            if len(held) > 1:
                yield held
            held = []
        if not held or bottom > lowest:
            lowest = bottom
        held.append(run)
    if len(held) > 1:
        yield held


def _core(run: Run) -> tuple[float, float, Run]:
    """Return the top and bottom of a run without what may reach into other lines."""
    edge = _CORE * (run.bottom - run.top)
    return run.top + edge, run.bottom - edge, run


def _overlap(one: Run, other: Run) -> bool:
    wide = min(one.right, other.right) - max(one.left, other.left)
    if wide <= 0:
        return False
    (top, bottom, _), (other_top, other_bottom, _) = _core(one), _core(other)
    shared = wide * max(0.0, min(bottom, other_bottom) - max(top, other_top))
    areas = (
        (one.right - one.left) * (bottom - top),
        (other.right - other.left) * (other_bottom - other_top),
    )
    return shared > _OVERLAP * min(areas)


def _overlapping_of_many(ordered: Sequence[Run]) -> Iterator[tuple[Run, Run]]:
    lefts = np.array([run.left for run in ordered])
    rights = np.array([run.right for run in ordered])
    tops = np.array([run.top + _CORE * (run.bottom - run.top) for run in ordered])
    bottoms = np.array([run.bottom - _CORE * (run.bottom - run.top) for run in ordered])
    wide = np.minimum(rights[:, None], rights) - np.maximum(lefts[:, None], lefts)
    high = np.minimum(bottoms[:, None], bottoms) - np.maximum(tops[:, None], tops)
    shared = np.clip(wide, 0, None) * np.clip(high, 0, None)
    areas = (rights - lefts) * (bottoms - tops)
    found = shared > _OVERLAP * np.minimum(areas[:, None], areas)
    for one, other in np.argwhere(np.triu(found, 1)):
        yield ordered[one], ordered[other]


def _opaque_shapes(objects: Sequence[int]) -> list[tuple[int, _Sides]]:
    """Return the depth and the bounds of each shape that is filled and lets nothing through."""
    return [
        (depth, _bounds(item))
        for depth, item in enumerate(objects)
        if _KIND(item) == pdfium_c.FPDF_PAGEOBJ_PATH and _is_opaque(item)
    ]


def _is_opaque(shape: int) -> bool:
    handle = ctypes.cast(shape, pdfium_c.FPDF_PAGEOBJECT)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(handle, ctypes.byref(fill), ctypes.byref(stroke))
    colour = [ctypes.c_uint() for _ in range(4)]
    pdfium_c.FPDFPageObj_GetFillColor(handle, *map(ctypes.byref, colour))
    return fill.value != pdfium_c.FPDF_FILLMODE_NONE and colour[3].value >= 255


def _hides(over: _Sides, under: _Sides) -> bool:
    """Tell whether a shape covers all of what was drawn before it."""
    return (
        over[0] <= under[0] + 1
        and over[1] <= under[1] + 1
        and over[2] >= under[2] - 1
        and over[3] >= under[3] - 1
    )


def _bounds(item: int) -> _Sides:
    sides = [ctypes.c_float() for _ in range(4)]
    handle = ctypes.cast(item, pdfium_c.FPDF_PAGEOBJECT)
    pdfium_c.FPDFPageObj_GetBounds(handle, *map(ctypes.byref, sides))
    left, bottom, right, top = (side.value for side in sides)
    return left, bottom, right, top
