"""The order of training: examples drawn in fixed shares, the same for the same seed."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from training.examples import Example

# Shares of all examples. True negatives and our own questions come round several times.
SHARES = {
    "answer.squad1.1-dev": 0.06,
    "answer.squad2-dev": 0.065,
    "answer.squad2-train": 0.06,
    "answer.squadshifts-new-wiki": 0.05,
    "answer.squadshifts-amazon": 0.015,
    "answer.squadshifts-reddit": 0.01,
    "answer.policyqa": 0.005,
    "answer.contrast": 0.065,
    "answer.own": 0.075,
    "answer.search": 0.035,
    "answer.judged": 0.025,
    "answer.part": 0.025,
    "true negative": 0.045,
    "written negative": 0.03,
    "contrast negative": 0.075,
    "search negative": 0.03,
    "judged negative": 0.10,
    "part negative": 0.04,
    "near passage": 0.03,
    "near passage of a search": 0.02,
    "sentence removed": 0.02,
    "off topic": 0.02,
    "changed number": 0.005,
    "changed opposite": 0.005,
    "changed name": 0.005,
    "swapped entity": 0.01,
    "own near miss": 0.045,
    "own near passage": 0.01,
    "other report": 0.02,
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
