"""The numbers and bullets of a Word document's lists, which its text does not hold."""

from collections.abc import Callable
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"))
_BULLET = "• "
_MOST_LEVELS = 9
_LARGEST = 9999

Levels = dict[int, tuple[str, str, int]]  # level: format, text, start


class Numbering:
    """Counts a document's list items as Word does; ask for each paragraph once, in order."""

    def __init__(self, root: Any | None, styles: Any) -> None:
        """`root` is the numbering part, `styles` the styles, which may be numbered themselves."""
        self._styles = {
            str(style.get(f"{_W}styleId")): found
            for style in styles.iterchildren(f"{_W}style")
            if (found := style.find(f"{_W}pPr/{_W}numPr")) is not None
        }
        self._levels: dict[str, Levels] = {}
        self._counts: dict[str, list[int]] = {}
        if root is None:
            return
        kinds = {
            str(kind.get(f"{_W}abstractNumId")): _levels_of(kind)
            for kind in root.iterchildren(f"{_W}abstractNum")
        }
        for number in root.iterchildren(f"{_W}num"):
            kind = number.find(f"{_W}abstractNumId")
            if kind is not None:
                levels = kinds.get(str(kind.get(f"{_W}val")), {})
                self._levels[str(number.get(f"{_W}numId"))] = levels

    def next(self, paragraph: Any, style: str | None) -> str:
        """Return what stands before a paragraph: `2. `, `(a) `, `• `, or nothing."""
        properties = paragraph.find(f"{_W}pPr/{_W}numPr")
        if properties is None:
            properties = self._styles.get(style or "")
        if properties is None:
            return ""
        list_id = _value(properties, "numId") or "0"
        level = min(int(_value(properties, "ilvl") or 0), _MOST_LEVELS - 1)
        levels = self._levels.get(list_id)
        if list_id == "0" or levels is None or level not in levels:
            return ""
        form, text, _ = levels[level]
        if form == "bullet":
            return _BULLET
        counts = self._counted(list_id, level, levels)
        if form == "none":
            return ""
        for below in range(level + 1):
            shape = levels.get(below, ("decimal", "", 1))[0]
            text = text.replace(f"%{below + 1}", _shaped(counts[below], shape))
        return f"{text} " if text else ""

    def _counted(self, list_id: str, level: int, levels: Levels) -> list[int]:
        starts = [levels.get(index, ("", "", 1))[2] for index in range(_MOST_LEVELS)]
        counts = self._counts.setdefault(list_id, [start - 1 for start in starts])
        counts[level] += 1
        for above in range(level):
            counts[above] = max(counts[above], starts[above])
        counts[level + 1 :] = [start - 1 for start in starts[level + 1 :]]
        return counts


def _levels_of(kind: Any) -> Levels:
    found: Levels = {}
    for level in kind.iterchildren(f"{_W}lvl"):
        index = str(level.get(f"{_W}ilvl") or "0")
        start = _value(level, "start") or "1"
        if index.isdecimal() and int(index) < _MOST_LEVELS:
            found[int(index)] = (
                _value(level, "numFmt") or "decimal",
                _value(level, "lvlText") or "",
                min(int(start), _LARGEST) if start.isdecimal() else 1,
            )
    return found


def _value(element: Any, name: str) -> str | None:
    found = element.find(f"{_W}{name}")
    value = None if found is None else found.get(f"{_W}val")
    return None if value is None else str(value)


def _shaped(count: int, form: str) -> str:
    shapes: dict[str, Callable[[int], str]] = {
        "lowerLetter": _letter,
        "upperLetter": lambda n: _letter(n).upper(),
        "lowerRoman": _roman,
        "upperRoman": lambda n: _roman(n).upper(),
    }
    return shapes.get(form, str)(count)


def _letter(count: int) -> str:
    """Return a, b, …, z, aa, bb, …, as Word does."""
    if count < 1:
        return str(count)
    return chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 5)


def _roman(count: int) -> str:
    if not 0 < count < 400:
        return str(count)
    text = ""
    for value, letters in (*_ROMAN, (1, "i")):
        while count >= value:
            text += letters
            count -= value
    return text
