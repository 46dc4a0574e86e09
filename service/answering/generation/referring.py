"""Whether a sentence says by itself whom it is about, or leans on what stands before it.

Judged on the safe side: what is not seen to name its subject is taken to refer to another one. A
sentence that is moved or left out only where it names its subject cannot come to speak of another.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

_WORD = re.compile(r"[^\W\d_]+(?:['’\-‑][^\W\d_]+)*|\d+(?:[.,]\d+)*|[,;]")
_POSSESSIVES = frozenset("its their his her".split())
_PRONOUNS = frozenset("it they he she".split())
_REFERRING = _PRONOUNS | frozenset(
    "them him this these those such former latter same aforementioned itself themselves "
    "himself herself there thereof therein thereby".split()
)
# At the beginning of a subject these speak of what was named before.
_LEADING = frozenset(
    "that other others another both neither either each some one none all many most few several "
    "any here then thus so who whom which whose what no nobody nothing every half more".split()
)
# After these a pronoun speaks of the subject of its own sentence.
_JOINING = frozenset("; that and because if when while which as where but".split())
_BEFORE_SUBJECT = frozenset(
    "in on at by since during from between until after before under with within for according as "
    "to however also furthermore moreover additionally finally therefore hence indeed meanwhile "
    "today currently".split()
)
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
_ORDINALS = frozenset("first second third fourth fifth two three four five ten last".split())
_LONGEST_PHRASE = 12  # words
_NEAR = 2  # words


def names_in(texts: Iterable[str]) -> frozenset[str]:
    """Return the words that are written with a capital where no sentence begins."""
    found: set[str] = set()
    for text in texts:
        for before, word in pairwise(re.findall(r"\S+", text)):
            bare = word.strip("“”\"'‘’()[],.;:!?")
            if bare[:1].isupper() and before[-1:].isalnum():
                found.add(bare)
    return frozenset(found)


def names_its_subject(sentence: str, names: frozenset[str] = frozenset()) -> bool:
    """Return whether a sentence names whom it is about, and refers to nothing outside it.

    `names` are words known to be names, for a sentence that begins with one.

    >>> names_its_subject("In 2010, the Forum met its members.")
    True
    >>> names_its_subject("In 2010 it was dissolved.")
    False
    >>> names_its_subject("The verdict was overturned.")
    False
    """
    words = _WORD.findall(sentence)
    begins, named = True, False
    while words and words[0].casefold() in _BEFORE_SUBJECT:
        end = _phrase_end(words)
        if end is None:
            return False
        named = words[0].casefold() == "according" and any(map(_is_name, words[1:end]))
        words, begins = words[end:], False
    if not words or _refers(words):
        return False
    return named or (
        words[0].casefold() not in _LEADING and _is_named(words, names if begins else None)
    )


def stands_apart(sentence: str, before: str, names: frozenset[str] = frozenset()) -> bool:
    """Return whether a sentence neither needs nor bears on the sentence before it.

    It names its subject, speaks of nothing that was named before, be it by a name or as *the* …,
    and does not begin as what goes on does.
    """
    words = _WORD.findall(sentence)
    if not names_its_subject(sentence, names) or words[0].casefold() in _BEFORE_SUBJECT:
        return False
    definite = any(one.casefold() == "the" and not _is_name(two) for one, two in pairwise(words))
    possessive = any(word.casefold() in _POSSESSIVES for word in words)
    shared = _content(words) & _content(_WORD.findall(before))
    return not definite and not possessive and not shared


def _phrase_end(words: Sequence[str]) -> int | None:
    """Return where the subject begins after *In 2019* or *According to the Panel,*."""
    if "," in words[:_LONGEST_PHRASE]:
        return words.index(",") + 1
    rest = (n for n, word in enumerate(words) if n and not (word[0].isdigit() or word[0].isupper()))
    end = next(rest, None)
    return end if end is not None and end > 1 and words[end].casefold() == "the" else None


def _refers(words: Sequence[str]) -> bool:
    """Return whether a word refers to what stands in another sentence."""
    keys = [word.casefold() for word in words]
    return keys[0] in _REFERRING | _POSSESSIVES or any(
        key in _REFERRING
        and not (key in _PRONOUNS and before in _JOINING)
        and not (key == "them" and before == "of" and place > _NEAR)  # "States, 12 of them in Asia"
        for place, (before, key) in enumerate(pairwise(keys))
    )


def _is_named(words: Sequence[str], names: frozenset[str] | None) -> bool:
    """Return whether the words begin with a subject that is named; `names` at a beginning."""
    first, following = words[0], words[1] if len(words) > 1 else ""
    if first.casefold() == "the":
        return _is_named_of(words[1:])
    if first.casefold() in {"a", "an"} or first[0].isdigit() or "-" in first:
        return not any(word.casefold() in _POSSESSIVES for word in words)
    if names is None:
        return _is_name(first)
    known = first in names or (len(first) > 1 and first.isupper())
    return _is_name(first) and (known or _is_name(following))


def _is_named_of(words: Sequence[str]) -> bool:
    """Return whether *the* … is named: *the second Forum*, *the chair of the Forum*."""
    if len(words) > 1 and words[1].casefold() == "of":
        words = words[2:]
        words = words[1:] if words and words[0].casefold() == "the" else words
    while words and (words[0][0].isdigit() or words[0].casefold() in _ORDINALS):
        words = words[1:]
    return bool(words) and _is_name(words[0])


def _is_name(word: str) -> bool:
    return word[:1].isupper() and word.casefold() not in _MONTHS


def _content(words: Sequence[str]) -> set[str]:
    return {word.casefold() for word in words if len(word) > 3 or word.isupper()}
