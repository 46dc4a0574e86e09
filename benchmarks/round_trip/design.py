"""How a made document looks, drawn from a seed."""

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

_DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
_PAPERS = ((595.0, 842.0), (612.0, 792.0))
_FOOTERS = ("number", "page of", "slash", "dashes", "title and number", "outer")
_NUMBERINGS = ("from one", "offset", "roman first", "prefix", "none")


@dataclass(frozen=True, slots=True)
class Design:
    """One document's look. Lengths are in points, `turn` in quarters of a turn to the right.

    `sideways` pages are drawn turned and shown so; `turn` pages are drawn turned and shown
    upright. `footer` and `numbering` name a style of `made_document`.
    """

    paper: tuple[float, float]
    columns: int
    gutter: float
    margin: float
    font: str
    size: float
    leading: float
    justified: bool
    words_apart: bool  # drawn word by word
    hyphenates: bool
    hyphen: str
    indent: float
    notes: bool
    tables: bool
    ruled: bool
    lists: bool
    header: bool
    footer: str
    footer_first: bool
    numbering: str
    tree: bool
    shuffled: bool
    turn: int
    sideways: bool
    crop: float
    hebrew: bool
    ligatures: bool


def design_of(rng: random.Random) -> Design:
    """Return a look; every feature comes up within a few documents."""
    hebrew = rng.random() < 0.12
    ligatures = not hebrew and rng.random() < 0.3
    columns = rng.choice((1, 1, 2, 2, 3))
    size = rng.choice((8.5, 9.0) if columns == 3 else (9.5, 10.0, 11.0))
    sideways = not hebrew and columns == 1 and rng.random() < 0.1
    return Design(
        paper=rng.choice(_PAPERS),
        columns=columns,
        gutter=rng.choice((15.0, 20.0, 26.0)),
        margin=rng.choice((54.0, 64.0)),
        font=_font(rng, hebrew=hebrew, ligatures=ligatures),
        size=size,
        leading=size * rng.choice((1.15, 1.25, 1.4)),
        justified=rng.random() < 0.6,
        words_apart=rng.random() < 0.3,
        hyphenates=not hebrew and rng.random() < 0.7,
        hyphen=rng.choice(("-", "-", "\u00ad")),
        indent=rng.choice((0.0, 14.0)),
        notes=not hebrew and rng.random() < 0.5,
        tables=not hebrew and rng.random() < 0.5,
        ruled=rng.random() < 0.5,
        lists=not hebrew and rng.random() < 0.4,
        header=rng.random() < 0.7,
        footer=rng.choice(_FOOTERS),
        footer_first=rng.random() < 0.3,
        numbering=rng.choice([n for n in _NUMBERINGS if not (hebrew and n == "prefix")]),
        tree=rng.random() < 0.4,
        shuffled=rng.random() < 0.25,
        turn=0 if sideways else rng.choice((0, 0, 0, 1, 2, 3)),
        sideways=sideways,
        crop=rng.choice((0.0, 0.0, 40.0)),
        hebrew=hebrew,
        ligatures=ligatures,
    )


def _font(rng: random.Random, *, hebrew: bool, ligatures: bool) -> str:
    if hebrew:
        return _registered("DejaVuSans")
    if ligatures:
        return _registered(rng.choice(("DejaVuSans", "DejaVuSerif")))
    return rng.choice(("Helvetica", "Times-Roman"))


@cache
def _registered(name: str) -> str:
    """Return the name of a font that has been made known to reportlab.

    Where DejaVu is not installed, reportlab's own Vera stands in for it: the letters it lacks are
    drawn as boxes, but the text under them is the same.
    """
    path = _DEJAVU / f"{name}.ttf"
    pdfmetrics.registerFont(TTFont(name, str(path) if path.exists() else "Vera.ttf"))
    return name
