"""Made reports: first pages of many layouts with known title, publisher and date.

Real reports that are described by hand are of few publishers, each with one layout. These vary
what the publishers of the world vary: the order of the parts, sizes, weights, case and alignment.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from corpus.document import Page
from ingest.readers.document.reader import Reading, ShownLine
from ingest.readers.document.running_lines import running_blocks
from training.front_matter.made_phrases import BODIES, HEADINGS, SUBTITLES, Phrases

_PAGE_HEIGHT = 842
_CHARACTERS = 1_150  # of a line, times the size of its letters


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A report that was made, its name, and what is right; None where none is printed."""

    reading: Reading
    name: str
    titles: tuple[str | None, ...]
    publishers: tuple[str | None, ...]
    dates: tuple[str | None, ...]
    subtitles: tuple[str | None, ...] = (None,)


@dataclass
class Maker:
    """Sets lines on pages, from the top down."""

    rng: Random
    phrases: Phrases
    base: float = 10.0
    lines: list[ShownLine] = field(default_factory=list)
    page: int = 1
    top: float = 50.0

    def add(self, text: str, times: float = 1.0, *, bold: bool = False, centred: bool = False,
            narrow: float = 1.0) -> None:  # fmt: skip
        """Set a text in lines, its letters so many times the usual size."""
        size = round(self.base * times, 1)
        for part in _wrapped(text, max(12, int(narrow * _CHARACTERS / size / 1.1))):
            width = min(0.8, len(part) * size * 0.0009)
            left = 0.5 - width / 2 if centred else 0.12
            place = (left, self.top / _PAGE_HEIGHT, left + width, (self.top + size) / _PAGE_HEIGHT)
            jitter = size * self.rng.uniform(0.985, 1.0)
            self.lines.append(ShownLine(self.page, part, jitter, bold, *place))
            self.top += size * 1.2

    def gap(self, times: float = 1.5) -> None:
        """Leave lines blank."""
        self.top += times * self.base

    def body(self, sentences: int, *, bold: bool = False) -> None:
        """Set a paragraph."""
        self.add(" ".join(self.phrases.sentence() for _ in range(sentences)), bold=bold)
        self.gap(0.7)

    def turn(self) -> None:
        """Go on to the next page."""
        self.page, self.top = self.page + 1, 50.0

    def fill(
        self, pages: int, header: str | None = None, first_number: int = 2, foot: bool = True
    ) -> None:
        """Set pages of running text, with a running line."""
        for at in range(pages):
            number = first_number + at
            if header and not foot:
                self.add(f"{number} {header}" if number % 2 else f"{header} {number}", 0.8)
            if self.rng.random() < 0.5:
                self.add(self.rng.choice(HEADINGS), self.rng.choice((1.0, 1.2, 1.4)), bold=True)
            for _ in range(self.rng.randint(3, 6)):
                self.body(self.rng.randint(2, 4))
            if header and foot:
                self.add(f"{header} {number}" if number % 2 else f"{number} {header}", 0.8)
            elif not header:
                self.add(str(number), 0.9)
            self.turn()

    def reading(self, **said: str | None) -> Reading:
        """Return what a reader would."""
        texts: dict[int, list[str]] = {}
        for line in self.lines:
            texts.setdefault(line.page, []).append(line.text)
        label = str(said.pop("label", None) or 1)
        pages = tuple(
            Page(number, str(number - 1 + int(label)), "\n".join(lines) + "\n")
            for number, lines in sorted(texts.items())
        )
        shown = tuple(line for line in self.lines if line.page <= 4)
        return Reading(pages, blocks=running_blocks(pages), shown=shown, **said)  # type: ignore[arg-type]


def _wrapped(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line] if line else lines


def made_reports(count: int, seed: int) -> list[MadeReport]:
    """Return made reports, the same for the same seed."""
    from training.front_matter.made_layouts import LAYOUTS

    return laid_out(LAYOUTS, count, seed)


def laid_out(
    layouts: Sequence[Callable[[Maker], MadeReport]], count: int, seed: int
) -> list[MadeReport]:
    """Return made reports of these layouts in turn, the same for the same seed."""
    made = []
    for at in range(count):
        rng = Random(f"{seed}:{at}")
        phrases = Phrases(rng)
        maker = Maker(rng, phrases, base=rng.uniform(8.5, 12.5))
        made.append(layouts[at % len(layouts)](maker))
    return made


def embedded(maker: Maker, title: str) -> dict[str, str | None]:
    """Return what the file says: often nothing, or of another document, a person, a program."""
    rng = maker.rng
    titles = (None, None, None, title, title[: len(title) // 2], maker.phrases.title(), "Layout 1",
              "Report", f"TOR_{rng.randint(1, 99)} final")  # fmt: skip
    authors = (None, maker.phrases.person(), maker.phrases.person().upper(), "user", None)
    return {"title": rng.choice(titles), "publisher": rng.choice(authors)}


def sub_of(maker: Maker) -> str:
    """Return a line that may stand below a title and not be of it."""
    return maker.rng.choice((*SUBTITLES[:5], f"Report of the {maker.rng.choice(BODIES)}"))


NOTHING = (None,)
"""Nothing is printed, and none is right."""


def file_name(maker: Maker, title: str) -> str:
    """Return a name that says something of the title, or nothing."""
    words = "-".join(title.split()[: maker.rng.randint(2, 6)])
    code = f"{maker.rng.choice('ABCDER')}{maker.rng.randint(10, 9999)}_{maker.rng.randint(1, 99)}"
    return f"{maker.rng.choice((words, words, code, 'report-final', code))}.pdf"


def titles_of(title: str, *more: str) -> tuple[str, ...]:
    """Return the titles that are right: alone or with what is below it."""
    return (title, *(f"{title}{join}{each}" for each in more for join in (": ", " ")))
