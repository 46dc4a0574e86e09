"""`citewell eval speed`: real processes, a real server, ratios to a baseline."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner, Result

from corpus.errors import CitewellError, InputError
from eval.cli.application import build_eval_app
from eval.speed.speed import SpeedReport
from eval.speed.speed_baseline import ratios, read_speed_baseline, slower, write_speed_baseline
from eval.speed.speed_load import Load, ask_all
from eval.speed.speed_process import Server, citewell, served

REPORT = SpeedReport(
    {"cold_ask_s": 2.0, "cold_ask_over_reference": 0.5, "index_bytes": 100.0},
    {"rounds": 1},
    {"documents": 1, "pages": 1, "passages": 1},
    "a machine",
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CITEWELL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CITEWELL_EMBEDDER", "hash")
    monkeypatch.setenv("CITEWELL_RERANKER", "overlap")
    return tmp_path / "home"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text("The Almaty Process was established in 2013.\n", encoding="utf-8")
    return path


def speed(*words: str | Path) -> Result:
    return CliRunner().invoke(build_eval_app(), ["speed", *map(str, words)])


def test_all_is_measured_and_recorded(home: Path, source: Path, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    words = (source, "--rounds", "1", "--requests", "20", "--concurrency", "2")
    result = speed(*words, "--record", file, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    figures = found["figures"]
    assert found["data"]["documents"] == 1
    assert figures["ask_2_clients_failed"] == 0
    assert 0 < figures["ask_2_clients_p50_ms"] <= figures["ask_2_clients_p99_ms"]
    assert min(figures[f"{n}_bytes"] for n in ("ingest_peak", "serving_peak", "index")) > 0
    assert figures["ingest_pages_per_s"] == pytest.approx(1 / figures["ingest_s"])
    baseline = read_speed_baseline(file)
    assert set(baseline.figures) == set(figures)
    assert baseline.data == found["data"]
    assert not home.exists()


def test_a_home_that_is_there_is_measured_without_ingest(home: Path, source: Path) -> None:
    citewell(home, "ingest", str(source))
    result = speed("--home", home, "--rounds", "1", "--requests", "5", "--concurrency", "1")
    assert result.exit_code == 0, result.output
    names = [line.split()[0] for line in result.stdout.splitlines()]
    assert "cold_ask_s" in names
    assert "ingest_s" not in names


def test_the_server_listens_on_the_loopback_and_is_gone_afterwards(
    home: Path, source: Path
) -> None:
    citewell(home, "ingest", str(source))
    with served(home) as server:
        pid = server.process.pid
        sockets = psutil.Process(pid).net_connections(kind="inet")
        assert {each.laddr.ip for each in sockets if each.status == "LISTEN"} == {"127.0.0.1"}
        load = ask_all(server, ["almaty process?"] * 10, clients=4)
    assert (len(load.times_ms), load.failed) == (10, 0)
    assert not psutil.pid_exists(pid)
    assert server.peak_bytes > 1024 * 1024


def test_a_home_with_keys_is_measured_too(home: Path, source: Path) -> None:
    citewell(home, "ingest", str(source))
    citewell(home, "keys", "create", "reader")
    with served(home) as server:
        load = ask_all(server, ["almaty process?"] * 4, clients=2)
    assert (len(load.times_ms), load.failed) == (4, 0)


def test_a_home_where_nothing_is_ingested_fails_with_the_reason(home: Path) -> None:
    with pytest.raises(CitewellError, match="citewell ask"):
        citewell(home, "ask", "anything?")


def test_a_process_is_timed_and_its_memory_is_its_own(tmp_path: Path) -> None:
    code = "x = bytearray(200_000_000); import time; time.sleep(0.3); print('done')"
    # From a small process: Linux counts what the parent held when it forked, and pytest holds much.
    measure = (
        "import sys; from pathlib import Path; from eval.speed.speed_process import run;"
        "ended = run([sys.executable, '-c', sys.argv[1]], Path(sys.argv[2]));"
        "print(ended.code, ended.out.strip(), ended.wall_s, ended.peak_bytes)"
    )
    words = [sys.executable, "-c", measure, code, str(tmp_path)]
    exit_code, out, wall_s, peak_bytes = subprocess.check_output(words, text=True).split()
    assert (exit_code, out) == ("0", "done")
    assert float(wall_s) >= 0.3
    assert 200_000_000 <= int(peak_bytes) < 400_000_000


def test_a_question_that_is_refused_counts_as_failed(tmp_path: Path) -> None:
    asked: list[str] = []

    class Every(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(json.loads(body)["question"])
            self.send_response(500 if asked[-1] == "bad" else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Every) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        process = psutil.Popen([sys.executable, "-c", ""])  # stands for the server's own
        process.wait()
        server = Server(process, "127.0.0.1", listening.server_port)
        load = ask_all(server, ["a", "bad", "b"], clients=1)
        listening.shutdown()
    assert asked == ["a", "bad", "b"]
    assert (len(load.times_ms), load.failed) == (2, 1)


def test_percentiles_and_throughput_are_plain_arithmetic() -> None:
    load = Load(2, (10.0, 20.0, 30.0, 40.0, 50.0), 2.0, 0)
    assert load.percentile_ms(50) == 30.0
    assert load.percentile_ms(90) == pytest.approx(46.0)
    assert load.questions_a_second == 2.5


def test_ratios_are_to_the_baseline_and_only_multiples_and_sizes_can_fail(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    write_speed_baseline(REPORT, file, command="citewell eval speed")
    now = SpeedReport(
        {"cold_ask_s": 8.0, "cold_ask_over_reference": 0.6, "index_bytes": 100.0},
        REPORT.settings,
        REPORT.data,
    )
    found = ratios(now, read_speed_baseline(file))
    assert [each.ratio for each in found] == [4.0, pytest.approx(1.2), 1.0]
    # Four times the seconds, but the reference work beside it was slow too.
    assert slower(found, 1.25) == []
    assert [each.name for each in slower(found, 1.1)] == ["cold_ask_over_reference"]


def test_a_baseline_of_other_data_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    write_speed_baseline(REPORT, file, command="citewell eval speed")
    other = SpeedReport(REPORT.figures, REPORT.settings, {**REPORT.data, "pages": 2})
    with pytest.raises(InputError, match=r"data\.pages 1"):
        ratios(other, read_speed_baseline(file))


def test_paths_beside_a_home_and_a_limit_without_baseline_are_bad_usage(
    home: Path, source: Path
) -> None:
    assert speed(source, "--home", home).exit_code == 2
    assert speed(source, "--at-most", "1.2").exit_code == 2


def test_a_database_elsewhere_is_never_measured(
    home: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere.sqlite"
    monkeypatch.setenv("CITEWELL_STORE", f"sqlite:///{elsewhere}")
    citewell(home, "ingest", str(source))
    assert not elsewhere.exists()
    assert "CITEWELL_STORE" in os.environ
