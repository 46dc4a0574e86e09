"""Passages that say the same are one thing: the first is shown, its repetitions come later."""

import re
from collections.abc import Sequence

from index.values.ranking import Hit

# The word sequences of a text, and its numbers.
_Marks = tuple[frozenset[tuple[str, ...]], frozenset[str]]
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d[\d.,]*")
_SHINGLE_WORDS = 5
_FEWEST_SHINGLES = 8
_ALIKE = 0.8
_LOOKED_AT = 3


def demote_repetitions(hits: Sequence[Hit], distinct: int) -> list[Hit]:
    """Return the hits, so that the first `distinct` do not repeat each other.

    A hit repeats one before it when four fifths of the five-word sequences of the shorter text are
    in the longer one, and all its numbers: two years of one table are two things. Repetitions come
    right after the first `distinct`, in their order. Only so many hits are looked at as may be
    needed, three times `distinct`.

    *Source:* Broder, On the resemblance and containment of documents, 1997 (containment).
    """
    if distinct < 2:
        return list(hits)
    kept: list[Hit] = []
    repeated: list[Hit] = []
    seen: list[_Marks] = []
    for number, hit in enumerate(hits):
        if len(kept) == distinct or number == _LOOKED_AT * distinct:
            return [*kept, *repeated, *hits[number:]]
        marks = _marks(hit.chunk.search_text)
        if any(_repeats(marks, other) for other in seen):
            repeated.append(hit)
        else:
            kept.append(hit)
            seen.append(marks)
    return [*kept, *repeated]


def _marks(text: str) -> _Marks:
    words = _WORD.findall(text.casefold())
    shingles = frozenset(zip(*(words[at:] for at in range(_SHINGLE_WORDS)), strict=False))
    return shingles, frozenset(each.rstrip(".,") for each in _NUMBER.findall(text))


def _repeats(one: _Marks, other: _Marks) -> bool:
    shorter, longer = sorted((one, other), key=lambda marks: len(marks[0]))
    if len(shorter[0]) < _FEWEST_SHINGLES:
        return False
    shared = len(shorter[0] & longer[0]) / len(shorter[0])
    return shared >= _ALIKE and shorter[1] <= longer[1]
