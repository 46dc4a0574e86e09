"""The regular inflections of a word: singular and plural, possessive, and forms of verbs.

Inflections, not derivations: `migrant` gives `migrants`, not `migration`. A form that is no word
does no harm, since it stands nowhere.
"""

import re
from collections.abc import Iterable

_FEWEST_LETTERS = 3
_VOWELS = "aeiou"
_IRREGULAR = (
    ("child", "children"), ("woman", "women"), ("man", "men"), ("person", "people", "persons"),
    ("foot", "feet"), ("tooth", "teeth"), ("life", "lives"), ("wife", "wives"),
    ("leaf", "leaves"), ("half", "halves"), ("criterion", "criteria"),
    ("phenomenon", "phenomena"), ("medium", "media"), ("index", "indices", "indexes"),
    ("appendix", "appendices", "appendixes"), ("datum", "data"),
)  # fmt: skip
_IRREGULAR_OF = {form: frozenset(forms) for forms in _IRREGULAR for form in forms}
# Words in -s that are no plurals of the word without it.
_NO_PLURAL = re.compile(r"(?:ss|us|is|ics)$")
_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_DOUBLING = re.compile(r"[^aeiou][aeiou][bdgklmnprt]$")
_RUSSIAN_ENDINGS = sorted(
    "а я ы и о е у ю ь ой ей ом ем ам ям ами ями ах ях ов ев ий ый ая яя ое ее ие ые ого его ому "
    "ему ым им ых их ую юю ью ия ии ию ией ием иям иями иях ий".split(),
    key=len,
    reverse=True,
)


def inflections(word: str, language: str, *, verb: bool = False) -> tuple[str, ...]:
    """Return the forms of a word in lower case, itself first, then by length and alphabet.

    `language` is that of the text, BCP 47. English forms are always among them, since a document
    of another language quotes English titles. `verb` adds the forms of an English verb, of the
    word as its infinitive.

    >>> inflections("policy", "en")
    ('policy', 'policies')
    """
    lower = word.lower()
    if len(lower) < _FEWEST_LETTERS or not lower.isalpha():
        return (lower,)
    forms = set(_english_nouns(lower))
    if verb:
        forms.update(_english_verbs(lower))
    match language.split("-")[0]:
        case "es":
            forms.update(_spanish(lower))
        case "pt":
            forms.update(_portuguese(lower))
        case "fr":
            forms.update(_french(lower))
        case "ru":
            forms.update(_russian(lower))
    return (lower, *sorted(forms - {lower}, key=lambda form: (len(form), form)))


def _english_nouns(word: str) -> Iterable[str]:
    if word in _IRREGULAR_OF:
        return _IRREGULAR_OF[word]
    singular = _english_singulars(word)
    return {word, *singular, *(_english_plural(each) for each in singular or (word,))}


def _english_singulars(word: str) -> tuple[str, ...]:
    if not word.endswith("s") or _NO_PLURAL.search(word) or len(word) <= _FEWEST_LETTERS:
        return ()
    if word.endswith("ies") and len(word) > 4:
        return (f"{word[:-3]}y",)
    if word.endswith("ses") and len(word) > 5:
        # processes, analyses, cases
        return (word[:-2], f"{word[:-2]}is", word[:-1])
    if word.endswith("es") and _SIBILANT.search(word[:-2]):
        return (word[:-2], word[:-1])
    return (word[:-1],)


def _english_plural(word: str) -> str:
    if word.endswith("y") and word[-2] not in _VOWELS:
        return f"{word[:-1]}ies"
    if word.endswith("sis"):
        return f"{word[:-2]}es"
    return f"{word}es" if _SIBILANT.search(word) else f"{word}s"


def _english_verbs(word: str) -> Iterable[str]:
    if len(word) <= _FEWEST_LETTERS:
        return ()
    if word.endswith("e"):
        ing = f"{word[:-2]}ying" if word.endswith("ie") else f"{word[:-1]}ing"
        return (f"{word}d", f"{word}s", f"{word}ing" if word.endswith("ee") else ing)
    if word.endswith("y") and word[-2] not in _VOWELS:
        return (f"{word[:-1]}ied", f"{word[:-1]}ies", f"{word}ing")
    forms = [f"{word}ed", f"{word}ing", _english_plural(word)]
    if _DOUBLING.search(word):
        forms += [f"{word}{word[-1]}ed", f"{word}{word[-1]}ing"]
    return forms


def _spanish(word: str) -> Iterable[str]:
    if word.endswith("s"):
        singular = [word[:-1]]
        if word.endswith("es"):
            singular.append(word[:-2])
        if word.endswith("ces"):
            singular.append(f"{word[:-3]}z")
        return singular
    if word.endswith("z"):
        return (f"{word[:-1]}ces",)
    if word.endswith("ón"):
        return (f"{word[:-2]}ones",)
    return (f"{word}s",) if word[-1] in "aeiouáéíóú" else (f"{word}es",)


def _portuguese(word: str) -> Iterable[str]:
    for one, many in (("ão", ("ões", "ãos", "ães")), ("m", ("ns",)), ("al", ("ais",))):
        if word.endswith(one):
            return tuple(word[: -len(one)] + ending for ending in many)
        for ending in many:
            if word.endswith(ending):
                return (word[: -len(ending)] + one,)
    return _spanish(word)


def _french(word: str) -> Iterable[str]:
    if word.endswith("aux"):
        return (f"{word[:-3]}al", word[:-1])
    if word.endswith(("s", "x")):
        return (word[:-1],)
    return (f"{word[:-2]}aux", f"{word}s") if word.endswith("al") else (f"{word}s", f"{word}x")


def _russian(word: str) -> Iterable[str]:
    """Return the stem with every ending: cases and genders of nouns and adjectives."""
    for ending in _RUSSIAN_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            stem = word[: -len(ending)]
            return (stem, *(stem + each for each in _RUSSIAN_ENDINGS))
    return tuple(word + each for each in _RUSSIAN_ENDINGS) if len(word) >= 4 else ()
