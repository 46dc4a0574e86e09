"""Words whose fonts have lost the f of a ligature: `identiied` is searched for as `identified`."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

_FEWEST_LETTERS = 4
_FEWEST_WORDS = 2
_LEAST_SHARE = 0.1  # of the words of a document that should have an f before i or l
_LOST = ("f", "ff")
_ENDINGS = (("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("d", ""), ("ed", ""), ("ly", ""))


def lost_letters(words: Mapping[str, int], known: AbstractSet[str]) -> dict[str, str]:
    """Return what a document's words should be where an f before i or l was lost.

    `words` counts the words in lower case; `known` are words of the language. A word counts if it
    is not known and one single word comes of writing an f or ff before an i or l. Nothing is
    returned unless several words of the document show that its fonts do this: names and other
    languages hold words that look so.
    """
    sure = {word: fixed for word in words if (fixed := _repaired(word, words, known, sure=True))}
    lost = sum(words[word] for word in sure)
    whole = sum(n for word, n in words.items() if "fi" in word or "fl" in word)
    if len(sure) < _FEWEST_WORDS or lost < _LEAST_SHARE * (lost + whole):
        return {}
    found = {word: _repaired(word, words, known, sure=False) for word in words}
    return sure | {word: fixed for word, fixed in found.items() if fixed}


def _repaired(
    word: str, words: Mapping[str, int], known: AbstractSet[str], *, sure: bool
) -> str | None:
    if len(word) < _FEWEST_LETTERS or word in known or not word.isalpha():
        return None
    forms = set(_with_f(word))
    found = {form for form in forms if form in known}
    if not found and not sure:
        found = {form for form in forms if form in words or _ending_known(form, known)}
    return found.pop() if len(found) == 1 else None


def _with_f(word: str) -> Iterator[str]:
    for at, letter in enumerate(word):
        if letter in "il":
            for lost in _LOST:
                yield word[:at] + lost + word[at:]


def _ending_known(form: str, known: AbstractSet[str]) -> bool:
    return any(
        form.endswith(ending) and form[: -len(ending)] + instead in known
        for ending, instead in _ENDINGS
    )
