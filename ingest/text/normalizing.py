"""Page text to search text, with the way back."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

VERSION = "2"

_HYPHENS = "-\u2010\u2011\u00ad"
_LINE_END_HYPHEN = rf"(?<=\w)[{_HYPHENS}][^\S\n]*\n\s*(?=\w)"
_SPACE = r"\s+"
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
_RESOLVED = f"(?P<hyphen>{_LINE_END_HYPHEN})|(?P<dropped>{_DROPPED})|(?P<folded>{_FOLDED})"
_RESOLVABLE = re.compile(_RESOLVED)
_MARK = re.compile(f"{_RESOLVED}|(?P<space>{_SPACE})")
_HEAD = re.compile(r"\w+$")
_TAIL = re.compile(r"\w+")
# From the start of a word on and never back: else a word of a million letters takes hours.
_BROKEN_WORD = re.compile(rf"(?<!\w)\w++{_LINE_END_HYPHEN}\w+")
_WORD = re.compile(rf"\w+(?:[{_HYPHENS}]\w+)*")
_LINE_BREAK = re.compile(_LINE_END_HYPHEN)
_NOT_HYPHEN_MINUS = re.compile(r"[\u2010\u2011\u00ad]")
_LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Normalized:
    """Search text and, for each of its indexes and its end, the index in the source.

    `offsets` has `len(text) + 1` entries and never falls.
    """

    text: str
    offsets: tuple[int, ...]

    def source_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of the source that `text[start:end]` came from."""
        return self.offsets[start], self.offsets[end]


def normalize(text: str, *, vocabulary: AbstractSet[str] | None = None) -> Normalized:
    """Return the text as it is searched: one line, whole words, plain letters, NFC.

    Ligatures and full-width forms become plain letters, soft hyphens and control characters go,
    whitespace runs become one space, and a word broken at a line end is joined:
    `identi-⏎fication` becomes `identification`. The hyphen stays before a capital or a digit, and
    where `vocabulary` (see `vocabulary_of`) speaks for it: `inter-⏎state` in a document that has
    `inter-state` elsewhere and `interstate` nowhere.
    """
    pieces = list(_pieces(text, vocabulary))
    out = "".join(piece for piece, _, _ in pieces)
    offsets: list[int] = []
    for piece, start, one_to_one in pieces:
        offsets.extend(range(start, start + len(piece)) if one_to_one else [start] * len(piece))
    offsets.append(len(text))
    if not unicodedata.is_normalized("NFC", out):
        out, offsets = _compose(out, offsets)
    return Normalized(out, tuple(offsets))


def search_text_of(
    text: str,
    *,
    vocabulary: AbstractSet[str] | None = None,
    repairs: Mapping[str, str] | None = None,
) -> str:
    """Return `normalize(text).text` without the cost of the way back.

    Words among `repairs`, which has small letters, are written as it says (see `lost_letters`).
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


def vocabulary_of(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of the texts, casefolded, hyphenated words whole, broken words left out."""
    return frozenset(counted_words(texts))


def counted_words(texts: Iterable[str]) -> Counter[str]:
    """Return how often each word of `vocabulary_of` stands in the texts."""
    words: Counter[str] = Counter()
    for text in texts:
        whole = _BROKEN_WORD.sub(" ", text) if "\n" in text else text
        words.update(_WORD.findall(_NOT_HYPHEN_MINUS.sub("-", whole).casefold()))
    return words


def joined_words(text: str) -> Iterator[str]:
    """Yield the words broken at line ends as they are when joined, casefolded."""
    for match in _BROKEN_WORD.finditer(text):
        yield _LINE_BREAK.sub("", match.group()).casefold()


def _pieces(text: str, vocabulary: AbstractSet[str] | None) -> Iterator[tuple[str, int, bool]]:
    """Yield (search text, source index, whether each character has its own source index)."""
    position, started, space_at = 0, False, -1
    for mark in _MARK.finditer(text):
        start, kind = mark.start(), mark.lastgroup
        if start > position:
            if space_at >= 0:
                yield " ", space_at, False
                space_at = -1
            yield text[position:start], position, True
            started = True
        position = mark.end()
        if kind == "space":
            if started and space_at < 0:
                space_at = start
            continue
        written = _written(text, mark, vocabulary)
        if written:
            if space_at >= 0:
                yield " ", space_at, False
                space_at = -1
            yield written, start, False
            started = True
    if position < len(text):
        if space_at >= 0:
            yield " ", space_at, False
        yield text[position:], position, True


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


def _compose(text: str, offsets: list[int]) -> tuple[str, list[int]]:
    """Return the NFC form; each composed character keeps the offset of its first part."""
    out: list[str] = []
    kept: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and not _starts_cluster(text[end]):
            continue
        composed = unicodedata.normalize("NFC", text[start:end])
        out.append(composed)
        kept.extend([offsets[start]] * len(composed))
        start = end
    kept.append(offsets[-1])
    return "".join(out), kept


def _starts_cluster(character: str) -> bool:
    """Tell whether nothing before the character can combine with it."""
    code = ord(character)
    # Hangul vowels and finals combine without being combining characters.
    return unicodedata.category(character)[0] != "M" and not 0x1160 <= code <= 0x11FF
