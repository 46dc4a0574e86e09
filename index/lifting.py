"""Each part of a question has its best passage among the first."""

import math
from collections.abc import Sequence
from dataclasses import replace

from index.ranking import Hit


def lift(hits: Sequence[Hit], wanted: Sequence[Hit], within: int) -> list[Hit]:
    """Return the hits with each of `wanted` among the first `within`, the others in their order.

    One that is not there takes the lowest of those places that no other wanted one has, and a
    score just above that of the passage after it: so few are moved, and the first stay first.
    """
    found = list(hits)
    kept = {hit.chunk_id for hit in wanted}
    for hit in reversed(wanted):
        if any(hit.chunk_id == other.chunk_id for other in found[:within]):
            continue
        free = [n for n, other in enumerate(found[:within]) if other.chunk_id not in kept]
        if not free or len(found) < within:
            continue
        held = next((each for each in found if each.chunk_id == hit.chunk_id), hit)
        rest = [each for each in found if each.chunk_id != hit.chunk_id]
        place = free[-1]
        score = math.nextafter(rest[place].score, math.inf)
        found = [*rest[:place], replace(held, score=score), *rest[place:]]
    return found


def renumbered(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return the hits with their ranks, from 1."""
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1))
