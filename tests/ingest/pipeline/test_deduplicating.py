"""Near-duplicates are found by their words, editions and translations by what they share."""

import random
from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.ids import DocId
from ingest.pipeline.deduplicating import document_groups, near_groups, shingles_of
from tests.contract.store_examples import a_document

WORDS = [f"word{n}" for n in range(500)]


def text_of(seed: int, words: int = 400) -> list[str]:
    chance = random.Random(seed)
    return [chance.choice(WORDS) for _ in range(words)]


def test_nearly_equal_texts_are_one_group_and_others_none() -> None:
    first = text_of(1)
    changed = [*first[:200], "other", *first[201:]]
    sets = {
        "a": shingles_of([" ".join(first)]),
        "b": shingles_of([" ".join(changed)]),
        "c": shingles_of([" ".join(text_of(2))]),
    }
    ((group, similarity),) = near_groups(sets, 0.8)
    assert group == ("a", "b")
    assert similarity == len(sets["a"] & sets["b"]) / len(sets["a"] | sets["b"])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=2, max_size=5), st.integers(0, 9))
def test_what_is_found_is_what_comparing_all_pairs_finds(cuts: list[int], seed: int) -> None:
    base, other = text_of(seed), text_of(seed + 100)
    sets = {
        str(n): shingles_of([" ".join([*base[:cut], *other[cut:]])]) for n, cut in enumerate(cuts)
    }
    found = {key for group, _ in near_groups(sets, 0.95) for key in group}
    wanted = {
        key
        for a, b in combinations(sorted(sets), 2)
        if len(sets[a] & sets[b]) >= 0.95 * len(sets[a] | sets[b])
        for key in (a, b)
    }
    assert found == wanted


def test_pairs_at_the_threshold_are_found() -> None:
    for seed in range(200):
        words = text_of(seed)
        changed = [*words[:392], *(f"new{n}" for n in range(8))]
        sets = {"a": shingles_of([" ".join(words)]), "b": shingles_of([" ".join(changed)])}
        similarity = len(sets["a"] & sets["b"]) / len(sets["a"] | sets["b"])
        assert near_groups(sets, similarity) == [(("a", "b"), similarity)]


def test_order_and_number_do_not_change_the_groups() -> None:
    sets = {str(n): shingles_of([" ".join([*text_of(1), f"end{n}"])]) for n in range(6)}
    backwards = dict(reversed(sets.items()))
    assert near_groups(sets, 0.8) == near_groups(backwards, 0.8)
    assert [group for group, _ in near_groups(sets, 0.8)] == [tuple("012345")]


def test_a_symbol_and_a_source_make_groups_of_their_own() -> None:
    english = replace(a_document("en"), metadata={"symbol": "A/79/768"})
    french = replace(a_document("fr"), metadata={"symbol": "A/79/768"})
    older, newer = a_document("one", source="x.pdf"), a_document("two", source="x.pdf")
    groups = document_groups([english, french, older, newer], {}, 0.8)
    assert [(g.kind, g.key, set(g.doc_ids)) for g in groups] == [
        ("same symbol", "A/79/768", {english.doc_id, french.doc_id}),
        ("editions", "x.pdf", {older.doc_id, newer.doc_id}),
    ]


def test_few_words_are_not_compared() -> None:
    few = frozenset({"one two three four five"})
    assert near_groups({DocId("a"): few, DocId("b"): few}, 0.8) == []
