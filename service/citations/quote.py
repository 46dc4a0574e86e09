"""What is quoted to answer: sentences of passages that were found, each with its place."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.chunk import Chunk
from index.values.ports import FoundSpan
from service.citations.quote_text import as_one_line
from service.values.answer import AnswerSpan


@dataclass(frozen=True, slots=True)
class QuotingSettings:
    """Which sentences are quoted.

    The best passage is quoted, and those of the next two with a margin of `margin` or more that are
    no more than `reach` behind it. A part of the question is answered by a passage with a margin of
    `margin` or more. Up to `statements` are quoted in all. Margins are log odds that a passage
    answers.
    """

    statements: int = 3
    margin: float = -2.0
    reach: float = 12.0


@dataclass(frozen=True, slots=True)
class Quote:
    """`chunk.text[start:end]`: one sentence, or several in a row; and the span it is quoted for.

    `span` is in code points of the chunk's text; None where no model read the passage.
    """

    chunk: Chunk
    start: int
    end: int
    span: FoundSpan | None = None

    @property
    def nearest(self) -> bool:
        """Return whether it is only what is nearest to the question: no model read the words."""
        return self.span is not None and self.span.nearest

    @property
    def text(self) -> str:
        """The words as they stand in the passage."""
        return self.chunk.text[self.start : self.end]

    @property
    def answer_span(self) -> AnswerSpan | None:
        """The words of the quote that answer, in code points of it; None if none were found."""
        if self.span is None or self.nearest:
            return None
        start = max(self.span.start, self.start) - self.start
        end = min(self.span.end, self.end) - self.start
        return AnswerSpan(start, end, self.text[start:end]) if start < end else None

    def overlaps(self, other: "Quote") -> bool:
        """Return whether both quote some of the same words of one passage."""
        same = self.chunk.chunk_id == other.chunk.chunk_id
        return same and self.start < other.end and other.start < self.end

    def repeats(self, other: "Quote") -> bool:
        """Return whether both overlap, or say the same words wherever they stand."""
        said, before = as_one_line(self.text), as_one_line(other.text)
        return self.overlaps(other) or said.casefold() == before.casefold()


@dataclass(frozen=True, slots=True)
class Quotation:
    """The quotes of an answer, in the order in which they are given.

    `unanswered` are the numbers, from 0, of the question's parts that no quote answers. `margin` is
    how well they answer, for a confidence: the highest margin of a quoted passage; of a question in
    parts the mean of that and of the margin of the part that is answered worst. None where no model
    read the passages. `likely` are the quotes and those of the next passages, for an answer that is
    not sure. `nearest`: a quote is only what is nearest to the question, in whatever
    language; the margin is None.
    """

    quotes: tuple[Quote, ...]
    unanswered: tuple[int, ...] = ()
    margin: float | None = None
    likely: tuple[Quote, ...] = ()
    nearest: bool = False


def without_repetitions(quotes: Sequence[Quote]) -> list[Quote]:
    """Return the quotes that neither overlap one before them nor say the same words."""
    kept: list[Quote] = []
    for quote in quotes:
        if not any(quote.repeats(each) for each in kept):
            kept.append(quote)
    return kept
