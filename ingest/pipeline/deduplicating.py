"""Documents and passages that are nearly the same, and editions of one report."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.chunk import Chunk
from corpus.document import Document
from corpus.ids import DocId

Kind = Literal["near-duplicates", "same symbol", "editions"]

_WORD = re.compile(r"\w+")
_SHINGLE_WORDS = 5
_PERMUTATIONS = 128
_FEWEST_SHINGLES = 8


@dataclass(frozen=True, slots=True)
class Group:
    """Documents that belong together, by id in order.

    `similarity` is the least Jaccard similarity of two neighbours in the group, 0..1, of the sets
    of their five-word sequences; None where the words were not compared. `key` is what they share.
    """

    kind: Kind
    doc_ids: tuple[DocId, ...]
    key: str
    similarity: float | None = None


@dataclass(frozen=True, slots=True)
class PassageGroup:
    """Passages of one or several documents that are nearly the same; ids in order."""

    passage_ids: tuple[str, ...]
    doc_ids: tuple[DocId, ...]
    similarity: float


def document_groups(
    documents: Sequence[Document], shingles: Mapping[DocId, frozenset[str]], threshold: float
) -> list[Group]:
    """Return near-duplicates, then documents of one symbol, then editions of one source.

    A document may be in a group of each kind. Translations have one symbol and other words.
    """
    found = [
        Group("near-duplicates", tuple(map(DocId, ids)), "", similarity)
        for ids, similarity in near_groups(shingles, threshold)
    ]
    by_symbol: dict[str, list[DocId]] = defaultdict(list)
    by_source: dict[str, list[DocId]] = defaultdict(list)
    for document in documents:
        if symbol := document.metadata.get("symbol"):
            by_symbol[symbol].append(document.doc_id)
        by_source[document.source].append(document.doc_id)
    kinds: tuple[tuple[Kind, dict[str, list[DocId]]], ...] = (
        ("same symbol", by_symbol),
        ("editions", by_source),
    )
    for kind, groups in kinds:
        found += [
            Group(kind, tuple(sorted(ids)), key)
            for key, ids in sorted(groups.items())
            if len(ids) > 1
        ]
    return found


def passage_groups(chunks: Iterable[Chunk], threshold: float) -> list[PassageGroup]:
    """Return groups of passages that are nearly the same."""
    held = {str(chunk.chunk_id): chunk for chunk in chunks}
    shingles = {key: shingles_of([chunk.search_text]) for key, chunk in held.items()}
    return [
        PassageGroup(ids, tuple(sorted({held[key].doc_id for key in ids})), similarity)
        for ids, similarity in near_groups(shingles, threshold)
    ]


def shingles_of(texts: Iterable[str]) -> frozenset[str]:
    """Return the sequences of five words, in lower case, of each text."""
    found: set[str] = set()
    for text in texts:
        words = [word.lower() for word in _WORD.findall(text)]
        found.update(
            " ".join(words[at : at + _SHINGLE_WORDS])
            for at in range(len(words) - _SHINGLE_WORDS + 1)
        )
    return frozenset(found)


def near_groups(
    shingles: Mapping[str, frozenset[str]] | Mapping[DocId, frozenset[str]],
    threshold: float,
    on_step: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[tuple[tuple[str, ...], float]]:
    """Return groups of keys whose sets have a Jaccard similarity of `threshold` or more.

    MinHash signatures of 128 permutations find candidates, the sets themselves decide; a group is
    what such pairs connect. Sets of fewer than 8 members are left out. Largest groups first.

    Source: Broder, "On the resemblance and containment of documents" (1997).
    """
    from datasketch import MinHash, MinHashLSH

    sets = {str(key): members for key, members in shingles.items()}
    kept = sorted(key for key, members in sets.items() if len(members) >= _FEWEST_SHINGLES)
    # Looked up lower: at the threshold one pair in a hundred would be missed; the sets decide.
    lookup = MinHashLSH(threshold=max(0.1, threshold - 0.2), num_perm=_PERMUTATIONS)
    pairs: list[tuple[str, str, float]] = []
    for number, key in enumerate(kept, start=1):
        signature = MinHash(num_perm=_PERMUTATIONS, seed=1)
        signature.update_batch([member.encode("utf-8") for member in sorted(sets[key])])
        for other in sorted(lookup.query(signature)):
            similarity = len(sets[key] & sets[other]) / len(sets[key] | sets[other])
            if similarity >= threshold:
                pairs.append((other, key, similarity))
        lookup.insert(key, signature)
        on_step(number, len(kept))
    return _connected(pairs)


def _connected(pairs: Sequence[tuple[str, str, float]]) -> list[tuple[tuple[str, ...], float]]:
    """Return what the pairs connect, with the least similarity of a pair in each group."""
    group_of: dict[str, set[str]] = {}
    for first, second, _ in pairs:
        joined = group_of.get(first, {first}) | group_of.get(second, {second})
        for key in joined:
            group_of[key] = joined
    least: dict[tuple[str, ...], float] = {}
    for first, _, similarity in pairs:
        group = tuple(sorted(group_of[first]))
        least[group] = min(similarity, least.get(group, 1.0))
    return sorted(least.items(), key=lambda item: (-len(item[0]), item[0]))
