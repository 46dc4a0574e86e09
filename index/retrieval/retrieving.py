"""From a query to a ranking: understand, search twice, fuse, read.

This is the room's main path. Every step is a function of its inputs alone, so the same query
over the same snapshot gives the same ranking.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from corpus.chunk import Chunk
from corpus.errors import InputError, NotFoundError, QuestionError
from corpus.ids import ChunkId
from index.documents.filters import Filters
from index.indexes.analysing import ENGLISH
from index.query.query_plan import QueryPlan
from index.retrieval.explaining import Explanation, explain
from index.retrieval.gathering import Candidate, gather
from index.retrieval.hits import hit_of, merged
from index.retrieval.meaning_search import Multilingual
from index.retrieval.reading import PassageReader
from index.retrieval.repetitions import demote_repetitions
from index.retrieval.reranking import Allowance, Deadline, Pace, ReadPassage
from index.retrieval.stopwatch import Stopwatch
from index.retrieval.summarising import summarise
from index.snapshots.snapshot import Snapshot
from index.values.mode import Mode
from index.values.ports import ChunkSource, Embedder, Reranker
from index.values.ranking import Hit, Ranking, Reading, Reranked
from index.values.retrieval_settings import RetrievalSettings as RetrievalSettings


class Retriever:
    """Answers queries over one snapshot. Safe for use from several threads."""

    def __init__(
        self,
        snapshot: Snapshot,
        chunks: ChunkSource,
        embedder: Embedder,
        reranker: Reranker | None = None,
        settings: RetrievalSettings | None = None,
        *,
        multilingual: Embedder | None = None,
    ) -> None:
        self._snapshot = snapshot
        self._chunks = chunks
        self._embedder = embedder
        self._reranker = reranker
        self._settings = settings or RetrievalSettings()
        self._pace = Pace()
        self._multilingual = Multilingual.of(multilingual)
        self._reader = PassageReader(reranker, self._multilingual, snapshot, self._settings)

    @property
    def settings(self) -> RetrievalSettings:
        """How rankings are made."""
        return self._settings

    def retrieve(
        self,
        text: str,
        *,
        k: int = 10,
        mode: Mode = "hybrid",
        filters: Filters | None = None,
        rerank: bool | int = True,
        budget_ms: float | None = None,
        collections: Sequence[str] | None = None,
        summaries: bool = False,
    ) -> Ranking:
        """Return the best `k` chunks, best first, ties by chunk_id; fewer where there are fewer.

        `collections` are the ones that may be looked into: the others are as if they were not
        there, for the names in a question and the keys of filters too. None is all of them.

        `rerank` may be the number of candidates to read, at most. With `budget_ms` they are read
        in the order of their fused scores until the time since the call is spent; the ranking says
        how many were.

        With `summaries` a query that asks for a summary of a document gets the passages that it is
        summarised by, in the document's order; else it is searched for as any other.

        Names that the collection has two of are written in one way first, so that a question
        finds the same by either; one without such a name is searched for as it is.

        Raises: QuestionError for an empty query, InputError for k below 1, FilterError for a key
        that no document has.
        """
        _check(text, k)
        watch = Stopwatch()
        allowance = self._allowance(rerank, budget_ms)
        plan = QueryPlan.of(
            text,
            self._snapshot,
            self._chunks,
            self._settings,
            k=k,
            mode=mode,
            filters=filters,
            collections=collections,
            multilingual=self._multilingual is not None,
        )
        watch.lap("understand")
        if summaries and plan.summary:
            return self._summarise(plan, watch, allowance)
        ranking = self._retrieve(plan, watch, allowance, depth=k)
        hits = tuple(self._with_terms(hit, plan.asked) for hit in ranking.hits[:k])
        return replace(ranking, query=text, hits=hits)

    def explain(
        self,
        text: str,
        chunk_id: ChunkId,
        *,
        k: int = 10,
        mode: Mode = "hybrid",
        filters: Filters | None = None,
        rerank: bool | int = True,
        collections: Sequence[str] | None = None,
    ) -> Explanation:
        """Return why a chunk stands where it does for a query, or does not.

        The ranking is that of `retrieve` with the same options, looked at to its end.

        Raises: NotFoundError if the store has no such chunk, or one of another collection; else as
        `retrieve`.
        """
        chunk = self._chunks.chunks([chunk_id]).get(chunk_id)
        permitted = self._snapshot.permitted(collections)
        if chunk is None or not self._snapshot.may_show(chunk.doc_id, permitted):
            raise NotFoundError(f"there is no passage {chunk_id}")
        _check(text, k)
        plan = QueryPlan.of(
            text,
            self._snapshot,
            self._chunks,
            self._settings,
            k=k,
            mode=mode,
            filters=filters,
            collections=collections,
            multilingual=self._multilingual is not None,
        )
        allowance = self._allowance(rerank)
        ranking = self._retrieve(plan, Stopwatch(), allowance, depth=k, whole=True)
        return explain(ranking, chunk, self._snapshot, filters or Filters(), depth=k)

    def absent(
        self,
        words: Sequence[str],
        *,
        filters: Filters | None = None,
        collections: Sequence[str] | None = None,
    ) -> tuple[str, ...]:
        """Return the words that no passage that may be looked at holds, inflected or not."""
        allowed = self._snapshot.allowed(filters, self._snapshot.permitted(collections))
        lexical = self._snapshot.lexical
        return tuple(word for word in words if not len(lexical.search(word, 1, allowed)[0]))

    def _allowance(self, rerank: bool | int, budget_ms: float | None = None) -> Allowance | None:
        """Return how much may be read; None for nothing."""
        if self._reranker is None or rerank is False:
            return None
        deadline = None if budget_ms is None else Deadline.after(budget_ms)
        return Allowance(None if rerank is True else int(rerank), deadline, self._pace)

    def _summarise(self, plan: QueryPlan, watch: Stopwatch, allowance: Allowance | None) -> Ranking:
        def read(chunks: Sequence[Chunk]) -> Iterable[ReadPassage]:
            return self._reader.passages(plan.query, chunks, allowance, plan.language)

        document = int(np.argmax(plan.named.meant)) if plan.named else 0
        hits = summarise(plan.query, document, self._snapshot, self._chunks, self._embedder, read)
        watch.lap("summarise")
        understood = replace(plan.understood(self._snapshot), kind="summary")
        return Ranking(plan.query, understood, hits, watch.laps_ms(), _reranked(allowance))

    def _retrieve(
        self,
        plan: QueryPlan,
        watch: Stopwatch,
        allowance: Allowance | None,
        *,
        depth: int,
        whole: bool = False,
    ) -> Ranking:
        """Return the ranking of the first candidates, enough for `depth`; of all with `whole`."""
        lazily = allowance is not None and plan.language == ENGLISH
        found = self._gather(plan, None if lazily else self._multilingual)
        watch.lap("search")
        settings = self._settings
        needed = len(found[0]) if whole else max(depth + 3 * settings.distinct, settings.read_most)
        joined = [
            self._join(each, settings.read_for_part if number else needed)
            for number, each in enumerate(found)
        ]
        watch.lap("fuse")
        questions = [plan.wordings, *((part,) for part in plan.parts)]
        readings = tuple(
            self._read(wordings, each, allowance, plan.language)
            for wordings, each in zip(questions, joined, strict=True)
        )
        if lazily:
            readings = self._read_across(plan, readings, allowance)
        hits = merged(hit for reading in readings for hit in reading.hits)
        hits = demote_repetitions(hits, settings.distinct)
        watch.lap("read")
        return Ranking(
            plan.query,
            plan.understood(self._snapshot),
            tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1)),
            watch.laps_ms(),
            _reranked(allowance),
            readings,
        )

    def _gather(self, plan: QueryPlan, multilingual: Multilingual | None) -> list[list[Candidate]]:
        return gather(plan, self._snapshot, self._embedder, self._settings, multilingual)

    def _read_across(
        self, plan: QueryPlan, readings: tuple[Reading, ...], allowance: Allowance | None
    ) -> tuple[Reading, ...]:
        """Return the readings; one that has nothing near, with passages in other languages.

        Only then is the multilingual model asked, and loaded.
        """
        far = [reading.is_far(self._settings.near_score) for reading in readings]
        if self._multilingual is None or self._snapshot.others is None or not any(far):
            return readings
        found = self._gather(plan, self._multilingual)
        return tuple(
            self._with_foreign(reading, each, allowance) if is_far else reading
            for reading, each, is_far in zip(readings, found, far, strict=True)
        )

    def _with_foreign(
        self, reading: Reading, found: Sequence[Candidate], allowance: Allowance | None
    ) -> Reading:
        foreign = [
            (candidate, chunk)
            for candidate, chunk in self._join(found, self._settings.read_most)
            if self._snapshot.other_row(candidate.chunk_id) is not None
        ]
        read = self._reader.by_similarity(
            reading.question, [chunk for _, chunk in foreign], allowance
        )
        hits = [
            hit_of(*each, passage, self._settings)
            for each, passage in zip(foreign, read, strict=False)
        ]
        return Reading(reading.question, tuple(merged([*reading.hits, *hits])))

    def _read(
        self,
        wordings: Sequence[str],
        joined: Sequence[tuple[Candidate, Chunk]],
        allowance: Allowance | None,
        language: str,
    ) -> Reading:
        """Return the candidates as they answer one question: the first ones read, and in order.

        `wordings` are the ways in which the question is put, of which the first names the reading.
        """
        read = self._reader.read(wordings, [chunk for _, chunk in joined], allowance, language)
        hits = [
            hit_of(candidate, chunk, passage, self._settings)
            for (candidate, chunk), passage in zip_longest(joined, read)
        ]
        return Reading(wordings[0], tuple(sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))))

    def _join(self, candidates: Sequence[Candidate], needed: int) -> list[tuple[Candidate, Chunk]]:
        """Return the first `needed` candidates that the store still has, with their chunks."""
        joined: list[tuple[Candidate, Chunk]] = []
        for start in range(0, len(candidates), max(1, needed)):
            some = candidates[start : start + needed]
            chunks = self._chunks.chunks([each.chunk_id for each in some])
            joined += [(each, chunks[each.chunk_id]) for each in some if each.chunk_id in chunks]
            if len(joined) >= needed:
                break
        return joined[:needed]

    def _with_terms(self, hit: Hit, asked: str) -> Hit:
        terms = self._snapshot.shared_words(asked, hit.chunk)[0]
        return replace(hit, scores=replace(hit.scores, terms=terms))


def _reranked(allowance: Allowance | None) -> Reranked | None:
    return None if allowance is None else Reranked(allowance.read, allowance.wanted)


def _check(text: str, k: int) -> None:
    if not text.strip():
        raise QuestionError("the query is empty; write what you look for")
    if k < 1:
        raise InputError(f"k is {k}, expected 1 or more")
