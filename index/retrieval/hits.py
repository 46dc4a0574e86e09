"""A candidate as a hit of the ranking, and hits of several questions as one list."""

import math
from collections.abc import Iterable
from dataclasses import replace

from corpus.chunk import Chunk
from corpus.ids import ChunkId
from index.retrieval.gathering import Candidate
from index.retrieval.reranking import ReadPassage
from index.values.ranking import Hit
from index.values.retrieval_settings import RetrievalSettings


def hit_of(
    candidate: Candidate, chunk: Chunk, read: ReadPassage | None, settings: RetrievalSettings
) -> Hit:
    """Return a candidate with its score: of the searches, and of the reading where it was read."""
    score, raw = candidate.base, None
    if read is not None:
        raw = read.score
        score += settings.rerank_weight * _logistic(raw / settings.rerank_scale)
    scores = replace(candidate.scores, rerank=raw)
    return Hit(candidate.chunk_id, score, 0, scores, chunk, read.span if read else None)


def merged(hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits, best first, each passage where it scores best."""
    best: dict[ChunkId, Hit] = {}
    for hit in hits:
        held = best.get(hit.chunk_id)
        if held is None or hit.score > held.score:
            best[hit.chunk_id] = hit
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.chunk_id))


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))
