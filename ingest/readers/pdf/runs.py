"""Words of a PDF page to runs: what stands on one line without a wide gap."""

import numpy as np
from numpy.typing import NDArray

from ingest.layout.run import Run
from ingest.readers.pdf.glyphs import Words

_WIDEST_SPACE = 0.6  # of the height of the letters' boxes
_OVERLAP = 0.5
_SAME_LINE = 0.38
_WIDEST_JUSTIFIED = 2.5
_EVEN = 0.04
_RIGHT_TO_LEFT = (0x0590, 0x08FF)
_PRESENTATION = (0xFB1D, 0xFEFC)
_RETURN, _FEED = ord("\r"), ord("\n")


def runs_of(words: Words) -> list[Run]:
    """Return the runs in the order in which the file draws them."""
    if not len(words.starts):
        return []
    boxes, upright = _levelled(words)
    left, top, right, bottom = boxes.T
    size = bottom - top
    backwards = _right_to_left(words)
    larger = np.maximum(size[1:], size[:-1])
    twice = top + bottom
    level = np.abs(twice[1:] - twice[:-1]) / 2 < _SAME_LINE * larger
    gap = left[1:] - right[:-1]
    close = _is_close(gap, larger)
    if backwards.any():
        close |= (backwards[1:] | backwards[:-1]) & _is_close(left[:-1] - right[1:], larger)
    if (level & ~close & (gap <= _WIDEST_JUSTIFIED * larger)).any():
        close |= _evenly_spaced(words, level & (gap > 0), gap, larger)
    apart = ~(level & close & (upright[1:] == upright[:-1])) | _broken_off(words)
    first, last = np.ones((2, len(size)), dtype=np.bool_)
    first[1:], last[:-1] = apart, apart
    firsts = np.flatnonzero(first)
    columns = (
        words.starts[first].tolist(),
        words.ends[last].tolist(),
        np.minimum.reduceat(left, firsts).tolist(),
        np.minimum.reduceat(top, firsts).tolist(),
        np.maximum.reduceat(right, firsts).tolist(),
        np.maximum.reduceat(bottom, firsts).tolist(),
        np.maximum.reduceat(size, firsts).tolist(),
        range(len(firsts)),
        np.add.reduceat(words.ends - words.starts, firsts).tolist(),
        np.maximum.reduceat(backwards, firsts).tolist(),
        upright[first].tolist(),
    )
    return list(map(Run, *columns))


def _is_close(gap: NDArray[np.float64], size: NDArray[np.float64]) -> NDArray[np.bool_]:
    return (gap <= _WIDEST_SPACE * size) & (gap >= -_OVERLAP * size)


def _broken_off(words: Words) -> NDArray[np.bool_]:
    """Return where PDFium has a line break without a space, as after a raised number.

    Whether a space is seen there is then decided by the boxes.
    """
    after, before = words.ends[:-1], words.starts[1:]
    first, last = words.codes[after], words.codes[before - 1]
    off: NDArray[np.bool_] = ((first == _RETURN) | (first == _FEED)) & (
        (last == _RETURN) | (last == _FEED)
    )
    return off & (before - after <= len("\r\n"))


def _evenly_spaced(
    words: Words, level: NDArray[np.bool_], gap: NDArray[np.float64], size: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return which gaps are the wide spaces of a justified line: as wide as one beside them.

    In a table, whose columns are evenly apart, gaps are alike where words are alike wide, so only
    those between words of three widths count, and none beside a figure.
    """
    first = words.codes[words.starts]
    figure = (first >= ord("0")) & (first <= ord("9"))
    wide = level & (gap <= _WIDEST_JUSTIFIED * size) & ~figure[1:] & ~figure[:-1]
    alike = wide[1:] & wide[:-1] & (np.abs(gap[1:] - gap[:-1]) < _EVEN * size[1:])
    width = words.ends - words.starts
    # All spaces of a justified line are alike, so there is no narrow one beside these.
    narrow = np.where(level, gap, np.inf)
    alike[1:] &= narrow[:-2] > (1 - _EVEN) * gap[1:-1]
    alike[:-1] &= narrow[2:] > (1 - _EVEN) * gap[1:-1]
    alike &= (width[2:] != width[1:-1]) & (width[1:-1] != width[:-2]) & (width[2:] != width[:-2])
    even = np.zeros(len(gap), dtype=np.bool_)
    even[1:] |= alike
    even[:-1] |= alike
    return even


def _levelled(words: Words) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the boxes with the page turned so that most of its text runs across."""
    if words.upright.all():
        return words.boxes, words.upright
    letters = words.ends - words.starts
    tall = int(letters[~words.upright].sum())
    if tall * 2 <= int(letters.sum()):
        return words.boxes, words.upright
    left, top, right, bottom = words.boxes.T
    # Text that runs up the page, the usual way to set a wide table on a tall page, unless the
    # file draws it from the top down.
    starts, ends = words.starts, words.ends
    across = ~words.upright | (letters < 2)  # of a single letter it is not known
    if _runs_down(words, starts, ends):
        return np.stack([top, -right, bottom, -left], axis=1), across
    return np.stack([-bottom, left, -top, right], axis=1), across


def _runs_down(words: Words, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> bool:
    """Tell whether consecutive words of one line follow each other downwards."""
    tops, lefts = words.boxes[:, 1], words.boxes[:, 0]
    same = np.abs(lefts[1:] - lefts[:-1]) < 1.0
    steps = (tops[1:] - tops[:-1])[same & (starts[1:] - ends[:-1] == 1)]
    return bool(len(steps)) and float(np.median(steps)) > 0


def _right_to_left(words: Words) -> NDArray[np.bool_]:
    high = words.codes[words.codes >= _RIGHT_TO_LEFT[0]]
    if not _is_right_to_left(high).any():
        return np.zeros(len(words.starts), dtype=np.bool_)
    total = np.concatenate([[0], np.cumsum(_is_right_to_left(words.codes))])
    found: NDArray[np.bool_] = total[words.ends] > total[words.starts]
    return found


def _is_right_to_left(codes: NDArray[np.uint16]) -> NDArray[np.bool_]:
    return ((codes >= _RIGHT_TO_LEFT[0]) & (codes <= _RIGHT_TO_LEFT[1])) | (
        (codes >= _PRESENTATION[0]) & (codes <= _PRESENTATION[1])
    )
