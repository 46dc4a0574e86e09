"""A BEIR folder of a few lines."""

import json
from collections.abc import Sequence
from pathlib import Path

DOCUMENTS = (
    ("1", "Almaty Process", "The Almaty Process was established in 2013 on refugee protection."),
    ("2", "Budapest Process", "The Budapest Process is a dialogue on migration along silk routes."),
    ("3", "Colombo Process", "The Colombo Process gathers countries of origin in Asia."),
)
QUERIES = (("q1", "almaty refugee protection"), ("q2", "colombo countries of origin in asia"))
QRELS = (("q1", "1", 1), ("q2", "3", 1))


def write_beir(
    folder: Path,
    *,
    documents: Sequence[tuple[str, str, str]] = DOCUMENTS,
    queries: Sequence[tuple[str, str]] = QUERIES,
    qrels: Sequence[tuple[str, str, int]] = QRELS,
    split: str = "test",
) -> Path:
    """Write a data set and return its folder."""
    (folder / "qrels").mkdir(parents=True)
    corpus = [{"_id": i, "title": title, "text": text} for i, title, text in documents]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(d) + "\n" for d in corpus))
    asked = [{"_id": i, "text": text} for i, text in queries]
    (folder / "queries.jsonl").write_text("".join(json.dumps(q) + "\n" for q in asked))
    judged = "".join(f"{query}\t{doc}\t{score}\n" for query, doc, score in qrels)
    (folder / "qrels" / f"{split}.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judged}")
    return folder
