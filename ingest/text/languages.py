"""The languages of pages, told from their text by py3langid."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from corpus.document import Page


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


_FEWEST_LETTERS = 40
_SAMPLE_CHARACTERS = 1_500
_SUREST = 0.6


def with_languages(pages: Sequence[Page]) -> tuple[Page, ...]:
    """Return the pages with their languages; None for a page with few words or several scripts."""
    return tuple(replace(page, language=language_of(page.text)) for page in pages)


def language_of(text: str) -> str | None:
    """Return the BCP 47 code of a text's language, None where it is too short or unsure."""
    sample = _middle(text)
    if sum(c.isalpha() for c in sample) < _FEWEST_LETTERS:
        return None
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    if not _identifiers:
        _identifiers.append(LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True))
    language, probability = _identifiers[0].classify(sample)
    return language if probability >= _SUREST else None


def main_language(pages: Sequence[Page]) -> str | None:
    """Return the language of most of the text, None if no page's is known."""
    letters: Counter[str] = Counter()
    for page in pages:
        if page.language:
            letters[page.language] += len(page.text)
    return letters.most_common(1)[0][0] if letters else None


def _middle(text: str) -> str:
    start = max(0, (len(text) - _SAMPLE_CHARACTERS) // 2)
    return text[start : start + _SAMPLE_CHARACTERS]


_identifiers: list[_Identifier] = []  # filled in reading processes, once
