"""Which sentences of the passages answer.

A cross-encoder scores each sentence against what is asked, a span finder each passage; the best
sentence answers, those nearly as good join it, and a sentence that says it continues
("Furthermore, …") joins the one before it.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from corpus.ids import ChunkId
from index.ports import FoundSpan, Reranker, SpanFinder
from index.ranking import Hit
from service.names import missing_share, names_of
from service.selection import Selected, Selection, SelectionSettings

CONTINUES = re.compile(
    r"(furthermore|moreover|in addition|additionally|further|also|likewise|similarly|besides|"
    r"además|asimismo|también|en outre|de plus|par ailleurs)\b",
    re.IGNORECASE,
)
ENDS = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
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
    """Return the scorer that reads each sentence beside the question."""

    def score(asked: str, sentences: Sequence[str]) -> list[float]:
        return [float(value) for value in reranker.score(asked, sentences)]

    return score


def by_words(asked: str, sentences: Sequence[str]) -> list[float]:
    """Return the share of the question's rare words in each sentence, as a logit.

    The scorer without a model. A word is the rarer, the fewer of the sentences hold it.
    """
    bags = [set(_words(sentence)) for sentence in sentences]
    held = Counter(word for bag in bags for word in bag)
    weights = {
        word: math.log(1 + (len(bags) + 1) / (1 + held[word])) for word in set(_words(asked))
    }
    whole = sum(weights.values()) or 1.0
    shares = (sum(weights[word] for word in bag & weights.keys()) / whole for bag in bags)
    return [_logit(share) for share in shares]


def select(
    asked: str,
    hits: Sequence[Hit],
    scorer: SentenceScorer,
    settings: SelectionSettings,
    finder: SpanFinder | None = None,
    parts: Sequence[str] = (),
) -> Selection:
    """Return the answering sentences, the best first, each followed by its continuations.

    Then those that answer one of `parts`, the questions that what is asked is made of: a span
    finder reads for each of them too. The passages that were read come back in the order of their
    best sentences, then the others: a passage may be all about what is asked and say it in no
    sentence.
    """
    whole = _select_one(asked, hits, scorer, settings, finder)
    if finder is None:
        return whole
    found = [_select_one(part, hits, scorer, settings, finder).sentences[:1] for part in parts]
    by_part = [sentence for best in found for sentence in best]
    return replace(whole, sentences=_with_parts(whole.sentences, by_part, settings))


def _select_one(
    asked: str,
    hits: Sequence[Hit],
    scorer: SentenceScorer,
    settings: SelectionSettings,
    finder: SpanFinder | None,
) -> Selection:
    read, unread = hits[: settings.passages], hits[settings.passages :]
    spans = _spans(asked, read, finder, settings) if finder else {}
    scorable: Sequence[Hit] = read
    if spans:
        read = _by_promise(read, spans, settings)
        scorable = _within_reach(read, spans, settings)
    scored = _scored(asked, scorable, scorer, settings, spans)
    by_score = sorted(scored, key=lambda s: (-s.score, s.chunk.chunk_id, s.start))
    place = {s.chunk.chunk_id: n for n, s in reversed(list(enumerate(by_score)))}
    ordered = sorted(read, key=lambda hit: place.get(hit.chunk_id, len(by_score)))
    renumbered = (replace(hit, rank=n) for n, hit in enumerate([*ordered, *unread], start=1))
    chosen = _with_sides(asked, _chosen(by_score, settings), by_score, settings)
    return Selection(_with_spans(asked, chosen, finder), tuple(renumbered), spans)


def _spans(
    asked: str, hits: Sequence[Hit], finder: SpanFinder, settings: SelectionSettings
) -> dict[ChunkId, FoundSpan]:
    """Return the spans of the passages that may turn out the best, two read at a time."""
    promising = sorted(hits, key=lambda hit: -_promise(hit, settings.good_margin, settings))
    spans: dict[ChunkId, FoundSpan] = {}
    least = -math.inf
    for first in range(0, len(promising), _READ_AT_ONCE):
        several = [
            hit
            for hit in promising[first : first + _READ_AT_ONCE]
            if _promise(hit, settings.good_margin, settings) >= least
        ]
        if not several:
            break
        found = finder.find(asked, [hit.chunk.text for hit in several])
        for hit, span in zip(several, found, strict=True):
            spans[hit.chunk_id] = span
            least = max(least, _promise(hit, span.margin, settings) - settings.reach)
    return spans


def _by_promise(
    hits: Sequence[Hit], spans: Mapping[ChunkId, FoundSpan], settings: SelectionSettings
) -> list[Hit]:
    """Return the passages that were read, the most promising first, then those that were not."""
    margins = {chunk_id: span.margin for chunk_id, span in spans.items()}
    return sorted(
        hits,
        key=lambda hit: (
            hit.chunk_id not in margins,
            -_promise(hit, margins.get(hit.chunk_id, 0.0), settings),
        ),
    )


def _within_reach(
    hits: Sequence[Hit], spans: Mapping[ChunkId, FoundSpan], settings: SelectionSettings
) -> list[Hit]:
    """Return the first passages that were read, as far as they are not far behind the first."""
    first = [hit for hit in hits[: settings.sentence_passages] if hit.chunk_id in spans]
    promises = [_promise(hit, spans[hit.chunk_id].margin, settings) for hit in first]
    return [
        hit
        for hit, promise in zip(first, promises, strict=True)
        if promise >= promises[0] - settings.reach
    ]


def _promise(hit: Hit, margin: float, settings: SelectionSettings) -> float:
    """Return how much a passage with a span of this margin promises, before its sentences."""
    score = settings.passage_weight * hit.score + settings.span_weight * margin
    return score + settings.rerank_weight * (hit.scores.rerank or 0.0)


def _with_spans(
    asked: str, chosen: Sequence[Selected], finder: SpanFinder | None
) -> tuple[Selected, ...]:
    """Return the sentences, each with the span that was found in it by itself."""
    if finder is None:
        return tuple(chosen)
    found = finder.find(asked, [sentence.quote for sentence in chosen])
    return tuple(replace(each, span=span) for each, span in zip(chosen, found, strict=True))


def _chosen(by_score: Sequence[Selected], settings: SelectionSettings) -> tuple[Selected, ...]:
    chosen: list[Selected] = []
    for sentence in by_score:
        far_behind = sentence.score < by_score[0].score - settings.margin
        if far_behind or len(chosen) >= settings.statements:
            break
        for part in (sentence, *_continuations(sentence, by_score)):
            joins = not chosen or (ENDS.search(_text(part)) and not _repeats(part, chosen))
            if joins and len(chosen) < settings.statements:
                chosen.append(part)
    return tuple(chosen)


def _with_sides(
    asked: str,
    chosen: tuple[Selected, ...],
    by_score: Sequence[Selected],
    settings: SelectionSettings,
) -> tuple[Selected, ...]:
    """Return the sentences with the best one for each side of a comparison that they lack.

    A side is a name, a year or a number of the question, where it has two or more of a kind: "in
    2000 and in 2014". Where none of them stands in the answer there is nothing to compare.
    """
    named, found = names_of(asked), list(chosen)
    for sides in (named.names, named.years, named.numbers):
        said = " ".join(_text(each) for each in found)
        lacking = [side for side in sides if missing_share([side], said)]
        if len(sides) < 2 or len(lacking) == len(sides):
            continue
        for side in lacking:
            for sentence in by_score:
                if sentence.score < by_score[0].score - settings.side_margin:
                    break
                joins = ENDS.search(_text(sentence)) and not _repeats(sentence, found)
                if joins and not missing_share([side], _text(sentence)):
                    found.append(sentence)
                    break
    return tuple(found[: settings.statements])


def _with_parts(
    chosen: Sequence[Selected], by_part: Iterable[Selected], settings: SelectionSettings
) -> tuple[Selected, ...]:
    """Return the sentences with the best one for each part, where it says what is asked."""
    found = list(chosen)
    for sentence in by_part:
        says = sentence.span is not None and sentence.span.margin >= settings.part_margin
        if says and not _repeats(sentence, found):
            found.append(sentence)
    return tuple(found[: settings.statements])


def _scored(
    asked: str,
    hits: Iterable[Hit],
    scorer: SentenceScorer,
    settings: SelectionSettings,
    spans: Mapping[ChunkId, FoundSpan],
) -> list[Selected]:
    places = [
        (hit, number, start, end)
        for hit in hits
        for number, (start, end) in enumerate(hit.chunk.sentences)
        if len(_words(hit.chunk.text[start:end])) >= settings.words
    ]
    texts = [readable(hit.chunk.text[start:end]) for hit, _, start, end in places]
    scored: list[Selected] = []
    for (hit, number, start, end), logit in zip(places, scorer(asked, texts), strict=True):
        span = spans.get(hit.chunk_id)
        if span is None:
            score = logit + settings.unread_weight * hit.score
        else:
            score = logit + _promise(hit, span.margin, settings)
            score += settings.span_bonus * (start <= span.start < end)
        scored.append(Selected(hit.chunk, number, start, end, score, logit))
    return scored


def _continuations(sentence: Selected, scored: Sequence[Selected]) -> list[Selected]:
    found: list[Selected] = []
    at = {(s.chunk.chunk_id, s.sentence): s for s in scored}
    following = at.get((sentence.chunk.chunk_id, sentence.sentence + 1))
    while following is not None and CONTINUES.match(_text(following)):
        found.append(following)
        following = at.get((following.chunk.chunk_id, following.sentence + 1))
    return found


def _repeats(sentence: Selected, chosen: Sequence[Selected]) -> bool:
    return any(_text(sentence).casefold() == _text(other).casefold() for other in chosen)


def _text(sentence: Selected) -> str:
    return readable(sentence.quote)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(text)]


def _logit(share: float) -> float:
    bounded = min(max(share, 0.001), 0.999)
    return math.log(bounded / (1 - bounded))
