"""The order of training: examples drawn in fixed shares, the same for the same seed."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from training.examples import Example

# Shares of all examples. True negatives and our own questions come round several times.
SHARES = {
    "answer.squad1.1-dev": 0.06,
    "answer.squad2-dev": 0.055,
    "answer.squad2-train": 0.06,
    "answer.squadshifts-new-wiki": 0.06,
    "answer.squadshifts-amazon": 0.03,
    "answer.squadshifts-reddit": 0.03,
    "answer.policyqa": 0.01,
    "answer.own": 0.07,
    "answer.search": 0.06,
    "true negative": 0.06,
    "written negative": 0.13,
    "search negative": 0.11,
    "near passage": 0.08,
    "sentence removed": 0.025,
    "off topic": 0.03,
    "changed number": 0.01,
    "changed opposite": 0.01,
    "changed name": 0.01,
    "swapped entity": 0.01,
    "own near miss": 0.07,
    "own near passage": 0.02,
}


def mixed(examples: Iterable[Example], count: int, seed: int) -> Iterator[Example]:
    """Yield `count` examples, each kind in its share; a kind comes round when it is used up.

    A kind without examples gives its share to the others.
    """
    draw = random.Random(seed)
    by_kind: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_kind[example.kind].append(example)
    kinds = [kind for kind in SHARES if by_kind[kind]]
    shares = [SHARES[kind] for kind in kinds]
    rounds = {kind: _rounds(by_kind[kind], draw) for kind in kinds}
    for kind in draw.choices(kinds, shares, k=count):
        yield next(rounds[kind])


def _rounds(examples: Sequence[Example], draw: random.Random) -> Iterator[Example]:
    while True:
        yield from draw.sample(examples, k=len(examples))
