"""The order of training."""

from collections import Counter
from pathlib import Path

import pytest

from training.examples import Example, read_examples, write_examples
from training.mixing import SHARES, mixed


def example(kind: str, number: int) -> Example:
    return Example(f"question {number}?", "passage", None, None, kind)


EXAMPLES = [example(kind, number) for kind in SHARES for number in range(5)]


def test_shares_add_up_to_one() -> None:
    assert sum(SHARES.values()) == pytest.approx(1.0)


def test_each_kind_has_its_share_within_what_chance_allows() -> None:
    count = 20_000
    found = Counter(each.kind for each in mixed(EXAMPLES, count, seed=1))
    for kind, share in SHARES.items():
        deviation = (share * (1 - share) / count) ** 0.5
        assert abs(found[kind] / count - share) < 5 * deviation


def test_the_same_seed_gives_the_same_order_and_another_another() -> None:
    one, same, other = (list(mixed(EXAMPLES, 200, seed)) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_an_example_comes_again_only_when_all_of_its_kind_have_come() -> None:
    seen: list[str] = [e.question for e in mixed(EXAMPLES, 2000, 3) if e.kind == "true negative"]
    for i in range(0, len(seen) - 4, 5):
        assert len(set(seen[i : i + 5])) == 5


def test_a_kind_that_is_missing_leaves_its_share_to_the_others() -> None:
    only = [each for each in EXAMPLES if each.kind == "near passage"]
    assert {each.kind for each in mixed(only, 50, 1)} == {"near passage"}


def test_examples_are_read_as_they_were_written(tmp_path: Path) -> None:
    written = [*EXAMPLES[:3], Example("é 🙂?", "a\u2028b", 0, 1, "answer.own")]
    write_examples(tmp_path / "examples.jsonl", written)
    assert list(read_examples(tmp_path / "examples.jsonl")) == written
