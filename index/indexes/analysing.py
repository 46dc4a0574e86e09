"""Texts to the words that are indexed and searched, by the language they are in.

English text goes through one chain: lower case, no accents, the English stemmer. Text in another
language that has a stemmer here is first put through a chain of its own: no stop words, no accents,
its own stemmer. Its words then pass the English chain too, in texts and queries alike, so that one
field holds all languages, and a word's rarity and a text's length are counted over all of it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

import tantivy

ENGLISH = "en"
STEMMERS: Mapping[str, str] = {
    "ar": "Arabic",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "pt": "Portuguese",
    "ru": "Russian",
}

# Fewer stop words of a language in a question say nothing of its language.
_FEWEST_STOP_WORDS = 2
_LONGEST_TOKEN = 64
# Arabic vowel signs and the stroke that widens a word are written or not; so are the hamza over an
# alif and the dots of a final ya.
_SIGNS = re.compile("[\u0640\u064b-\u065f\u0670]")
_FORMS = str.maketrans("أإآٱىё", "اااايе")
_ARABIC_STOP_WORDS = (
    "من في علي الي عن ان ما لا لم لن هذا هذه ذلك تلك التي الذي الذين اللذين هو هي هم كان كانت "
    "يكون تكون كما او ام ثم قد كل بعد قبل بين عند مع حتي اذا هل كيف متي اين لماذا ماذا اي ايضا "
    "غير سوي منذ لدي لكن بل حيث اما انه انها به بها له لها فيه فيها منه منها عليه عليها"
)


def english_chain() -> tantivy.TextAnalyzer:
    """Words in lower case without accents, stemmed by Snowball's English stemmer."""
    return _folded(_words()).filter(tantivy.Filter.stemmer("English")).build()


def supported(language: str | None) -> str:
    """Return the language by which a text in `language` is analysed: itself, or English.

    >>> supported("es-MX"), supported("de"), supported(None)
    ('es', 'en', 'en')
    """
    code = (language or "").partition("-")[0].lower()
    return code if code in STEMMERS else ENGLISH


def indexed_as(text: str, language: str) -> str:
    """Return a text as it is handed to the English chain; English text as it is."""
    if language == ENGLISH:
        return text
    return " ".join(_chain(language).analyze(_plain(text)))


def analyse(text: str, language: str = ENGLISH) -> list[str]:
    """Return the words of a text as they are indexed, in order."""
    words: list[str] = _chain(ENGLISH).analyze(indexed_as(text, language))
    return words


def words_of(query: str, languages: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return each word of a query and how it may stand in texts of these languages.

    Stop words of the query's own language are left out, where that is another than English and
    can be told: English ones are as rare as they are in the collection.
    """
    if set(languages) <= {ENGLISH}:
        return [(word, tuple(analyse(word))) for word in _spoken().analyze(query)]
    asked = language_of(query, languages)
    found = []
    for word in _spoken().analyze(_plain(query)):
        if asked != ENGLISH and not _chain(asked).analyze(word):
            continue
        forms = [form for language in (asked, *languages) for form in analyse(word, language)]
        if forms:
            found.append((word, tuple(dict.fromkeys(forms))))
    return found


def language_of(query: str, languages: Sequence[str]) -> str:
    """Return the language whose stop words a query has most of; English where that says nothing.

    Arabic and Cyrillic letters say it by themselves.

    >>> language_of("¿Cuáles son los objetivos de la política?", ["en", "es", "fr"])
    'es'
    """
    words = _spoken().analyze(_plain(query))
    for language, letters in (("ar", "\u0600-\u06ff"), ("ru", "\u0400-\u04ff")):
        if language in languages and re.search(f"[{letters}]", query):
            return language
    counts = {
        language: sum(not _without_stop_words(language).analyze(word) for word in words)
        for language in (ENGLISH, *sorted(set(languages) - {ENGLISH}))
    }
    best = max(counts, key=lambda language: counts[language])  # the first of equals: English
    return best if counts[best] >= _FEWEST_STOP_WORDS else ENGLISH


def _plain(text: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFC", text)).translate(_FORMS)


def _words() -> tantivy.TextAnalyzerBuilder:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST_TOKEN))
        .filter(tantivy.Filter.lowercase())
    )


def _folded(chain: tantivy.TextAnalyzerBuilder) -> tantivy.TextAnalyzerBuilder:
    # Before the stemmer: a word without its accents has the stem of the word with them.
    return chain.filter(tantivy.Filter.ascii_fold())


def _stop_words(language: str) -> tantivy.Filter:
    if language == "ar":  # tantivy 0.27 has no list for it
        return tantivy.Filter.custom_stopword(_ARABIC_STOP_WORDS.split())
    return tantivy.Filter.stopword(STEMMERS[language])


@cache
def _spoken() -> tantivy.TextAnalyzer:
    return _words().build()


@cache
def _without_stop_words(language: str) -> tantivy.TextAnalyzer:
    return _words().filter(_stop_words(language)).build()


@cache
def _chain(language: str) -> tantivy.TextAnalyzer:
    if language == ENGLISH:
        return english_chain()
    stopping = _words().filter(_stop_words(language))
    return _folded(stopping).filter(tantivy.Filter.stemmer(STEMMERS[language])).build()
