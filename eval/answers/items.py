"""Which of the required items of an answer are said in its quotes."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from eval.answers.evidence import SOFT_HYPHEN

NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
}
_WORD = re.compile(r"\w+")


def normalised(text: str) -> str:
    """Return the words of a text: no case, no punctuation, one to twelve as digits.

    Example: `"Twelve States – and IOM."` → `"12 states and iom"`.
    """
    plain = unicodedata.normalize("NFKC", text.replace(SOFT_HYPHEN, "")).casefold()
    return " ".join(NUMBERS.get(word, word) for word in _WORD.findall(plain))


def found_items(items: Iterable[str], texts: Sequence[str]) -> int:
    """Return how many of the items stand in one of the texts, word for word when normalised."""
    padded = [f" {normalised(text)} " for text in texts]
    sought = [f" {words} " for item in items if (words := normalised(item))]
    return sum(any(item in text for text in padded) for item in sought)


def quotable_items(items: Iterable[str], evidence: Sequence[str]) -> tuple[str, ...]:
    """Return the items that the evidence holds in these words; `yes` is in no quote."""
    return tuple(item for item in items if found_items([item], evidence))
