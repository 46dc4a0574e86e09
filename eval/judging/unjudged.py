"""Which documents without a judgement matter most to a run's figure: what to judge next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.data_sets.qrels import Qrel
from eval.data_sets.runs import Run, ScoredDocument
from eval.retrieval.measures import checked_measures, measure

DEFAULT_MEASURE = "nDCG@10"

# Each candidate is measured with a whole ranking: this many fit in memory at a time.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A document that a run ranked and nobody judged; `effect` is on the mean over queries."""

    query_id: str
    doc_id: str
    rank: int
    effect: float


def unjudged(
    run: Run,
    qrels: Sequence[Qrel],
    *,
    name: str = DEFAULT_MEASURE,
    depth: int = 10,
    relevance: int = 1,
) -> tuple[Unjudged, ...]:
    """Return the unjudged of the first `depth` documents of each judged query, by their effect.

    The effect is the change of the mean over all judged queries if this document alone were judged
    relevant, with the given grade. Largest changes come first, whatever their sign; then by rank,
    query and document.

    Example: one of two judged queries has an unjudged document first and its only relevant one
    second. RR@10 of that query would rise from 0.5 to 1: an effect of 0.25.

    Raises: InputError for an unknown measure or when nothing is judged.
    """
    (checked,) = checked_measures([name])
    before = measure(run, qrels, [checked]).values[checked]
    by_query: dict[str, list[Qrel]] = {}
    for qrel in qrels:
        by_query.setdefault(qrel.query_id, []).append(qrel)
    found: list[Unjudged] = []
    candidates = list(_places(run, by_query, depth))
    for start in range(0, len(candidates), _AT_ONCE):
        places = candidates[start : start + _AT_ONCE]
        after = _values_if_relevant(run, by_query, places, checked, relevance)
        for (query_id, doc_id, rank), value in zip(places, after, strict=True):
            effect = (value - before[query_id]) / len(before)
            found.append(Unjudged(query_id, doc_id, rank, effect))
    return tuple(sorted(found, key=lambda e: (-abs(e.effect), e.rank, e.query_id, e.doc_id)))


def _places(
    run: Run, by_query: dict[str, list[Qrel]], depth: int
) -> Iterator[tuple[str, str, int]]:
    """Yield query, document and rank of what nobody judged."""
    for query_id, qrels in by_query.items():
        judged = {qrel.doc_id for qrel in qrels}
        for rank, scored in enumerate(run.rankings.get(query_id, ())[:depth], start=1):
            if scored.doc_id not in judged:
                yield query_id, scored.doc_id, rank


def _values_if_relevant(
    run: Run,
    by_query: dict[str, list[Qrel]],
    places: Sequence[tuple[str, str, int]],
    name: str,
    relevance: int,
) -> list[float]:
    """Return the query's value for each place, all measured at once, as queries of their own."""
    rankings: dict[str, tuple[ScoredDocument, ...]] = {}
    qrels: list[Qrel] = []
    for number, (query_id, doc_id, _) in enumerate(places):
        case = str(number)
        rankings[case] = run.rankings[query_id]
        qrels += [Qrel(case, qrel.doc_id, qrel.relevance) for qrel in by_query[query_id]]
        qrels.append(Qrel(case, doc_id, relevance))
    values = measure(Run(rankings), qrels, [name]).values[name]
    return [values[str(number)] for number in range(len(places))]
