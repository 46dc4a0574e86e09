"""An explanation as HTML: what became of a passage, in words, and the numbers behind them."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import HTMLResponse

from corpus.chunk import Chunk
from index.retrieval.explaining import Explanation
from service.citations.page import Highlights
from service.http.web.rendering import html
from service.http.web.viewer import say
from service.wire.problems import Problem


@dataclass(frozen=True, slots=True)
class ExplainedPassage:
    """A passage, the title of its document, and what became of it."""

    chunk: Chunk
    title: str
    explanation: Explanation

    @property
    def path(self) -> str:
        """The address of its first page, with the passage marked."""
        first = self.chunk.spans[0]
        marks = Highlights(((first.start, first.end),))
        return f"/documents/{self.chunk.doc_id}/pages/{first.page}{marks.query}"

    @property
    def reasons(self) -> list[str]:
        """What became of it, and which words of the question it has, a sentence each."""
        found = self.explanation
        said = [
            say(
                f"explain.{found.outcome}",
                rank=found.rank,
                depth=found.depth,
                score=number(found.score),
                last=number(found.last_score),
            )
        ]
        if found.matched:
            said.append(say("explain.matched", words=", ".join(found.matched)))
        if found.unmatched:
            said.append(say("explain.unmatched", words=", ".join(found.unmatched)))
        return said

    @property
    def numbers(self) -> list[tuple[str, str]]:
        """Each part of the score, by name."""
        scores = self.explanation.scores
        return [
            (say("explain.meaning"), number(scores.dense)),
            (say("explain.words"), number(scores.lexical)),
            (say("explain.reading"), number(scores.rerank)),
        ]


def explain_page(
    question: str,
    passages: Sequence[ExplainedPassage] = (),
    problem: Problem | None = None,
) -> HTMLResponse:
    """Return what became of each passage, or what went wrong."""
    status = problem.status if problem else 200
    return html(
        "explain.html", status=status, question=question, passages=passages, problem=problem
    )


def number(value: float | None) -> str:
    """Return a score to two places; a dash for one that was not computed.

    >>> number(-0.456), number(None)
    ('−0.46', '–')
    """
    return "–" if value is None else f"{value:.2f}".replace("-", "−")
