"""Which sentences of the passages answer.

A cross-encoder scores each sentence against what is asked, a span finder each passage; the best
sentence answers, those nearly as good join it, and a sentence that says it continues
("Furthermore, …") joins the one before it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.ports import SpanFinder
from index.ranking import Hit
from service.names import missing_share, names_of
from service.selection import Selected, Selection, SelectionSettings
from service.sentence_scores import (
    SentenceScorer,
    by_promise,
    by_sentence,
    promising_spans,
    repeats,
    text_of,
    with_spans,
    within_reach,
)
from service.several import SEVERAL, of_equal, of_others, of_part, told, with_nearest, with_parts

CONTINUES = re.compile(
    r"(furthermore|moreover|in addition|additionally|further|also|likewise|similarly|besides|"
    r"además|asimismo|también|en outre|de plus|par ailleurs)\b",
    re.IGNORECASE,
)
ENDS = re.compile(r"[.!?…:;][\"'”’»)\]]*$")


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
    if parts:
        found = tuple(of_part(part, hits, scorer, settings, finder) for part in parts)
        sentences = with_parts(whole.sentences, found, settings)
        untold = tuple(n for n, each in enumerate(found) if not told(each, sentences, settings))
        sentences = with_nearest(sentences, [found[n] for n in untold], settings)
        return replace(whole, sentences=sentences, parts=found, untold=untold)
    more = of_others if SEVERAL.search(asked) else of_equal
    others = with_spans(asked, more(asked, whole, scorer, settings), finder)
    return replace(whole, sentences=(*whole.sentences, *others))


def _select_one(
    asked: str,
    hits: Sequence[Hit],
    scorer: SentenceScorer,
    settings: SelectionSettings,
    finder: SpanFinder | None,
) -> Selection:
    read, unread = hits[: settings.passages], hits[settings.passages :]
    spans = promising_spans(asked, read, finder, settings) if finder else {}
    scorable: Sequence[Hit] = read
    if spans:
        read = by_promise(read, spans, settings)
        scorable = within_reach(read, spans, settings)
    by_score = by_sentence(asked, scorable, scorer, settings, spans)
    place = {s.chunk.chunk_id: n for n, s in reversed(list(enumerate(by_score)))}
    ordered = sorted(read, key=lambda hit: place.get(hit.chunk_id, len(by_score)))
    renumbered = (replace(hit, rank=n) for n, hit in enumerate([*ordered, *unread], start=1))
    chosen = _with_sides(asked, _chosen(by_score, settings), by_score, settings)
    answering = _answering(with_spans(asked, chosen, finder), settings)
    return Selection(answering, tuple(renumbered), spans)


def _answering(chosen: tuple[Selected, ...], settings: SelectionSettings) -> tuple[Selected, ...]:
    """Return the first sentence, and those that join it without those that answer nothing.

    Beside the first in its passage many a sentence has the question's words and no answer.
    """
    return tuple(
        each
        for each in chosen
        if each is chosen[0]
        or each.span is None
        or each.span.margin >= settings.joining_margin
        or each.chunk.chunk_id != chosen[0].chunk.chunk_id
    )


def _chosen(by_score: Sequence[Selected], settings: SelectionSettings) -> tuple[Selected, ...]:
    chosen: list[Selected] = []
    for sentence in by_score:
        far_behind = sentence.score < by_score[0].score - settings.margin
        if far_behind or len(chosen) >= settings.statements:
            break
        for part in (sentence, *_continuations(sentence, by_score)):
            joins = not chosen or (ENDS.search(text_of(part)) and not repeats(part, chosen))
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
        said = " ".join(text_of(each) for each in found)
        lacking = [side for side in sides if missing_share([side], said)]
        if len(sides) < 2 or len(lacking) == len(sides):
            continue
        for side in lacking:
            for sentence in by_score:
                if sentence.score < by_score[0].score - settings.side_margin:
                    break
                joins = ENDS.search(text_of(sentence)) and not repeats(sentence, found)
                if joins and not missing_share([side], text_of(sentence)):
                    found.append(sentence)
                    break
    return tuple(found[: settings.statements])


def _continuations(sentence: Selected, scored: Sequence[Selected]) -> list[Selected]:
    found: list[Selected] = []
    at = {each.key: each for each in scored}
    following = at.get((sentence.chunk.chunk_id, sentence.sentence + 1))
    while following is not None and CONTINUES.match(text_of(following)):
        found.append(following)
        following = at.get((following.chunk.chunk_id, following.sentence + 1))
    return found
