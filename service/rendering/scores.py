"""One number a passage, for those who expect a score between 0 and 1."""

import math
from collections.abc import Sequence

from service.values.answer import Passage


def scores(passages: Sequence[Passage]) -> list[float]:
    """Return one score a passage, 0..1, never rising with rank.

    The mean of the fused score and the reranker's, as far as they were computed. A place that
    comes from the name of a document in the question is shown by holding the scores down to it.
    """
    found: list[float] = []
    for passage in passages:
        parts = passage.scores
        known = [parts.fused if parts.fused is not None else 0.0]
        if parts.rerank is not None:
            known.append(1 / (1 + math.exp(-max(-50.0, min(50.0, parts.rerank)))))
        score = min(1.0, max(0.0, sum(known) / len(known)))
        found.append(min([score, *found[-1:]]))
    return found
