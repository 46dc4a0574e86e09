"""Every measure that is offered, equal to ir-measures and pytrec_eval on files that they read."""

from collections.abc import Sequence
from pathlib import Path

import ir_measures
import numpy as np
import pytest
import pytrec_eval

from corpus.errors import InputError
from eval.data_sets.data_sets import BeirDocument, read_beir
from eval.data_sets.qrels import Qrel, read_qrels
from eval.data_sets.runs import Run, ScoredDocument, read_trec_run, write_trec_run
from eval.data_sets.topics import Query
from eval.question_sets.questions_clapnq import read_clapnq
from eval.retrieval.measures import checked_measures, measure

NAMES = (
    "nDCG nDCG@3 nDCG@10 nDCG@100 nDCG(dcg='exp-log2')@10 AP AP@10 AP(rel=2) RR RR@10 RR(rel=2)@5 "
    "P@1 P@5 P(rel=2)@10 R@5 R@100 R(rel=2)@100 Rprec Bpref infAP Success@1 Success@5 Judged "
    "Judged@10 SetP SetR SetF SetAP SetP(relative=True) IPrec@0.1 IPrec@0.5 Compat Compat(p=0.8) "
    "ERR@10 NumRet NumRet(rel=1) NumRel Accuracy Accuracy@10"
).split()
# trec_eval's own names, as pytrec_eval is asked for them; it answers with `_` for the point.
TREC_NAMES = {
    "nDCG": "ndcg",
    "nDCG@10": "ndcg_cut.10",
    "AP": "map",
    "AP@10": "map_cut.10",
    "RR": "recip_rank",
    "P@5": "P.5",
    "R@100": "recall.100",
    "Rprec": "Rprec",
    "Bpref": "bpref",
    "infAP": "infAP",
    "Success@5": "success.5",
    "SetP": "set_P",
    "SetR": "set_recall",
    "SetF": "set_F",
    "SetAP": "set_map",
    "IPrec@0.5": "iprec_at_recall.0.50",
    "NumRel": "num_rel",
    "NumRet": "num_ret",
}


def test_names_stand_for_every_kind_of_measure_that_can_be_computed_here() -> None:
    kinds = {type(ir_measures.parse_measure(name)).__name__ for name in checked_measures(NAMES)}
    offered: set[str] = set()
    for name in ir_measures.measures.registry:
        for spelled in (name, f"{name}@10", f"{name}@0.1"):
            try:
                checked_measures([spelled])
            except InputError:
                continue
            offered.add(type(ir_measures.parse_measure(spelled)).__name__)
    # How many queries there are is no value of a query.
    assert offered - kinds <= {"_NumQ"}


def write_qrels(qrels: Sequence[Qrel], path: Path) -> Path:
    lines = (f"{q.query_id} 0 {q.doc_id} {q.relevance}\n" for q in qrels)
    path.write_text("".join(lines))
    return path


def above_0(ranking: Sequence[ScoredDocument]) -> tuple[ScoredDocument, ...]:
    return tuple(ScoredDocument(d.doc_id, 1 / rank) for rank, d in enumerate(ranking, start=1))


def assert_equal_to_the_references(run_file: Path, qrels_file: Path, folder: Path) -> None:
    """Compare values by query: with pytrec_eval as the file stands, with ir-measures untied."""
    qrels, run = list(read_qrels(qrels_file)), read_trec_run(run_file)
    ours = measure(run, qrels, NAMES).values

    judged: dict[str, dict[str, int]] = {}
    for qrel in qrels:
        judged.setdefault(qrel.query_id, {})[qrel.doc_id] = qrel.relevance
    evaluator = pytrec_eval.RelevanceEvaluator(judged, set(TREC_NAMES.values()))
    raw = {q: {d.doc_id: d.score for d in r} for q, r in run.rankings.items() if r}
    theirs = evaluator.evaluate(raw)
    for name, trec_name in TREC_NAMES.items():
        expected = {
            q: theirs[q][trec_name.replace(".", "_", 1)] if q in theirs else 0.0 for q in judged
        }
        if name != "NumRel":  # a fact of the judgements; a query left out counts 0 here too
            assert ours[name] == pytest.approx(expected, abs=1e-9), name

    # Programs behind ir-measures differ on ties, and Compat takes what was not found for a score
    # of 0: they get the same order with scores that fall and are above 0.
    untied = folder / "untied.run"
    write_trec_run(Run({q: above_0(ranking) for q, ranking in run.rankings.items()}), untied)
    expected_values = {name: dict.fromkeys(judged, 0.0) for name in ours}
    for metric in ir_measures.iter_calc(
        [ir_measures.parse_measure(name) for name in NAMES],
        ir_measures.read_trec_qrels(str(qrels_file)),  # type: ignore[no-untyped-call]
        ir_measures.read_trec_run(str(untied)),  # type: ignore[no-untyped-call]
    ):
        expected_values[str(metric.measure)][metric.query_id] = float(metric.value)
    for name, expected in expected_values.items():
        assert ours[name] == pytest.approx(expected, abs=1e-9), name


@pytest.mark.parametrize("seed", range(12))
def test_random_runs_are_measured_as_the_references_do(tmp_path: Path, seed: int) -> None:
    """Ties, left-out and unjudged queries, empty rankings, negative scores, negative grades."""
    random = np.random.default_rng([15, seed])
    documents = 40
    qrels = [
        Qrel(str(query), f"d{doc}", int(grade))
        for query in range(1, 13)
        for doc, grade in zip(
            random.permutation(documents)[: random.integers(1, 25)],
            random.integers(-1 if seed % 3 == 0 else 0, 4, 25),
            strict=False,
        )
    ]
    lines = [
        f"{query} Q0 d{doc} 1 {score:.1f} random\n"
        for query in range(1, 16)
        if random.random() > 0.25
        for doc, score in zip(
            random.permutation(documents)[: random.integers(1, documents)],
            random.normal(0, 1 if seed % 2 else 0.1, documents),
            strict=False,
        )
    ]
    run_file = tmp_path / "random.run"
    run_file.write_text("".join(random.permutation(np.array(lines, dtype=object))))
    assert_equal_to_the_references(run_file, write_qrels(qrels, tmp_path / "qrels"), tmp_path)


def test_an_empty_run_counts_0_everywhere(tmp_path: Path) -> None:
    (tmp_path / "empty.run").write_text("")
    found = measure(read_trec_run(tmp_path / "empty.run"), [Qrel("1", "d1", 1)], NAMES)
    assert all(by_query == {"1": 0.0} for by_query in found.values.values())
    assert found.unanswered == ("1",)


def test_a_document_that_stands_twice_is_refused_by_line_and_by_query(tmp_path: Path) -> None:
    (tmp_path / "twice.run").write_text("1 Q0 a 1 2 t\n1 Q0 b 2 1 t\n1 Q0 a 3 0 t\n")
    with pytest.raises(InputError, match=r"twice\.run, line 3: .*'a' twice \(first on line 1\)"):
        read_trec_run(tmp_path / "twice.run")
    twice = Run({"1": (ScoredDocument("a", 2.0), ScoredDocument("a", 1.0))})
    with pytest.raises(InputError, match="query '1': found document 'a' twice"):
        measure(twice, [Qrel("1", "a", 1)], ["AP"])


def assert_a_collection_is_measured_as_the_references_do(
    documents: Sequence[BeirDocument],
    queries: Sequence[Query],
    qrels: Sequence[Qrel],
    folder: Path,
) -> None:
    bm25s = pytest.importorskip("bm25s")
    index = bm25s.BM25()
    texts = [f"{each.title} {each.text}" for each in documents]
    index.index(bm25s.tokenize(texts, show_progress=False), show_progress=False)
    asked = bm25s.tokenize([each.text for each in queries], show_progress=False)
    rows, scores = index.retrieve(asked, k=100, show_progress=False)
    # One decimal: ties in every ranking. The first query is left out.
    lines = [
        f"{query.query_id} Q0 {documents[row].doc_id} 1 {score:.1f} bm25s\n"
        for query, found, by_row in zip(queries[1:], rows[1:], scores[1:], strict=True)
        for row, score in zip(found, by_row, strict=True)
    ]
    run_file = folder / "bm25s.run"
    run_file.write_text("".join(lines))
    assert_equal_to_the_references(run_file, write_qrels(qrels, folder / "qrels"), folder)


@pytest.mark.data
@pytest.mark.parametrize("name", ["scifact", "cranfield", "cisi"])
def test_a_judged_collection_is_measured_as_the_references_do(
    tmp_path: Path, shared_data: Path, name: str
) -> None:
    dataset = read_beir(shared_data / "beir" / name)
    assert_a_collection_is_measured_as_the_references_do(
        list(dataset.documents()), dataset.queries, dataset.qrels, tmp_path
    )


@pytest.mark.data
def test_questions_with_passages_are_measured_as_the_references_do(
    tmp_path: Path, shared_data: Path
) -> None:
    """ClapNQ: a question's own passage is relevant to it; queries get numbers."""
    parts = [
        read_clapnq(shared_data / "qa" / f"clapnq_dev_{kind}.jsonl")
        for kind in ("answerable", "unanswerable")
    ]
    documents = list({d.doc_id: d for part in parts for d in part.documents}.values())
    queries = [
        Query(str(n), question.text) for n, question in enumerate(parts[0].file.questions, start=1)
    ]
    texts = {document.doc_id: document.text for document in documents}
    qrels = [
        Qrel(query.query_id, doc_id, 1)
        for query, question in zip(queries, parts[0].file.questions, strict=True)
        for doc_id, text in texts.items()
        if all(evidence.quote in text for evidence in question.evidence)
    ]
    assert {qrel.query_id for qrel in qrels} >= {query.query_id for query in queries[:50]}
    assert_a_collection_is_measured_as_the_references_do(documents, queries, qrels, tmp_path)
