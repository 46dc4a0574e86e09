"""How well a page was read."""

import re
from collections.abc import Sequence

from corpus.document import Page, PageQuality, TextSource

_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff]")
_POOR_SHARE = 0.02
_FEWEST_WORDS = 20
# A word as it is written: small letters after a first capital, or capitals throughout.
_WELL_FORMED = re.compile(
    r"[(\"“‘'\[¿¡]*(?:[^\W\d_]?[^\W\d_A-ZÀ-Þ]*|[A-ZÀ-Þ]{2,})(?:[-–—/'’][^\W_]+)*(?:['’]s?)?"
    r"[.,;:!?)\"”’'\]…*]*\d{0,2}"
)


def odd_share(text: str) -> float:
    """Return the share of words that are written as no word is (`oRIGTNAL`, `vler''`), 0 to 1.

    0 for fewer than 20 words. Figures and mixed codes do not count as words.
    """
    words = [
        word
        for word in text.split()
        if len(word) > 2 and 2 * sum(c.isalpha() for c in word) >= len(word)
    ]
    if len(words) < _FEWEST_WORDS:
        return 0.0
    return sum(_WELL_FORMED.fullmatch(word) is None for word in words) / len(words)


def quality_of(text: str, source: TextSource = "text", *, reason: str | None = None) -> PageQuality:
    """Return the quality of a page with this text; a `reason` given makes it poor."""
    characters = len(text)
    if not text.strip():
        return PageQuality("unreadable", "none", characters, "no text on the page")
    unknown = len(_UNKNOWN.findall(text))
    if reason is None and unknown > _POOR_SHARE * characters:
        reason = f"{unknown} of {characters} characters have no meaning in the file's fonts"
    return PageQuality("poor" if reason else "good", source, characters, reason)


def missing_text_reason(pages: Sequence[Page]) -> str | None:
    """Return in words which pages have no text, None if all have."""
    empty = [page.label for page in pages if page.quality.grade == "unreadable"]
    if not empty:
        return None
    if len(empty) == len(pages):
        return f"no text on any of {len(pages)} pages (scanned?)"
    shown = ", ".join(empty[:5]) + (", …" if len(empty) > 5 else "")
    return f"no text on {len(empty)} of {len(pages)} pages: {shown}"
