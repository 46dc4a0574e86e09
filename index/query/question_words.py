"""The words of a question, each with its class: a function word of some kind, or its looks.

The lists of function words are data, in several languages at once; `source_tagger.json` has them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SHAPES = ("symbol", "year", "number", "name", "word")
LEADS = ("according", "in", "of", "from", "by", "as", "on", "at", "to", "with")
QUESTIONING = ("asks", "auxiliary")
CONTENT = (*SHAPES, "month")
NAMING = ("symbol", "year", "number", "name", "month")

_WORD = re.compile(r"\S+")
_BARE = re.compile(r"[\w€$£].*[\w%+)]|\w", re.DOTALL)
_ELIDED = re.compile(r"(?:[ldnjmtsc]|qu)['’](?=\w{2})")
_POSSESSIVE = re.compile(r"['’]s?$")
_YEAR = re.compile(r"(?:1[89]|20)\d\d(?:[-–/]\d{2,4})?")
_COUNTED = re.compile(r"\d+(?:st|nd|rd|th|s|%|-[a-z]+(?:-[a-z]+)*)?")
_CODE = re.compile(r"(?=.*\d)(?=.*[^\W\d_]).+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question: where it stands, its class, and the marks around it."""

    start: int
    end: int
    text: str
    word_class: str
    before: str
    after: str


class WordClasses:
    """Which class each word has; made from lists of words by class."""

    def __init__(self, classes: Mapping[str, Sequence[str]]) -> None:
        self._class_of = {word: name for name, words in classes.items() for word in words}
        self.number = {name: at for at, name in enumerate((*classes, *SHAPES))}

    def words(self, question: str) -> list[Word]:
        """Return the words of a question, between white space, without marks around them."""
        found: list[Word] = []
        for match in _WORD.finditer(question):
            bare = _BARE.search(match.group())
            start, end = bare.span() if bare else (0, 0)
            text = match.group()[start:end]
            found.append(
                Word(
                    match.start(),
                    match.end(),
                    text,
                    self._class(text, first=not found),
                    match.group()[:start],
                    match.group()[end:],
                )
            )
        return found

    def _class(self, text: str, *, first: bool) -> str:
        plain = _POSSESSIVE.sub("", text)
        lower = plain.casefold()
        known = self._class_of.get(lower) or self._class_of.get(_ELIDED.sub("", lower))
        if not known and self._class_of.get(lower.rpartition("-")[2]) == "kind":
            known = "kind"  # a meta-evaluation, a sub-report
        named = not first and plain[:1].isupper()
        if known and (not named or known in {"kind", "part", "month"}):
            return known
        if named and lower == "may":
            return "month"
        if _YEAR.fullmatch(plain):
            return "year"
        if _CODE.fullmatch(plain) and not _COUNTED.fullmatch(plain):
            return "symbol"
        if plain[:1].isdigit():
            return "number"
        if plain[:1].isupper() and not (first and plain[1:].islower()):
            return "name"
        return "word" if plain else "function"
