"""From a query to a ranking: understand, search twice, fuse, rerank.

This is the room's main path. Every step is a function of its inputs alone, so the same query
over the same snapshot gives the same ranking.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.chunk import Chunk
from corpus.errors import InputError, NotFoundError, QuestionError
from corpus.ids import ChunkId
from index.explaining import Explanation, explain
from index.filters import Filters
from index.folding import fold
from index.gathering import Candidate, gather
from index.lifting import lift, renumbered
from index.ports import ChunkSource, Embedder, Reranker
from index.query_plan import QueryPlan
from index.ranking import Hit, Mode, Ranking, Reranked
from index.reranking import Deadline, Pace, scores_of
from index.retrieval_settings import RetrievalSettings as RetrievalSettings
from index.snapshot import Snapshot
from index.stopwatch import Stopwatch

_PART_CANDIDATES = 1


class Retriever:
    """Answers queries over one snapshot. Safe for use from several threads."""

    def __init__(
        self,
        snapshot: Snapshot,
        chunks: ChunkSource,
        embedder: Embedder,
        reranker: Reranker | None = None,
        settings: RetrievalSettings | None = None,
    ) -> None:
        self._snapshot = snapshot
        self._chunks = chunks
        self._embedder = embedder
        self._reranker = reranker
        self._settings = settings or RetrievalSettings()
        self._pace = Pace()

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
    ) -> Ranking:
        """Return the best `k` chunks, best first, ties by chunk_id; fewer where there are fewer.

        `collections` are the ones that may be looked into: the others are as if they were not
        there, for the names in a question and the keys of filters too. None is all of them.

        `rerank` may be the number of candidates to rerank, below that of the settings. With
        `budget_ms` they are reranked in order of promise until the time since the call is spent;
        the ranking says how many were.

        Names that the collection has two of are written in one way first, so that a question
        finds the same by either; one without such a name is searched for as it is.

        Raises: QuestionError for an empty query, InputError for k below 1, FilterError for a key
        that no document has.
        """
        _check(text, k)
        watch = Stopwatch()
        deadline = None if budget_ms is None else Deadline.after(budget_ms)
        plan = QueryPlan.of(
            text,
            self._snapshot,
            self._settings,
            k=k,
            mode=mode,
            filters=filters,
            collections=collections,
        )
        watch.lap("understand")
        ranking = self._retrieve(plan, watch, _Reading(rerank, deadline), depth=k)
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
            self._settings,
            k=k,
            mode=mode,
            filters=filters,
            collections=collections,
        )
        ranking = self._retrieve(plan, Stopwatch(), _Reading(rerank), depth=k, whole=True)
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

    def _retrieve(
        self,
        plan: QueryPlan,
        watch: Stopwatch,
        reading: "_Reading",
        *,
        depth: int,
        whole: bool = False,
    ) -> Ranking:
        """Return the ranking of the first candidates, enough for `depth`; of all with `whole`."""
        found = gather(plan, self._snapshot, self._embedder, self._settings)
        watch.lap("search")
        settings = self._settings
        needed = len(found[0]) if whole else depth + 3 * settings.distinct
        most = settings.rerank_candidates
        wanted = most if reading.rerank is True else min(most, int(reading.rerank))
        joined, *parts = (
            self._join(each, max(needed, wanted) if not number else _PART_CANDIDATES)
            for number, each in enumerate(found)
        )
        watch.lap("fuse")
        # The reranker reads the whole query: it sees the title and section beside the passage, and
        # a name in the query does not drown the rest in it as it does in the searches.
        best = [chunk for _, chunk in joined[:wanted]] if self._reranker else []
        logits = self._logits(plan.query, best, reading.deadline)
        hits = lift(self._hits(joined, logits), self._best_of(parts), settings.parts_within)
        hits = fold(hits, settings.distinct)
        watch.lap("rerank")
        return Ranking(
            plan.query,
            plan.understood(self._snapshot),
            renumbered(hits),
            watch.laps_ms(),
            self._reranked(len(logits), reading, len(joined)),
        )

    def _reranked(self, scored: int, reading: "_Reading", found: int) -> Reranked | None:
        if self._reranker is None or reading.rerank is False:
            return None
        return Reranked(scored, min(found, self._settings.rerank_candidates))

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

    def _logits(
        self, query: str, chunks: Sequence[Chunk], deadline: Deadline | None
    ) -> dict[ChunkId, float]:
        if self._reranker is None or not chunks:
            return {}
        return scores_of(self._reranker, query, chunks, deadline, self._pace)

    def _hits(
        self, joined: Sequence[tuple[Candidate, Chunk]], logits: Mapping[ChunkId, float]
    ) -> list[Hit]:
        """Return the hits in order: the reranked ones moved by what they gained."""
        weight = self._settings.rerank_weight
        gains = {chunk_id: weight * _logistic(logit) for chunk_id, logit in logits.items()}
        hits = [
            Hit(
                each.chunk_id,
                each.base + gains.get(each.chunk_id, 0.0),
                0,
                replace(each.scores, rerank=logits.get(each.chunk_id)),
                chunk,
            )
            for each, chunk in joined
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))

    def _best_of(self, parts: Sequence[Sequence[tuple[Candidate, Chunk]]]) -> list[Hit]:
        """Return the best passage of each part."""
        return [
            Hit(each.chunk_id, each.base, 0, each.scores, chunk)
            for part in parts
            for each, chunk in part[:1]
        ]

    def _with_terms(self, hit: Hit, asked: str) -> Hit:
        terms = self._snapshot.shared_words(asked, hit.chunk)[0]
        return replace(hit, scores=replace(hit.scores, terms=terms))


@dataclass(frozen=True, slots=True)
class _Reading:
    """Whether, how many and until when candidates are read by the reranker."""

    rerank: bool | int
    deadline: Deadline | None = None


def _check(text: str, k: int) -> None:
    if not text.strip():
        raise QuestionError("the query is empty; write what you look for")
    if k < 1:
        raise InputError(f"k is {k}, expected 1 or more")


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))
