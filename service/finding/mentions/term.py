"""One term as a pattern over page text."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from corpus.errors import QuestionError
from service.finding.mentions.inflecting import inflections
from service.finding.mentions.letters import (
    BREAK,
    OPTIONAL_HYPHEN,
    SPACE,
    SPACE_OR_HYPHEN,
    sign_pattern,
    word_pattern,
)

LONGEST_TERM = 200
_TOKEN = re.compile(r"(?P<word>[^\W_]+)|(?P<space>\s+)|(?P<sign>.)", re.DOTALL)
_POSSESSIVE = r"(?:['’ʼ]s|(?<=s)['’ʼ])?"
# The number of a footnote may follow a word at once; it is no part of the mention.
_END = r"(?!\w)"
_END_OR_NOTE = r"(?=\d{1,3}(?!\w)|(?!\w))"
_ARABIC = re.compile(r"[\u0600-\u06ff]+")
_ARABIC_PREFIX = "[وفبلك]?(?:ال|لل)?"


@dataclass(frozen=True, slots=True)
class TermForm:
    """One way to say what is sought: its pattern over page text.

    `breaking` matches the end of each line at which a mention may break off, and some more;
    `words` are its words in lower case without accents, in every inflection.
    """

    term: str
    pattern: re.Pattern[str]
    breaking: re.Pattern[str]
    words: frozenset[str]


def checked_term(text: str) -> str:
    """Return the term with single spaces. Raises: QuestionError for one that names nothing."""
    term = " ".join(text.split())
    if not any(character.isalnum() for character in term):
        raise QuestionError(f"The term {text[:40]!r} has no letter or digit; write what you seek.")
    if len(term) > LONGEST_TERM:
        raise QuestionError(
            f"The term has {len(term):,} characters; at most {LONGEST_TERM} are searched for."
        )
    return term


def is_acronym(term: str) -> bool:
    """Tell whether a term is written in capitals, as WHO is: then who is another word."""
    letters = [character for character in term if character.isalpha()]
    return (
        " " not in term
        and len(letters) >= 2
        and sum(character.isupper() for character in letters) >= max(2, len(letters) - 1)
    )


def term_form(term: str, *, language: str = "en", exact: bool = False) -> TermForm:
    """Return a term with the pattern that matches each of its mentions in page text.

    Letters match in either case (capitals alone where the term is an acronym), with or without
    accents, across a line end and its hyphen. Unless `exact`, words match in the inflections of
    the language, and a hyphen, a space and nothing are alike where the term has a hyphen.
    """
    tokens = list(_TOKEN.finditer(term))
    any_case = not is_acronym(term)
    verb = term.islower() and sum(token.lastgroup == "word" for token in tokens) == 1
    out: list[str] = []
    words: set[str] = set()
    for token in tokens:
        text = token.group()
        if token.lastgroup != "word":
            inside = token.start() > 0 and token.end() < len(term)
            out.append(_between(text, inside=inside, exact=exact))
            continue
        inflected = any_case and not exact and text.isalpha()
        variants = inflections(text, language, verb=verb) if inflected else (text,)
        words.update(folded(variant) for variant in variants)
        out.append(_word(variants, any_case=any_case, exact=exact))
    pattern = re.compile(_bounded("".join(out), term, exact=exact))
    return TermForm(term, pattern, _breaking(tokens, out), frozenset(words))


def folded(text: str) -> str:
    """Return a text in lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _breaking(tokens: Sequence[re.Match[str]], patterns: Sequence[str]) -> re.Pattern[str]:
    """Return the pattern of a line's end after a word that others follow, or after a hyphen."""
    followed = [
        pattern
        for token, pattern in zip(tokens[:-1], patterns, strict=False)
        if token.lastgroup == "word"
    ]
    after_words = rf"(?<!\w)(?:{'|'.join(followed)})[^\w\n]*$|" if followed else ""
    return re.compile(rf"{after_words}[-\u2010\u2011\u00ad][^\S\n]*$", re.MULTILINE)


def _between(sign: str, *, inside: bool, exact: bool) -> str:
    """Return the pattern of a space or sign between words."""
    if sign.isspace():
        return SPACE if exact else SPACE_OR_HYPHEN
    if sign in "-‐‑" and inside and not exact:
        return OPTIONAL_HYPHEN
    return sign_pattern(sign)


def _word(variants: Sequence[str], *, any_case: bool, exact: bool) -> str:
    if exact:
        return word_pattern(variants[0], any_case=any_case, exact=True)
    if not any_case:
        # An acronym has a plural: RCPs, in capitals or not.
        plural = "" if variants[0][-1] in "sS" else r"(?:[sS](?!\w))?"
        return word_pattern(variants[0], any_case=False) + plural + _POSSESSIVE
    prefix = _ARABIC_PREFIX if _ARABIC.fullmatch(variants[0]) else ""
    return prefix + _alternatives(variants) + _POSSESSIVE


def _alternatives(variants: Sequence[str]) -> str:
    """Return a pattern of any variant, the letters they share written once."""
    if len(variants) == 1:
        return word_pattern(variants[0], any_case=True)
    first, last = min(variants), max(variants)
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    shared = first[: max(0, len(list(same)) - 1)]
    rests = sorted({variant[len(shared) :] for variant in variants}, key=len, reverse=True)
    start = word_pattern(shared, any_case=True) + BREAK if shared else ""
    return f"{start}(?:{'|'.join(word_pattern(rest, any_case=True) for rest in rests)})"


def _bounded(pattern: str, term: str, *, exact: bool) -> str:
    before = r"(?<!\w)" if term[0].isalnum() else ""
    if not term[-1].isalnum():
        return before + pattern
    return before + pattern + (_END_OR_NOTE if term[-1].isalpha() and not exact else _END)
