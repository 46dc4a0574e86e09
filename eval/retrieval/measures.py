"""Retrieval measures, by the names and values of ir-measures."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from subprocess import SubprocessError
from typing import TYPE_CHECKING, TypeVar

from corpus.errors import InputError
from eval.data_sets.qrels import Qrel
from eval.data_sets.runs import Run, refuse_twice
from eval.statistics.estimates import DEFAULT_RESAMPLING, Estimate, Resampling, estimate_mean

if TYPE_CHECKING:
    from ir_measures import Measure
    from pandas import DataFrame

# Queries that are measured at a time: all of a large run at once would need gigabytes.
_BLOCK_QUERIES = 500
_Value = TypeVar("_Value")
_ByQuery = dict[str, dict[str, _Value]]

DEFAULT_MEASURES = ("nDCG@10", "R@100", "RR@10")


@dataclass(frozen=True, slots=True)
class Measured:
    """The values of a run: by measure, then by judged query.

    `unanswered` are judged queries that the run left out: they count 0. `unjudged` are queries
    of the run without a judgement: they are named here and in no mean.
    """

    values: Mapping[str, Mapping[str, float]]
    unanswered: tuple[str, ...]
    unjudged: tuple[str, ...]

    @property
    def query_ids(self) -> tuple[str, ...]:
        """The judged queries, in the order in which they were judged."""
        return tuple(next(iter(self.values.values()), ()))

    def estimates(self, resampling: Resampling = DEFAULT_RESAMPLING) -> dict[str, Estimate]:
        """Return the mean over all judged queries with its interval, by measure."""
        return {
            name: estimate_mean(list(by_query.values()), resampling)
            for name, by_query in self.values.items()
        }

    def to_frame(self, resampling: Resampling = DEFAULT_RESAMPLING) -> DataFrame:
        """Return a pandas table with a row a measure: mean, low, high. Raises: InputError."""
        from eval.statistics.frames import frame_of_estimates

        return frame_of_estimates(self.estimates(resampling))

    def per_query(self) -> DataFrame:
        """Return a pandas table with a row a judged query. Raises: InputError without pandas."""
        from eval.statistics.frames import frame_of

        rows = [[by_query[each] for by_query in self.values.values()] for each in self.query_ids]
        return frame_of(rows, list(self.values), index=self.query_ids, index_name="query_id")


def checked_measures(names: Iterable[str]) -> tuple[str, ...]:
    """Return the measures, each once, spelled as ir-measures prints them.

    Anything that ir-measures knows: `nDCG@10` (Järvelin and Kekäläinen 2002, graded relevance,
    discounted by rank), `R@100` (share of the relevant documents in the first 100), `RR@10`
    (1 / rank of the first relevant document; Kantor and Voorhees 2000), `AP`, `P(rel=2)@5`,
    `Success@5`, `Judged@10` and so on.

    Raises: InputError for a name that it does not know, listing near ones.
    """
    return tuple(dict.fromkeys(str(_parsed(name)) for name in names))


def measure(run: Run, qrels: Sequence[Qrel], names: Iterable[str]) -> Measured:
    """Return the value of each measure for each judged query.

    Documents count in the order of the run, whatever their scores: ties are the run's own.

    Raises: InputError for an unknown measure, when nothing is judged, or for a document that
    stands twice in one ranking.
    """
    import ir_measures

    judged = _judged(qrels)
    measures = [_parsed(name) for name in names]
    values = {str(measure): dict.fromkeys(judged, 0.0) for measure in measures}
    try:
        for query_ids, qrels_by_query, run_by_query in _blocks(run, judged):
            for metric in ir_measures.iter_calc(measures, qrels_by_query, run_by_query):
                values[str(metric.measure)][query_ids[int(metric.query_id)]] = float(metric.value)
    except (ValueError, RuntimeError, SubprocessError) as error:
        raise InputError(f"{', '.join(values)} cannot be computed: {error}.") from error
    return Measured(
        values=values,
        unanswered=tuple(query_id for query_id in judged if not run.rankings.get(query_id)),
        unjudged=tuple(query_id for query_id in run.rankings if query_id not in judged),
    )


def _judged(qrels: Sequence[Qrel]) -> dict[str, dict[str, int]]:
    """Return the relevance of each judged document by query."""
    if not qrels:
        raise InputError("Found no judgement; expected at least one judged query.")
    judged: dict[str, dict[str, int]] = {}
    for qrel in qrels:
        judged.setdefault(qrel.query_id, {})[qrel.doc_id] = qrel.relevance
    return judged


def _blocks(
    run: Run, judged: Mapping[str, Mapping[str, int]]
) -> Iterator[tuple[list[str], _ByQuery[int], _ByQuery[float]]]:
    """Yield some queries at a time, with judgements and run as ir-measures takes them.

    Queries are named by their numbers, documents by their ranks, and the rank alone makes the
    score. Some of the programs behind ir-measures read ids from columns of text and only take
    numbers for queries. Whole numbers are exact in single precision: every program sees one
    order. They are above 0, since Compat (in ir-measures 0.4.3) takes a document that was not
    found for one with the score 0.
    """
    query_ids = list(judged)
    longest = max((len(run.rankings.get(each, ())) for each in query_ids), default=0)
    scores = {f"d{rank}": float(longest + 1 - rank) for rank in range(1, longest + 1)}
    names = list(scores)
    for start in range(0, len(query_ids), _BLOCK_QUERIES):
        block = query_ids[start : start + _BLOCK_QUERIES]
        qrels_by_query: dict[str, dict[str, int]] = {}
        run_by_query: dict[str, dict[str, float]] = {}
        for number, query_id in enumerate(block):
            ranking = run.rankings.get(query_id, ())
            named = dict(zip((each.doc_id for each in ranking), names, strict=False))
            if len(named) < len(ranking):
                refuse_twice([each.doc_id for each in ranking], f"query {query_id!r}")
            qrels_by_query[str(number)] = {
                named.get(doc_id, f"n{place}"): relevance
                for place, (doc_id, relevance) in enumerate(judged[query_id].items())
            }
            if ranking:
                run_by_query[str(number)] = {name: scores[name] for name in names[: len(ranking)]}
        yield block, qrels_by_query, run_by_query


def _parsed(name: str) -> Measure:
    import ir_measures

    try:
        parsed = ir_measures.parse_measure(name)
        parsed.validate_params()  # type: ignore[no-untyped-call]
        # Some measures are known by name only: the package that computes them is not there.
        ir_measures.DefaultPipeline.evaluator([parsed], [])
    except (NameError, ValueError, AssertionError, TypeError, RuntimeError) as error:
        raise InputError(f"Found the measure {name!r}, {_reason(error, name)}") from error
    return parsed


def _reason(error: Exception, name: str) -> str:
    import ir_measures

    if not isinstance(error, NameError):
        detail = str(error).splitlines()[0] if str(error) else type(error).__name__
        return f"which cannot be computed: {detail}. Expected, for example, nDCG@10."
    stem = name.split("@")[0].split("(")[0]
    known = sorted(ir_measures.measures.registry)
    folded = {other.casefold(): other for other in known}
    near = difflib.get_close_matches(stem.casefold(), list(folded), n=4, cutoff=0.5)
    listed = ", ".join(folded[match] for match in near) or ", ".join(known)
    return f"which ir-measures does not know; near names: {listed}."
