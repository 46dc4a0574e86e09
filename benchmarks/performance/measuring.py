"""How long does it take to measure a large run: queries × documents × measures?

The run and its judgements are random and seeded; making them is not counted.
"""

import argparse
import json
import sys
import time

import numpy as np

from eval.data_sets.qrels import Qrel
from eval.data_sets.runs import Run, ScoredDocument
from eval.figures.machine import machine
from eval.retrieval.measures import measure

CORPUS = 100_000
JUDGED = 20
MEASURES = (
    *("nDCG@10", "nDCG@100", "nDCG", "R@10", "R@100", "R@1000", "RR"),
    *("AP", "AP@100", "P@10", "Success@5", "Judged@10"),
)


def random_run(queries: int, documents: int) -> tuple[Run, list[Qrel]]:
    """Return a run and judgements of `JUDGED` documents a query, graded 0 to 2."""
    random = np.random.default_rng(1)
    names = [f"d{number}" for number in range(CORPUS)]
    scores = [float(documents - rank) for rank in range(documents)]
    rankings: dict[str, tuple[ScoredDocument, ...]] = {}
    qrels: list[Qrel] = []
    for number in range(queries):
        found = random.choice(CORPUS, documents, replace=False)
        pairs = zip(found, scores, strict=True)
        rankings[f"q{number}"] = tuple(ScoredDocument(names[each], score) for each, score in pairs)
        judged = random.choice(found, JUDGED, replace=False)
        grades = random.integers(0, 3, JUDGED)
        qrels += [
            Qrel(f"q{number}", names[each], int(grade))
            for each, grade in zip(judged, grades, strict=True)
        ]
    return Run(rankings), qrels


def main() -> int:
    """Measure and print the seconds."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.performance.measuring", description=__doc__
    )
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--documents", type=int, default=1_000)
    options = parser.parse_args()
    run, qrels = random_run(options.queries, options.documents)
    wall, cpu = time.monotonic(), time.process_time()
    measured = measure(run, qrels, MEASURES)
    found = {
        "wall_s": round(time.monotonic() - wall, 1),
        "cpu_s": round(time.process_time() - cpu, 1),
        "queries": len(measured.query_ids),
        "documents": options.documents,
        "measures": len(measured.values),
        "machine": machine(),
    }
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
