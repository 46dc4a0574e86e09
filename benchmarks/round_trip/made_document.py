"""A PDF of several pages, made from a seed, with what its pages show."""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass

import pypdf
from pypdf.constants import PageLabelStyle
from pypdf.generic import RectangleObject
from reportlab.pdfgen.canvas import Canvas

from benchmarks.round_trip.design import Design, design_of
from benchmarks.round_trip.setting import Setter
from benchmarks.round_trip.sheet import Line, Sheet, Word, draw, width_of
from benchmarks.round_trip.wording import Wording

_ROMAN = "i ii iii iv v vi vii viii ix x xi xii".split()


@dataclass(frozen=True, slots=True)
class MadePage:
    """What a page shows: its tokens, its label, its running lines, its broken words.

    Tokens are in the order in which they are read: notes after their column, or after all columns.
    """

    read: tuple[str, ...]
    read_otherwise: tuple[str, ...]
    label: str
    running: tuple[str, ...]
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MadeDocument:
    """A PDF and what its pages show."""

    seed: int
    design: Design
    content: bytes
    pages: tuple[MadePage, ...]


def made_documents(pages: int, seed: int) -> Iterator[MadeDocument]:
    """Yield documents of three to seven pages until there are so many pages."""
    left = pages
    while left > 0:
        number = min(left, random.Random(f"pages {seed}").randint(3, 7))
        if left - number in (1, 2):
            number = left
        yield made_document(seed, number)
        left -= number
        seed += 1


def made_document(seed: int, pages: int) -> MadeDocument:
    """Return a document of this many pages."""
    rng = random.Random(seed)
    design = design_of(rng)
    wording = Wording(rng, hebrew=design.hebrew)
    title = wording.title()
    labels = _labels(design, pages, rng)
    setter = Setter(design, wording, rng)
    sheets: list[Sheet] = []
    for index in range(pages):
        sheet = setter.page(first=index == 0)
        _running(sheet, design, title, labels, index)
        sheets.append(sheet)
    content = _drawn(design, sheets, rng)
    shown = [label or str(index + 1) for index, label in enumerate(labels)]
    if design.tree:
        content = _with_tree(content, design, labels)
    return MadeDocument(
        seed,
        design,
        content,
        tuple(
            MadePage(
                tuple(sheet.read),
                tuple(sheet.read_otherwise),
                label,
                tuple(sheet.running),
                tuple(sheet.broken),
            )
            for sheet, label in zip(sheets, shown, strict=True)
        ),
    )


def _labels(design: Design, pages: int, rng: random.Random) -> list[str]:
    """Return the label of each page, empty where none is printed."""
    start = rng.randint(2, 380)
    if design.numbering == "none":
        return [""] * pages
    if design.numbering == "offset":
        return [str(start + index) for index in range(pages)]
    if design.numbering == "prefix":
        return [f"{'ABC'[start % 3]}-{start % 40 + index + 1}" for index in range(pages)]
    if design.numbering == "roman first":
        front = max(3, pages - 3) if pages > 5 else pages
        return [*_ROMAN[:front], *(str(n + 1) for n in range(pages - front))]
    if design.footer == "slash":
        return [f"{index + 1}/{pages}" for index in range(pages)]
    return [str(index + 1) for index in range(pages)]


def _running(sheet: Sheet, design: Design, title: list[str], labels: list[str], index: int) -> None:
    """Set the header and the footer of a page."""
    label, last = labels[index], labels[-1]
    height = design.paper[1]
    size = design.size - 1
    low, high = design.margin * 0.45, height - design.margin * 0.6
    centre = "centre"
    if design.header and index:
        sheet.header.append(_set(title, design, size, (centre, high)))
    if not label:
        return
    forms = {
        "number": [label],
        "slash": [label],
        "page of": [label]
        if design.hebrew
        else ["Page", label, *(["of", last] if label.isdigit() else [])],
        "dashes": ["–", label, "–"],
        "title and number": [*title, label],
        "outer": [label],
    }
    place = ("left", "right")[index % 2] if design.footer == "outer" else centre
    sheet.footer.append(_set(forms[design.footer], design, size, (place, low)))


def _set(words: list[str], design: Design, size: float, at: tuple[str, float]) -> Line:
    line = tuple(Word(word) for word in words)
    free = design.paper[0] - 2 * design.margin - width_of(line, design, size)
    share = {"left": 0.0, "centre": 0.5, "right": 1.0}[at[0]]
    return Line(line, design.margin + free * share, at[1], size)


def _drawn(design: Design, sheets: list[Sheet], rng: random.Random) -> bytes:
    width, height = design.paper
    turn = 1 if design.sideways else design.turn
    paper = (height, width) if turn % 2 else (width, height)
    moves = ((1, 0, 0, 1, 0, 0), (0, 1, -1, 0, height, 0), (-1, 0, 0, -1, width, height))
    move = (*moves, (0, -1, 1, 0, 0, width))[turn]
    crop = design.crop
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(paper[0] + 2 * crop, paper[1] + 2 * crop), invariant=True)
    for number, sheet in enumerate(sheets):
        if crop:
            canvas.setFont("Helvetica", 7)
            canvas.drawString(crop, crop * 0.4, f"report-{number}.indd   proof")
            canvas.translate(crop, crop)
        canvas.transform(*move)
        order = list(range(len(sheet.parts)))
        if design.shuffled:
            rng.shuffle(order)
        draw(canvas, sheet, design, order)
        canvas.showPage()
    canvas.save()
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(out.getvalue()))
    for page in writer.pages:
        page.cropbox = RectangleObject((crop, crop, paper[0] + crop, paper[1] + crop))
        if turn and not design.sideways:
            page.rotate(90 * turn)
    return _written(writer)


def _with_tree(content: bytes, design: Design, labels: list[str]) -> bytes:
    """Return the PDF with a tree of labels that says what is printed."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    last = len(labels) - 1
    if design.numbering == "roman first":
        front = sum(not label.isdigit() for label in labels)
        writer.set_page_label(0, front - 1, PageLabelStyle.LOWERCASE_ROMAN)
        if front <= last:
            writer.set_page_label(front, last, PageLabelStyle.DECIMAL)
    elif design.numbering in ("offset", "from one") and labels[0].isdigit():
        writer.set_page_label(0, last, PageLabelStyle.DECIMAL, start=int(labels[0]))
    else:
        return content
    return _written(writer)


def _written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
