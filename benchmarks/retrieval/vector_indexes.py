"""Which vector index at which size: recall, latency, build time and bytes, filtered too.

Vectors are those of a collection, and as many made from them as are wanted (enlarged_vectors.py);
queries are questions of the training set, embedded. Recall@10 is the share of the exact ten (of
all, where fewer are allowed) that are found; times are seconds of one thread's
processor, so that other work on the machine does not count.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.retrieval.enlarged_vectors import Enlarged, enlarge, nearest_cosines, real_vectors
from benchmarks.retrieval.vector_kinds import KINDS, Found, Kind, exact, faiss
from eval.figures.machine import machine
from index.values.ports import FloatMatrix, RowMask

QUESTIONS = Path(__file__).parents[2] / "eval" / "questions" / "train.jsonl"
SHARES = (1.0, 0.5, 0.1, 0.01, 0.001)
LIMIT = 10
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a kind at a size, searched within a share of the rows."""

    kind: str
    rows: int
    share: float
    recall: float
    p50_ms: float
    p99_ms: float
    build_s: float
    bytes_a_vector: float


def study(
    data: Enlarged, queries: FloatMatrix, kinds: Sequence[str], shares: Sequence[float] = SHARES
) -> list[Row]:
    """Return a row a kind and share. Every kind sees the same masks and queries."""
    masks = [None if share == 1 else data.mask(share, seed=3) for share in shares]
    flat = exact(data.vectors)
    truths = [[flat.search(query, LIMIT, mask) for query in queries] for mask in masks]
    found = []
    for name in kinds:
        began = time.thread_time()
        kind = KINDS[name](data.vectors)
        built = time.thread_time() - began
        for share, mask, truth in zip(shares, masks, truths, strict=True):
            recall, times = _searched(kind, queries, mask, truth)
            p50, p99 = np.percentile(times, [50, 99])
            size = kind.bytes / len(data.vectors)
            found.append(Row(name, len(data.vectors), share, recall, p50, p99, built, size))
    return found


def _searched(
    kind: Kind, queries: FloatMatrix, mask: RowMask | None, truth: Sequence[Found]
) -> tuple[float, list[float]]:
    kind.search(queries[0], LIMIT, mask)
    shares, times = [], []
    for query, expected in zip(queries, truth, strict=True):
        began = time.thread_time()
        rows = kind.search(query, LIMIT, mask)
        times.append(1000 * (time.thread_time() - began))
        wanted = expected[expected >= 0]
        shares.append(float(np.isin(wanted, rows).mean()))
    return float(np.mean(shares)), times


def table(found: Sequence[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = [
        "| vectors | index | build | bytes a vector | allowed | recall@10 | p50 | p99 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in found:
        whole = row.share == 1
        build = f"{row.build_s:.1f} s" if whole else ""
        size = f"{row.bytes_a_vector:,.0f}" if whole else ""
        lines.append(
            f"| {f'{row.rows:,}' if whole else ''} | {row.kind if whole else ''} | {build} | "
            f"{size} | {100 * row.share:g} % | {row.recall:.4f} | {row.p50_ms:.2f} ms | "
            f"{row.p99_ms:.2f} ms |"
        )
    return "\n".join(lines)


def _questions(count: int) -> FloatMatrix:
    from index.embedders.opening import open_embedder

    lines = QUESTIONS.read_text("utf-8").splitlines()
    texts = [json.loads(line)["question"] for line in lines if line]
    chosen = np.random.default_rng(4).permutation(len(texts))[:count]
    return open_embedder().embed_queries([texts[each] for each in chosen])


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval.vector_indexes")
    parser.add_argument("home", type=Path, help="a collection with at least some thousand passages")
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--queries", type=int, default=300)
    options = parser.parse_args()
    faiss.omp_set_num_threads(1)
    real, queries = real_vectors(options.home), _questions(options.queries)
    for rows in options.rows:
        data = enlarge(real, rows)
        made = data.vectors[len(real) :]
        note = {
            "rows": rows,
            "real": len(real),
            "nearest_cosine_of_real": nearest_cosines(real, real, same=True),
            "nearest_cosine_of_made": nearest_cosines(made, real, same=False)
            if len(made)
            else None,
            "machine": machine(),
        }
        sys.stderr.write(json.dumps(note) + "\n")
        sys.stdout.write(table(study(data, queries, options.kinds)) + "\n\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
