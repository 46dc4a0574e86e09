import json
from pathlib import Path

import pytest

from corpus.errors import InputError
from corpus.ids import DocId
from eval.cli.printing import retrieval_lines
from eval.data_sets.data_sets import read_beir
from eval.data_sets.entering import content_of
from eval.data_sets.window_cutter import WindowCutter
from eval.retrieval.retrieval import evaluate_retrieval
from eval.retrieval.retrieval_report import RetrievalReport, RetrievalRequest
from eval.retrieval.searched_corpus import best_chunks
from eval.statistics.estimates import Resampling
from index.embedders.fake import HashEmbedder
from index.span_finders.fake import OverlapSpanFinder
from service.settings.models import Models
from tests.eval.beir_folder import write_beir
from tests.eval.chunk_values import document, hit, page

MODELS = Models(HashEmbedder(), OverlapSpanFinder())
QUICK = Resampling(resamples=1000)


def evaluate(folder: Path, work: Path, request: RetrievalRequest | None = None) -> RetrievalReport:
    chosen = request or RetrievalRequest(resampling=QUICK)
    return evaluate_retrieval(read_beir(folder), chosen, MODELS, work)


def test_a_small_corpus_is_measured_end_to_end(tmp_path: Path) -> None:
    report = evaluate(write_beir(tmp_path / "set"), tmp_path / "work")
    found = report.as_json()
    assert found["queries"] == 2
    assert found["measures"] == {
        "nDCG@10": {"mean": 1.0, "interval": [1.0, 1.0]},
        "R@100": {"mean": 1.0, "interval": [1.0, 1.0]},
        "RR@10": {"mean": 1.0, "interval": [1.0, 1.0]},
    }
    assert report.run.rankings["q2"][0].doc_id == "3"


def test_settings_name_all_that_the_figures_depend_on(tmp_path: Path) -> None:
    report = evaluate(write_beir(tmp_path / "set"), tmp_path / "work")
    assert report.settings["mode"] == "hybrid"
    assert report.settings["embedder"] == "hash"
    assert report.settings["reranker"] == "overlap"
    assert report.settings["chunks"] == 3
    assert report.settings["depth"] == 100
    json.dumps(report.as_json())


def test_settings_that_a_run_made_no_use_of_are_left_out(tmp_path: Path) -> None:
    request = RetrievalRequest(mode="dense", rerank=False, resampling=QUICK)
    report = evaluate(write_beir(tmp_path / "set"), tmp_path / "work", request)
    assert report.settings["reranker"] is None
    text = json.dumps([report.settings["retrieval"], report.settings["snapshot_settings"]])
    for name in ("lexical", "fusion", "dense_weight", "rerank_weight"):
        assert f'"{name}"' not in text
    assert '"vectors"' in text
    assert '"candidates"' in text


def test_the_second_run_embeds_nothing_and_gives_the_same(tmp_path: Path) -> None:
    folder, work = write_beir(tmp_path / "set"), tmp_path / "work"
    first = evaluate(folder, work)
    before = (work / "vectors.sqlite").read_bytes()
    assert evaluate(folder, work) == first
    assert (work / "vectors.sqlite").read_bytes() == before


def test_another_configuration_has_a_home_of_its_own(tmp_path: Path) -> None:
    folder, work = write_beir(tmp_path / "set"), tmp_path / "work"
    evaluate(folder, work)
    evaluate(folder, work, RetrievalRequest(cutting="chunked", chunk_tokens=40, resampling=QUICK))
    evaluate(folder, work, RetrievalRequest(cutting="chunked", resampling=QUICK))
    assert len(list(work.glob("*/store.sqlite"))) == 3


def test_a_document_of_several_chunks_counts_once(tmp_path: Path) -> None:
    text = "The Almaty Process was established in 2013. It deals with refugees. " * 20
    folder = write_beir(
        tmp_path / "set",
        documents=[("1", "Almaty", text), ("2", "Other", "Nothing of that kind here.")],
        queries=[("q1", "almaty process established")],
        qrels=[("q1", "1", 1)],
    )
    report = evaluate(
        folder, tmp_path / "work", RetrievalRequest(cutting="chunked", chunk_tokens=40)
    )
    assert report.settings["chunks"] != 2
    assert sorted(each.doc_id for each in report.run.rankings["q1"]) == ["1", "2"]


def test_documents_longer_than_the_window_are_counted(tmp_path: Path) -> None:
    long = "The Almaty Process was established in 2013. " * 200
    folder = write_beir(
        tmp_path / "set",
        documents=[("1", "Long", long), ("2", "Short", "The Almaty Process has a chair.")],
        queries=[("q1", "almaty process")],
        qrels=[("q1", "1", 1)],
    )
    whole = evaluate(folder, tmp_path / "work")
    assert (whole.settings["chunks"], whole.settings["documents_cut"]) == (2, 1)
    assert "1 documents are longer" in "\n".join(retrieval_lines(whole))
    chunked = evaluate(folder, tmp_path / "work", RetrievalRequest(cutting="chunked"))
    assert chunked.settings["documents_cut"] == 0


def test_equal_texts_stay_two_documents(tmp_path: Path) -> None:
    folder = write_beir(
        tmp_path / "set",
        documents=[("1", "Same", "The same words."), ("2", "Same", "The same words.")],
        queries=[("q1", "same words")],
        qrels=[("q1", "2", 1)],
    )
    report = evaluate(folder, tmp_path / "work")
    assert sorted(each.doc_id for each in report.run.rankings["q1"]) == ["1", "2"]


def test_a_document_without_a_text_is_found_by_its_title(tmp_path: Path) -> None:
    folder = write_beir(
        tmp_path / "set",
        documents=[("1", "Almaty Process", ""), ("2", "", " ")],
        queries=[("q1", "almaty")],
        qrels=[("q1", "1", 1)],
    )
    report = evaluate(folder, tmp_path / "work")
    assert [each.doc_id for each in report.run.rankings["q1"]] == ["1"]


def test_a_limit_takes_the_first_queries_only(tmp_path: Path) -> None:
    report = evaluate(write_beir(tmp_path / "set"), tmp_path / "work", RetrievalRequest(limit=1))
    assert report.as_json()["queries"] == 1
    assert list(report.measured.values["nDCG@10"]) == ["q1"]


def test_the_steps_are_told(tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    evaluate_retrieval(
        read_beir(write_beir(tmp_path / "set")),
        RetrievalRequest(),
        MODELS,
        tmp_path / "work",
        lambda *step: steps.append(step),
    )
    assert ("documents", 3, 3) in steps
    assert ("vectors", 3, 3) in steps
    assert steps[-1] == ("queries", 2, 2)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (RetrievalRequest(depth=0), "depth of 0"),
        (RetrievalRequest(chunk_tokens=513), "chunks of 513 tokens; expected 1 to 512"),
        (RetrievalRequest(measures=("nDGC@10",)), "near names: nDCG"),
    ],
)
def test_what_cannot_be_measured_is_refused_before_any_work(
    tmp_path: Path, request_: RetrievalRequest, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        evaluate(write_beir(tmp_path / "set"), tmp_path / "work", request_)
    assert not (tmp_path / "work").exists()


def test_a_document_stands_where_its_best_chunk_does() -> None:
    hits = [hit("c1", "d1", 0.9, 1), hit("c2", "d2", 0.8, 2), hit("c3", "d1", 0.7, 3)]
    found = best_chunks(hits, {DocId("d1"): "one", DocId("d2"): "two"})
    assert [(each.doc_id, each.score) for each in found] == [("one", 0.9), ("two", 0.8)]


def test_the_first_window_ends_with_its_last_token() -> None:
    embedder = HashEmbedder(window_tokens=4)
    cutter = WindowCutter(embedder.tokenizer)
    chunk = cutter.first_window(document("A title"), page("One two three four."))
    assert (chunk.context, chunk.text) == ("A title", "One two")
    assert chunk.spans[0].end == 7
    embedder.embed_documents([chunk.embedded_text])


def test_a_short_document_is_its_own_first_window() -> None:
    chunk = WindowCutter(HashEmbedder().tokenizer).first_window(document(""), page("One two."))
    assert (chunk.context, chunk.text) == ("", "One two.")


def test_the_bytes_of_a_document_tell_equal_texts_apart(tmp_path: Path) -> None:
    folder = write_beir(tmp_path, documents=[("1", "t", "é\u2028"), ("2", "t", "é\u2028")])
    one, two = (content_of(each) for each in read_beir(folder).documents())
    assert one != two
    assert json.loads(one) == {"_id": "1", "title": "t", "text": "é\u2028"}


@pytest.mark.data
@pytest.mark.models
def test_a_slice_of_scifact_is_found_by_the_bundled_models(
    tmp_path: Path, shared_data: Path
) -> None:
    whole = read_beir(shared_data / "beir" / "scifact", split="test")
    queries = whole.queries[:20]
    wanted = {query.query_id for query in queries}
    qrels = [qrel for qrel in whole.qrels if qrel.query_id in wanted]
    relevant = {qrel.doc_id for qrel in qrels}
    folder = write_beir(
        tmp_path / "slice",
        documents=[
            (each.doc_id, each.title, each.text)
            for each in whole.documents()
            if each.doc_id in relevant
        ],
        queries=[(query.query_id, query.text) for query in queries],
        qrels=[(qrel.query_id, qrel.doc_id, qrel.relevance) for qrel in qrels],
    )
    from index.embedders.opening import open_embedder
    from index.rerankers.opening import open_reranker

    models = Models(open_embedder(threads=2), open_reranker(threads=2))
    report = evaluate_retrieval(
        read_beir(folder), RetrievalRequest(rerank=False), models, tmp_path / "work"
    )
    mean = report.estimates["nDCG@10"].mean
    assert mean is not None
    assert mean > 0.9
