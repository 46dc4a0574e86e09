"""Questions that ask for several things: the sentences for each of them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from corpus.ids import ChunkId
from index.ports import SpanFinder
from index.ranking import Hit
from service.selection import Selected, Selection, SelectionSettings, passages_of
from service.sentence_scores import (
    SentenceScorer,
    by_promise,
    by_sentence,
    promising_spans,
    repeats,
    with_spans,
    within_reach,
)

# What asks for several things without saying where one ends: a comparison, what stands before or
# after "and", or more than one of what is counted ("the numbers of deaths and injuries").
SEVERAL = re.compile(
    r"\b(?:or|than|compar\w+|differ\w*|diferen\w+|both|amb[oa]s|respectiv\w+|versus|against|"
    r"(?:and|y|et) (?:an?|at|by|for|from|her|his|in|its|of|on|that|the|their|those|to|with|"
    r"de|del|el|en|la|las|los|su|sus)|"
    r"(?:amounts|counts|dates|days|figures|months|names|numbers?|percentages|rates|shares|totals|"
    r"years)\b[^?]*\band)\b|;\s",
    re.IGNORECASE,
)


def of_part(
    part: str,
    hits: Sequence[Hit],
    scorer: SentenceScorer,
    settings: SelectionSettings,
    finder: SpanFinder,
) -> Selection:
    """Return the best sentence for a part in each of the passages that promise most for it.

    The best comes first; what a passage is to the whole question decides only which are looked at.
    """
    read = hits[: settings.passages_of_a_part]
    settings = replace(
        settings,
        passage_weight=0.0,
        span_weight=1.0,
        rerank_weight=1.0,
        sentence_passages=settings.part_passages,
    )
    spans = promising_spans(part, read, finder, settings)
    best = within_reach(by_promise(read, spans, settings), spans, settings)
    settings = replace(settings, span_weight=settings.part_weight, rerank_weight=0.0)
    firsts = _first_of_each(by_sentence(part, best, scorer, settings, spans))
    return Selection(with_spans(part, firsts, finder), tuple(best), spans)


def _first_of_each(by_score: Iterable[Selected]) -> list[Selected]:
    """Return the best sentence of each passage, the best first."""
    firsts: dict[ChunkId, Selected] = {}
    for sentence in by_score:
        firsts.setdefault(sentence.chunk.chunk_id, sentence)
    return list(firsts.values())


def with_parts(
    chosen: tuple[Selected, ...], parts: Iterable[Selection], settings: SelectionSettings
) -> tuple[Selected, ...]:
    """Return the first sentence, others as far as there is room, and the best one for each part.

    Where that is there already, the best one of another passage, if it is not far behind: one
    sentence seldom says two things that were asked for.
    """
    found = list(chosen[:1])
    for part in parts:
        cited = passages_of(found)
        for number, sentence in enumerate(part.sentences):
            if sentence.score < part.sentences[0].score - settings.part_reach:
                break
            elsewhere = number == 0 or sentence.chunk.chunk_id not in cited
            if elsewhere and not repeats(sentence, found) and _says(sentence, part, settings):
                found.append(sentence)
                break
    joining = found[1 : settings.statements]
    others = [each for each in chosen[1:] if not repeats(each, joining)]
    return (*found[:1], *others[: settings.statements - 1 - len(joining)], *joining)


def told(part: Selection, sentences: Iterable[Selected], settings: SelectionSettings) -> bool:
    """Return whether one of the sentences says what a part asks for."""
    by_itself = {each.key: each for each in part.sentences}
    read = (each for each in sentences if each.chunk.chunk_id in part.spans)
    as_part = (by_itself.get(each.key, replace(each, span=None)) for each in read)
    return any(_says(each, part, settings) for each in as_part)


def with_nearest(
    sentences: Sequence[Selected], untold: Iterable[Selection], settings: SelectionSettings
) -> tuple[Selected, ...]:
    """Return the sentences and, as far as there is room, the best one for each part left untold.

    Each is of a passage that is not cited yet, and may say what the span finder does not see.
    """
    found = list(sentences)
    for part in untold:
        cited = passages_of(found)
        for best in part.sentences[:1]:
            if best.chunk.chunk_id not in cited and not repeats(best, found):
                found.append(best)
    return tuple(found[: settings.statements])


def as_asked(selection: Selection, settings: SelectionSettings) -> tuple[Selected, ...]:
    """Return the sentences in the order of the parts that they say or else come nearest to.

    Those for none of them come last.
    """
    parts = list(enumerate(selection.parts))
    firsts = [(n, best) for n, part in parts for best in part.sentences[:1]]

    def place(sentence: Selected) -> int:
        says = (n for n, part in parts if told(part, [sentence], settings))
        nearest = (n for n, best in firsts if best.key == sentence.key)
        return next(chain(says, nearest), len(parts))

    return tuple(sorted(selection.sentences, key=place))


def _says(sentence: Selected, part: Selection, settings: SelectionSettings) -> bool:
    """Return whether a sentence says what is asked for, by itself or where it stands."""
    span = part.spans[sentence.chunk.chunk_id]
    there = sentence.start <= span.start < sentence.end and span.margin >= settings.part_margin
    alone = sentence.span is not None and sentence.span.margin >= settings.part_quote_margin
    return there or alone


def of_others(
    asked: str, whole: Selection, scorer: SentenceScorer, settings: SelectionSettings
) -> tuple[Selected, ...]:
    """Return the best sentence of each other passage that answers, for a comparison.

    Its sides may stand in two passages, and each passage answers it by half.
    """
    reach, margin = settings.other_reach, settings.other_margin
    room = settings.statements - len(whole.sentences)
    return _elsewhere(asked, whole, scorer, settings, reach=reach, margin=margin, room=room)


def of_equal(
    asked: str, whole: Selection, scorer: SentenceScorer, settings: SelectionSettings
) -> tuple[Selected, ...]:
    """Return the best sentence of another passage that answers about as well, if there is one.

    Which of the two is meant the question does not say, or not clearly enough.
    """
    reach, margin = settings.equal_reach, settings.equal_margin
    room = min(1, settings.statements - len(whole.sentences))
    return _elsewhere(asked, whole, scorer, settings, reach=reach, margin=margin, room=room)


def _elsewhere(
    asked: str,
    whole: Selection,
    scorer: SentenceScorer,
    settings: SelectionSettings,
    *,
    reach: float,
    margin: float,
    room: int,
) -> tuple[Selected, ...]:
    """Return the best sentence of each of `room` passages within reach that are not cited."""
    cited = passages_of(whole.sentences)
    reaching = replace(settings, reach=reach, sentence_passages=len(whole.spans))
    read = by_promise(whole.hits, whole.spans, settings)
    others = [
        hit
        for hit in within_reach(read, whole.spans, reaching)
        if hit.chunk_id not in cited and whole.spans[hit.chunk_id].margin >= margin
    ]
    best = others[: max(0, room)]
    firsts = _first_of_each(by_sentence(asked, best, scorer, settings, whole.spans))
    return tuple(each for each in firsts if not repeats(each, whole.sentences))
