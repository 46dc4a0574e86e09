"""Pairs of short and long names, learned from the collection's own text and titles.

*Source:* Schwartz and Hearst, A Simple Algorithm for Identifying Abbreviation Definitions in
Biomedical Text, PSB 2003.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise

from corpus.chunk import Chunk
from corpus.document import Document
from index.aliases.alias import AliasPair, meaning_key, singular, sorted_pairs
from index.aliases.long_form import SMALL_WORDS, best_long_form, is_acronym
from index.aliases.name_counting import with_uses

VERSION = "1"

_PARENTHESIS = re.compile(r"\(([^()]{2,200})\)")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+(?=[\"“(]?[A-Z0-9])")
_LONGEST_SENTENCE = 400
_SHORT_LENGTH = (2, 10)
_SPELLINGS_AGREE = 0.9
_TITLE_HEAD = re.compile(r"((?:[A-Z][\w’'-]*\s){1,3}[A-Z][\w’'-]*)\s(?:on|for)\s(?=\S)")
# What a report is called, not what it is about.
_KINDS = frozenset(
    "annual assessment brief commission committee conference council handbook note report review "
    "statement summary".split()
)


def learn_aliases(documents: Sequence[Document], chunks: Iterable[Chunk]) -> tuple[AliasPair, ...]:
    """Return the pairs that the documents define, spellings of one long name joined, in order.

    Every pair keeps the first sentence, by document and place, that says so.
    """
    found: dict[str, dict[str, list[AliasPair]]] = {}
    kept = list(chunks)
    for pair in (*_from_titles(documents), *_from_chunks(kept)):
        found.setdefault(pair.short, {}).setdefault(meaning_key(pair.long), []).append(pair)
    pairs = [_joined(pairs) for by_key in found.values() for pairs in _same_meanings(by_key)]
    return sorted_pairs(with_uses(pairs, (chunk.search_text for chunk in kept)))


def definitions(sentence: str) -> Iterator[tuple[str, str]]:
    """Yield (short, long) of each parenthesis that defines one, in either order.

    >>> list(definitions("The International Organization for Migration (IOM) met."))
    [('IOM', 'International Organization for Migration')]
    """
    for match in _PARENTHESIS.finditer(sentence):
        inside = re.split(r"[,;]", match[1])[0].strip(" “”\"'")
        before = sentence[: match.start()].rstrip(" “”\"'")
        if _is_short(inside):
            short, text = inside, before
            candidate = _words_before(text, short)
        else:
            short = before.rpartition(" ")[2].strip("“”\"'")
            candidate = inside if _is_short(short) and " " in inside else ""
        long = best_long_form(short, candidate) if candidate else None
        if long is not None and _is_long(long, short):
            yield _in_singular(short, long)


def _is_short(text: str) -> bool:
    """Tell whether a text may be a short form: one word, mostly capitals."""
    letters = [character for character in text if character.isalpha()]
    shortest, longest = _SHORT_LENGTH
    return (
        shortest <= len(text) <= longest
        and " " not in text
        and text[0].isalnum()
        and len(letters) >= 2
        and is_acronym(text)
        and all(character.isalnum() or character in "-/&." for character in text)
        and not re.fullmatch(r"[IVXLC]+", text)
    )


def _words_before(text: str, short: str) -> str:
    """Return the words among which the long form is: min(|A| + 5, 2 |A|) of them."""
    most = min(len(short) + 5, 2 * len(short))
    return " ".join(text.split()[-most:])


def _is_long(long: str, short: str) -> bool:
    words = long.split()
    letters = sum(character.isalpha() for character in short)
    return (
        len(long) > len(short)
        and len(words) >= 2
        and short not in words
        and len(words) <= min(letters + 5, 2 * letters)
        and words[0][0].isalnum()
        and words[0] not in SMALL_WORDS
        and not any(character in "()[]{}" for character in long)
    )


def _in_singular(short: str, long: str) -> tuple[str, str]:
    """Return RCP and process of RCPs and processes."""
    long = re.sub(r"[’']s?$", "", long)
    if not re.search(r"[A-Z]s$", short):
        return short, long
    words = long.split(" ")
    small = next((at for at, word in enumerate(words) if at and word in SMALL_WORDS), len(words))
    # The word before `on migration` is in the plural, or the last one.
    at = small - 1 if words[small - 1].endswith("s") else len(words) - 1
    words[at] = singular(words[at])
    return short[:-1], " ".join(words)


def _from_chunks(chunks: Iterable[Chunk]) -> Iterator[AliasPair]:
    for chunk in chunks:
        if "(" not in chunk.search_text:
            continue
        for sentence in _SENTENCE_END.split(chunk.search_text):
            for short, long in definitions(sentence):
                at = max(0, sentence.find(long))
                shown = sentence[max(0, at - _LONGEST_SENTENCE // 2) :][:_LONGEST_SENTENCE]
                yield AliasPair(short, long, "text", chunk.doc_id, shown)


def _from_titles(documents: Sequence[Document]) -> Iterator[AliasPair]:
    """Yield what metadata says (`short_title`, `aliases`) and what a title begins with.

    A short title that is said twice counts twice. A title that names two things, each with its
    own short name, defines neither.
    """
    for document in documents:
        title = " ".join(document.title.split())
        said = [document.metadata.get("short_title", "")]
        said += document.metadata.get("aliases", "").split(";")
        head = _TITLE_HEAD.match(title)
        if head and not _KINDS & {word.lower() for word in head[1].split()}:
            said.append(head[1])
        names = [name.strip() for name in said if name.strip() and name.strip() != title]
        if _names_two(title, names):
            continue
        for short in names:
            if len(short) < len(title):
                yield AliasPair(short, title, "title", document.doc_id, title)


def _names_two(title: str, names: Iterable[str]) -> bool:
    places = sorted((title.find(name), len(name)) for name in set(names) if name in title)
    return any(
        " and " in title[first + length : second]
        for (first, length), (second, _) in pairwise(places)
        if first + length < second
    )


def _same_meanings(by_key: Mapping[str, list[AliasPair]]) -> list[list[AliasPair]]:
    """Return the pairs of one short name by meaning: a misread letter makes no other one.

    Two keys mean the same where one begins or ends with the other, or nearly all letters agree.
    """
    groups: list[tuple[str, list[AliasPair]]] = []
    for key in sorted(by_key, key=lambda each: (-len(by_key[each]), each)):
        for other, pairs in groups:
            if _agree(key, other):
                pairs.extend(by_key[key])
                break
        else:
            groups.append((key, list(by_key[key])))
    return [pairs for _, pairs in groups]


def _agree(first: str, second: str) -> bool:
    shorter, longer = sorted((first, second), key=len)
    return (
        f"{longer} ".startswith(f"{shorter} ")
        or f" {longer}".endswith(f" {shorter}")
        or SequenceMatcher(None, first, second, autojunk=False).ratio() >= _SPELLINGS_AGREE
    )


def _joined(pairs: Sequence[AliasPair]) -> AliasPair:
    """Return one pair of several spellings: the most frequent one, its first place."""
    spellings: dict[str, int] = {}
    for pair in pairs:
        spellings[pair.long] = spellings.get(pair.long, 0) + 1
    long = min(spellings, key=lambda spelling: (-spellings[spelling], spelling))
    places = [pair for pair in pairs if pair.long == long]
    first = min(places, key=lambda pair: (pair.origin != "title", pair.doc_id, pair.sentence))
    return replace(first, count=len(pairs))
