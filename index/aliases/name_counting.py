"""How often a collection uses each name of the aliases."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.aliases.alias import AliasPair
from index.aliases.long_form import is_acronym

_WORD = re.compile(r"\w+")
_Words = tuple[str, ...]


def with_uses(pairs: Sequence[AliasPair], texts: Iterable[str]) -> list[AliasPair]:
    """Return the pairs with how often the texts use each name, in the singular or plural.

    A long name that holds another counts as itself alone.
    """
    names = {name for pair in pairs for name in (pair.short, pair.long)}
    counts = _counts({name: _words(name) for name in names}, texts)
    return [
        replace(pair, short_uses=counts[pair.short], long_uses=counts[pair.long]) for pair in pairs
    ]


def _counts(names: dict[str, _Words], texts: Iterable[str]) -> Counter[str]:
    """Return the uses of each name; the names are looked up by their first word."""
    by_first: dict[str, list[tuple[_Words, str]]] = {}
    for name, words in names.items():
        if words:
            by_first.setdefault(words[0], []).append((words, name))
    for sought in by_first.values():
        sought.sort(key=lambda each: (-len(each[0]), each[1]))
    counts: Counter[str] = Counter()
    for text in texts:
        written = _WORD.findall(text)
        lower = [word.lower() for word in written]
        at = 0
        while at < len(written):
            found = _name_at(at, written, lower, by_first)
            if found is None:
                at += 1
            else:
                counts[found[1]] += 1
                at += len(found[0])
    return counts


def _name_at(
    at: int, words: list[str], lower: list[str], by_first: dict[str, list[tuple[_Words, str]]]
) -> tuple[_Words, str] | None:
    """Return the longest name that begins at a word; acronyms in their own capitals."""
    for written in (words, lower):
        first = written[at]
        for key in (first, first.removesuffix("s")):
            for words_of_name, name in by_first.get(key, ()):
                here = written[at : at + len(words_of_name)]
                if len(here) == len(words_of_name) and _same(here, words_of_name):
                    return words_of_name, name
    return None


def _same(words: Sequence[str], name: _Words) -> bool:
    return tuple(words[:-1]) == name[:-1] and words[-1] in (
        name[-1], f"{name[-1]}s", f"{name[-1]}es"
    )  # fmt: skip


def _words(name: str) -> _Words:
    return tuple(_WORD.findall(name if is_acronym(name) else name.lower()))
