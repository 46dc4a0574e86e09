"""The candidates of a query: searched by meaning and by words, side by side, and fused."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass

from corpus.ids import ChunkId
from index.query.asked_language import without_small_words
from index.query.query_plan import QueryPlan
from index.retrieval.fusing import fuse_ranks, fuse_scores, scale
from index.retrieval.meaning_search import MeaningSearch, Multilingual, by_row
from index.snapshots.snapshot import Snapshot
from index.values.ports import Embedder
from index.values.ranking import Scores
from index.values.retrieval_settings import RetrievalSettings


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row on its way through; `base` orders it before reranking, ties by chunk_id."""

    chunk_id: ChunkId
    base: float
    scores: Scores


def gather(
    plan: QueryPlan,
    snapshot: Snapshot,
    embedder: Embedder,
    settings: RetrievalSettings,
    multilingual: Multilingual | None = None,
) -> list[list[Candidate]]:
    """Return the candidates for what is asked, then those for each of its parts, best first.

    Those for what is asked come from the whole question too, each by its better score: where the
    question was told apart wrongly, little is lost.
    """
    whole = plan.wordings[1:]
    texts = [plan.asked, *plan.parts, *whole]
    meaning = MeaningSearch(
        snapshot, embedder, multilingual, plan.language, plan.limit, plan.scopes
    )

    def dense() -> list[dict[int, float]]:
        return [meaning.search(text) for text in texts]

    def lexical() -> list[dict[int, float]]:
        search = snapshot.lexical.search
        words = texts
        if plan.language not in snapshot.spoken:
            words = [without_small_words(text, plan.language) for text in texts]
        return [by_row(search(text, plan.limit, each) for each in plan.scopes) for text in words]

    none: list[dict[int, float]] = [{} for _ in texts]
    if plan.mode == "hybrid":
        with ThreadPoolExecutor(1) as pool:
            searching = pool.submit(copy_context().run, dense)
            by_words = lexical()
            by_meaning = searching.result()
    else:
        by_meaning = dense() if plan.mode == "dense" else none
        by_words = lexical() if plan.mode == "lexical" else none
    fused = [
        _fused(meaning, words, plan, snapshot, settings)
        for meaning, words in zip(by_meaning, by_words, strict=True)
    ]
    found = fused[: len(plan.parts) + 1]
    return [_best_of(fused[0], fused[-1]), *found[1:]] if whole else found


def _best_of(asked: Iterable[Candidate], whole: Iterable[Candidate]) -> list[Candidate]:
    """Return each candidate of either list once, with its better score; of equals, as asked."""
    best = {each.chunk_id: each for each in whole}
    for each in asked:
        other = best.get(each.chunk_id)
        if other is None or each.base >= other.base:
            best[each.chunk_id] = each
    return sorted(best.values(), key=lambda each: (-each.base, each.chunk_id))


def _fused(
    dense: Mapping[int, float],
    lexical: Mapping[int, float],
    plan: QueryPlan,
    snapshot: Snapshot,
    settings: RetrievalSettings,
) -> list[Candidate]:
    hybrid = plan.mode == "hybrid"
    if not hybrid:
        bases = scale(dense or lexical)
    elif settings.fusion == "scores":
        weight = settings.dense_weight
        if plan.language not in snapshot.spoken:
            weight = settings.dense_weight_across
        bases = fuse_scores(dense, lexical, dense_weight=weight, leaders=settings.leaders)
    else:
        bases = fuse_ranks(dense, lexical)

    def bonus(row: int) -> float:
        if plan.named is None:
            return 0.0
        return settings.source_weight * float(plan.named.match[snapshot.document_rows[row]])

    found = [
        Candidate(
            snapshot.chunk_id(row),
            base + bonus(row),
            Scores(dense.get(row), lexical.get(row), base if hybrid else None),
        )
        for row, base in bases.items()
    ]
    return sorted(found, key=lambda each: (-each.base, each.chunk_id))
