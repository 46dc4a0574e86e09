"""One answer against the evidence of its question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from corpus.chunk import text_at
from corpus.document import Page, PageSpan
from corpus.ids import sha256_of
from eval.answers.evidence import SquashedDocument, holds
from eval.answers.items import found_items, quotable_items
from eval.question_sets.questions import Evidence, Question
from service.values.answer import Answer, Citation

PagesOf = Callable[[str], Mapping[int, Page]]


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """One question, its answer, and what the answer is worth.

    passage_1     all evidence stands in the first passage, whether it was cited or not
    success_1     all evidence stands in the passage of the first citation
    cited         each quote of the evidence stands in a passage that is cited
    success_3     each quote of the evidence stands in one of the first three passages
    any_3         at least one quote of the evidence stands in one of the first three passages
    precision     share of the quoted characters that are evidence, as the question has it first
    recall        share of the evidence's characters that are quoted
    exact         citations whose quote is the page text at its offsets, and fits its checksum
    items         required items of the answer that the evidence holds in these words
    items_found   those of them that stand in a quote

    All but `exact` are 0 for a question that is not answerable. In an abstention there are passages
    but no citations: success_1, cited, precision, recall and items_found are 0 then.
    """

    question: Question
    answer: Answer
    passage_1: float
    success_1: float
    cited: float
    success_3: float
    any_3: float
    precision: float
    recall: float
    exact: int
    items: int
    items_found: int

    @property
    def abstained(self) -> bool:
        """Whether nothing is stated as the answer: likely quotes count as none."""
        return self.answer.status != "answered"

    @property
    def right(self) -> float:
        """1 if the answer is right, or would have been: what a confidence is a probability of.

        Right: the question is answerable and the passages that are cited hold all the evidence:
        what asks for two things may be answered from two places. Where nothing is cited the first
        passage stands for them, so that a score can be judged on all questions, whatever was
        decided with it.
        """
        return self.cited if self.answer.citations else self.passage_1

    @property
    def item_recall(self) -> float | None:
        """The share of the items that was found; None where no item can be."""
        return self.items_found / self.items if self.items else None


@dataclass(frozen=True, slots=True)
class AnswerJudge:
    """Judges answers against the evidence; `pages_of` returns a document's stored pages."""

    pages_of: PagesOf

    def judge(self, question: Question, answer: Answer) -> JudgedAnswer:
        """Return what the answer is worth."""
        texts = [passage.text for passage in answer.passages[:3]]
        precision, recall = self._overlap(question.evidence, answer.citations)
        items = quotable_items(question.answers, [each.quote for each in question.evidence])
        return JudgedAnswer(
            question=question,
            answer=answer,
            passage_1=float(_holds_all(texts[:1], question)),
            success_1=float(_holds_all(_cited(answer)[:1], question)),
            cited=float(_holds_all(_cited(answer), question)),
            success_3=float(_holds_all(texts, question)),
            any_3=float(_holds_any(texts, question)),
            precision=precision,
            recall=recall,
            exact=sum(self._is_exact(citation) for citation in answer.citations),
            items=len(items),
            items_found=found_items(items, [citation.quote for citation in answer.citations]),
        )

    def _is_exact(self, citation: Citation) -> bool:
        spans = tuple(PageSpan(s.page, s.start, s.end) for s in citation.spans)
        pages = self.pages_of(citation.doc_id)
        if any(span.page not in pages for span in spans):
            return False
        fits = sha256_of(citation.quote) == citation.quote_sha256
        return fits and text_at(spans, pages) == citation.quote

    def _overlap(
        self, evidence: Sequence[Evidence], citations: Sequence[Citation]
    ) -> tuple[float, float]:
        """Return precision and recall in characters that are not white space."""
        quoted = right = 0
        best = dict.fromkeys(evidence, 0)
        for doc_id in dict.fromkeys(citation.doc_id for citation in citations):
            document = SquashedDocument.of(self.pages_of(doc_id))
            covered = document.covered(
                (span.page, span.start, span.end)
                for citation in citations
                if citation.doc_id == doc_id
                for span in citation.spans
            )
            places: set[int] = set()
            for each in evidence:
                for occurrence in document.occurrences(each.quote):
                    places.update(occurrence)
                    best[each] = max(best[each], len(covered.intersection(occurrence)))
            quoted += len(covered)
            right += len(covered & places)
        sought = sum(len("".join(each.quote.split())) for each in evidence)
        return (right / quoted if quoted else 0.0, sum(best.values()) / sought if sought else 0.0)


def _cited(answer: Answer) -> list[str]:
    """Return the text behind each citation: its passage, or where that is not told its quote."""
    passages = {passage.passage_id: passage.text for passage in answer.passages}
    return [passages.get(each.passage_id, each.quote) for each in answer.citations]


def _holds_all(texts: Sequence[str], question: Question) -> bool:
    """Return whether each quote of the evidence, one way or another, stands in one of the texts."""
    return any(
        bool(way) and all(any(holds(text, each.quote) for text in texts) for each in way)
        for way in question.ways
    )


def _holds_any(texts: Sequence[str], question: Question) -> bool:
    return any(holds(text, each.quote) for text in texts for way in question.ways for each in way)
