"""Answers made by hand, over one page."""

from corpus.document import Page
from corpus.ids import sha256_of
from service.values.answer import (
    Answer,
    Citation,
    Passage,
    QueryInterpretation,
    Receipt,
    Scores,
    Span,
)

# Two passages, of 40 and 43 characters; white space as an extraction leaves it.
PAGE = "46 States and 22 ISCMs\n\nsent an answer. The survey was conducted \n in the year 2019."
FIRST = (0, 39)
SECOND = (40, len(PAGE))
NO_SCORES = Scores()
PAGES = {1: Page(1, "1", PAGE)}


def passage(
    start: int, end: int, rank: int, scores: Scores = NO_SCORES, doc_id: str = "d1"
) -> Passage:
    spans = (Span(1, "1", start, end),)
    return Passage(f"c{start}", doc_id, "Survey", (), spans, PAGE[start:end], rank, scores)


def citation(number: int, passage_id: str, start: int, end: int) -> Citation:
    quote = PAGE[start:end]
    return Citation(
        number=number,
        passage_id=passage_id,
        doc_id="d1",
        title="Survey",
        source="survey.txt",
        collection="iscm",
        metadata={},
        section=(),
        spans=(Span(1, "1", start, end),),
        quote=quote,
        quote_sha256=sha256_of(quote),
        document_sha256="0" * 64,
        url="http://127.0.0.1:8000/",
    )


def answer(
    *citations: Citation,
    passages: tuple[Passage, ...] | None = None,
    confidence: float | None = None,
) -> Answer:
    """Return an answer with these citations; without any, an abstention."""
    both = (passage(*FIRST, 1), passage(*SECOND, 2))
    found = both if passages is None else passages
    return Answer(
        question="?",
        understood=QueryInterpretation((), "?"),
        status="answered" if citations else "abstained",
        reason=None if citations else "no_evidence",
        confidence=confidence,
        answer="",
        statements=(),
        citations=citations,
        passages=found,
        receipt=Receipt("a1", "s1", "hash", None, "extractive/1", {}, "2026-01-01T00:00:00+00:00"),
    )
