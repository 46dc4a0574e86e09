"""Page text to search text."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

VERSION = "2"

_HYPHENS = "-\u2010\u2011\u00ad"
_LINE_END_HYPHEN = rf"(?<=\w)[{_HYPHENS}][^\S\n]*\n\s*(?=\w)"
_DROPPED = (
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    r"\ufeff\ue000-\uf8ff\U000f0000-\U0010ffff]+"
)
# Forms that stand for other letters without adding meaning: ligatures, full and half width,
# Arabic presentation forms, letters of formulas. Superscripts and fractions are not among them.
_FOLDED = (
    r"[\u2010\u2011\ufb00-\ufb4f\ufb50-\ufdfb\ufe70-\ufefc\uff01-\uff9f\uffe0-\uffe6"
    r"\U0001d400-\U0001d7ff]"
)
_RESOLVABLE = re.compile(
    f"(?P<hyphen>{_LINE_END_HYPHEN})|(?P<dropped>{_DROPPED})|(?P<folded>{_FOLDED})"
)
_HEAD = re.compile(r"\w+$")
_TAIL = re.compile(r"\w+")
# From the start of a word on and never back: else a word of a million letters takes hours.
_BROKEN_WORD = re.compile(rf"(?<!\w)\w++{_LINE_END_HYPHEN}\w+")
_WORD = re.compile(rf"\w+(?:[{_HYPHENS}]\w+)*")
_LINE_BREAK = re.compile(_LINE_END_HYPHEN)
_NOT_HYPHEN_MINUS = re.compile(r"[\u2010\u2011\u00ad]")
_LONGEST_WORD = 60


def search_text_of(
    text: str,
    *,
    vocabulary: AbstractSet[str] | None = None,
    repairs: Mapping[str, str] | None = None,
) -> str:
    """Return the text as it is searched: one line, whole words, plain letters, NFC.

    Ligatures and full-width forms become plain letters, soft hyphens and control characters go,
    whitespace runs become one space, and a word broken at a line end is joined:
    `identi-⏎fication` becomes `identification`. The hyphen stays before a capital or a digit, and
    where `vocabulary` (see `counted_words`) speaks for it: `inter-⏎state` in a document that has
    `inter-state` elsewhere and `interstate` nowhere. Words among
    `repairs`, which has small letters, are written as it says (see `lost_letters`).
    """
    resolved = _RESOLVABLE.sub(lambda mark: _written(text, mark, vocabulary), text)
    found = unicodedata.normalize("NFC", " ".join(resolved.split()))
    if not repairs:
        return found
    return _TAIL.sub(lambda word: _repaired(word.group(), repairs), found)


def _repaired(word: str, repairs: Mapping[str, str]) -> str:
    fixed = repairs.get(word.casefold(), word)
    if word.isupper():
        return fixed.upper()
    return fixed[0].upper() + fixed[1:] if word[0].isupper() else fixed


def counted_words(texts: Iterable[str]) -> Counter[str]:
    """Return how often each word stands in the texts, casefolded: hyphenated words whole, words
    broken at a line's end left out.
    """
    words: Counter[str] = Counter()
    for text in texts:
        whole = _BROKEN_WORD.sub(" ", text) if "\n" in text else text
        words.update(_WORD.findall(_NOT_HYPHEN_MINUS.sub("-", whole).casefold()))
    return words


def joined_words(text: str) -> Iterator[str]:
    """Yield the words broken at line ends as they are when joined, casefolded."""
    for match in _BROKEN_WORD.finditer(text):
        yield _LINE_BREAK.sub("", match.group()).casefold()


def _written(text: str, mark: re.Match[str], vocabulary: AbstractSet[str] | None) -> str:
    if mark.lastgroup == "dropped":
        return ""
    if mark.lastgroup == "folded":
        # NFKC of some Arabic forms holds a space, which would break the rule of single spaces.
        folded = unicodedata.normalize("NFKC", mark.group()).replace("\u2010", "-")
        return folded if not any(c.isspace() for c in folded) else mark.group()
    head = _HEAD.search(text, max(0, mark.start() - _LONGEST_WORD), mark.start())
    tail = _TAIL.match(text, mark.end(), mark.end() + _LONGEST_WORD)
    if head is None or tail is None:
        return "-"
    return "-" if _keeps_hyphen(head.group(), tail.group(), vocabulary) else ""


def _keeps_hyphen(head: str, tail: str, vocabulary: AbstractSet[str] | None) -> bool:
    if not tail[0].islower() or not head[-1].isalpha():
        return True
    if vocabulary is None:
        return False
    first, second = head.casefold(), tail.casefold()
    if first + second in vocabulary:
        return False
    if f"{first}-{second}" in vocabulary:
        return True
    # Neither form stands elsewhere: two words of the document were joined by their own hyphen.
    return min(len(first), len(second)) > 3 and first in vocabulary and second in vocabulary
