"""How well a page was read."""

import re
from collections.abc import Sequence
from functools import lru_cache

from corpus.document import Grade, Page, PageQuality, TextSource
from ingest.quality.grading import NO_TESSERACT, NO_TEXT, graded

_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff]")
_POOR_SHARE = 0.02
_FEWEST_WORDS = 20
_SHORTEST = 3  # letters of what counts as a word
_STOPS = ".,;:"
# A word as it is written: small letters after a first capital, or capitals throughout.
_WELL_FORMED = re.compile(
    r"[(\"“‘'\[¿¡]*(?:[^\W\d_]?[^\W\d_A-ZÀ-Þ]*|[A-ZÀ-Þ]{2,})(?:[-–—/'’][^\W_]+)*(?:['’]s?)?"
    r"[.,;:!?)\"”’'\]…*]*\d{0,2}"
)


def odd_share(text: str) -> float:
    """Return the share of words that are written as no word is (`oRIGTNAL`, `vler''`), 0 to 1.

    0 for fewer than 20 words. Figures and mixed codes do not count as words.
    """
    words = [word for word in text.split() if len(word) >= _SHORTEST]
    # Most words are of small letters throughout, and none of these is odd.
    others = [word for word in words if not (word.islower() and word.isalpha())]
    forms = list(map(_well_formed, others))
    counted = len(words) - forms.count(None)
    return forms.count(False) / counted if counted >= _FEWEST_WORDS else 0.0


def garbled_share(text: str) -> float | None:
    """Return the share of words that are odd, or hold a character without a meaning, 0..1.

    None for fewer than 20 words. Addresses of the web count as no words.
    """
    words = [word for word in text.split() if "/" not in word and "@" not in word]
    forms = list(map(_well_formed, words))
    garbled = forms.count(False)
    counted = garbled + forms.count(True)
    if counted < _FEWEST_WORDS:
        return None
    if _UNKNOWN.search(text) is not None:
        garbled += sum(
            form is True and _UNKNOWN.search(word) is not None
            for word, form in zip(words, forms, strict=True)
        )
    return round(garbled / counted, 4)


def quality_of(
    text: str, source: TextSource = "layer", *, reason: str | None = None
) -> PageQuality:
    """Return the quality of a page with this text, as far as the text alone tells it.

    A `reason` given, or many characters without a meaning, keeps it from an A.
    """
    characters = len(text)
    if not text.strip():
        why = f"{NO_TEXT}: {reason}" if reason else NO_TEXT
        return PageQuality("D", "none", characters, why)
    grade: Grade = "B" if reason else "A"
    unknown = len(_UNKNOWN.findall(text))
    if reason is None and unknown > _POOR_SHARE * characters:
        reason = f"{unknown} of {characters} characters have no meaning in the file's fonts"
        grade = "C"
    return graded(PageQuality(grade, source, characters, reason))


@lru_cache(maxsize=50_000)
def _well_formed(word: str) -> bool | None:
    """Tell whether a word is written as words are.

    None for what is no word: less than three characters, or letters for less than half.
    """
    if len(word) < _SHORTEST:
        return None
    core = word[:-1] if word[-1] in _STOPS else word
    if core.isalpha() and core[1:].islower():
        return True  # most words, told without the pattern
    if 2 * sum(map(str.isalpha, word)) < len(word):
        return None
    return _WELL_FORMED.fullmatch(word) is not None


def count_without_tesseract(pages: Sequence[Page]) -> int:
    """Return how many pages would have been read from their image, had Tesseract been there."""
    return sum(NO_TESSERACT in (page.quality.reason or "") for page in pages)


def missing_text_reason(pages: Sequence[Page]) -> str | None:
    """Return in words which pages have no text, None if all have."""
    empty = [page.label for page in pages if page.quality.source == "none"]
    if not empty:
        return None
    if len(empty) == len(pages):
        return f"no text on any of {len(pages)} pages (scanned?)"
    shown = ", ".join(empty[:5]) + (", …" if len(empty) > 5 else "")
    return f"no text on {len(empty)} of {len(pages)} pages: {shown}"
