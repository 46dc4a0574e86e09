"""From the figures of a page to its grade. docs/explanation/page-quality.md states this rule."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.document import Grade, PageQuality

VERSION = "1"  # changes whenever a figure or a grade may; part of the reading fingerprint
NO_TEXT = "no text on the page"
NO_TESSERACT = "it shows an image, and Tesseract, which would read it, is not installed"
NOT_BY_PDFIUM = "read by pypdf: PDFium could not"


@dataclass(frozen=True, slots=True)
class Steps:
    """The bounds of a figure: what is beyond the first is no A, beyond the second no B, …"""

    b: float
    c: float
    d: float

    def grade_below(self, value: float) -> Grade:
        """Return the grade of a figure that is better the larger it is."""
        if value >= self.b:
            return "A"
        return "B" if value >= self.c else "C" if value >= self.d else "D"

    def grade_above(self, value: float) -> Grade:
        """Return the grade of a figure that is better the smaller it is."""
        return Steps(-self.b, -self.c, -self.d).grade_below(-value)


# A file's own text may hold codes, names and lists of titles that no dictionary has, so that only
# much of it tells something, and it is never a D; of what was read from an image, a few words do.
NEVER = 2.0
SHARE_OF_LAYER = Steps(0.80, 0.60, -NEVER)
SHARE_OF_IMAGE = Steps(0.95, 0.88, 0.70)
GARBLED_OF_LAYER = Steps(0.10, 0.20, NEVER)
GARBLED_OF_IMAGE = Steps(0.03, 0.08, 0.25)
CONFIDENCE = Steps(0.90, 0.80, 0.70)
DISAGREEMENT = Steps(0.20, 0.50, NEVER)


def graded(quality: PageQuality) -> PageQuality:
    """Return the quality with the worst of the grades that it has and that its figures give.

    Every figure that lowers it is named in `reason`, after the reader's own. Grading again changes
    nothing.
    """
    grade, reasons = quality.grade, quality.reason.split("; ") if quality.reason else []
    for found, reason in _findings(quality):
        grade = max(grade, found)
        if found != "A":
            reasons.append(reason)
    return replace(quality, grade=grade, reason="; ".join(dict.fromkeys(reasons)) or None)


def lowered(quality: PageQuality, grade: Grade, reason: str) -> PageQuality:
    """Return the quality with a grade that is no better than this one, and why."""
    reasons = [*(quality.reason.split("; ") if quality.reason else []), reason]
    return replace(
        quality, grade=max(quality.grade, grade), reason="; ".join(dict.fromkeys(reasons))
    )


def _findings(quality: PageQuality) -> Iterator[tuple[Grade, str]]:
    if quality.source == "none":
        yield "D", quality.reason or NO_TEXT
        return
    if quality.source == "recovered":
        yield "C", NOT_BY_PDFIUM
    if quality.ocr_confidence is not None:
        yield (
            CONFIDENCE.grade_below(quality.ocr_confidence),
            f"read from the image of the page with a confidence of {quality.ocr_confidence:.0%}",
        )
    from_image = quality.source == "ocr" or quality.scanned
    if quality.dictionary_share is not None:
        steps = SHARE_OF_IMAGE if from_image else SHARE_OF_LAYER
        yield (
            steps.grade_below(quality.dictionary_share),
            f"{1 - quality.dictionary_share:.0%} of the words are in no dictionary",
        )
    if quality.garbled_share is not None:
        steps = GARBLED_OF_IMAGE if from_image else GARBLED_OF_LAYER
        yield (
            steps.grade_above(quality.garbled_share),
            f"{quality.garbled_share:.0%} of the words are written as no word is",
        )
    if quality.disagreement is not None:
        yield (
            DISAGREEMENT.grade_above(quality.disagreement),
            f"a second engine reads {quality.disagreement:.0%} of the text otherwise",
        )
