"""The main path of the room: a question in, a cited answer out, or why there is none.

Forward once: question → ranking (each passage read) → quotes → decision → answer.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime

from corpus.ids import ChunkId, sha256_of
from corpus.store import Store
from index.documents.filters import Filters
from index.query.splitting import clause_of
from index.retrieval.explaining import Explanation
from index.retrieval.retrieving import Retriever
from index.retrieval.stopwatch import Stopwatch
from index.values.ports import Reranker
from index.values.ranking import Hit, QueryInterpretation, Ranking
from service.answering.conflicts.conflicting import agreeing, conflicts_of
from service.answering.names import forms_to_look_up, names_of
from service.answering.quoting import by_shared_words, quotes_for, summary_of
from service.answering.small_talk import is_small_talk, said_of
from service.answering.unreadable_pages import points_to_unreadable
from service.citations.citing import Citer, documents_of
from service.citations.passages import passages_of
from service.citations.quote import Quotation, Quote, QuotingSettings
from service.citations.quote_text import as_statement
from service.confidence.confidence_file import ConfidenceFile
from service.confidence.deciding import Decision, DecisionSettings, Evidence, decide
from service.values.answer import Answer, Citation, Passage, Receipt, Search, Statement
from service.values.request import Request

GENERATOR = "extractive/1"


@dataclass(frozen=True, slots=True)
class AnsweringSettings:
    """What is quoted, and when it is the answer.

    `max_wrong` is the share of answers that may be wrong, where a request says nothing else.
    """

    quoting: QuotingSettings = field(default_factory=QuotingSettings)
    decision: DecisionSettings = field(default_factory=DecisionSettings)
    max_wrong: float = 0.15


@dataclass(frozen=True, slots=True)
class ScoredAnswer:
    """An answer with the margin that its confidence is made of; None where no passage was read."""

    answer: Answer
    margin: float | None


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers from one snapshot.

    `confidence` was fitted on the scores of these models, or is None.
    """

    retriever: Retriever
    store: Store
    citer: Citer
    snapshot: str
    embedder: str
    reranker: Reranker | None
    settings: AnsweringSettings
    confidence: ConfidenceFile | None = None

    def answer(
        self,
        question: str,
        request: Request,
        on_passages: Callable[[tuple[Passage, ...]], None] | None = None,
    ) -> Answer:
        """Return statements with citations, or an abstention with its reason.

        `on_passages` is told the passages as they were found, before their sentences are read.
        """
        return self.consider(question, request, on_passages).answer

    def consider(
        self,
        question: str,
        request: Request,
        on_passages: Callable[[tuple[Passage, ...]], None] | None = None,
    ) -> ScoredAnswer:
        """Return the answer with what its confidence is made of. Otherwise as `answer`."""
        if is_small_talk(question):
            return ScoredAnswer(self._without_question(question, request), None)
        ranking = self._retrieve(question, request, summaries=True)
        if on_passages is not None:
            on_passages(passages_of(ranking.hits, self.citer))
        watch = Stopwatch()
        quotation = self._quotes(ranking)
        margin = quotation.margin
        confidence = None
        if self.confidence is not None and margin is not None:
            confidence = self.confidence.probability(margin)
        absent = self._absent(ranking.understood.asked, request)
        decision = self._decide(ranking, request, quotation, confidence, absent)
        draft = _Draft(decision, confidence, quotation, absent)
        answer = self._compose(ranking, request, draft)
        watch.lap("answer")
        timings = _both(ranking.timings_ms, watch.laps_ms())
        return ScoredAnswer(replace(answer, timings_ms=timings), margin)

    def _without_question(self, text: str, request: Request) -> Answer:
        """Return what the collection holds, to a text that asks nothing of it."""
        documents = [
            document
            for document in self.store.documents()
            if request.collections is None or document.collection in request.collections
        ]
        return Answer(
            question=text,
            understood=QueryInterpretation((), text),
            status="abstained",
            reason="no_question",
            confidence=None,
            answer=said_of(documents),
            statements=(),
            citations=(),
            passages=(),
            receipt=self._receipt(text, request, ()),
        )

    def search(self, query: str, request: Request) -> Search:
        """Return passages with their score parts."""
        ranking = self._retrieve(query, request)
        return Search(
            query=query,
            understood=ranking.understood,
            passages=passages_of(ranking.hits, self.citer),
            receipt=self._receipt(query, _again(request, ranking), None),
            timings_ms=ranking.timings_ms,
            reranked=ranking.reranked,
        )

    def explain(self, question: str, passage_id: str, request: Request) -> Explanation:
        """Return why a passage stands where it does for a question, or does not."""
        return self.retriever.explain(
            question,
            ChunkId(passage_id),
            k=request.passages,
            mode=request.mode,
            filters=Filters.parse(request.filters),
            rerank=_reranked_of(request),
            collections=request.collections,
        )

    def _retrieve(self, question: str, request: Request, *, summaries: bool = False) -> Ranking:
        return self.retriever.retrieve(
            question,
            k=request.passages,
            mode=request.mode,
            filters=Filters.parse(request.filters),
            rerank=_reranked_of(request),
            budget_ms=request.budget_ms if request.scored is None else None,
            collections=request.collections,
            summaries=summaries,
        )

    def _quotes(self, ranking: Ranking) -> Quotation:
        if ranking.understood.kind == "summary":
            return summary_of(ranking)
        if any(hit.span for hit in ranking.hits):
            return quotes_for(ranking, self.settings.quoting)
        return by_shared_words(ranking.understood.asked, ranking.hits)

    def _decide(
        self,
        ranking: Ranking,
        request: Request,
        quotation: Quotation,
        confidence: float | None,
        absent: tuple[str, ...],
    ) -> Decision:
        """Return the outcome; whether pages could not be read is looked up only without answer."""
        max_wrong = request.max_wrong or self.settings.max_wrong
        grounds = Evidence(
            ranking.hits,
            quotes=len(quotation.quotes),
            confidence=confidence,
            needed=self.confidence.threshold(max_wrong) if self.confidence else None,
            absent=absent,
            nearest=quotation.nearest,
        )
        decision = decide(grounds, self.settings.decision)
        if decision.status == "answered" or not points_to_unreadable(
            ranking.query, ranking.understood, self.store, request.collections
        ):
            return decision
        return decide(replace(grounds, unreadable=True), self.settings.decision)

    def _absent(self, asked: str, request: Request) -> tuple[str, ...]:
        """Return the names in what is asked that no passage holds in any form."""
        forms = {name: forms_to_look_up(name) for name in names_of(asked).names}
        absent = self.retriever.absent(
            [form for each in forms.values() for form in each],
            filters=Filters.parse(request.filters),
            collections=request.collections,
        )
        return tuple(name for name, each in forms.items() if each and set(each) <= set(absent))

    def _cite(self, quotes: Sequence[Quote], hits: Sequence[Hit]) -> tuple[Citation, ...]:
        """Return a citation a quote, with the words that answer and who else says the same."""
        documents = documents_of(self.store, [quote.chunk.doc_id for quote in quotes])
        return tuple(
            replace(
                self.citer.cite(number, q.chunk, documents[q.chunk.doc_id], q.start, q.end),
                answer_span=q.answer_span,
                repeated_in=self.citer.repeated(q, hits),
            )
            for number, q in enumerate(quotes, start=1)
        )

    def _compose(self, ranking: Ranking, request: Request, draft: "_Draft") -> Answer:
        decision = draft.decision
        quotation = Quotation(()) if decision.status == "abstained" else draft.quotation
        unsure = decision.status == "unsure"
        quotes = (quotation.likely if unsure else ()) or quotation.quotes
        citations = self._cite(agreeing(quotes), ranking.hits)
        statements = tuple(Statement(as_statement(c.quote), (c.number,)) for c in citations)
        parts = ranking.understood.parts
        passages = passages_of(ranking.hits, self.citer)
        return Answer(
            question=ranking.query,
            understood=ranking.understood,
            status=decision.status,
            reason=decision.reason,
            confidence=draft.confidence,
            answer=" ".join(f"{s.text} [{s.citations[0]}]" for s in statements),
            statements=statements,
            citations=citations,
            passages=passages,
            receipt=self._receipt(ranking.query, _again(request, ranking), citations),
            conflicts=conflicts_of(citations, passages, self.store, self.citer),
            reranked=ranking.reranked,
            absent_names=draft.absent if decision.reason == "premise_not_in_collection" else (),
            unanswered_parts=tuple(clause_of(parts[n]) for n in quotation.unanswered),
        )

    def _receipt(
        self, question: str, request: Request, citations: tuple[Citation, ...] | None
    ) -> Receipt:
        parameters: dict[str, object] = {
            "request": asdict(request),
            "retrieval": asdict(self.retriever.settings),
            "answering": asdict(self.settings),
        }
        reads = self.reranker is not None and request.rerank
        fitted = reads and citations is not None
        quoted = [(c.passage_id, c.quote_sha256) for c in citations or ()]
        answer_id = sha256_of(json.dumps([question, self.snapshot, parameters, quoted]))
        return Receipt(
            answer_id=f"a{answer_id[:20]}",
            snapshot=self.snapshot,
            embedder=self.embedder,
            reranker=self.reranker.name if self.reranker and reads else None,
            generator=GENERATOR,
            parameters=parameters,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            confidence=self.confidence.fingerprint if fitted and self.confidence else None,
        )


@dataclass(frozen=True, slots=True)
class _Draft:
    """What an answer is composed of: the decision, how sure it is, the quotes, and the names that
    no passage holds.
    """

    decision: Decision
    confidence: float | None
    quotation: Quotation
    absent: tuple[str, ...]


def _both(first: Mapping[str, float], then: Mapping[str, float]) -> dict[str, float]:
    """Return the milliseconds of two stopwatches, one after the other."""
    return {**first, **then, "total": first.get("total", 0.0) + then["total"]}


def _reranked_of(request: Request) -> bool | int:
    """Return whether candidates are reranked; their number, where a receipt says it."""
    return request.scored if request.rerank and request.scored is not None else request.rerank


def _again(request: Request, ranking: Ranking) -> Request:
    """Return the request that gives this ranking again: what was scored in time, counted."""
    if request.budget_ms is None or ranking.reranked is None:
        return request
    return replace(request, scored=ranking.reranked.scored)
