"""The letters of a term as patterns: in either case, with or without accents, broken at line ends.

The patterns are for page text as it is stored, so that a match's offsets are the citation's.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

# Written but not seen: soft hyphens, zero-width and direction marks; PDFium's U+FFFE and U+0002.
_UNSEEN = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\x02"
_HYPHEN = r"\-\u2010\u2011\u00ad"
_LINE_END = r"[^\S\n]*\n\s*"
# What may stand between two letters of one word.
BREAK = rf"(?:[{_UNSEEN}]+|[{_HYPHEN}]{_LINE_END})?"
_MARKS = r"[\u0300-\u036f\u064b-\u0652\u0670\u0640]*"
# A Latin letter without an accent also stands for the letter with one; these are letters apart.
_APART = "ñÑ"
_LIGATURES = {
    "ffi": "\ufb03", "ffl": "\ufb04", "ff": "\ufb00", "fi": "\ufb01", "fl": "\ufb02",
    "st": "\ufb05\ufb06", "ae": "æÆ", "oe": "œŒ", "ss": "ßẞ",
}  # fmt: skip
_SIGNS = {"'": "'’‘ʼ`´", '"': '"“”„«»', "-": "-‐‑‒–—"}
_SIGN_OF = {sign: key for key, signs in _SIGNS.items() for sign in signs}
_EQUAL_LETTERS = ("её", "ЕЁ", "اأإآٱ", "يىئ", "ةه")

SPACE = rf"[{_UNSEEN}]*(?:\s+[{_UNSEEN}]*)+"
SPACE_OR_HYPHEN = rf"[{_UNSEEN}]*(?:[-\u2010\u2011]\s*|\s+)[{_UNSEEN}]*"
OPTIONAL_HYPHEN = rf"[{_UNSEEN}]*(?:\s*[-\u2010\u2011\u2013]\s*|\s+)?[{_UNSEEN}]*"


def word_pattern(word: str, *, any_case: bool, exact: bool = False) -> str:
    """Return the pattern of a run of letters and digits as page text may write it.

    `exact` keeps accents: `resume` is not `résumé`.
    """
    parts = list(_parts(word, any_case=any_case, exact=exact))
    out = [parts[0][0]]
    for (_, before_is_digit), (pattern, is_digit) in pairwise(parts):
        out.append(pattern if before_is_digit and is_digit else BREAK + pattern)
    return "".join(out)


def sign_pattern(sign: str) -> str:
    """Return the pattern of one character that is neither letter, digit nor space.

    A line may end after it: symbols such as A/80/10 are broken there.
    """
    alike = _SIGNS.get(_SIGN_OF.get(sign, ""), sign)
    return f"[{re.escape(alike)}](?:{_LINE_END})?"


def _parts(word: str, *, any_case: bool, exact: bool) -> Iterator[tuple[str, bool]]:
    """Yield the pattern of each letter, or of letters that a ligature may stand for."""
    at = 0
    while at < len(word):
        for letters, signs in _LIGATURES.items():
            if word[at : at + len(letters)].lower() == letters:
                plain = BREAK.join(
                    _letter(letter, any_case, exact) for letter in word[at : at + len(letters)]
                )
                yield f"(?:{plain}|[{signs}])", False
                at += len(letters)
                break
        else:
            yield _letter(word[at], any_case, exact), word[at].isdigit()
            at += 1


@cache
def _letter(letter: str, any_case: bool, exact: bool) -> str:
    if not letter.isalpha():
        return re.escape(letter)
    forms = {letter, letter.lower(), letter.upper()} if any_case else {letter}
    if not exact:
        forms |= {form for each in tuple(forms) for form in _alike(each)}
    single = "".join(sorted(re.escape(form) for form in forms if len(form) == 1))
    decomposed = unicodedata.normalize("NFD", letter)
    if exact and len(decomposed) > 1:
        return f"(?:[{single}]|{decomposed})"
    if letter in _APART:
        return f"(?:[{single}]|[{'nN' if any_case else decomposed[0]}]\u0303)"
    return f"[{single}]" if exact else f"[{single}]{_MARKS}"


def _alike(letter: str) -> Iterator[str]:
    """Yield the forms of a letter that readers take for the same."""
    for letters in _EQUAL_LETTERS:
        if letter in letters:
            yield from letters
    if letter not in _APART:
        yield from _accented().get(_base(letter), ())


@cache
def _accented() -> dict[str, tuple[str, ...]]:
    """Return the Latin letters by their base letter, itself included."""
    found: dict[str, list[str]] = {}
    for first, last in ((0x41, 0x24F), (0x1E00, 0x1EFF), (0xFF21, 0xFF5A)):
        for code in range(first, last + 1):
            letter = chr(code)
            if letter.isalpha() and letter not in _APART:
                found.setdefault(_base(letter), []).append(letter)
    return {base: tuple(letters) for base, letters in found.items() if len(base) == 1}


def _base(letter: str) -> str:
    decomposed = unicodedata.normalize("NFKD", letter)
    return decomposed[0] if all(unicodedata.combining(c) for c in decomposed[1:]) else decomposed
