"""The main path of the room: a question in, a cited answer or an abstention out."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from time import perf_counter

from corpus.ids import ChunkId, sha256_of
from corpus.store import Store
from index.explaining import Explanation
from index.filters import Filters
from index.ports import Reranker
from index.ranking import Hit, Ranking
from index.retrieving import Retriever
from service.abstaining import AbstentionSettings, reason_to_abstain
from service.answer import (
    Answer,
    Citation,
    Passage,
    Reason,
    Receipt,
    Search,
    Statement,
)
from service.citing import Citer, documents_of, labelled
from service.instruction_like import flags_of
from service.request import Request
from service.selecting import (
    Selected,
    Selection,
    SelectionSettings,
    by_reranker,
    by_words,
    readable,
    select,
)

GENERATOR = "extractive/1"


@dataclass(frozen=True, slots=True)
class AnsweringSettings:
    """How sentences are selected, and when the answer is `no`."""

    selection: SelectionSettings = field(default_factory=SelectionSettings)
    abstention: AbstentionSettings = field(default_factory=AbstentionSettings)


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers from one snapshot."""

    retriever: Retriever
    store: Store
    citer: Citer
    snapshot: str
    embedder: str
    reranker: Reranker | None
    settings: AnsweringSettings

    def answer(
        self,
        question: str,
        request: Request,
        on_passages: Callable[[tuple[Passage, ...]], None] | None = None,
    ) -> Answer:
        """Return statements with citations, or an abstention with its reason.

        `on_passages` is told the passages as they were found, before their sentences are read.
        """
        ranking = self._retrieve(question, request)
        if on_passages is not None:
            on_passages(self._passages(ranking.hits))
        began = perf_counter()
        selection = self._select(ranking, request)
        ranking = replace(ranking, hits=selection.hits)
        reason = reason_to_abstain(ranking, selection.sentences, self.settings.abstention)
        citations = () if reason else self._cite(selection.sentences)
        timings = dict(ranking.timings_ms) | {"answer": (perf_counter() - began) * 1000}
        return self._compose(ranking, request, reason, citations, timings)

    def search(self, query: str, request: Request) -> Search:
        """Return passages with their score parts."""
        ranking = self._retrieve(query, request)
        return Search(
            query=query,
            understood=ranking.understood,
            passages=self._passages(ranking.hits),
            receipt=self._receipt(query, request, None),
            timings_ms=ranking.timings_ms,
        )

    def explain(self, question: str, passage_id: str, request: Request) -> Explanation:
        """Return why a passage stands where it does for a question, or does not."""
        return self.retriever.explain(
            question,
            ChunkId(passage_id),
            k=request.passages,
            mode=request.mode,
            filters=Filters.parse(request.filters),
            rerank=request.rerank,
        )

    def _retrieve(self, question: str, request: Request) -> Ranking:
        return self.retriever.retrieve(
            question,
            k=request.passages,
            mode=request.mode,
            filters=Filters.parse(request.filters),
            rerank=request.rerank,
            collections=request.collections,
        )

    def _select(self, ranking: Ranking, request: Request) -> Selection:
        asked, settings = ranking.understood.asked, self.settings.selection
        if self.reranker and request.rerank:
            return select(asked, ranking.hits, by_reranker(self.reranker), settings)
        # Shared words tell sentences of one passage apart; they do not rank passages.
        return select(asked, ranking.hits, by_words, replace(settings, passages=1))

    def _cite(self, selected: Sequence[Selected]) -> tuple[Citation, ...]:
        documents = documents_of(self.store, [s.chunk.doc_id for s in selected])
        return tuple(
            self.citer.cite(number, s.chunk, documents[s.chunk.doc_id], s.start, s.end)
            for number, s in enumerate(selected, start=1)
        )

    def _passages(self, hits: Sequence[Hit]) -> tuple[Passage, ...]:
        documents = documents_of(self.store, [hit.chunk.doc_id for hit in hits])
        return tuple(
            Passage(
                passage_id=hit.chunk_id,
                doc_id=hit.chunk.doc_id,
                title=documents[hit.chunk.doc_id].title,
                section=hit.chunk.section,
                spans=labelled(hit.chunk.spans, self.citer.pages_of(hit.chunk)),
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
        reason: Reason | None,
        citations: tuple[Citation, ...],
        timings: Mapping[str, float],
    ) -> Answer:
        statements = tuple(Statement(readable(c.quote), (c.number,)) for c in citations)
        return Answer(
            question=ranking.query,
            understood=ranking.understood,
            status="abstained" if reason else "answered",
            reason=reason,
            confidence=None,
            answer=" ".join(f"{s.text} [{s.citations[0]}]" for s in statements),
            statements=statements,
            citations=citations,
            passages=self._passages(ranking.hits),
            receipt=self._receipt(ranking.query, request, citations),
            timings_ms=timings,
        )

    def _receipt(
        self, question: str, request: Request, citations: tuple[Citation, ...] | None
    ) -> Receipt:
        parameters: dict[str, object] = {
            "request": asdict(request),
            "retrieval": asdict(self.retriever.settings),
            "answering": asdict(self.settings),
        }
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
        )
