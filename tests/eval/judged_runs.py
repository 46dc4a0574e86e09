"""Random judgements and runs over them, seeded."""

import numpy as np

from eval.data_sets.qrels import Qrel
from eval.data_sets.runs import Run, ScoredDocument


def random_qrels(random: np.random.Generator, *, queries: int, documents: int = 30) -> list[Qrel]:
    """Return five judgements a query, the first of them relevant."""
    return [
        Qrel(f"q{number}", f"d{doc}", int(place == 0 or random.random() < 0.4))
        for number in range(queries)
        for place, doc in enumerate(random.permutation(documents)[:5])
    ]


def random_run(
    random: np.random.Generator, qrels: list[Qrel], *, skill: float = 2.0, documents: int = 30
) -> Run:
    """Return a run that scores relevant documents higher by `skill`, on noise of deviation 1."""
    relevant = {(qrel.query_id, qrel.doc_id) for qrel in qrels if qrel.relevance > 0}
    rankings = {}
    for query_id in dict.fromkeys(qrel.query_id for qrel in qrels):
        scores = {
            f"d{doc}": float(noise) + skill * ((query_id, f"d{doc}") in relevant)
            for doc, noise in enumerate(random.standard_normal(documents))
        }
        ordered = sorted(scores.items(), key=lambda pair: -pair[1])
        rankings[query_id] = tuple(ScoredDocument(*pair) for pair in ordered)
    return Run(rankings)


def shuffled(random: np.random.Generator, run: Run, *, share: float = 1.0) -> Run:
    """Return the run with the documents of a share of its queries in random order."""
    rankings = dict(run.rankings)
    for query_id in list(rankings)[: int(share * len(rankings))]:
        order = random.permutation(len(rankings[query_id]))
        rankings[query_id] = tuple(rankings[query_id][i] for i in order)
    return Run(rankings)


def only(run: Run, query_ids: list[str]) -> Run:
    """Return the run over these queries alone."""
    return Run({each: run.rankings[each] for each in query_ids if each in run.rankings})
