"""From the sources to the files that training reads: `train.jsonl` in order, `held-out.jsonl`."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from corpus.store import Store
from training.examples import Example, write_examples
from training.judged_passages import judged_examples
from training.made_negatives import (
    changed,
    near_passages,
    off_topic,
    swapped,
    without_answer,
)
from training.mixing import mixed
from training.own_questions import own_examples
from training.reader_pool import Pool, PoolQuestion, read_pool

SEED = 2026
UNANSWERABLE = Path(__file__).with_name("unanswerable.jsonl")
"""Questions on passages of the pool that look answerable and are not, of our own writing."""
BOTH_KINDS = {
    "search": Path(__file__).with_name("searches.jsonl"),
    "contrast": Path(__file__).with_name("contrasts.jsonl"),
}
"""Questions on such passages, answered and not, of our own writing: as people type them, and pairs
that differ by little."""
JUDGEMENTS = Path(__file__).with_name("judgements.jsonl")
"""Which passages that were found for our own questions answer them."""

_NEGATIVES = {
    "written": "written negative",
    "search": "search negative",
    "contrast": "contrast negative",
}


def prepare(
    *, pool_folder: Path, own: Path, store: Store, out: Path, count: int, seed: int = SEED
) -> None:
    """Write `count` training examples in the order of training, and the held-out ones.

    `own` is the training split of our questions, `store` a home's with the reports it asks about.
    """
    pool = read_pool(pool_folder, UNANSWERABLE, BOTH_KINDS)
    draw = random.Random(seed)
    examples = [
        *_pool_examples(pool, pool.train, draw),
        *_as_they_stand(pool, pool.written),
        *near_passages(pool, _of(pool.written, "search"), "near passage of a search"),
        *own_examples(own, store),
        *judged_examples(JUDGEMENTS, own, store),
    ]
    write_examples(out / "train.jsonl", mixed(examples, count, seed))
    write_examples(out / "held-out.jsonl", held_out(pool))


def held_out(pool: Pool) -> Iterator[Example]:
    """Yield the held-out questions as they stand, and on a near passage every third."""
    yield from _as_they_stand(pool, pool.held_out)
    yield from near_passages(pool, pool.held_out[::3])


def _of(questions: Sequence[PoolQuestion], source: str) -> list[PoolQuestion]:
    return [question for question in questions if question.source == source]


def _pool_examples(
    pool: Pool, questions: Sequence[PoolQuestion], draw: random.Random
) -> Iterator[Example]:
    yield from _as_they_stand(pool, questions)
    yield from near_passages(pool, questions)
    for question in questions:
        if question.answers:
            example = without_answer(question, pool.passages[question.passage_id])
            if example is not None:
                yield example
    yield from changed(pool, questions, draw)
    yield from swapped(pool, questions, draw)
    yield from off_topic(pool, questions, draw)


def _as_they_stand(pool: Pool, questions: Sequence[PoolQuestion]) -> Iterator[Example]:
    for question in questions:
        passage = pool.passages[question.passage_id]
        if question.answers:
            start, end = question.span
            yield Example(question.question, passage, start, end, f"answer.{question.source}")
        else:
            kind = _NEGATIVES.get(question.source, "true negative")
            yield Example(question.question, passage, None, None, kind)
