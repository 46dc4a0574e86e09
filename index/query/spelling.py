"""Words that the collection does not hold, taken as the words that it does."""

import re
from collections import Counter
from collections.abc import Mapping

import simplemma
from rapidfuzz.distance import OSA

from corpus.ids import ChunkId
from index.indexes.analysing import ENGLISH
from index.snapshots.snapshot import Snapshot
from index.values.ports import ChunkSource, RowMask

_WORD = re.compile(r"[^\W\d_]{5,}")
_LOOKED_AT = 20
_LONG_WORD = 8
_LANGUAGES = ("en", "fr", "es")


def corrected(
    text: str,
    snapshot: Snapshot,
    chunks: ChunkSource,
    allowed: RowMask | None,
    language: str = ENGLISH,
) -> tuple[str, dict[str, str]]:
    """Return a query with its misspelt words as the collection writes them, and which those are.

    A word of five letters or more is misspelt if it is no word of English, French or Spanish, no
    row holds it in any form, and some row holds a word that is one edit away; two edits, where it
    has eight letters or more. An edit is a letter more, less, another, or two that changed places.
    Of several such words the nearest is taken, of equally near ones the one that more of the first
    rows hold. `allowed` is (n,). A question in another `language` than these three stays as it is.

    *Source:* Damerau, A technique for computer detection and correction of spelling errors, 1964.
    """
    found: dict[str, str] = {}
    if language not in _LANGUAGES:
        return text, found
    for word in dict.fromkeys(_WORD.findall(text)):
        if not len(snapshot.lexical.search(word, 1, allowed)[0]) and not _is_word(word, language):
            near = _nearest(word, snapshot, chunks, allowed)
            if near is not None:
                found[word] = near
    return _replaced(text, found), found


def _is_word(word: str, language: str) -> bool:
    """Return whether a dictionary has a word; one with a capital may be a misspelt name.

    In other languages than English the dictionary has the words that questions begin with.
    """
    if language != ENGLISH and simplemma.is_known(word.lower(), lang=language):
        return True
    return word.islower() and simplemma.is_known(word, lang=_LANGUAGES)


def _nearest(
    word: str, snapshot: Snapshot, chunks: ChunkSource, allowed: RowMask | None
) -> str | None:
    edits = 1 if len(word) < _LONG_WORD else 2
    rows = snapshot.lexical.search_similar(word, edits, _LOOKED_AT, allowed)
    texts = chunks.chunks([ChunkId(snapshot.chunk_id(int(row))) for row in rows])
    counts = Counter(
        each for chunk in texts.values() for each in set(_WORD.findall(chunk.embedded_text))
    )
    wanted = word.casefold()
    distances = {each: OSA.distance(wanted, each.casefold()) for each in counts}
    near = [each for each in counts if distances[each] <= edits]
    return min(near, key=lambda each: (distances[each], -counts[each], each), default=None)


def _replaced(text: str, words: Mapping[str, str]) -> str:
    if not words:
        return text
    return _WORD.sub(lambda match: words.get(match.group(), match.group()), text)
