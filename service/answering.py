"""The main path of the room: a question in, a cited answer or an abstention out."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import PurePath

from corpus.ids import ChunkId, sha256_of
from corpus.store import Store
from index.explaining import Explanation
from index.filters import Filters
from index.ports import Reranker, SpanFinder
from index.ranking import Hit, Ranking
from index.retrieving import Retriever
from index.splitting import as_read, clause_of
from index.stopwatch import Stopwatch
from service.abstaining import AbstentionSettings, Grounds, reason_to_abstain
from service.answer import (
    Answer,
    AnswerSpan,
    Citation,
    Passage,
    Reason,
    Receipt,
    Search,
    Span,
    Statement,
)
from service.citing import Citer, documents_of, labels_of
from service.confidence_features import ConfidenceFeatures, features_of
from service.confidence_file import ConfidenceFile
from service.instruction_like import flags_of
from service.names import forms_to_look_up, names_of
from service.request import Request
from service.selecting import select
from service.selection import Selected, Selection, SelectionSettings
from service.sentence_scores import by_reranker, by_words, readable
from service.several import as_asked
from service.unreadable import points_to_unreadable

GENERATOR = "extractive/1"


@dataclass(frozen=True, slots=True)
class AnsweringSettings:
    """How sentences are selected, and when the answer is `no`.

    `max_wrong` is the share of answers that may be wrong, where a request says nothing else.
    """

    selection: SelectionSettings = field(default_factory=SelectionSettings)
    abstention: AbstentionSettings = field(default_factory=AbstentionSettings)
    max_wrong: float = 0.25


@dataclass(frozen=True, slots=True)
class Considered:
    """An answer with the numbers that its confidence is made of; None where they were not told."""

    answer: Answer
    features: ConfidenceFeatures | None


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
    span_finder: SpanFinder | None = None
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
    ) -> Considered:
        """Return the answer with what its confidence is made of. Otherwise as `answer`."""
        ranking = self._retrieve(question, request)
        if on_passages is not None:
            on_passages(self._passages(ranking.hits))
        watch = Stopwatch()
        selection = self._select(ranking, request)
        ranking = replace(ranking, hits=selection.hits)
        watch.lap("select")
        features = self._features(ranking, selection)
        confidence = self.confidence.probability(features) if self.confidence and features else None
        absent = self._absent(ranking.understood.asked, request)
        reason = self._reason(ranking, request, selection, confidence, absent)
        citations = () if reason else self._cite(selection)
        watch.lap("answer")
        timings = _both(ranking.timings_ms, watch.laps_ms())
        missing = absent if reason == "premise_not_in_collection" else ()
        parts = ranking.understood.parts
        untold = () if reason else tuple(clause_of(parts[n]) for n in selection.untold)
        verdict = _Verdict(confidence, reason, citations, missing, untold)
        return Considered(self._compose(ranking, request, verdict, timings), features)

    def search(self, query: str, request: Request) -> Search:
        """Return passages with their score parts."""
        ranking = self._retrieve(query, request)
        return Search(
            query=query,
            understood=ranking.understood,
            passages=self._passages(ranking.hits),
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

    def _retrieve(self, question: str, request: Request) -> Ranking:
        return self.retriever.retrieve(
            question,
            k=request.passages,
            mode=request.mode,
            filters=Filters.parse(request.filters),
            rerank=_reranked_of(request),
            budget_ms=request.budget_ms if request.scored is None else None,
            collections=request.collections,
        )

    def _select(self, ranking: Ranking, request: Request) -> Selection:
        understood, settings = ranking.understood, self.settings.selection
        asked, hits = understood.asked, ranking.hits
        if self.reranker and request.rerank:
            scorer = by_reranker(self.reranker)
            parts = [as_read(part) for part in understood.parts]
            return select(asked, hits, scorer, settings, self.span_finder, parts)
        # Shared words tell sentences of one passage apart; they do not rank passages.
        return select(asked, hits, by_words, replace(settings, passages=1))

    def _features(self, ranking: Ranking, selection: Selection) -> ConfidenceFeatures | None:
        """Return the numbers that a confidence is made of; None where no passage was read."""
        if not selection.spans or not selection.sentences:
            return None
        document = self.store.document(selection.sentences[0].chunk.doc_id)
        named = (document.title, PurePath(document.source).name, document.date or "")
        return features_of(ranking, selection, " ".join(named))

    def _reason(
        self,
        ranking: Ranking,
        request: Request,
        selection: Selection,
        confidence: float | None,
        absent: tuple[str, ...],
    ) -> Reason | None:
        """Return why there is no answer, or None. What was unreadable is looked up only then."""
        max_wrong = request.max_wrong or self.settings.max_wrong
        grounds = Grounds(
            ranking.hits,
            quotes=len(selection.sentences),
            confidence=confidence,
            needed=self.confidence.threshold(max_wrong) if self.confidence else None,
            absent=absent,
        )
        reason = reason_to_abstain(grounds, self.settings.abstention)
        if reason is None or not points_to_unreadable(
            ranking.query, ranking.understood, self.store, request.collections
        ):
            return reason
        return reason_to_abstain(replace(grounds, unreadable=True), self.settings.abstention)

    def _absent(self, asked: str, request: Request) -> tuple[str, ...]:
        """Return the names in what is asked that no passage holds in any form."""
        forms = {name: forms_to_look_up(name) for name in names_of(asked).names}
        absent = self.retriever.absent(
            [form for each in forms.values() for form in each],
            filters=Filters.parse(request.filters),
            collections=request.collections,
        )
        return tuple(name for name, each in forms.items() if each and set(each) <= set(absent))

    def _cite(self, selection: Selection) -> tuple[Citation, ...]:
        """Return a citation a sentence, with the words that answer and who else says the same."""
        chosen = as_asked(selection, self.settings.selection)
        documents = documents_of(self.store, [s.chunk.doc_id for s in chosen])
        return tuple(
            replace(
                self.citer.cite(number, s.chunk, documents[s.chunk.doc_id], s.start, s.end),
                answer_span=_answer_span(s),
                repeated_in=self.citer.repeated(s, selection.hits),
            )
            for number, s in enumerate(chosen, start=1)
        )

    def _passages(self, hits: Sequence[Hit]) -> tuple[Passage, ...]:
        documents = documents_of(self.store, [hit.chunk.doc_id for hit in hits])
        labels = labels_of(self.store, [hit.chunk for hit in hits])
        return tuple(
            Passage(
                passage_id=hit.chunk_id,
                doc_id=hit.chunk.doc_id,
                title=documents[hit.chunk.doc_id].title,
                section=hit.chunk.section,
                spans=tuple(
                    Span(s.page, labels[hit.chunk.doc_id][s.page], s.start, s.end)
                    for s in hit.chunk.spans
                ),
                text=hit.chunk.text,
                rank=hit.rank,
                scores=hit.scores,
                flags=flags_of(hit.chunk.text),
            )
            for hit in hits
        )

    def _compose(
        self,
        ranking: Ranking,
        request: Request,
        verdict: "_Verdict",
        timings: Mapping[str, float],
    ) -> Answer:
        citations = verdict.citations
        statements = tuple(Statement(readable(c.quote), (c.number,)) for c in citations)
        return Answer(
            question=ranking.query,
            understood=ranking.understood,
            status="abstained" if verdict.reason else "answered",
            reason=verdict.reason,
            confidence=verdict.confidence,
            answer=" ".join(f"{s.text} [{s.citations[0]}]" for s in statements),
            statements=statements,
            citations=citations,
            passages=self._passages(ranking.hits),
            receipt=self._receipt(ranking.query, _again(request, ranking), citations),
            timings_ms=timings,
            reranked=ranking.reranked,
            absent=verdict.absent,
            untold=verdict.untold,
        )

    def _receipt(
        self, question: str, request: Request, citations: tuple[Citation, ...] | None
    ) -> Receipt:
        parameters: dict[str, object] = {
            "request": asdict(request),
            "retrieval": asdict(self.retriever.settings),
            "answering": asdict(self.settings),
        }
        reads = request.rerank and citations is not None
        quoted = [(c.passage_id, c.quote_sha256) for c in citations or ()]
        answer_id = sha256_of(json.dumps([question, self.snapshot, parameters, quoted]))
        return Receipt(
            answer_id=f"a{answer_id[:20]}",
            snapshot=self.snapshot,
            embedder=self.embedder,
            reranker=self.reranker.name if self.reranker and request.rerank else None,
            generator=GENERATOR,
            parameters=parameters,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            span_finder=self.span_finder.name if reads and self.span_finder else None,
            confidence=self.confidence.fingerprint if reads and self.confidence else None,
        )


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What became of a question: how sure the answer is, why there is none, its citations.

    `absent` are the names that no passage holds, where they are why; `untold` are the parts of the
    question that the citations do not tell.
    """

    confidence: float | None
    reason: Reason | None
    citations: tuple[Citation, ...]
    absent: tuple[str, ...]
    untold: tuple[str, ...]


def _answer_span(selected: Selected) -> AnswerSpan | None:
    """Return the words of the sentence that answer, if some were found."""
    span = selected.span
    if span is None or span.end <= span.start:
        return None
    return AnswerSpan(span.start, span.end, selected.quote[span.start : span.end])


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
