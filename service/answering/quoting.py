"""Which sentences answer: those around the spans that the reading model found."""

import re
from collections.abc import Sequence

from index.values.ports import FoundSpan
from index.values.ranking import Hit, Ranking
from service.citations.quote import Quotation, Quote, QuotingSettings, without_repetitions
from service.citations.quote_text import words_of

# A sentence of fewer words says too little by itself: the one before it is quoted with it.
_FEWEST_WORDS = 4
_LIST_ITEM = re.compile(r"\s*(?:[•▪‣◦●○■\-–—*]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s")
_CONTINUES = re.compile(r"(?:furthermore|moreover|in addition|additionally)\b", re.IGNORECASE)


def quotes_for(ranking: Ranking, settings: QuotingSettings) -> Quotation:
    """Return the quotes that answer a ranking's question, and its parts, in their order."""
    whole, *parts = (reading.hits for reading in ranking.readings)
    first = {hit.chunk_id: quotes_of(hit) for hit in whole[: settings.statements]}
    found = [quote for hit in _answering(whole, settings) for quote in first[hit.chunk_id]]
    parted = [[quote for hit in hits[:1] for quote in quotes_of(hit)] for hits in parts]
    quotes = [*(quote for part in parted for quote in part), *found]
    kept = without_repetitions(quotes)[: settings.statements]
    if any(quote.nearest for quote in kept):
        return Quotation(tuple(kept), likely=tuple(kept), nearest=True)
    others = (quote for each in first.values() for quote in each[:1])
    likely = without_repetitions([*kept, *others])[: settings.statements]
    unanswered = (
        number
        for number, part in enumerate(parted)
        if not any(
            _answers(quote, settings) and quote.repeats(each) for quote in part for each in kept
        )
    )
    return Quotation(tuple(kept), tuple(unanswered), _margin(kept, parts), tuple(likely))


def _margin(quotes: Sequence[Quote], parts: Sequence[Sequence[Hit]]) -> float | None:
    """Return how well the quotes answer: the best of them, and the part that is answered worst."""
    quoted = [quote.span.margin for quote in quotes if quote.span]
    best_of_parts = [hit.span.margin for hits in parts for hit in hits[:1] if hit.span]
    if not quoted:
        return None
    return (max(quoted) + min(best_of_parts)) / 2 if best_of_parts else max(quoted)


def _answers(quote: Quote, settings: QuotingSettings) -> bool:
    return quote.span is not None and quote.span.margin >= settings.margin


def summary_of(ranking: Ranking) -> Quotation:
    """Return the central sentence of each passage, in the order of the document."""
    quotes = [Quote(hit.chunk, hit.span.start, hit.span.end) for hit in ranking.hits if hit.span]
    return Quotation(tuple(without_repetitions(quotes)))


def _answering(hits: Sequence[Hit], settings: QuotingSettings) -> list[Hit]:
    """Return the first hit, and those after it that answer about as well.

    What was read and what is only near are not of one kind: those like the first are returned.
    """
    first, others = hits[:1], hits[1 : settings.statements]
    if any(hit.span and hit.span.nearest for hit in first):
        return [hit for hit in hits[: settings.statements] if hit.span and hit.span.nearest]
    others = [hit for hit in others if not (hit.span and hit.span.nearest)]
    margins = [hit.span.margin for hit in first if hit.span]
    least = max([settings.margin, *(margin - settings.reach for margin in margins)])
    return [*first, *(hit for hit in others if hit.span and hit.span.margin >= least)]


def quotes_of(hit: Hit) -> list[Quote]:
    """Return the sentences of a passage that hold its span; none where only questions do.

    Of a list all items are quoted, with the sentence that leads to them; a sentence of few words
    with the one before it; a sentence that says it goes on ("Furthermore, …") by itself, after it.
    """
    chunk, span = hit.chunk, hit.span
    sentences = [s for s in chunk.sentences if not _is_question(chunk.text[slice(*s)])]
    if span is None or not sentences:
        return []
    held = [n for n, s in enumerate(sentences) if s[0] < span.end and span.start < s[1]]
    first = held[0] if held else _nearest(sentences, span)
    last = held[-1] if held else first
    first, last = _whole_list(chunk.text, sentences, first, last)
    text = chunk.text[sentences[first][0] : sentences[last][1]]
    if first and len(words_of(text)) < _FEWEST_WORDS:
        first -= 1
    quotes = [Quote(chunk, sentences[first][0], sentences[last][1], span)]
    for start, end in sentences[last + 1 :]:
        if not _CONTINUES.match(chunk.text[start:end]):
            break
        quotes.append(Quote(chunk, start, end, span))
    return quotes


def _nearest(sentences: Sequence[tuple[int, int]], span: FoundSpan) -> int:
    """Return the first sentence after a span that stands in none, as in a heading; or the last."""
    after = (n for n, (start, _) in enumerate(sentences) if start >= span.start)
    return next(after, len(sentences) - 1)


def _whole_list(
    text: str, sentences: Sequence[tuple[int, int]], first: int, last: int
) -> tuple[int, int]:
    """Return the range of sentences widened to the whole list that it stands in or leads to."""

    def is_item(number: int) -> bool:
        return 0 <= number < len(sentences) and bool(
            _LIST_ITEM.match(text, sentences[number][0], sentences[number][1])
        )

    leads = text[slice(*sentences[last])].rstrip().endswith(":")
    if not leads and not (is_item(first) and (is_item(first - 1) or is_item(first + 1))):
        return first, last
    while is_item(first):
        first -= 1
    first = max(first, 0)
    while is_item(last + 1):
        last += 1
    return first, last


def _is_question(sentence: str) -> bool:
    return sentence.rstrip(" \n\"'”’»)").endswith(("?", "？", "؟"))


def by_shared_words(asked: str, hits: Sequence[Hit]) -> Quotation:
    """Return the sentence of the best passage with most words of the question: without a model."""
    wanted = set(words_of(asked))
    found = [
        (len(wanted & set(words_of(hit.chunk.text[start:end]))), -start, hit.chunk, start, end)
        for hit in hits[:1]
        for start, end in hit.chunk.sentences
        if not _is_question(hit.chunk.text[start:end])
    ]
    best = max(found, key=lambda each: each[:2], default=None)
    return Quotation((Quote(*best[2:]),) if best else ())
