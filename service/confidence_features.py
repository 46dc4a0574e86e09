"""What an answer says of itself: the numbers that a confidence is fitted on."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from corpus.ids import ChunkId
from index.ports import FoundSpan
from index.ranking import Hit, Ranking, Understood
from service.answer_type import holds_type, type_asked
from service.modality import asks_for_a_deed, modality_of
from service.names import Names, missing_share, names_of
from service.selection import Selected, Selection, passages_of
from service.sentence_scores import WORD, readable

FLOOR_LOGIT = -12.0  # what the cross-encoders give to a text about something else altogether
FLOOR_MARGIN = -20.0  # the margin of a passage in which nothing answers


@dataclass(frozen=True, slots=True)
class ConfidenceFeatures:
    """Numbers of one answer; a confidence model's weights are by the names of these fields.

    passage_logit      the cross-encoder's highest score of a passage
    cited_logit        its score of the passage that is cited first
    sentence_logit     its score of the sentence that is cited first, read by itself
    cosine             the highest similarity of question and passage
    document_lead      passage_logit less that of the best passage of another document; 0 if none
    margin             of the span found in the passage that is cited first
    margin_lead        that, less the highest margin in another passage that was read; 0 if none
    span_score         the score of that span
    null_score         the score of "not here" in that passage
    answers            the logit of "this passage answers" of it
    quote_margin       of the span found in the sentence that is cited first, read by itself
    weakest_margin     the lowest margin: of the passages that answer the question's parts best, or
                       of those that are cited where it has no parts
    weakest_quote      the lowest quote_margin, of the best sentence for each part; where it has no
                       parts that of the sentence that is cited first
    part_count         parts of the question, 1 where it has none
    passage_count      passages that are cited, 0..
    agreement          passages that were read beside it whose span is the same words, 0..
    rare_words         share of the question's rare words that stand in the quotes, 0..1
    rare_words_near    share of them that stand in the cited passages, their sections, the document
    names_missing      share of the names of what is asked that stand in none of these, 0..1
    years_missing      share of its years that do not
    numbers_missing    share of its other numbers that do not
    names_unquoted     share of its names that do not stand in the first quote
    years_unquoted     share of its years that do not
    source_missing     share of what else the question names (its report) that stands in none
    type_missing       1 if it asks for a number or a date and the first quote holds none
    plan_for_deed      1 if it asks for a deed and the first quote speaks of a plan
    advice_for_deed    1 if it asks for a deed and the first quote recommends
    denied             1 if the first quote denies and the question does not
    named              1 if the question names documents and the first quote is from one of them
    elsewhere          1 if it names documents and the first quote is from another

    Where nothing is quoted the first passage stands for the quotes. A score that no passage has is
    the lowest.
    """

    passage_logit: float
    cited_logit: float
    sentence_logit: float
    cosine: float
    document_lead: float
    margin: float
    margin_lead: float
    span_score: float
    null_score: float
    answers: float
    quote_margin: float
    weakest_margin: float
    weakest_quote: float
    part_count: float
    passage_count: float
    agreement: float
    rare_words: float
    rare_words_near: float
    names_missing: float
    years_missing: float
    numbers_missing: float
    names_unquoted: float
    years_unquoted: float
    source_missing: float
    type_missing: float
    plan_for_deed: float
    advice_for_deed: float
    denied: float
    named: float
    elsewhere: float


NAMES = tuple(each.name for each in fields(ConfidenceFeatures))


def values_of(features: ConfidenceFeatures, names: Sequence[str] = NAMES) -> tuple[float, ...]:
    """Return the numbers in the order of the names."""
    return tuple(float(getattr(features, name)) for name in names)


def features_of(ranking: Ranking, selection: Selection, source: str = "") -> ConfidenceFeatures:
    """Return the features of an answer that quotes the selection's sentences.

    `source` says what the first cited document is: its title, its file, its date.
    """
    understood, hits = ranking.understood, selection.hits
    asked = understood.asked
    by_id = {hit.chunk_id: hit for hit in hits}
    first = selection.sentences[0] if selection.sentences else None
    cited = by_id[first.chunk.chunk_id] if first else (hits[0] if hits else None)
    quotes = [readable(each.quote) for each in selection.sentences] or _first_text(hits)
    quote = quotes[0] if quotes else ""
    around = f"{source} {_around(hits, selection)}" if cited else ""
    said, asked_of = modality_of(quote), modality_of(asked)
    deed, wanted, named = asks_for_a_deed(asked), type_asked(asked), names_of(asked)
    texts = [hit.chunk.text for hit in hits]
    span = selection.spans.get(cited.chunk_id) if cited else None
    return ConfidenceFeatures(
        passage_logit=_highest((hit.scores.rerank for hit in hits), FLOOR_LOGIT),
        cited_logit=_highest([cited.scores.rerank] if cited else [], FLOOR_LOGIT),
        sentence_logit=first.logit if first else FLOOR_LOGIT,
        cosine=_highest((hit.scores.dense for hit in hits), 0.0),
        document_lead=_document_lead(hits),
        margin=span.margin if span else FLOOR_MARGIN,
        margin_lead=_margin_lead(cited, selection) if cited and span else 0.0,
        span_score=span.score if span else FLOOR_LOGIT,
        null_score=span.null_score if span else 0.0,
        answers=span.answers if span else FLOOR_LOGIT,
        quote_margin=_quote_margin(selection),
        weakest_margin=_weakest_margin(selection),
        weakest_quote=min(map(_quote_margin, selection.parts or (selection,))),
        part_count=float(max(1, len(selection.parts))),
        passage_count=float(len(passages_of(selection.sentences))),
        agreement=_agreement(cited, span, selection) if cited and span else 0.0,
        rare_words=rare_word_share(asked, quotes, texts),
        rare_words_near=rare_word_share(asked, [around], texts),
        names_missing=missing_share(named.names, around),
        years_missing=missing_share(named.years, around),
        numbers_missing=missing_share(named.numbers, around),
        names_unquoted=missing_share(named.names, quote),
        years_unquoted=missing_share(named.years, quote),
        source_missing=missing_share(_others(ranking.query, understood, named), around),
        type_missing=float(not holds_type(quote, wanted)),
        plan_for_deed=float(deed and said.planned),
        advice_for_deed=float(deed and said.recommended),
        denied=float(said.denied and not asked_of.denied),
        named=float(bool(understood.documents) and _is_of(cited, understood)),
        elsewhere=float(bool(understood.documents) and not _is_of(cited, understood)),
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


def _others(query: str, understood: Understood, asked: Names) -> list[str]:
    """Return what a question names outside of what it asks.

    What it asks has the collection's own names, the question perhaps others for the same. These are
    read after a word, for a capital that begins a text says nothing.
    """
    same = names_of(" ".join(f"of {name}" for pair in understood.aliases.items() for name in pair))
    inside = {*asked.names, *asked.years, *asked.numbers, *same.names}
    named = names_of(query)
    return [name for name in (*named.names, *named.years, *named.numbers) if name not in inside]


def _first_text(hits: Sequence[Hit]) -> list[str]:
    return [readable(hit.chunk.text) for hit in hits[:1]]


def _highest(scores: Iterable[float | None], floor: float) -> float:
    return max((score for score in scores if score is not None), default=floor)


def _document_lead(hits: Sequence[Hit]) -> float:
    best: dict[str, float] = {}
    for hit in hits:
        if hit.scores.rerank is not None:
            held = best.get(hit.chunk.doc_id, -math.inf)
            best[hit.chunk.doc_id] = max(held, hit.scores.rerank)
    first, *others = sorted(best.values(), reverse=True) or [0.0]
    return first - others[0] if others else 0.0


def _margin_lead(cited: Hit, selection: Selection) -> float:
    others = [s.margin for each, s in selection.spans.items() if each != cited.chunk_id]
    return selection.spans[cited.chunk_id].margin - max(others) if others else 0.0


def _weakest_margin(selection: Selection) -> float:
    if selection.parts:
        return min(_margin(part, part.sentences[:1]) for part in selection.parts)
    return _margin(selection, selection.sentences)


def _margin(selection: Selection, cited: Sequence[Selected]) -> float:
    """Return the lowest margin of the passages that sentences stand in."""
    spans = (selection.spans.get(each.chunk.chunk_id) for each in cited)
    return min((span.margin for span in spans if span is not None), default=FLOOR_MARGIN)


def _quote_margin(selection: Selection) -> float:
    """Return the margin of the span in the first sentence by itself."""
    first = selection.sentences[0] if selection.sentences else None
    return first.span.margin if first and first.span else FLOOR_MARGIN


def _around(hits: Sequence[Hit], selection: Selection) -> str:
    """Return the passages that are cited with their sections; the first one where none is."""
    cited = {each.chunk.chunk_id: each.chunk for each in selection.sentences}
    chunks = list(cited.values()) or [hit.chunk for hit in hits[:1]]
    return " ".join(f"{chunk.context} {readable(chunk.text)}" for chunk in chunks)


def _agreement(cited: Hit, span: FoundSpan, selection: Selection) -> float:
    texts: dict[ChunkId, str] = {hit.chunk_id: hit.chunk.text for hit in selection.hits}
    said = _plain(texts[cited.chunk_id][span.start : span.end])
    if not said:
        return 0.0
    others = (
        _plain(texts[each][found.start : found.end])
        for each, found in selection.spans.items()
        if each != cited.chunk_id
    )
    return float(sum(said in other or (other != "" and other in said) for other in others))


def _is_of(cited: Hit | None, understood: Understood) -> bool:
    return cited is not None and cited.chunk.doc_id in understood.documents


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in WORD.findall(text))
