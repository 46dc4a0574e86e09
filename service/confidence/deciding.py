"""Whether quotes are given as the answer, as likely quotes, or not at all, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.values.ranking import Hit
from service.values.answer import Reason, Status


@dataclass(frozen=True, slots=True)
class DecisionSettings:
    """When something near was found, and when a confidence outweighs a name that was not.

    Something is near if the best passage has a similarity to the question (cosine) of `cosine` or
    more, or a score of the reading model of `score` or more; of quotes that are only nearest to it,
    a logarithm of the odds of `nearest` or more. An answer with a confidence of `sure`
    or more stands although no passage holds a name of the question: it may be misspelt.
    """

    cosine: float = 0.62
    score: float = -2.0
    nearest: float = -3.25
    sure: float = 0.8


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer, and against.

    `confidence` is the probability that the quotes answer, `needed` the least one to answer with;
    both None without a fitted confidence. `absent` are names in the question that no passage holds;
    `unreadable` says that the pages that the question points to could not be read. `nearest` says
    that no model read the quotes: they are near the question in meaning, and never sure. Names are
    written otherwise in other languages, so that none is missed there.
    """

    hits: Sequence[Hit]
    quotes: int
    confidence: float | None = None
    needed: float | None = None
    absent: Sequence[str] = ()
    unreadable: bool = False
    nearest: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome, and its reason; None for an answer."""

    status: Status
    reason: Reason | None = None


def decide(grounds: Evidence, settings: DecisionSettings) -> Decision:
    """Return the outcome. Where quotes are likely but not sure, they are given as such."""
    near = bool(grounds.quotes) and _is_near(grounds, settings)
    if grounds.nearest:
        found = (
            Decision("unsure", "low_confidence") if near else Decision("abstained", "no_evidence")
        )
    elif grounds.absent and (grounds.confidence or 0.0) < settings.sure:
        found = Decision("abstained", "premise_not_in_collection")
    elif near and _is_sure(grounds):
        return Decision("answered")
    elif near:
        found = Decision("unsure", "low_confidence")
    else:
        found = Decision("abstained", "no_evidence")
    return Decision("abstained", "unreadable_pages") if grounds.unreadable else found


def _is_sure(grounds: Evidence) -> bool:
    if grounds.confidence is None or grounds.needed is None:
        return True
    return grounds.confidence >= grounds.needed


def _is_near(grounds: Evidence, settings: DecisionSettings) -> bool:
    hits = grounds.hits
    scores = [hit.scores.rerank for hit in hits if hit.scores.rerank is not None]
    if grounds.nearest:
        return max(scores, default=settings.nearest) >= settings.nearest
    cosines = [hit.scores.dense for hit in hits if hit.scores.dense is not None]
    if not scores or not cosines:
        return True
    return max(scores) >= settings.score or max(cosines) >= settings.cosine
