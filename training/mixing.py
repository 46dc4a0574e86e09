"""The order of training: examples drawn in fixed shares, the same for the same seed."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from training.examples import Example

# Shares of all examples. True negatives and our own questions come round several times.
SHARES = {
    "answer.squad1.1-dev": 0.065,
    "answer.squad2-dev": 0.06,
    "answer.squad2-train": 0.07,
    "answer.squadshifts-new-wiki": 0.085,
    "answer.squadshifts-amazon": 0.04,
    "answer.squadshifts-reddit": 0.04,
    "answer.policyqa": 0.02,
    "answer.own": 0.09,
    "true negative": 0.19,
    "near passage": 0.045,
    "sentence removed": 0.05,
    "off topic": 0.03,
    "changed number": 0.015,
    "changed opposite": 0.02,
    "changed name": 0.02,
    "swapped entity": 0.01,
    "own near miss": 0.09,
    "own near passage": 0.06,
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
