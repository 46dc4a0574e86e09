"""Whether a sentence says by itself whom it is about, or leans on what stands before it.

Judged on the safe side: what is not seen to name its subject is taken to refer to another one. A
sentence that is moved or left out only where it names its subject cannot come to speak of another.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ingest.text.word_lists import is_english_word

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
    "in on at by since during from between until after before under with within for according to "
    "however also furthermore moreover additionally finally today currently".split()
)
# After a name these are not what it names: *the Bonn office*.
_HELD = frozenset(
    "member members state states party parties participant participants delegate delegates "
    "delegation delegations staff secretariat office offices headquarters experts officials "
    "session sessions meeting meetings process dialogue centre project".split()
)
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
_ORDINALS = frozenset("first second third fourth fifth two three four five ten last".split())
_LONGEST_PHRASE = 12  # words
_LONGEST_OF = 6
_ENGLISH_ENOUGH = 0.8
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

    >>> names_its_subject("In 2010, the Khartoum Process met its members.")
    True
    >>> names_its_subject("In 2010, the Process met its members.")
    False
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
    if not words or _refers(words) or _leans(words):
        return False
    return named or (
        words[0].casefold() not in _LEADING and _is_named(words, names if begins else None)
    )


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


def _leans(words: Sequence[str]) -> bool:
    """Return whether *the* …, anywhere, is not named with it, or the subject by words alone.

    *The Process* may be any process, and *the Steering Committee* any body's; *the Khartoum
    Process* is one. A sentence that is not in English is taken to lean.
    """
    small = [word for word in words if word.islower()]
    if sum(map(is_english_word, small)) < _ENGLISH_ENOUGH * len(small):
        return True
    start = words[0].casefold() == "the" or words[0][0].isdigit()
    rest = (n for n, word in enumerate(words) if n >= start and not _is_name(word))
    end = next(rest, len(words))
    subject = words[start:end] or words[start:_LONGEST_PHRASE]
    if not any(map(_is_distinct, subject)) or (end < len(words) and words[end] in _HELD):
        return True
    return any(
        not _is_named_after(words[n + 1 :])
        for n, word in enumerate(words)
        if word.casefold() == "the"
    )


def _is_distinct(word: str) -> bool:
    """Return whether a word is a name by itself: no word of English, or an acronym."""
    if len(word) > 1 and word.isupper():
        return True
    parts = re.findall(r"[^\W\d_]{2,}", word)
    return _is_name(word) and not all(map(is_english_word, parts))


def _is_named_after(words: Sequence[str]) -> bool:
    """Return whether *the* goes on with a name, or with what is *of* one."""
    place = next((n for n, word in enumerate(words) if not word.islower()), len(words))
    between = words[:place]
    if between and (place > _LONGEST_OF or "of" not in between[-2:]):
        return False
    end = next((n for n in range(place, len(words)) if not _is_name(words[n])), len(words))
    return any(map(_is_distinct, words[place:end]))


def _is_named(words: Sequence[str], names: frozenset[str] | None) -> bool:
    """Return whether the words begin with a subject that is named; `names` at a beginning."""
    first, following = words[0], words[1] if len(words) > 1 else ""
    if first.casefold() == "the":
        return _is_named_of(words[1:])
    if first.casefold() in {"a", "an"}:
        return False
    if first[0].isdigit() or "-" in first:
        return _is_name(following)
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
