"""Our own questions with passages of their report: the one that answers, and the nearest others."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.chunk import Chunk
from corpus.store import Store
from eval.question_sets.nearest_texts import NearestTexts
from eval.question_sets.questions import Question

_NEAREST = 20
_LONGEST_SPAN = 300  # characters of a quote that serves as the span where no answer item stands


@dataclass(frozen=True, slots=True)
class AnsweringSpan:
    """A passage and the place of the answer in its text, half-open."""

    chunk: Chunk
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class QuestionPassages:
    """A question with its answering passage, None for a near miss, and others that do not answer.

    All are of the question's report; `others` by their words, nearest first.
    """

    question: Question
    evidence: AnsweringSpan | None
    others: tuple[Chunk, ...]


def with_passages(questions: Sequence[Question], store: Store) -> Iterator[QuestionPassages]:
    """Yield the questions, whose evidence must have its quotes, with passages of the store.

    A question is left out if its evidence stands in no single passage.
    """
    chunks: dict[str, list[Chunk]] = defaultdict(list)
    for chunk in store.current_chunks():
        chunks[chunk.doc_id].append(chunk)
    held: Mapping[str, list[Chunk]] = {
        document.sha256: chunks[document.doc_id] for document in store.documents()
    }
    rankings: dict[str, NearestTexts] = {}
    for question in questions:
        document = question.document_sha256 or ""
        passages = held[document]
        evidence = _answering(question, passages) if question.answerable else None
        if question.answerable and evidence is None:
            continue
        if document not in rankings:
            rankings[document] = NearestTexts([chunk.search_text for chunk in passages])
        near = [passages[row] for row in rankings[document].nearest(question.text, _NEAREST)]
        others = tuple(chunk for chunk in near if not _may_answer(question, chunk))
        yield QuestionPassages(question, evidence, others)


def _answering(question: Question, chunks: Sequence[Chunk]) -> AnsweringSpan | None:
    """Return the first passage that holds a whole quote, and the answer's place in it."""
    for evidence in question.evidence:
        for chunk in chunks:
            at = chunk.text.find(evidence.quote)
            if at < 0 or all(span.page != evidence.page for span in chunk.spans):
                continue
            for item in question.answers:
                place = evidence.quote.lower().find(item.lower())
                if place >= 0:
                    return AnsweringSpan(chunk, at + place, at + place + len(item))
            if len(evidence.quote) <= _LONGEST_SPAN:
                return AnsweringSpan(chunk, at, at + len(evidence.quote))
    return None


def _may_answer(question: Question, chunk: Chunk) -> bool:
    """Return whether the passage holds a quote, part of one, or an answer's words."""
    pages = {span.page: (span.start, span.end) for span in chunk.spans}
    for evidence in question.evidence:
        if evidence.page in pages and evidence.start is not None and evidence.end is not None:
            low, high = pages[evidence.page]
            if low < evidence.end and evidence.start < high:
                return True
    return holds_item(chunk.text, question.answers)


def holds_item(text: str, items: Iterable[str]) -> bool:
    """Return whether the words of one of the items stand in the text, whatever the case."""
    low = text.lower()
    return any(re.search(rf"(?<!\w){re.escape(item.lower())}(?!\w)", low) for item in items)
