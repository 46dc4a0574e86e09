"""Which words a language has, by the word lists of simplemma (MIT), loaded when first asked for."""

import re
from collections.abc import Iterator
from functools import lru_cache

_FEWEST_WORDS = 20
_FEWEST_LETTERS = 3
_WORD = re.compile("[^\\W\\d_]+(?:\u00ad[^\\W\\d_]+)*")
_LINE_END = re.compile("[-\u2010\u00ad]\\n(?=[^\\W\\d_])")
_ADDRESS = re.compile(r"(?<!\S)\S*(?:://|www\.|@)\S*")
_ENGLISH = "en"
_NO_LANGUAGE = "zxx"
# py3langid tells some languages that have a word list under another code.
_LISTED_AS = {"no": "nb", "hr": "hbs", "bs": "hbs", "sr": "hbs"}


def dictionary_share(text: str, language: str | None) -> float | None:
    """Return the share of a text's words that its language or English has, 0..1.

    Names, acronyms, addresses and words of one or two letters do not count; a word that is parted
    at a line end counts once. None for fewer than 20 words, and where the language has no list; a
    text that is in no language is measured as English.
    """
    listed = _listed(language)
    if listed is None:
        return None
    words = list(_counted(text))
    if len(words) < _FEWEST_WORDS:
        return None
    return round(sum(_is_known(word, listed) for word in words) / len(words), 4)


@lru_cache(maxsize=50_000)
def is_english_word(word: str) -> bool:
    """Return whether English has a word that is no name, in any of its forms.

    >>> is_english_word("Processes"), is_english_word("Khartoum")
    (True, False)
    """
    import simplemma

    small = word.lower()
    known = simplemma.is_known(small, lang=_ENGLISH)
    return known and simplemma.lemmatize(small, lang=_ENGLISH).islower()


def _counted(text: str) -> Iterator[str]:
    """Yield the words in small letters or in mixed ones, which are no name's."""
    for found in _WORD.finditer(_LINE_END.sub("\u00ad", _ADDRESS.sub(" ", text))):
        word = found.group()
        if len(word) < _FEWEST_LETTERS or word.isupper() or word.istitle():
            continue
        yield word


def _listed(language: str | None) -> str | None:
    """Return the code of a language's word list."""
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    if language is None or language == _NO_LANGUAGE:
        return _ENGLISH
    code = language.split("-")[0].lower()
    code = _LISTED_AS.get(code, code)
    return code if code in SUPPORTED_LANGUAGES else None


@lru_cache(maxsize=50_000)
def _is_known(word: str, language: str) -> bool:
    import simplemma

    def known(part: str) -> bool:
        return any(simplemma.is_known(part, lang=code) for code in {language: 0, _ENGLISH: 0})

    if "\u00ad" not in word:
        return known(word)
    parts = word.split("\u00ad")
    return known("".join(parts)) or all(map(known, parts))
