"""The characters of a PDF page as PDFium gives them, and the boxes of their words.

PDFium counts UTF-16 units. It marks a hyphen at a line end with U+FFFE (U+0002 in calls for single
characters, where a glyph without a meaning may be U+0002 as well) and leaves the line break out.
Seen with pypdfium2 5.15.
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

HYPHEN = "\ufffe"
UNKNOWN = "\ufffd"  # a glyph that the font gives no meaning to; leaving it out could falsify

_INKED = np.ones(0x10000, dtype=np.bool_)
_INKED[[0, *range(9, 14), 32, 0x85, 0xA0, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF]] = False
_INKED[0x2000:0x200B] = False
_HYPHEN_CODE = ord(HYPHEN)
_BOLD_WEIGHT = 600
_FONT_NAME_BYTES = 128
_BOXES_AT_ONCE = 2_000


def called_by_address(name: str, result: type, *types: type) -> Callable[..., Any]:
    """Return a function of PDFium's whose handles are plain addresses.

    `types` are those of its arguments. Without them it takes its arguments `ready`, in half the
    time: ctypes then makes nothing for each of them.
    """
    function = ctypes.cast(getattr(pdfium_c, name), ctypes.c_void_p)
    return ctypes.CFUNCTYPE(result, *types)(function.value or 0)


def ready(handle: Any) -> Any:
    """Return a handle of PDFium's as an argument, for calls without types.

    Numbers up to 32 bits are ready as they are.
    """
    return ctypes.byref(handle.contents)


_pointer = ctypes.c_void_p.from_param
_TEXT = called_by_address("FPDFText_GetText", ctypes.c_int)
_LOOSE_BOX = called_by_address("FPDFText_GetLooseCharBox", ctypes.c_int)
_FONT_WEIGHT = called_by_address("FPDFText_GetFontWeight", ctypes.c_int)
_FONT_NAME = called_by_address("FPDFText_GetFontInfo", ctypes.c_ulong)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a page in the order in which the file draws them.

    `codes` are `units` as numbers. `starts` and `ends` are half-open ranges of them, shape (n,);
    `boxes` are (left, top, right, bottom) in points of the page as it is shown, y downwards, shape
    (n, 4); `upright` tells words that run across the page from those that run up or down it.
    """

    units: str
    codes: NDArray[np.uint16]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    boxes: NDArray[np.float64]
    upright: NDArray[np.bool_]

    def only(self, these: NDArray[np.bool_]) -> "Words":
        """Return the words without the others."""
        return replace(
            self,
            starts=self.starts[these],
            ends=self.ends[these],
            boxes=self.boxes[these],
            upright=self.upright[these],
        )


@dataclass(frozen=True, slots=True)
class PageFrame:
    """The visible part of a page in its own coordinates, and the turn it is shown with (0 to 3)."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as shown, in points."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turn % 2 else (width, height)

    def shown(
        self,
        left: NDArray[np.float64],
        top: NDArray[np.float64],
        right: NDArray[np.float64],
        bottom: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return boxes with these sides, shape (n,), y upwards, as the page is shown, shape (n, 4).

        They are left, top, right, bottom again, y downwards.
        """
        if self.turn == 0:
            sides = (left - self.left, self.top - top, right - self.left, self.top - bottom)
        elif self.turn == 1:
            sides = (bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
        elif self.turn == 2:
            sides = (self.right - right, bottom - self.bottom, self.right - left, top - self.bottom)
        else:
            sides = (self.top - top, self.right - right, self.top - bottom, self.right - left)
        return np.array(sides).T


def frame_of(page: pdfium.PdfPage) -> PageFrame:
    """Return the visible part of a page."""
    left, bottom, right, top = page.get_bbox()
    return PageFrame(left, bottom, right, top, (page.get_rotation() // 90) % 4)


def codes_of(textpage: pdfium.PdfTextPage) -> NDArray[np.uint16]:
    """Return PDFium's characters, a UTF-16 unit each."""
    count = pdfium_c.FPDFText_CountChars(textpage.raw)
    if count <= 0:
        return np.zeros(0, dtype=np.uint16)
    codes = np.zeros(count + 1, dtype=np.uint16)
    if _TEXT(ready(textpage.raw), 0, count, _pointer(codes.ctypes.data)) == count + 1:
        return codes[:count]
    # The batch call leaves glyphs without a meaning out: only single calls keep the indexes.
    return np.array([_code(textpage, index) for index in range(count)], dtype=np.uint16)


def words_of(textpage: pdfium.PdfTextPage, frame: PageFrame) -> Words:
    """Return the words of a page with their boxes as shown."""
    codes = codes_of(textpage)
    starts, ends = _word_ranges(codes)
    both = char_boxes(textpage, np.concatenate([starts, ends - 1]), frame)
    first, last = both[: len(starts)], both[len(starts) :]
    boxes = np.minimum(first, last)
    boxes[:, 2:] = np.maximum(first[:, 2:], last[:, 2:])
    across, down = np.abs((last[:, :2] + last[:, 2:]) - (first[:, :2] + first[:, 2:])).T
    upright = (down <= across) | (ends - starts < 2)
    words = Words(_text(codes), codes, starts, ends, boxes, upright)
    wide, high = (boxes[:, 2:] > boxes[:, :2]).T
    sized = wide & high
    return words if sized.all() else words.only(sized)


def bold_at(textpage: pdfium.PdfTextPage) -> Callable[[int], bool]:
    """Return what tells whether a character's font is a bold one, by its name or its weight."""
    handle = ready(textpage.raw)
    name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
    written, size = ctypes.byref(name), ctypes.c_ulong.from_param(_FONT_NAME_BYTES)

    def is_bold(index: int) -> bool:
        if _FONT_WEIGHT(handle, index) >= _BOLD_WEIGHT:
            return True
        name[0] = b"\0"
        _FONT_NAME(handle, index, written, size, None)
        return _names_bold(name.value)

    return is_bold


@lru_cache(maxsize=1_000)
def _names_bold(font: bytes) -> bool:
    folded = font.lower()
    return any(word in folded for word in (b"bold", b"black", b"heavy", b"semibd"))


def char_boxes(
    textpage: pdfium.PdfTextPage, indexes: NDArray[np.int64], frame: PageFrame
) -> NDArray[np.float64]:
    """Return the boxes of characters as shown, shape (n, 4); zero-sized where there is none.

    The boxes are as high as the font's letters may be, so letters of one line have one height.
    """
    handle = ready(textpage.raw)
    room, places = _room_for_boxes()
    sides = np.zeros((4, len(indexes)), dtype=np.float64)
    for start in range(0, len(indexes), len(places)):
        part = indexes[start : start + len(places)].tolist()
        room.fill(0)
        for _ in map(_LOOSE_BOX, repeat(handle), part, places):
            pass
        sides[:, start : start + len(part)] = room[: len(part)].T
    # PDFium gives left, top, right, bottom, and turns them over for mirrored text.
    left, bottom = np.minimum(sides[:2], sides[2:])
    right, top = np.maximum(sides[:2], sides[2:])
    return frame.shown(left, top, right, bottom)


@lru_cache(maxsize=1)
def _room_for_boxes() -> tuple[NDArray[np.float32], list[Any]]:
    """Return an array that PDFium writes boxes to, and its rows as arguments that are `ready`.

    Kept, since making an argument takes a third as long as the call. Like PDFium itself, it is
    used by one thread at a time.
    """
    room = np.zeros((_BOXES_AT_ONCE, 4), dtype=np.float32)
    first, step = room.ctypes.data, room.strides[0]
    return room, [_pointer(first + step * number) for number in range(_BOXES_AT_ONCE)]


def _word_ranges(codes: NDArray[np.uint16]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the half-open ranges between spaces; a hyphen at a line end ends a word as well."""
    inked = _INKED.take(codes)
    apart = ~(inked[:-1] & inked[1:] & (codes[:-1] != _HYPHEN_CODE))
    starts, ends = inked.copy(), inked
    starts[1:] &= apart
    ends[:-1] &= apart
    return np.flatnonzero(starts), np.flatnonzero(ends) + 1


def _text(codes: NDArray[np.uint16]) -> str:
    """Return the characters, one code point a unit."""
    text = codes.tobytes().decode("utf-16-le", "surrogatepass")
    return text if len(text) == len(codes) else "".join(map(chr, codes.tolist()))


def _code(textpage: pdfium.PdfTextPage, index: int) -> int:
    unit: int = pdfium_c.FPDFText_GetUnicode(textpage.raw, index)
    if unit == 2 and pdfium_c.FPDFText_IsHyphen(textpage.raw, index) == 1:
        return _HYPHEN_CODE
    return unit if unit <= 0xFFFF else ord(UNKNOWN)
