"""A brief → a PDF of A4 pages: outline, page labels, running header, printed page numbers.

The only file that imports reportlab (`citewell[briefs]`). The same brief gives the same bytes: the
date in the file is the date of the brief, and nothing in it comes from the clock or from chance.
"""

import io
import re
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)
from reportlab.platypus.flowables import CallerMacro

from corpus.briefs import styles
from corpus.briefs.brief import SOURCES, Block, Brief, Section, Source, printed
from corpus.briefs.styles import MARGIN, MEASURE, PAGE_HEIGHT, PAGE_WIDTH

SUBTITLE = "Brief on an inter-state consultation mechanism on migration"
ABOUT = "About this brief"
KINDS = {
    "RCP": "Regional consultative process (RCP)",
    "IRF": "Interregional forum on migration (IRF)",
}

# reportlab has no types of its own: its canvas, documents and flowables are Any here.


@dataclass(frozen=True, slots=True)
class Typeset:
    """A finished PDF and its number of pages."""

    pdf: bytes
    pages: int


@dataclass(slots=True)
class _Progress:
    """What the pages under way have shown so far: headings with their labels, number of pages."""

    front_pages: int
    headings: list[tuple[str, str, str]] = field(default_factory=list)
    pages: int = 0

    def label(self, number: int) -> str:
        """The printed label of page `number`, which counts from 1."""
        return "i" * number if number <= self.front_pages else str(number - self.front_pages)


def typeset(brief: Brief) -> Typeset:
    """The PDF of a brief; laid out twice where a list of contents needs the page labels."""
    styles.register_fonts()
    first = _Progress(front_pages=2 if brief.roman_front_matter else 0)
    pdf = _lay_out(brief, first, contents=[])
    if brief.roman_front_matter:
        second = _Progress(front_pages=first.front_pages)
        pdf = _lay_out(brief, second, contents=first.headings)
    return Typeset(pdf, first.pages)


def _lay_out(brief: Brief, progress: _Progress, contents: list[tuple[str, str, str]]) -> bytes:
    out = io.BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        title=brief.title,
        author=brief.publisher,
        subject=f"{SUBTITLE}: {brief.short_title} ({brief.symbol})",
        keywords=list(brief.aliases),
        creator="citewell",
        lang=brief.language,
        invariant=1,
        pageCompression=1,
    )
    frame = Frame(MARGIN, 70, MEASURE, PAGE_HEIGHT - 70 - 90, 0, 0, 0, 0, id="text")
    head = partial(_start_page, brief=brief, progress=progress)
    foot = partial(_end_page, brief=brief, progress=progress)
    templates = [
        PageTemplate("cover", [frame], onPage=partial(head, band=True), onPageEnd=foot),
        PageTemplate("text", [frame], onPage=partial(head, band=False), onPageEnd=foot),
    ]
    document.addPageTemplates(templates if brief.roman_front_matter else templates[1:])
    opening = _front_pages(brief, contents) if brief.roman_front_matter else _title_block(brief)
    document.build([*opening, *_body(brief, progress)])
    return out.getvalue()


def _start_page(
    canvas: Any, document: Any, *, brief: Brief, progress: _Progress, band: bool
) -> None:
    progress.pages = document.page
    if document.page == 1:
        _begin_file(canvas, brief, progress)
    if band:
        bottom = PAGE_HEIGHT - styles.BAND_HEIGHT
        canvas.saveState()
        canvas.setFillColor(styles.BLUE)
        canvas.rect(0, bottom, PAGE_WIDTH, styles.BAND_HEIGHT, stroke=0, fill=1)
        canvas.setFillColor(styles.ACCENT)
        canvas.rect(0, bottom - 5, PAGE_WIDTH, 5, stroke=0, fill=1)
        canvas.restoreState()
    elif document.page > 1:
        _running_line(canvas, PAGE_HEIGHT - 58, brief.short_title, "citewell briefs", rule=-7)


def _end_page(canvas: Any, document: Any, *, brief: Brief, progress: _Progress) -> None:
    _running_line(canvas, 48, brief.symbol, progress.label(document.page), rule=15)


def _begin_file(canvas: Any, brief: Brief, progress: _Progress) -> None:
    made = date.fromisoformat(brief.date)
    canvas.setDateFormatter(lambda *_clock: f"D:{made:%Y%m%d}000000+00'00'")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    if progress.front_pages:
        canvas.addPageLabel(0, style="ROMAN_LOWER", start=1)
    canvas.addPageLabel(progress.front_pages, style="ARABIC", start=1)


def _running_line(canvas: Any, y: float, left: str, right: str, *, rule: float) -> None:
    canvas.saveState()
    canvas.setFont("Vera", 8.5)
    canvas.setFillColor(styles.GREY)
    canvas.drawString(MARGIN, y, left)
    canvas.drawRightString(PAGE_WIDTH - MARGIN, y, right)
    canvas.setStrokeColor(styles.RULE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, y + rule, PAGE_WIDTH - MARGIN, y + rule)
    canvas.restoreState()


def _front_pages(brief: Brief, contents: list[tuple[str, str, str]]) -> list[Any]:
    title = [
        Paragraph(escape(SUBTITLE), styles.COVER_KICKER),
        Spacer(0, 10),
        Paragraph(escape(brief.title), styles.COVER_TITLE),
    ]
    band = Table([[title]], [MEASURE], [styles.BAND_HEIGHT - 92], style=styles.BARE_TABLE)
    entries = [
        [
            Paragraph(f'<a href="#{key}">{escape(heading)}</a>', styles.BODY),
            Paragraph(f'<para align="right">{label}</para>', styles.BODY),
        ]
        for key, heading, label in contents
    ]
    listed = [Table(entries, [MEASURE - 40, 40], style=styles.LINED_TABLE)] if entries else []
    return [
        *(band, Spacer(0, 40), _facts(brief), NextPageTemplate("text"), PageBreak()),
        *(Paragraph(ABOUT, styles.HEADING), *_about(brief)),
        *(Paragraph("Contents", styles.HEADING), *listed, PageBreak()),
    ]


def _title_block(brief: Brief) -> list[Any]:
    return [
        NextPageTemplate("text"),
        Paragraph(escape(SUBTITLE), styles.KICKER),
        Paragraph(escape(brief.title), styles.TITLE),
        Spacer(0, 4),
        _facts(brief),
        Spacer(0, 8),
    ]


def _facts(brief: Brief) -> Any:
    made = date.fromisoformat(brief.date)
    rows = [
        ("Also known as", "; ".join(a for a in brief.aliases if a != brief.title)),
        ("Kind of mechanism", KINDS.get(brief.metadata.get("mechanism_type", ""), "")),
        ("Region", brief.metadata.get("region", "")),
        ("Publisher", brief.publisher),
        ("Date", f"{made.day} {made:%B %Y}"),
        ("Symbol", brief.symbol),
    ]
    cells = [
        [Paragraph(name, styles.LABEL), Paragraph(escape(value), styles.SMALL)]
        for name, value in rows
        if value
    ]
    return Table(cells, [128, MEASURE - 128], style=styles.LINED_TABLE)


def _about(brief: Brief) -> list[Any]:
    name = brief.short_title
    texts = (
        f"This brief is about the mechanism that the title names ({name}). It was written for "
        "citewell, in its own words, from public pages that were read as stored copies of "
        "different ages.",
        "A number in brackets such as (source 1) leads to the list of sources at the end. Where "
        "sources disagree, the brief gives each value with its source. Where nothing was read on "
        "a subject, the brief says so and fills no gap.",
        "The brief is not a publication of the mechanism or of any organization named in it. Its "
        "text is free to use under the Apache License 2.0, like citewell itself.",
    )
    return [Paragraph(escape(text), styles.SMALL) for text in texts]


def _body(brief: Brief, progress: _Progress) -> list[Any]:
    flow: list[Any] = []
    for number, section in enumerate(brief.sections, start=1):
        flow += _headed(section.heading, f"section-{number}", progress)
        flow += _blocks(section)
    flow += _headed(SOURCES, "sources", progress)
    flow += [_source(source) for source in brief.sources]
    if not brief.roman_front_matter:
        flow += [*_headed(ABOUT, "about", progress), *_about(brief)]
    return flow


def _headed(heading: str, key: str, progress: _Progress) -> list[Any]:
    def mark(macro: Any, *_size: float) -> None:
        canvas = macro.canv
        canvas.bookmarkHorizontal(key, 0, 30)  # the macro stands below its heading
        canvas.addOutlineEntry(heading, key, level=0)
        progress.headings.append((key, heading, progress.label(canvas.getPageNumber())))

    marked = CallerMacro(drawCallable=mark)
    marked.keepWithNext = 1
    return [Paragraph(escape(heading), styles.HEADING), marked]


def _blocks(section: Section) -> list[Any]:
    following = [*(block.kind for block in section.blocks[1:]), "end"]
    return [
        _block(block, last=after != "item")
        for block, after in zip(section.blocks, following, strict=True)
    ]


def _block(block: Block, *, last: bool) -> Any:
    text = re.sub(r"(\S+) (\(sources? [\d, ]+\)[.,:;]?)", _tied, escape(printed(block.text)))
    if block.kind == "item":
        return Paragraph(text, styles.LAST_ITEM if last else styles.ITEM, bulletText="•")
    return Paragraph(text, styles.BODY)


def _tied(found: re.Match[str]) -> str:
    """A word and its reference, kept on one line; each number leads to its source.

    reportlab writes a no-break space as a plain space, so the text of the page has no other.
    """
    together = found[2].replace(" ", "\N{NO-BREAK SPACE}")
    linked = re.sub(r"\d+", rf'<a href="#source-\g<0>" color="{styles.LINK}">\g<0></a>', together)
    return f"{found[1]}\N{NO-BREAK SPACE}{linked}"


def _source(source: Source) -> Any:
    text = escape(source.text)
    if source.url:
        target = escape(source.url, {'"': "&quot;"})
        for line in _address_lines(source.url):
            text += f'<br/><a href="{target}" color="{styles.LINK}">{escape(line)}</a>'
    anchor = f'<a name="source-{source.number}"/>'
    return KeepTogether([Paragraph(anchor + text, styles.SOURCE, bulletText=f"{source.number}.")])


def _address_lines(url: str) -> list[str]:
    """A long address in lines that fit the measure, broken after `/`, `-`, `_`, `?`, `&`, `=`."""
    width = MEASURE - styles.HANGING_INDENT
    lines = [""]
    for piece in re.findall(r"https?://|[^/\-_?&=]+[/\-_?&=]*|[/\-_?&=]+", url):
        if stringWidth(lines[-1] + piece, styles.SOURCE.fontName, styles.SOURCE.fontSize) > width:
            lines.append("")
        lines[-1] += piece
    return lines
