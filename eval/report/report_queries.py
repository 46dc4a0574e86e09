"""What a report shows of runs: their figures, their precision by recall, and every query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.data_sets.data_sets import BeirDataset
from eval.data_sets.judged_queries import JudgedQueries
from eval.data_sets.runs import Run
from eval.retrieval.measures import DEFAULT_MEASURES, Measured, checked_measures, measure
from eval.statistics.estimates import DEFAULT_RESAMPLING, Estimate, Resampling

RECALL_LEVELS = tuple(level / 10 for level in range(11))

_EXCERPT = 280


@dataclass(frozen=True, slots=True)
class BrowsedRuns:
    """Runs to look into. `corpus` is a BEIR folder, or None where documents have ids only.

    `documents` are shown for each query and run. The first measure is what queries are sorted by.
    """

    runs: Mapping[str, Run]
    judged: JudgedQueries
    corpus: Path | None = None
    measures: tuple[str, ...] = DEFAULT_MEASURES
    documents: int = 10
    resampling: Resampling = field(default=DEFAULT_RESAMPLING)


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document of a ranking. `relevance` is None where nobody judged it; `rank` if not found."""

    doc_id: str
    rank: int | None
    relevance: int | None
    text: str


@dataclass(frozen=True, slots=True)
class ShownRanking:
    """One run's first documents for a query, and the relevant ones that are not among them."""

    run: str
    values: Mapping[str, float]
    documents: tuple[ShownDocument, ...]
    missed: tuple[ShownDocument, ...]


@dataclass(frozen=True, slots=True)
class ShownQuery:
    """One judged query and what every run made of it."""

    query_id: str
    text: str
    rankings: tuple[ShownRanking, ...]


@dataclass(frozen=True, slots=True)
class RunFigures:
    """The measures of a run over all judged queries, and its mean precision by recall."""

    measured: Measured
    estimates: Mapping[str, Estimate]
    precision: tuple[tuple[float, float], ...]


def figures_of(browsed: BrowsedRuns) -> dict[str, RunFigures]:
    """Return the figures of each run. Raises: InputError for an unknown measure."""
    return {name: _figures(run, browsed) for name, run in browsed.runs.items()}


def precision_by_recall(
    measured: Mapping[str, Mapping[str, float]],
) -> tuple[tuple[float, float], ...]:
    """Return recall and precision at eleven levels, averaged over all judged queries.

    The precision at a level is the highest at that recall or a higher one, 0 where it is never
    reached. trec_eval, whose values these are, counts a recall of 2.1 documents as reached by two.

    *Source:* Manning, Raghavan and Schütze 2008, Introduction to information retrieval, chapter 8.
    """
    points: list[tuple[float, float]] = []
    for level in RECALL_LEVELS:
        values = measured[f"IPrec@{level}"].values()
        points.append((level, sum(values) / len(values)))
    return tuple(points)


def shown_queries(
    browsed: BrowsedRuns, figures: Mapping[str, RunFigures]
) -> tuple[ShownQuery, ...]:
    """Return every judged query, those with the lowest value of the first run first."""
    relevance: dict[str, dict[str, int]] = {}
    for qrel in browsed.judged.qrels:
        relevance.setdefault(qrel.query_id, {})[qrel.doc_id] = qrel.relevance
    texts = _texts(browsed, relevance)
    first, by = next(iter(figures.values())).measured, next(iter(figures.values())).estimates
    values = first.values[next(iter(by))]
    return tuple(
        ShownQuery(
            query_id,
            browsed.judged.texts.get(query_id, ""),
            tuple(
                _ranking(name, query_id, relevance[query_id], browsed, figures[name], texts)
                for name in browsed.runs
            ),
        )
        for query_id in sorted(values, key=lambda query_id: values[query_id])
    )


def _figures(run: Run, browsed: BrowsedRuns) -> RunFigures:
    names = checked_measures(browsed.measures)
    levels = [f"IPrec@{level}" for level in RECALL_LEVELS]
    measured = measure(run, browsed.judged.qrels, dict.fromkeys([*names, *levels]))
    chosen = Measured(
        {name: measured.values[name] for name in names}, measured.unanswered, measured.unjudged
    )
    return RunFigures(
        chosen, chosen.estimates(browsed.resampling), precision_by_recall(measured.values)
    )


def _ranking(
    name: str,
    query_id: str,
    relevance: Mapping[str, int],
    browsed: BrowsedRuns,
    figures: RunFigures,
    texts: Mapping[str, str],
) -> ShownRanking:
    ranks = {
        scored.doc_id: rank
        for rank, scored in enumerate(browsed.runs[name].rankings.get(query_id, ()), start=1)
    }

    def shown(doc_id: str) -> ShownDocument:
        return ShownDocument(
            doc_id, ranks.get(doc_id), relevance.get(doc_id), texts.get(doc_id, "")
        )

    first = list(ranks)[: browsed.documents]
    missed = [d for d, grade in relevance.items() if grade > 0 and d not in first]
    return ShownRanking(
        run=name,
        values={m: by_query[query_id] for m, by_query in figures.measured.values.items()},
        documents=tuple(shown(doc_id) for doc_id in first),
        missed=tuple(
            sorted(map(shown, missed), key=lambda d: (d.rank is None, d.rank or 0, d.doc_id))
        ),
    )


def _texts(browsed: BrowsedRuns, relevance: Mapping[str, Mapping[str, int]]) -> dict[str, str]:
    """Return the beginning of each document that is shown."""
    if browsed.corpus is None:
        return {}
    wanted = {d for judged in relevance.values() for d, grade in judged.items() if grade > 0}
    for run in browsed.runs.values():
        wanted.update(_first(run, relevance, browsed.documents))
    return {
        document.doc_id: excerpt(f"{document.title} — {document.text}".removeprefix(" — "))
        for document in BeirDataset(browsed.corpus, "", (), ()).documents()
        if document.doc_id in wanted
    }


def _first(run: Run, queries: Iterable[str], depth: int) -> Sequence[str]:
    return [s.doc_id for query in queries for s in run.rankings.get(query, ())[:depth]]


def excerpt(text: str) -> str:
    """Return the beginning of a text on one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= _EXCERPT:
        return line
    return line[:_EXCERPT].rpartition(" ")[0].rstrip(",;:") + "\u00a0…"
