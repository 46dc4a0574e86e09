"""How a brief looks: A4, its measures in points, its colours, one style for each kind of text."""

from pathlib import Path

import reportlab
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import TableStyle

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 72.0
MEASURE = PAGE_WIDTH - 2 * MARGIN
BAND_HEIGHT = 330.0  # the coloured top of a cover
HANGING_INDENT = 28.0

BLUE, ACCENT, GREY, RULE = (
    HexColor(colour) for colour in ("#1b3a57", "#c07a2b", "#4d5862", "#c9d1d8")
)
LINK = "#1f5f99"

BODY = ParagraphStyle(
    "body",
    fontName="Vera",
    fontSize=10.5,
    leading=16,
    spaceAfter=8,
    allowWidows=0,
    allowOrphans=0,
    splitLongWords=0,
)
ITEM = ParagraphStyle("item", BODY, leftIndent=16, bulletIndent=3, spaceAfter=4)
LAST_ITEM = ParagraphStyle("last item", ITEM, spaceAfter=9)
SMALL = ParagraphStyle("small", BODY, fontSize=9, leading=13.5, spaceAfter=5)
LABEL = ParagraphStyle("label", SMALL, fontName="Vera-Bold", textColor=BLUE)
SOURCE = ParagraphStyle("source", SMALL, leftIndent=HANGING_INDENT, spaceAfter=7)
HEADING = ParagraphStyle(
    "heading",
    BODY,
    fontName="Vera-Bold",
    fontSize=13,
    leading=18,
    spaceBefore=11,
    spaceAfter=5,
    textColor=BLUE,
    keepWithNext=1,
)
TITLE = ParagraphStyle("title", HEADING, fontSize=20, leading=27, spaceBefore=0, spaceAfter=8)
KICKER = ParagraphStyle("kicker", SMALL, fontSize=9.5, textColor=ACCENT, spaceAfter=4)
COVER_TITLE = ParagraphStyle("cover title", TITLE, fontSize=25, leading=34, textColor=white)
COVER_KICKER = ParagraphStyle("cover kicker", BODY, fontSize=11, leading=17, textColor=white)

_BARE = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
]
BARE_TABLE = TableStyle(_BARE)
LINED_TABLE = TableStyle([*_BARE, ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE)])


def register_fonts() -> None:
    """Bitstream Vera under its names in the styles: the free font that comes with reportlab."""
    fonts = Path(reportlab.__file__).parent / "fonts"
    for name, file in (("Vera", "Vera.ttf"), ("Vera-Bold", "VeraBd.ttf")):
        registerFont(TTFont(name, str(fonts / file)))
    registerFontFamily("Vera", normal="Vera", bold="Vera-Bold", italic="Vera", boldItalic="Vera")
