"""Which language a question is asked in, whatever the collection speaks."""

import re
from functools import cache, lru_cache

import simplemma
import tantivy

from index.indexes.analysing import ENGLISH

# Letters that say it by themselves; "" is a language that is none of those told apart here.
_SCRIPTS = (
    ("", re.compile("[\u3040-\u30ff\uac00-\ud7af\u0370-\u03ff\u0590-\u05ff\u0900-\u0eff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("es", re.compile("[¿¡]")),
)
_STOP_WORDS = {
    "en": "English", "fr": "French", "es": "Spanish", "pt": "Portuguese", "de": "German",
    "it": "Italian",
}  # fmt: skip
# Words that questions begin with, which the lists of stop words lack.
_ASKING = {
    "en": "what which who whose when where why how many much did does has had",
    "fr": "combien qui quel quelle quels quelles où quand comment pourquoi est été ont",
    "es": "qué cuál cuáles cuánto cuánta cuántos cuántas quién quiénes dónde cuándo cómo",
    "pt": "qual quais quanto quantos quantas quem onde como",
    "de": "wie wer welche welcher welches wann wo warum wieviel",
    "it": "quale quali quanto quanti quante chi dove perché",
}
_FEWEST_STOP_WORDS = 2
_WORD = re.compile(r"[^\W\d_]+")


def asked_language(question: str) -> str:
    """Return the code of a question's language; English where nothing says otherwise.

    Letters tell Arabic, Chinese and Russian, Spanish its marks; else it is the language that the
    question has most small words of that are no English words, two at least, and more than of
    English. The word that it begins with counts twice.

    >>> asked_language("Quels sont les membres du Processus de Rabat ?")
    'fr'
    """
    for language, letters in _SCRIPTS:
        if letters.search(question):
            return language
    words = [each.lower() for each in _WORD.findall(question) if not _is_acronym(each)]
    words = [*words[:1], *words]
    counts = {each: sum(_tells(word, each) for word in words) for each in _STOP_WORDS}
    best = max(counts, key=lambda each: counts[each])  # the first of equals: English
    return best if counts[best] >= _FEWEST_STOP_WORDS else ENGLISH


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


@lru_cache(maxsize=4096)
def _tells(word: str, language: str) -> bool:
    if word in _ASKING[language].split():
        return True
    small = not kept_words([word], language)
    return small and (language == ENGLISH or not simplemma.is_known(word, lang=ENGLISH))


def without_small_words(question: str, language: str) -> str:
    """Return a question's words without those of its language that say nothing by themselves.

    They are rare in texts of another language, and would count there as names do.
    """
    if language == ENGLISH or language not in _STOP_WORDS:
        return question
    kept = frozenset(kept_words(_WORD.findall(question.lower()), language))
    found = _WORD.sub(lambda each: each.group() if each.group().lower() in kept else " ", question)
    return found if kept else question


def kept_words(words: list[str], language: str) -> list[str]:
    """Return the words, in lower case, that are no stop words of a language."""
    chain = _chain(language)
    return [word for word in words if chain.analyze(word)]


@cache
def _chain(language: str) -> tantivy.TextAnalyzer:
    stopping = tantivy.Filter.stopword(_STOP_WORDS[language])
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(stopping).build()
