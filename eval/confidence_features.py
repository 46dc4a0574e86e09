"""What an answer says of itself: the numbers that a confidence is fitted on."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

from eval.answer_scores import best_logit
from service.answer import Answer, Passage
from service.selecting import WORD, readable

FLOOR_LOGIT = -12.0  # what the cross-encoders give to a text about something else altogether

SentenceScore = Callable[[str, str], float]
"""What is asked and a sentence to the cross-encoder's logit."""


@dataclass(frozen=True, slots=True)
class ConfidenceFeatures:
    """Numbers of one answer; a confidence model's weights are in the order of these fields.

    passage_logit    the cross-encoder's highest score of a passage
    sentence_logit   its highest score of a quoted sentence, read by itself
    cosine           the highest similarity of question and passage
    rare_words       share of the question's rare words that stand in the quotes, 0..1
    margin           passage_logit less that of the best passage of another document; 0 if none

    Where nothing is quoted the first passage stands for the quotes. A score that no passage has is
    the lowest: a logit of -12, a cosine of 0.
    """

    passage_logit: float
    sentence_logit: float
    cosine: float
    rare_words: float
    margin: float

    @property
    def values(self) -> tuple[float, ...]:
        """The numbers in the order of `names`."""
        return (
            self.passage_logit,
            self.sentence_logit,
            self.cosine,
            self.rare_words,
            self.margin,
        )


NAMES = tuple(each.name for each in fields(ConfidenceFeatures))


def features_of(answer: Answer, sentence_score: SentenceScore) -> ConfidenceFeatures:
    """Return the features of an answer; each sentence is scored by `sentence_score`."""
    asked = answer.understood.asked
    quotes = _quotes(answer)
    cosines = [p.scores.dense for p in answer.passages if p.scores.dense is not None]
    best = best_logit(answer)
    return ConfidenceFeatures(
        passage_logit=FLOOR_LOGIT if best is None else best,
        sentence_logit=max((sentence_score(asked, quote) for quote in quotes), default=FLOOR_LOGIT),
        cosine=max(cosines, default=0.0),
        rare_words=rare_word_share(asked, quotes, [p.text for p in answer.passages]),
        margin=_margin(answer.passages),
    )


def rare_word_share(asked: str, quotes: Sequence[str], passages: Sequence[str]) -> float:
    """Return the weight of the asked words that a quote holds, of the weight of all, 0..1.

    A word weighs log(1 + (n + 1) / (1 + m)) where m of the n passages hold it: the rarer the more.
    """
    bags = [_words(text) for text in passages]
    held = Counter(word for bag in bags for word in bag)
    weights = {
        word: math.log(1 + (len(bags) + 1) / (1 + held[word])) for word in sorted(_words(asked))
    }
    quoted = frozenset[str]().union(*(_words(quote) for quote in quotes))
    whole = sum(weights.values())
    return sum(w for word, w in weights.items() if word in quoted) / whole if whole else 0.0


def _quotes(answer: Answer) -> list[str]:
    if answer.citations:
        return [readable(citation.quote) for citation in answer.citations]
    return [readable(passage.text) for passage in answer.passages[:1]]


def _margin(passages: Sequence[Passage]) -> float:
    best: dict[str, float] = {}
    for passage in passages:
        if passage.scores.rerank is not None:
            held = best.get(passage.doc_id, -math.inf)
            best[passage.doc_id] = max(held, passage.scores.rerank)
    first, *others = sorted(best.values(), reverse=True) or [0.0]
    return first - others[0] if others else 0.0


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in WORD.findall(text))
