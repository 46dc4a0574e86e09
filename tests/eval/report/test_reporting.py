import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from corpus.errors import InputError
from eval.answers.answer_measures import Curves
from eval.answers.answers import AnswersReport, Group
from eval.data_sets.judged_queries import JudgedQueries
from eval.data_sets.qrels import Qrel
from eval.data_sets.runs import Run, write_trec_run
from eval.report.report_plots import Axes, Series, Whisker, line_plot, whisker_plot
from eval.report.report_queries import (
    BrowsedRuns,
    excerpt,
    figures_of,
    precision_by_recall,
    shown_queries,
)
from eval.report.report_results import Bin, KindResult, flat, read_results
from eval.report.reporting import ReportRequest, report_html
from eval.retrieval.measures import measure
from eval.statistics.calibration_measures import ReliabilityBin
from eval.statistics.estimates import Estimate
from eval.statistics.selective import RiskPoint
from tests.eval.report.report_files import (
    HOSTILE,
    citewell_report,
    run_of,
    write_answers,
    write_report_files,
    write_result,
)


def browsed_of(run: Run, *qrels: Qrel, documents: int = 10) -> BrowsedRuns:
    return BrowsedRuns({"one": run}, JudgedQueries(qrels, {}, {}), documents=documents)


@pytest.fixture
def words(tmp_path: Path) -> list[str | Path]:
    return write_report_files(tmp_path)


class Addresses(HTMLParser):
    """Collects what a page would ask for, and attributes that its policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            asks = name in {"src", "href", "srcset", "data"} and not (value or "").startswith("#")
            if asks or name == "style" or name.startswith("on"):
                self.found.append(f"{tag} {name}={value}")


def test_a_report_stands_alone_and_holds_every_part(
    tmp_path: Path, words: list[str | Path]
) -> None:
    result = citewell_report(*words)
    assert (result.exit_code, "3 results and 2 runs" in result.stdout) == (0, True), result.output
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    addresses = Addresses()
    addresses.feed(page)
    assert addresses.found == []
    assert "default-src 'none'; style-src 'sha256-" in page
    assert "0.743" in page
    assert "[0.703, 0.783]" in page
    assert "30 answerable, 13 unanswerable" in page
    for title in ("Precision by recall", "Risk by coverage", "Reliability"):
        assert f"<figcaption>{title}</figcaption>" in page
    assert "✓ relevant (2)" in page
    assert "The run holds nothing for this query" in page
    assert "chunking.fingerprint" in page


def test_what_files_hold_is_escaped(tmp_path: Path, words: list[str | Path]) -> None:
    citewell_report(*words, "--title", HOSTILE)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert page.count("<script>") == 1
    assert "&lt;script&gt;alert" in page


def test_a_run_with_a_results_name_is_that_results_own(
    tmp_path: Path, words: list[str | Path]
) -> None:
    citewell_report(*words)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    columns = re.findall(r'<th scope="col" class="system">.*?</svg> (\S+?)<', page, re.DOTALL)
    assert columns[:2] == ["hybrid", "lexical"]
    assert len(columns) == 4


def test_one_result_without_curves_or_runs_is_enough(tmp_path: Path) -> None:
    file = write_result(tmp_path / "r.json")
    result = citewell_report(file, "-o", tmp_path / "out.html", "--json")
    assert json.loads(result.stdout)["file"] == str(tmp_path / "out.html")
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert 'id="curves"' not in page
    assert 'id="every-query"' not in page


def test_kinds_of_question_stand_in_a_table_with_counts_and_intervals(tmp_path: Path) -> None:
    file = write_answers(tmp_path / "answers.json")
    assert citewell_report(file, "-o", tmp_path / "out.html").exit_code == 0
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    section = page[page.index('id="kinds"') : page.index('id="curves"')]
    columns = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", section.replace("<wbr>", ""))
    assert columns == ["Kind", "answerable", "unanswerable", "success@1", "abstention_recall"]
    lookup, hostile = re.findall(r'<tr><th scope="row">.*?</tr>', section, re.DOTALL)
    assert re.findall(r">(lookup|20|0|0\.850|\[0\.650, 1\.000\]|not measured)<", lookup) == [
        *("lookup", "20", "0"),
        *("[0.650, 1.000]", "not measured"),
    ]
    assert "0.850" in lookup
    assert "&lt;script&gt;" in hostile
    assert "[0.000, 0.500]" in hostile


def test_a_report_without_kinds_has_no_such_section(tmp_path: Path) -> None:
    citewell_report(write_result(tmp_path / "r.json"), "-o", tmp_path / "out.html")
    assert 'id="kinds"' not in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_kinds_that_answers_print_are_read(tmp_path: Path) -> None:
    group = Group((), {"success@1": Estimate(0.5, 0.0, 1.0), "ece": Estimate(None, None, None)})
    printed = AnswersReport((), {}, {}, {}, groups={"lookup": group}).as_json()
    (tmp_path / "answers.json").write_text(json.dumps(printed))
    (read,) = read_results([tmp_path / "answers.json"])
    assert read.by_kind == (KindResult("lookup", 0, 0, {"success@1": Estimate(0.5, 0.0, 1.0)}),)


def test_qrels_and_topics_stand_in_for_a_beir_folder(tmp_path: Path) -> None:
    write_trec_run(run_of(q1="ab"), tmp_path / "x.run")
    (tmp_path / "qrels").write_text("q1 0 b 1\n")
    (tmp_path / "topics").write_text("q1\tWho may join?\n")
    words = ("--run", tmp_path / "x.run", "--qrels", tmp_path / "qrels")
    out = tmp_path / "out.html"
    result = citewell_report(*words, "--topics", tmp_path / "topics", "-m", "RR@10", "-o", out)
    assert result.exit_code == 0, result.output
    page = out.read_text(encoding="utf-8")
    assert "Who may join?" in page
    assert "RR@10 0.500" in page


def test_runs_are_taken_without_a_flag_as_compare_takes_them(tmp_path: Path) -> None:
    write_trec_run(run_of(q1="ab"), tmp_path / "x.run")
    (tmp_path / "qrels").write_text("q1 0 b 1\n")
    judged = ("--qrels", tmp_path / "qrels", "--measures", "RR@10")
    pages = []
    for words in (("--run", tmp_path / "x.run"), (tmp_path / "x.run",)):
        out = tmp_path / "out.html"
        result = citewell_report(write_result(tmp_path / "r.json"), *words, *judged, "-o", out)
        assert result.exit_code == 0, result.output
        assert "1 results and 1 runs" in result.stdout
        pages.append(out.read_text(encoding="utf-8"))
        assert "RR@10 0.500" in pages[-1]


def test_wrong_requests_exit_2_and_write_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    write_trec_run(run_of(q1="a"), tmp_path / "x.run")
    (tmp_path / "bad.json").write_text('{"measures": {"AP": {"mean": "high"}}}')
    result = write_result(tmp_path / "r.json")
    wrong: dict[str, tuple[str | Path, ...]] = {
        "Found neither a result nor a run": (),
        "Expected either --beir DIR": ("--run", tmp_path / "x.run"),
        "found 'high' at `measures.AP.mean`": (tmp_path / "bad.json",),
        "none.json: expected a result": (tmp_path / "none.json",),
        "twice; expected each file once": (result, result),
    }
    for message, words in wrong.items():
        found = citewell_report(*words, "-o", out)
        assert (found.exit_code, message in found.stderr) == (2, True), found.output
        assert not out.exists()
    found = citewell_report(result, "-o", tmp_path)
    assert (found.exit_code, "expected a file to write to" in found.stderr) == (2, True)


def test_an_unknown_measure_is_refused() -> None:
    browsed = BrowsedRuns({"one": run_of(q1="a")}, JudgedQueries((Qrel("q1", "a", 1),), {}, {}))
    wrong = BrowsedRuns(browsed.runs, browsed.judged, measures=("ndcg@10",))
    with pytest.raises(InputError, match="near names: nDCG"):
        report_html(ReportRequest((), wrong, "2026-01-31T09:30:00+00:00"))


def test_settings_become_flat_and_readable() -> None:
    assert flat({"a": {"b": [1, "two"], "c": None}, "d": True, "e": [], "f": False}) == {
        **{"a.b": "1, two", "a.c": "none"},
        **{"d": "yes", "e": "none", "f": "no"},
    }


def test_results_are_named_by_their_files_and_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    paths = [write_result(tmp_path / "r.json"), write_answers(tmp_path / "a" / "r.json")]
    first, second = read_results(paths)
    assert (first.name, second.name) == (str(paths[0]), str(paths[1]))
    assert (first.kind, second.kind) == ("retrieval", "answers")
    assert second.measures["abstention_precision"] == Estimate(None, None, None)
    assert second.risk_coverage == ((0.5, 0.125), (1.0, 0.25))
    assert second.reliability[0].count == 7


def test_what_answers_print_is_read_whole(tmp_path: Path) -> None:
    curves = Curves((RiskPoint(0.5, 0.1, None),), (ReliabilityBin(0.6, 0.7, 7, 0.65, 0.5),))
    estimates = {"ece": Estimate(0.1, 0.0, 0.2)}
    printed = AnswersReport((), estimates, {"limit": None}, {"name": "q.jsonl"}, curves).as_json()
    (tmp_path / "answers.json").write_text(json.dumps(printed))
    (read,) = read_results([tmp_path / "answers.json"])
    assert (read.kind, read.measures, read.settings) == ("answers", estimates, {"limit": "none"})
    assert (read.risk_coverage, read.reliability) == (((0.5, 0.1),), (Bin(0.65, 0.5, 7),))


def test_interpolated_precision_is_worked_out_by_hand() -> None:
    # Relevant at ranks 1 and 4, three never found; one more query without an answer.
    run = run_of(q1="axyb")
    qrels = [Qrel("q1", d, 1) for d in "abcde"] + [Qrel("q2", "a", 1)]
    names = [f"IPrec@{level / 10}" for level in range(11)]
    points = precision_by_recall(measure(run, qrels, names).values)
    # Recall 1/5 with precision 1, 2/5 with 2/4, then none; halved by the query without an answer.
    expected = [1 / 2] * 3 + [1 / 4] * 2 + [0] * 6
    assert [recall for recall, _ in points] == [level / 10 for level in range(11)]
    assert [precision for _, precision in points] == pytest.approx(expected)


def test_queries_stand_lowest_first_with_what_was_missed() -> None:
    qrels = (Qrel("q1", "a", 1), Qrel("q2", "c", 2), Qrel("q2", "z", 1), Qrel("q2", "a", 0))
    browsed = browsed_of(run_of(q1="a", q2="abc"), *qrels, documents=2)
    first, second = shown_queries(browsed, figures_of(browsed))
    assert (first.query_id, second.query_id) == ("q2", "q1")
    (ranking,) = first.rankings
    shown = [(d.doc_id, d.rank, d.relevance) for d in ranking.documents]
    assert shown == [("a", 1, 0), ("b", 2, None)]
    assert [(d.doc_id, d.rank) for d in ranking.missed] == [("c", 3), ("z", None)]


def test_an_excerpt_ends_between_words() -> None:
    assert excerpt("one\n two") == "one two"
    cut = excerpt("word, " * 100)
    assert len(cut) <= 282
    assert cut.endswith("word\u00a0…")


def test_lines_differ_without_colour_and_are_told_in_words() -> None:
    axes = Axes("curve", "Title & more", "Recall", "Precision", diagonal="as it should be")
    series = [Series(n, f"<system {n}>", ((0.0, 1.0), (1.0, 0.25))) for n in range(12)]
    plot = line_plot(axes, series)
    groups = re.findall(r'stroke-dasharray="([^"]*)"/><path class="marker" d="([^"]*)"', plot)
    assert len(set(groups)) == 12
    assert "&lt;system 3&gt;: from 1.00 at 0.00 to 0.25 at 1.00." in plot
    assert '<title id="curve-title">Title &amp; more</title>' in plot
    assert "as it should be" in plot


def test_figures_that_are_no_shares_are_left_to_the_table() -> None:
    rows = [
        ("NumRet", [Whisker(0, Estimate(100.0, 90.0, 110.0))]),
        ("none", [Whisker(0, Estimate(None, None, None))]),
    ]
    assert whisker_plot("w", "title", rows) == ""
    plot = whisker_plot("w", "title", [*rows, ("AP", [Whisker(0, Estimate(0.5, None, None))])])
    assert "AP 0.500." in plot
    assert "NumRet" not in plot
