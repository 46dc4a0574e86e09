"""What a question names: proper names, acronyms, years and other numbers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_TOKEN = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.?!:;]\s*[\"'“”‘’(]*$|^\W*$")
_YEAR = re.compile(r"(?:1[6-9]|20|21)\d\d")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_ASKING = frozenset(
    "how what when where which who whom whose why are can could describe did do does explain give "
    "had has have is list name should state was were will would the a an in on of at by for from "
    "to under according per as and or if i please tell show find it its they their there this that "
    "these those since during between after before until among about with within".split()
)


@dataclass(frozen=True, slots=True)
class Names:
    """What a text names, each once, in the order of the text.

    `names` are words with a capital inside a sentence, and acronyms, without a possessive `'s`;
    `years` are four digits from 1600 to 2199; `numbers` all other numbers, without the commas
    between their thousands.
    """

    names: tuple[str, ...]
    years: tuple[str, ...]
    numbers: tuple[str, ...]


def names_of(text: str) -> Names:
    """Return what a text names.

    A word that begins a sentence is a name only as an acronym: its capital says nothing. Example:
    `"Did the EU fund Budapest's 2019 plan for 1,200 people?"` → EU, Budapest; 2019; 1200.
    """
    names: list[str] = []
    for match in _TOKEN.finditer(text):
        word = _POSSESSIVE.sub("", match.group())
        for part in word.split("-"):
            begins = _SENTENCE_END.search(text[: match.start()]) is not None
            if _is_name(part, begins=begins):
                names.append(part)
    found = [number.replace(",", "") for number in _NUMBER.findall(text)]
    years = [number for number in found if _YEAR.fullmatch(number)]
    numbers = [number for number in found if not _YEAR.fullmatch(number)]
    return Names(_once(names), _once(years), _once(numbers))


def forms_to_look_up(name: str) -> tuple[str, ...]:
    """Return the name, and what it may be derived from; nothing for a name of a kind of things.

    A plural acronym (`ISCMs`) names a kind, one with a digit (`FY2011`) a label. Example:
    `"Algerian"` → Algerian, Algeria, Algeri, Alger, Algera.
    """
    if any(character.isdigit() for character in name):
        return ()
    if name.endswith("s") and name[:-1].isupper() and len(name) > 2:
        return ()
    if len(name) < 6 or not name.isalpha() or name.isupper():
        return (name,)
    return (name, name[:-1], name[:-2], name[:-3], f"{name[:-3]}a")


def missing_share(wanted: Iterable[str], text: str) -> float:
    """Return the share of the words that do not stand in the text, 0..1; 0 where none is wanted.

    Without case; a word also stands where a longer one begins with it, all but its last two
    letters if it has six or more: `Peruvians` is in `Peruvian`.
    """
    sought = [word.casefold() for word in wanted]
    if not sought:
        return 0.0
    plain = text.replace(",", "").casefold()
    held = frozenset(re.findall(r"[^\W_]+", plain))
    return sum(not _stands(word, held, plain) for word in sought) / len(sought)


def _stands(word: str, held: frozenset[str], plain: str) -> bool:
    if word in held or f"{word}s" in held or word.removesuffix("s") in held:
        return True
    if not word.isalnum():
        return word in plain
    stem = word[:-2] if len(word) >= 6 and word.isalpha() else ""
    return bool(stem) and any(each.startswith(stem) for each in held)


def _is_name(word: str, *, begins: bool) -> bool:
    letters = [character for character in word if character.isalpha()]
    if not letters or word.casefold() in _ASKING or len(letters) < 2:
        return False
    if sum(character.isupper() for character in letters) >= 2:
        return True
    return letters[0].isupper() and word[0] == letters[0] and not begins


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
