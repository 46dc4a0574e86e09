"""How well a found span is the answer: exact match and F1 over words, as SQuAD counts them.

*Source:* Rajpurkar et al. 2016, SQuAD: 100,000+ questions for machine comprehension of text; the
normalisation is that of the official evaluation of SQuAD 2.0.
"""

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLE = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalised(text: str) -> str:
    """Return the text in lower case without punctuation, articles and extra spaces.

    Example: "The 46 States." → "46 states".
    """
    return " ".join(_ARTICLE.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(found: str, answers: Sequence[str]) -> float:
    """Return 1.0 if the found text is one of the answers, after normalising; else 0.0."""
    return float(normalised(found) in {normalised(answer) for answer in answers})


def span_f1(found: str, answers: Sequence[str]) -> float:
    """Return the best harmonic mean of the words' precision and recall over the answers, 0..1.

    Example: found "46 States" of "46" → precision 1/2, recall 1, F1 2/3.
    """
    return max((_f1(normalised(found).split(), normalised(a).split()) for a in answers), default=0)


def _f1(found: list[str], answer: list[str]) -> float:
    if not found or not answer:
        return float(found == answer)
    shared = (Counter(found) & Counter(answer)).total()
    return 2 * shared / (len(found) + len(answer))
