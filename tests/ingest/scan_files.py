"""Scans made for a test: a page of known words, printed, and scanned well or badly."""

import io
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

SOURCES = Path(__file__).parents[2] / "corpus/briefs/sources"
A4_POINTS = (595.0, 842.0)

_MARKUP = re.compile(r"^(?:#+|[-*>|]|\d+\.)\s*|[*_`|]|\s?\[[\d, ]+\]|<http\S+", re.MULTILINE)
_LINE_LETTERS = 82
_LINES = 42
_FONTS = ("Times-Roman", "Helvetica")
_LETTERS = "abcdefghijklmnopqrstuvwxyz.,'1lI"
_ALIKE = {
    "e": "coa",
    "o": "ceu0",
    "i": "l1jt",
    "l": "I1it",
    "m": ("rn", "ni", "in"),
    "n": "uhr",
    "h": "bnk",
    "g": "qyj",
    "a": "oseu",
    "t": "fl'i",
    "s": "a5z",
    "r": "tcn",
    "u": "nvo",
}


@dataclass(frozen=True, slots=True)
class Scanner:
    """How a page is scanned: dots an inch, degrees askew, and what spoils the image.

    `noise` is the deviation of the grey of a dot (0 to 255), `blur` a radius in dots, `specks` the
    share of dots that are black or white for no reason, `ink` the darkness of the letters, 0..1.
    """

    dpi: int = 200
    skew_degrees: float = 2.0
    noise: float = 12.0
    blur: float = 0.5
    specks: float = 0.0005
    ink: float = 0.9


GOOD = Scanner()


def prose(seed: int) -> list[str]:
    """Return the lines of a page: words of the bundled briefs, from a place chosen by chance."""
    chance = random.Random(seed)
    texts = [path.read_text(encoding="utf-8") for path in sorted(SOURCES.glob("*.md"))]
    words = _MARKUP.sub(" ", chance.choice(texts).rpartition("\n---\n")[2]).split()
    words = [word for word in words if word.isascii()]
    start = chance.randrange(max(1, len(words) - 600))
    lines: list[str] = []
    line = ""
    for word in words[start:] + words:
        if len(line) + len(word) >= _LINE_LETTERS:
            lines.append(line.strip())
            line = ""
        if len(lines) == _LINES:
            break
        line += f"{word} "
    return lines


def scan_of(lines: Sequence[str], seed: int, scanner: Scanner = GOOD) -> bytes:
    """Return a PDF of one page that is an image of the lines; the same bytes for the same seed."""
    image = _spoilt(_printed(lines, seed, scanner), seed, scanner)
    out = io.BytesIO()
    packed = io.BytesIO()
    image.save(packed, "JPEG", quality=80)
    canvas = Canvas(out, pagesize=A4_POINTS, invariant=True)
    canvas.drawImage(ImageReader(packed), 0, 0, *A4_POINTS)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def layered(lines: Sequence[str], seed: int, wrong: float) -> bytes:
    """Return a scan with a scanner's text under it, in which a share of the letters is wrong."""
    chance = random.Random(seed)
    out = io.BytesIO()
    packed = io.BytesIO()
    _printed(lines, seed, GOOD).resize((620, 877)).save(packed, "JPEG", quality=50)
    canvas = Canvas(out, pagesize=A4_POINTS, invariant=True)
    canvas.drawImage(ImageReader(packed), 0, 0, *A4_POINTS)
    for index, line in enumerate(misread(lines, chance, wrong)):
        text = canvas.beginText(72, 770 - index * 15)
        text.setTextRenderMode(3)
        text.setFont(_FONTS[seed % len(_FONTS)], 11)
        text.textOut(line)
        canvas.drawText(text)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def misread(lines: Sequence[str], chance: random.Random, wrong: float) -> list[str]:
    """Return the lines as a bad scanner reads them: letters taken for others like them."""
    return [
        "".join(
            chance.choice(_ALIKE.get(letter.lower(), _LETTERS))
            if letter != " " and chance.random() < wrong
            else letter
            for letter in line
        )
        for line in lines
    ]


def word_error_rate(read: str, printed: str) -> float:
    """Return the words put in, left out or changed, as a share of the words that are printed."""
    one, other = printed.split(), read.split()
    before = np.arange(len(other) + 1)
    columns = np.arange(1, len(other) + 1)
    codes = {word: number for number, word in enumerate(dict.fromkeys(one + other))}
    row_of = np.array([codes[word] for word in other], dtype=np.int64)
    for number, word in enumerate(one, start=1):
        changed = before[:-1] + (row_of != codes[word])
        best = np.minimum(changed, before[1:] + 1)
        # What is put in costs one each: the least of all places before, one more a place.
        best = np.minimum.accumulate(np.concatenate(([number], best - columns))) + np.concatenate(
            ([0], columns)
        )
        before = best
    return float(before[-1]) / max(1, len(one))


def _printed(lines: Sequence[str], seed: int, scanner: Scanner) -> Image.Image:
    """Return the page as it is printed, in grey."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4_POINTS, invariant=True)
    canvas.setFont(_FONTS[seed % len(_FONTS)], 11)
    canvas.setFillGray(1 - scanner.ink)
    for index, line in enumerate(lines):
        canvas.drawString(72, 770 - index * 15, line)
    canvas.showPage()
    canvas.save()
    with pdfium.PdfDocument(out.getvalue()) as document:
        page = document[0]
        bitmap = page.render(scale=scanner.dpi / 72, grayscale=True)
        image: Image.Image = bitmap.to_pil().convert("L")
        bitmap.close()
        page.close()
    return image


def _spoilt(image: Image.Image, seed: int, scanner: Scanner) -> Image.Image:
    chance = np.random.default_rng(seed)
    side = 1 if seed % 2 else -1
    turned = image.rotate(side * scanner.skew_degrees, Image.Resampling.BICUBIC, fillcolor=255)
    if scanner.blur:
        turned = turned.filter(ImageFilter.GaussianBlur(scanner.blur))
    grey = np.asarray(turned, dtype=np.float32)
    grey = grey + chance.normal(0, scanner.noise, grey.shape).astype(np.float32)
    specks = chance.random(grey.shape)
    grey[specks < scanner.specks / 2] = 0
    grey[specks > 1 - scanner.specks / 2] = 255
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
