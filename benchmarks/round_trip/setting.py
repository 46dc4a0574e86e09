"""Sets text in columns: paragraphs, headings, lists, tables, and notes at the foot."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.round_trip.design import Design
from benchmarks.round_trip.sheet import Line, Sheet, Word, width_of
from benchmarks.round_trip.wording import HYPHENED, Wording, broken

_NOTE_SIZE = 0.8


@dataclass(slots=True)
class _Column:
    """A column that is being filled downwards; its notes stand at its foot."""

    left: float
    width: float
    y: float
    foot: float
    lines: list[Line] = field(default_factory=list)
    notes: list[tuple[Word, ...]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is to be set: words of one line or more, or the rows of a table."""

    kind: str
    words: tuple[Word, ...] = ()
    rows: tuple[tuple[tuple[Word, ...], ...], ...] = ()


class Setter:
    """Sets the pages of one document; text goes on from page to page."""

    def __init__(self, design: Design, wording: Wording, rng: random.Random) -> None:
        self._design = design
        self._wording = wording
        self._rng = rng
        self._note = 0
        self._section = 0
        self._waiting: list[Word] = []
        self._kind = "paragraph"

    def page(self, *, first: bool) -> Sheet:
        """Return the next page."""
        sheet = Sheet()
        design = self._design
        width, height = design.paper
        top = height - design.margin * 1.25
        if first:
            size = design.size * 1.8
            title = tuple(Word(word) for word in self._wording.title((2, 4)))
            line = Line(title, self._start(title, size, design.margin, width), top, size, bold=True)
            sheet.parts.append([line])
            top -= size * 2.2
        inner = width - 2 * design.margin
        each = (inner - design.gutter * (design.columns - 1)) / design.columns
        numbers = range(design.columns)
        for index in reversed(numbers) if design.hebrew else numbers:
            left = design.margin + index * (each + design.gutter)
            column = _Column(left, each, top, design.margin)
            self._fill(sheet, column)
            sheet.parts.append(column.lines)
            self._set_notes(sheet, column)
        return sheet

    def _start(self, words: Sequence[Word], size: float, left: float, width: float) -> float:
        """Return where a line of words begins; Hebrew ends at the right."""
        if not self._design.hebrew:
            return left
        return left + width - (2 * left if width > 500 else 0) - width_of(words, self._design, size)

    def _fill(self, sheet: Sheet, column: _Column) -> None:
        design = self._design
        while column.y - 3 * design.leading > self._floor(column):
            if self._waiting:
                self._set_lines(sheet, column, indent=0.0)
                continue
            piece = self._next(column)
            if piece.kind == "table":
                if not self._set_table(sheet, column, piece):
                    break
                continue
            if piece.kind == "heading":
                column.y -= design.leading * 0.6
                column.lines.append(self._line(column, piece.words, None, bold=True))
                column.y -= design.leading * 1.2
                continue
            self._waiting = list(piece.words)
            self._kind = piece.kind
            self._set_lines(sheet, column, indent=design.indent if piece.kind == "paragraph" else 0)

    def _floor(self, column: _Column) -> float:
        return column.foot + len(column.notes) * self._design.leading * _NOTE_SIZE + 6

    def _next(self, column: _Column) -> _Piece:
        chance = self._rng.random()
        design = self._design
        if design.tables and chance < 0.15:
            return self._table(column)
        if chance < 0.3:
            self._section += 1
            heading = [Word(w) for w in (f"{self._section}.", *self._wording.title((2, 4)))]
            most = column.width * 0.9
            while len(heading) > 2 and width_of(heading, design, design.size + 1) > most:
                heading.pop()
            return _Piece("heading", tuple(heading))
        if design.lists and chance < 0.45:
            return _Piece("item", tuple(Word(w) for w in ("•", *self._wording.sentence())))
        words = [Word(word) for word in self._wording.paragraph()]
        if design.notes and self._rng.random() < 0.6:
            ends = [index for index, word in enumerate(words) if word.text.endswith(".")]
            at = self._rng.choice(ends)
            self._note += 1
            words[at] = Word(words[at].text, str(self._note))
        return _Piece("paragraph", tuple(words))

    def _set_lines(self, sheet: Sheet, column: _Column, *, indent: float) -> None:
        """Set lines of the waiting words until they end or the column is full."""
        design = self._design
        hanging = 10.0 if self._kind == "item" else 0.0
        began = indent == 0.0 and bool(hanging) and self._waiting[0].text == "•"
        while self._waiting:
            if column.y - design.leading < self._floor(column):
                return
            shift = indent + (0.0 if began else hanging)
            began, indent = False, 0.0
            words, rest = self._line_break(self._waiting, column.width - shift)
            marked = [word for word in words if word.mark]
            if marked and not self._add_notes(column, marked):
                return
            if words and words[-1].text.endswith("-") and rest:
                sheet.broken.append(_joined(words[-1].text, rest[0].text))
            self._waiting = rest
            spread = column.width - shift if design.justified and rest and len(words) > 2 else None
            column.lines.append(self._line(column, words, spread, shift=shift))
            column.y -= design.leading
        column.y -= design.leading * (0.0 if design.indent else 0.5)

    def _line(
        self,
        column: _Column,
        words: Sequence[Word],
        spread: float | None,
        *,
        shift: float = 0.0,
        bold: bool = False,
    ) -> Line:
        size = self._design.size + (1 if bold else 0)
        left = column.left + shift
        if self._design.hebrew:
            left = column.left
            if spread is None:
                room = column.width - shift
                left += room - width_of(words, self._design, size)
        return Line(tuple(words), left, column.y, size, spread, bold)

    def _line_break(self, words: Sequence[Word], width: float) -> tuple[list[Word], list[Word]]:
        """Return the words that fit and the rest; the last may be the first part of one."""
        design = self._design
        fitting = 0
        while fitting < len(words) and (
            width_of(words[: fitting + 1], design, design.size) <= width
        ):
            fitting += 1
        line, rest = list(words[:fitting]), list(words[fitting:])
        if rest and design.hyphenates and not rest[0].mark:
            for head, tail in broken(rest[0].text):
                if width_of([*line, Word(head)], design, design.size) <= width:
                    return [*line, Word(head)], [Word(tail), *rest[1:]]
        return (line, rest) if line else ([rest[0]], rest[1:])

    def _add_notes(self, column: _Column, marked: Sequence[Word]) -> bool:
        """Make room for the notes that a line calls; False if there is none."""
        design = self._design
        lines: list[tuple[Word, ...]] = []
        for word in marked:
            text = [Word(w) for w in self._wording.sentence()]
            first = [Word(word.mark), *text]
            rest: list[Word] = first
            while rest:
                fit = 1
                while (
                    fit < len(rest)
                    and width_of(rest[: fit + 1], design, design.size * _NOTE_SIZE) <= column.width
                ):
                    fit += 1
                lines.append(tuple(rest[:fit]))
                rest = rest[fit:]
        needed = (len(column.notes) + len(lines)) * design.leading * _NOTE_SIZE + 6
        if column.y - 2 * design.leading < column.foot + needed:
            return False
        column.notes += lines
        return True

    def _set_notes(self, sheet: Sheet, column: _Column) -> None:
        design = self._design
        if not column.notes:
            return
        step = design.leading * _NOTE_SIZE
        y = column.foot + (len(column.notes) - 1) * step
        rule = y + step
        sheet.rules.append((column.left, rule, column.left + 60, rule))
        notes: list[Line] = []
        for words in column.notes:
            notes.append(Line(words, column.left, y, design.size * _NOTE_SIZE))
            y -= step
        sheet.parts.append(notes)
        sheet.notes.append(notes)

    def _table(self, column: _Column) -> _Piece:
        figures = 2 if column.width < 260 else self._rng.randint(3, 5)
        header = [[Word("Country")], *([Word(str(2010 + n))] for n in range(figures))]
        rows = [
            [
                self._cell(column.width * 0.38),
                *([Word(self._wording.figure())] for _ in range(figures)),
            ]
            for _ in range(self._rng.randint(3, 8))
        ]
        return _Piece("table", rows=tuple(tuple(tuple(c) for c in row) for row in (header, *rows)))

    def _cell(self, width: float) -> list[Word]:
        words = [Word(word) for word in self._wording.cell()]
        fits = width_of(words, self._design, self._design.size) <= width
        return words if fits else words[:1]

    def _set_table(self, sheet: Sheet, column: _Column, piece: _Piece) -> bool:
        design = self._design
        needed = (len(piece.rows) + 2) * design.leading
        if column.y - needed < self._floor(column):
            return False
        column.y -= design.leading * 0.5
        first = column.width * 0.4
        each = (column.width - first) / (len(piece.rows[0]) - 1)
        for row in piece.rows:
            if design.ruled:
                line = column.y - design.size * 0.3
                sheet.rules.append((column.left, line, column.left + column.width, line))
            for index, cell in enumerate(row):
                x = column.left + (first + each * (index - 1) if index else 0)
                column.lines.append(Line(cell, x, column.y, design.size))
            column.y -= design.leading
        column.y -= design.leading * 0.5
        return True


_HYPHENED = frozenset(HYPHENED)


def _joined(head: str, tail: str) -> str:
    """Return a broken word as it is searched for."""
    whole = head[:-1] + tail
    hyphened = head + tail
    bare = hyphened.rstrip(".,").lower()
    return hyphened if bare in _HYPHENED else whole
