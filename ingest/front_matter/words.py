"""The lists of words that features ask for, and how texts are compared."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

_LONGEST_ACRONYM = 6
_FOLDER = Path(__file__).parent
_NO_LETTERS = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W_]+(?:[-’'.&][^\W_]+)*")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return letters and digits in lower case without accents: what counts when texts are compared.

    >>> fold("Évaluation: 2020–2024")
    'evaluation20202024'
    """
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
    return _NO_LETTERS.sub("", plain)


def words_in(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return _WORD.findall(text.casefold())


def letters_in(text: str) -> int:
    """Return how many letters a text has."""
    return sum(c.isalpha() for c in text)


@dataclass(frozen=True)
class WordLists:
    """Kinds of words by name, and organisations by each of their names, folded."""

    kinds: Mapping[str, frozenset[str]]
    organisations: Mapping[str, str]

    @classmethod
    @cache
    def shipped(cls) -> "WordLists":
        """Return the lists that come with this package."""
        kinds = json.loads((_FOLDER / "words.json").read_text("utf-8"))
        text = (_FOLDER / "organisations.txt").read_text("utf-8")
        return cls(
            {name: frozenset(listed) for name, listed in kinds.items()}, dict(_organisations(text))
        )

    def kinds_of(self, words: Sequence[str]) -> dict[str, int]:
        """Return how many of the words are of each kind; kinds without any are left out."""
        counted: dict[str, int] = {}
        for word in words:
            for kind in self._by_word.get(word, ()):
                counted[kind] = counted.get(kind, 0) + 1
        return counted

    def organisation(self, text: str) -> str | None:
        """Return the first name of the organisation that a text is a name of, None for none."""
        key = fold(text)
        return self.organisations.get(key) or self.organisations.get(key.removeprefix("the"))

    def organisations_in(self, text: str) -> set[str]:
        """Return the first names of the organisations that a text has among its words."""
        words = _WORD.findall(text)
        folded = [fold(word) for word in words]
        found = set()
        for start, first in enumerate(folded):
            for key in self._by_start.get(first[:3], ()):
                named = len(key) > _LONGEST_ACRONYM or words[start].isupper()
                if named and _begins(folded[start:], key):
                    found.add(self.organisations[key])
        return found

    @cached_property
    def _by_start(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key in self.organisations:
            found.setdefault(key[:3], []).append(key)
            if len(key) > 2:
                found.setdefault(key[:2], []).append(key)
        return found

    @cached_property
    def _by_word(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for kind, listed in self.kinds.items():
            for word in listed:
                found.setdefault(word, []).append(kind)
        return found


def _begins(words: Sequence[str], key: str) -> bool:
    """Tell whether the first of the words, put together, are a key."""
    at = 0
    for word in words:
        if not key.startswith(word, at):
            return False
        at += len(word)
        if at == len(key):
            return True
    return False


def _organisations(text: str) -> Iterator[tuple[str, str]]:
    """Yield (folded name, first name) of each line of `first name; other name; …`."""
    for line in text.splitlines():
        names = [name.strip() for name in line.split(";") if name.strip()]
        if names and not line.startswith("#"):
            yield from ((fold(name), names[0]) for name in names)
