"""Why a passage stands where it does in a ranking, or is not in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from corpus.chunk import Chunk
from corpus.ids import ChunkId
from index.documents.filters import Filters
from index.snapshots.snapshot import Snapshot
from index.values.ranking import Hit, Ranking, Scores

Outcome = Literal["ranked", "below_depth", "not_candidate", "filtered", "not_in_snapshot"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of one passage for one question.

    `ranked`: among the first `depth`. `below_depth`: found, but ranked after them.
    `not_candidate`: neither search had it among its best. `filtered`: its document does not meet
    the filters. `not_in_snapshot`: the snapshot that answers does not hold it.
    `matched` are the words of the question that the passage has in some form, and `unmatched` those
    that it lacks. `last_score` is the score of the last
    passage among the first `depth`: what this one would have needed.
    """

    passage_id: str
    outcome: Outcome
    rank: int | None
    score: float | None
    scores: Scores
    matched: tuple[str, ...]
    unmatched: tuple[str, ...]
    depth: int
    last_score: float | None


def explain(
    ranking: Ranking,
    chunk: Chunk,
    snapshot: Snapshot,
    filters: Filters,
    *,
    depth: int,
) -> Explanation:
    """Return what became of a chunk in a ranking of all candidates."""
    hit = next((each for each in ranking.hits if each.chunk_id == chunk.chunk_id), None)
    matched, unmatched = snapshot.shared_words(ranking.understood.asked, chunk)
    return Explanation(
        passage_id=chunk.chunk_id,
        outcome=_outcome(hit, chunk.chunk_id, snapshot, filters, depth),
        rank=hit.rank if hit else None,
        score=hit.score if hit else None,
        scores=replace(hit.scores if hit else Scores(), terms=matched),
        matched=matched,
        unmatched=unmatched,
        depth=depth,
        last_score=_last_score(ranking.hits, depth),
    )


def _outcome(
    hit: Hit | None, chunk_id: ChunkId, snapshot: Snapshot, filters: Filters, depth: int
) -> Outcome:
    if hit is not None:
        return "ranked" if hit.rank <= depth else "below_depth"
    rows = np.flatnonzero(snapshot.chunk_ids == chunk_id.encode())
    if not len(rows):
        return "not_in_snapshot"
    allowed = snapshot.allowed(filters)
    return "not_candidate" if allowed is None or allowed[rows[0]] else "filtered"


def _last_score(hits: Sequence[Hit], depth: int) -> float | None:
    return hits[min(depth, len(hits)) - 1].score if hits else None
