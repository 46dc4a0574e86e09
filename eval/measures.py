"""Retrieval measures, by the names and values of ir-measures."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from subprocess import SubprocessError
from typing import TYPE_CHECKING

from corpus.errors import InputError
from eval.data_sets import Qrel
from eval.estimates import DEFAULT_RESAMPLING, Estimate, Resampling, estimate_mean
from eval.runs import Run

if TYPE_CHECKING:
    from ir_measures import Measure, ScoredDoc
    from ir_measures import Qrel as IrQrel

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

    def estimates(self, resampling: Resampling = DEFAULT_RESAMPLING) -> dict[str, Estimate]:
        """Return the mean over all judged queries with its interval, by measure."""
        return {
            name: estimate_mean(list(by_query.values()), resampling)
            for name, by_query in self.values.items()
        }


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

    Raises: InputError for an unknown measure or when nothing is judged.
    """
    import ir_measures

    numbers = {query_id: str(n) for n, query_id in enumerate(_judged(qrels), start=1)}
    query_ids = {number: query_id for query_id, number in numbers.items()}
    measures = [_parsed(name) for name in names]
    values = {str(measure): dict.fromkeys(numbers, 0.0) for measure in measures}
    try:
        for metric in ir_measures.iter_calc(measures, *_numbered(run, qrels, numbers)):
            values[str(metric.measure)][query_ids[metric.query_id]] = float(metric.value)
    except (ValueError, RuntimeError, SubprocessError) as error:
        raise InputError(f"{', '.join(values)} cannot be computed: {error}.") from error
    return Measured(
        values=values,
        unanswered=tuple(query_id for query_id in numbers if not run.rankings.get(query_id)),
        unjudged=tuple(query_id for query_id in run.rankings if query_id not in numbers),
    )


def _judged(qrels: Sequence[Qrel]) -> list[str]:
    if not qrels:
        raise InputError("Found no judgement; expected at least one judged query.")
    return list(dict.fromkeys(qrel.query_id for qrel in qrels))


def _numbered(
    run: Run, qrels: Sequence[Qrel], numbers: Mapping[str, str]
) -> tuple[list[IrQrel], list[ScoredDoc]]:
    """Return judgements and run with numbers for ids, and the rank alone as score.

    Some of the programs behind ir-measures read ids from columns of text and only take numbers
    for queries. Negative ranks are exact in single precision: every program sees one order.
    """
    import ir_measures

    documents: dict[str, str] = {}

    def document(doc_id: str) -> str:
        return documents.setdefault(doc_id, f"d{len(documents)}")

    judged = [ir_measures.Qrel(numbers[q.query_id], document(q.doc_id), q.relevance) for q in qrels]
    scored = [
        ir_measures.ScoredDoc(numbers[query_id], document(each.doc_id), float(-rank))
        for query_id, ranking in run.rankings.items()
        if query_id in numbers
        for rank, each in enumerate(ranking, start=1)
    ]
    return judged, scored


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
