"""When the collection does not answer: a first rule, on the two scores that are there.

The rule tells questions off the collection's topic. A question on the topic that the reports do
not answer passes it: that needs a model that reads, and a confidence fitted on labelled questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from index.ranking import Ranking
from service.answer import Reason
from service.selecting import Selected


@dataclass(frozen=True, slots=True)
class AbstentionSettings:
    """An answer needs evidence by one of two scores.

    `cosine`: the best passage's similarity to the question. `logit`: the cross-encoder's score of
    the best passage. Below both, nothing in the collection is about what is asked.
    """

    cosine: float = 0.62
    logit: float = -4.0


def reason_to_abstain(
    ranking: Ranking, selected: Sequence[Selected], settings: AbstentionSettings
) -> Reason | None:
    """Return why there is no answer, or None when there is one."""
    if not ranking.hits or not selected:
        return "no_evidence"
    logits = [hit.scores.rerank for hit in ranking.hits if hit.scores.rerank is not None]
    cosines = [hit.scores.dense for hit in ranking.hits if hit.scores.dense is not None]
    if not logits or not cosines:
        return None
    if max(logits) < settings.logit and max(cosines) < settings.cosine:
        return "low_confidence"
    return None
