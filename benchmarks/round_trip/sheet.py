"""A page on which lines are drawn, and the text that it then shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from benchmarks.round_trip.design import Design

_LIGATURES = (
    ("ffi", "\ufb03"),
    ("ffl", "\ufb04"),
    ("ff", "\ufb00"),
    ("fi", "\ufb01"),
    ("fl", "\ufb02"),
)
_RAISED = 0.62
_SMALL = 0.8


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is read; `mark` is a raised number after it, `mark_first` before it."""

    text: str
    mark: str = ""
    mark_first: bool = False

    @property
    def read(self) -> str:
        """The word with its mark as one token."""
        return f"{self.mark}{self.text}" if self.mark_first else f"{self.text}{self.mark}"


@dataclass(frozen=True, slots=True)
class Line:
    """Words on a line from `x` on at height `y` (upwards), spread over `width` if it is given."""

    words: tuple[Word, ...]
    x: float
    y: float
    size: float
    width: float | None = None
    bold: bool = False


@dataclass(slots=True)
class Sheet:
    """The lines of a page in the order in which they are read, by the part they belong to."""

    header: list[Line] = field(default_factory=list)
    parts: list[list[Line]] = field(default_factory=list)
    footer: list[Line] = field(default_factory=list)
    notes: list[list[Line]] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def read(self) -> list[str]:
        """The tokens of the page as they are read."""
        return _tokens([self.header, *self.parts, self.footer])

    @property
    def read_otherwise(self) -> list[str]:
        """The same, with the notes of all columns after the last one."""
        body = [part for part in self.parts if not any(part is note for note in self.notes)]
        return _tokens([self.header, *body, *self.notes, self.footer])

    @property
    def running(self) -> list[str]:
        """The header's and footer's lines."""
        return [" ".join(w.read for w in line.words) for line in (*self.header, *self.footer)]


def _tokens(parts: Sequence[Sequence[Line]]) -> list[str]:
    return [word.read for part in parts for line in part for word in line.words]


def width_of(words: Sequence[Word], design: Design, size: float) -> float:
    """Return the width of words with single spaces."""
    space = float(stringWidth(" ", design.font, size))
    return sum(_word_width(word, design, size) for word in words) + space * (len(words) - 1)


def draw(canvas: Canvas, sheet: Sheet, design: Design, order: Sequence[int]) -> None:
    """Draw a page; `order` is that of its parts."""
    for box in sheet.rules:
        canvas.line(*box)
    parts = [sheet.parts[index] for index in order]
    running = [sheet.header, sheet.footer]
    for part in [*running, *parts] if design.footer_first else [sheet.header, *parts, sheet.footer]:
        for line in part:
            _draw_line(canvas, line, design)


def _draw_line(canvas: Canvas, line: Line, design: Design) -> None:
    font = _bold(design) if line.bold else design.font
    natural = width_of(line.words, design, line.size)
    space = stringWidth(" ", design.font, line.size)
    if line.width is not None and len(line.words) > 1:
        space += (line.width - natural) / (len(line.words) - 1)
    marked = any(word.mark for word in line.words)
    canvas.setFont(font, line.size)
    if line.width is None and not marked and not design.words_apart and not design.hebrew:
        canvas.drawString(line.x, line.y, " ".join(_drawn(w.text, design) for w in line.words))
        return
    x = line.x
    for word in reversed(line.words) if design.hebrew else line.words:
        x = _draw_word(canvas, word, (x, line.y), font, line.size, design) + space


def _draw_word(
    canvas: Canvas,
    word: Word,
    at: tuple[float, float],
    font: str,
    size: float,
    design: Design,
) -> float:
    """Draw a word and return where it ends."""
    x, y = at
    text = _drawn(word.text, design)
    if word.mark and word.mark_first:
        x = _draw_mark(canvas, word.mark, x, y, font, size)
    canvas.setFont(font, size)
    canvas.drawString(x, y, text)
    x += float(stringWidth(text, font, size))
    if word.mark and not word.mark_first:
        x = _draw_mark(canvas, word.mark, x, y, font, size)
    return x


def _draw_mark(canvas: Canvas, mark: str, x: float, y: float, font: str, size: float) -> float:
    canvas.setFont(font, size * _RAISED)
    canvas.drawString(x, y + size * 0.35, mark)
    return x + float(stringWidth(mark, font, size * _RAISED))


def _word_width(word: Word, design: Design, size: float) -> float:
    width = float(stringWidth(_drawn(word.text, design), design.font, size))
    return width + float(stringWidth(word.mark, design.font, size * _RAISED) if word.mark else 0)


def _drawn(text: str, design: Design) -> str:
    """Return the characters that are drawn from left to right for a word."""
    if design.hebrew and _is_hebrew(text):
        return text[::-1]
    if design.ligatures:
        for plain, ligature in _LIGATURES:
            text = text.replace(plain, ligature)
    if design.hyphenates and text.endswith("-") and design.font not in ("Helvetica", "Times-Roman"):
        return text[:-1] + design.hyphen
    return text


def _is_hebrew(text: str) -> bool:
    return any("\u0590" <= letter <= "\u05ff" for letter in text)


def _bold(design: Design) -> str:
    bold = {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold"}
    return bold.get(design.font, design.font)
