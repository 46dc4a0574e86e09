"""Sentences of passages with their scores: what a cross-encoder and a span finder say of them."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from corpus.ids import ChunkId
from index.ports import FoundSpan, Reranker, SpanFinder
from index.ranking import Hit
from service.selection import Selected, SelectionSettings

WORD = re.compile(r"\w+")
_READ_AT_ONCE = 2


class SentenceScorer(Protocol):
    """Question and sentences to one score a sentence, on the scale of a logit."""

    def __call__(self, asked: str, sentences: Sequence[str]) -> list[float]:
        """Return one score a sentence, higher is better."""
        ...


def readable(text: str) -> str:
    """Return the text on one line: a hyphen at a line end stays, other breaks become spaces."""
    return " ".join(re.sub(r"(?<=\w)-\s*\n\s*(?=\w)", "-", text).split())


def by_reranker(reranker: Reranker) -> SentenceScorer:
    """Return the scorer that reads each sentence beside the question, and none of them twice.

    It remembers what it has read: make one for each answer.
    """
    known: dict[tuple[str, str], float] = {}

    def score(asked: str, sentences: Sequence[str]) -> list[float]:
        unread = [each for each in dict.fromkeys(sentences) if (asked, each) not in known]
        if unread:
            scores = reranker.score(asked, unread)
            known.update(zip(((asked, each) for each in unread), map(float, scores), strict=True))
        return [known[asked, each] for each in sentences]

    return score


def by_words(asked: str, sentences: Sequence[str]) -> list[float]:
    """Return the share of the question's rare words in each sentence, as a logit.

    The scorer without a model. A word is the rarer, the fewer of the sentences hold it.
    """
    bags = [set(words_of(sentence)) for sentence in sentences]
    held = Counter(word for bag in bags for word in bag)
    weights = {
        word: math.log(1 + (len(bags) + 1) / (1 + held[word])) for word in set(words_of(asked))
    }
    whole = sum(weights.values()) or 1.0
    shares = (sum(weights[word] for word in bag & weights.keys()) / whole for bag in bags)
    return [_logit(share) for share in shares]


def promising_spans(
    asked: str, hits: Sequence[Hit], finder: SpanFinder, settings: SelectionSettings
) -> dict[ChunkId, FoundSpan]:
    """Return the spans of the passages that may turn out the best, two read at a time."""
    promising = sorted(hits, key=lambda hit: -promise(hit, settings.good_margin, settings))
    spans: dict[ChunkId, FoundSpan] = {}
    least = -math.inf
    for first in range(0, len(promising), _READ_AT_ONCE):
        several = [
            hit
            for hit in promising[first : first + _READ_AT_ONCE]
            if promise(hit, settings.good_margin, settings) >= least
        ]
        if not several:
            break
        found = finder.find(asked, [hit.chunk.text for hit in several])
        for hit, span in zip(several, found, strict=True):
            spans[hit.chunk_id] = span
            least = max(least, promise(hit, span.margin, settings) - settings.reach)
    return spans


def within_reach(
    hits: Sequence[Hit], spans: Mapping[ChunkId, FoundSpan], settings: SelectionSettings
) -> list[Hit]:
    """Return the first passages that were read, as far as they are not far behind the first."""
    first = [hit for hit in hits[: settings.sentence_passages] if hit.chunk_id in spans]
    promises = [promise(hit, spans[hit.chunk_id].margin, settings) for hit in first]
    return [
        hit
        for hit, promised in zip(first, promises, strict=True)
        if promised >= promises[0] - settings.reach
    ]


def by_promise(
    hits: Sequence[Hit], spans: Mapping[ChunkId, FoundSpan], settings: SelectionSettings
) -> list[Hit]:
    """Return the passages that were read, the most promising first, then those that were not."""
    margins = {chunk_id: span.margin for chunk_id, span in spans.items()}
    return sorted(
        hits,
        key=lambda hit: (
            hit.chunk_id not in margins,
            -promise(hit, margins.get(hit.chunk_id, 0.0), settings),
        ),
    )


def promise(hit: Hit, margin: float, settings: SelectionSettings) -> float:
    """Return how much a passage with a span of this margin promises, before its sentences."""
    score = settings.passage_weight * hit.score + settings.span_weight * margin
    return score + settings.rerank_weight * (hit.scores.rerank or 0.0)


def with_spans(
    asked: str, chosen: Sequence[Selected], finder: SpanFinder | None
) -> tuple[Selected, ...]:
    """Return the sentences, each with the span that was found in it by itself."""
    if finder is None:
        return tuple(chosen)
    found = finder.find(asked, [sentence.quote for sentence in chosen])
    return tuple(replace(each, span=span) for each, span in zip(chosen, found, strict=True))


def by_sentence(
    asked: str,
    hits: Iterable[Hit],
    scorer: SentenceScorer,
    settings: SelectionSettings,
    spans: Mapping[ChunkId, FoundSpan],
) -> list[Selected]:
    """Return the sentences of the passages, the best first; `spans` of the passages that have."""
    places = [
        (hit, number, start, end)
        for hit in hits
        for number, (start, end) in enumerate(hit.chunk.sentences)
        if len(words_of(hit.chunk.text[start:end])) >= settings.words
    ]
    texts = [readable(hit.chunk.text[start:end]) for hit, _, start, end in places]
    scored: list[Selected] = []
    for (hit, number, start, end), logit in zip(places, scorer(asked, texts), strict=True):
        span = spans.get(hit.chunk_id)
        if span is None:
            score = logit + settings.unread_weight * hit.score
        else:
            score = logit + promise(hit, span.margin, settings)
            score += settings.span_bonus * (start <= span.start < end)
        scored.append(Selected(hit.chunk, number, start, end, score, logit))
    return sorted(scored, key=lambda each: (-each.score, each.chunk.chunk_id, each.start))


def repeats(sentence: Selected, chosen: Sequence[Selected]) -> bool:
    """Return whether one of the chosen sentences says the same words."""
    return any(text_of(sentence).casefold() == text_of(other).casefold() for other in chosen)


def text_of(sentence: Selected) -> str:
    """Return the sentence on one line."""
    return readable(sentence.quote)


def words_of(text: str) -> list[str]:
    """Return the words in small letters."""
    return [word.casefold() for word in WORD.findall(text)]


def _logit(share: float) -> float:
    bounded = min(max(share, 0.001), 0.999)
    return math.log(bounded / (1 - bounded))
