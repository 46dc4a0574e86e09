"""What the prefix of queries is worth: `python -m benchmarks.retrieval.prefixes --home HOME`.

HOME holds the documents of our questions (the bundled briefs, the reports, or both); those of train
and dev on its documents are put to it, by meaning alone, with the embedder's own prefix and others.
The figures are in docs/research.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from corpus.stores.sql_store import SqlStore
from eval.data_sets.qrels import Qrel
from eval.data_sets.runs import Run
from eval.retrieval.measures import measure
from eval.retrieval.ranked_collection import Naming, RankedCollection, ranked_collection
from eval.statistics.estimates import Floats
from eval.statistics.significance import paired_results
from index.embedders.onnx import BGE_SMALL_EN, OnnxEmbedder
from index.retrieval.retrieving import Retriever
from index.snapshots.publishing import current_id, snapshot_folder
from index.snapshots.snapshot import Snapshot
from service.settings.models import Models
from service.settings.settings import Settings

QUESTIONS = Path(__file__).parents[2] / "eval" / "questions"
PREFIXES = (BGE_SMALL_EN.query_prefix, "", "query: ", "passage: ")
MEASURE = "nDCG@10"


def asked_of(names: set[str], field: str) -> tuple[dict[str, str], list[Qrel]]:
    """Return the answerable questions on these documents, and the pages that answer them."""
    texts: dict[str, str] = {}
    qrels: list[Qrel] = []
    for split in ("train", "dev"):
        for line in (QUESTIONS / f"{split}.jsonl").read_text(encoding="utf-8").splitlines():
            each = json.loads(line)
            name = Path(each["document"]).stem
            if each["answerable"] and name in names:
                texts[each["id"]] = each[field]
                pages = dict.fromkeys(evidence["page"] for evidence in each["evidence"])
                qrels += [Qrel(each["id"], f"{name}/{page}", 1) for page in pages]
    return texts, qrels


def values_of(collection: RankedCollection, texts: dict[str, str], qrels: Sequence[Qrel]) -> Floats:
    """Return the measure of each question."""
    run = Run(
        {
            query_id: collection.ranking(text, depth=100, mode="dense", rerank=False)
            for query_id, text in texts.items()
        }
    )
    return np.array(list(measure(run, qrels, [MEASURE]).values[MEASURE].values()))


def main() -> None:
    """Print a row for each prefix, compared with the first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--collection")
    parser.add_argument("--field", default="question")
    given = parser.parse_args()
    settings = Settings(home=given.home)
    models = Models.open(settings)
    snapshot_id = current_id(settings.layout)
    with (
        SqlStore.open(settings.store_url) as store,
        ranked_collection(settings, models, Naming("page"), given.collection) as searched,
    ):
        if snapshot_id is None:
            raise SystemExit(f"{given.home} holds no snapshot; ingest first")
        folder = snapshot_folder(settings.layout, snapshot_id)
        snapshot = Snapshot.open(folder, embedder=models.embedder.fingerprint)
        texts, qrels = asked_of(set(searched.names.values()), given.field)
        before: Floats | None = None
        for prefix in PREFIXES:
            embedder = OnnxEmbedder(replace(BGE_SMALL_EN, query_prefix=prefix))
            retriever = Retriever(snapshot, store, embedder)
            found = values_of(replace(searched, retriever=retriever), texts, qrels)
            before = found if before is None else before
            (result,) = paired_results((found - before)[:, np.newaxis])
            sys.stdout.write(
                f"{prefix[:24]!r:<28} {found.size} questions  {MEASURE} {found.mean():.3f}  "
                f"{result.difference:+.3f}  p {result.p:.4f}  "
                f"seen from {result.detectable or 0:.3f}\n"
            )


if __name__ == "__main__":
    main()
