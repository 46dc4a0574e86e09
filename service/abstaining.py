"""When the collection does not answer, and why not.

With a confidence an answer has to reach the least one that its asker allows. Without one (no
cross-encoder, no span finder, other models than it was fitted on) a first rule tells questions off
the collection's topic, and no others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from index.ranking import Hit
from service.answer import Reason


@dataclass(frozen=True, slots=True)
class AbstentionSettings:
    """An answer needs evidence by one of two scores.

    `cosine`: the best passage's similarity to the question. `logit`: the cross-encoder's score of
    the best passage. Below both, nothing in the collection is about what is asked. A confidence of
    `sure` or more outweighs a name that no passage holds: it may be misspelt.
    """

    cosine: float = 0.62
    logit: float = -4.0
    sure: float = 0.8


@dataclass(frozen=True, slots=True)
class Grounds:
    """What speaks for an answer, and against.

    `confidence` is the probability that the quotes answer, `needed` the least one to answer with;
    both None without a confidence model. `absent` are names in the question that no passage holds;
    `unreadable` says that the pages that the question points to could not be read.
    """

    hits: Sequence[Hit]
    quotes: int
    confidence: float | None = None
    needed: float | None = None
    absent: Sequence[str] = ()
    unreadable: bool = False


def reason_to_abstain(grounds: Grounds, settings: AbstentionSettings) -> Reason | None:
    """Return why there is no answer, or None when there is one.

    A name that the collection does not hold is a reason unless the answer is very sure: what is
    quoted would be about something else.
    """
    if not grounds.hits or not grounds.quotes or _off_the_topic(grounds.hits, settings):
        found: Reason = "premise_not_in_collection" if grounds.absent else "no_evidence"
    elif grounds.absent and (grounds.confidence or 0.0) < settings.sure:
        found = "premise_not_in_collection"
    elif _is_sure(grounds):
        return None
    else:
        found = "low_confidence"
    return "unreadable_pages" if grounds.unreadable else found


def _is_sure(grounds: Grounds) -> bool:
    if grounds.confidence is None or grounds.needed is None:
        return True
    return grounds.confidence >= grounds.needed


def _off_the_topic(hits: Sequence[Hit], settings: AbstentionSettings) -> bool:
    logits = [hit.scores.rerank for hit in hits if hit.scores.rerank is not None]
    cosines = [hit.scores.dense for hit in hits if hit.scores.dense is not None]
    if not logits or not cosines:
        return False
    return max(logits) < settings.logit and max(cosines) < settings.cosine
