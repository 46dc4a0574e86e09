"""`/metrics`: what is counted, who may read it, and that it tells no text."""

import json
import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from service.access.keys import make_key
from service.engine.engine import Engine
from service.http.app import create_app
from service.settings.version import installed_version
from service.workload.jobs import JobWorker
from tests.service.conftest import Served
from tests.service.small_collection import QUESTION, settings_of
from tests.test_house import ROOT, modules_after

Labels = tuple[tuple[str, str], ...]


def samples(client: TestClient) -> dict[tuple[str, Labels], float]:
    """Return every sample of /metrics by its name and labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def grown(client: TestClient, question: str) -> dict[tuple[str, Labels], float]:
    """Return what a question adds to the samples."""
    before = samples(client)
    assert client.post("/v1/ask", json={"question": question}).status_code == 200
    after = samples(client)
    return {key: value - before.get(key, 0.0) for key, value in after.items()}


def test_a_question_is_counted_by_route_stage_outcome_and_confidence(served: Served) -> None:
    more = grown(served.client, QUESTION)
    asked = (("method", "POST"), ("route", "/v1/ask"), ("status", "2xx"))
    assert more["citewell_http_requests_total", asked] == 1
    assert more["citewell_http_request_duration_seconds_count", asked] == 1
    assert sum(v for (name, _), v in more.items() if name == "citewell_answers_total") == 1
    assert more["citewell_answer_duration_seconds_count", ()] == 1
    stages = {
        dict(labels)["stage"]
        for (name, labels), value in more.items()
        if name == "citewell_answer_stage_duration_seconds_count" and value
    }
    assert {"understand", "search", "fuse", "read", "answer"} <= stages


def test_the_state_of_the_collection_is_told(served: Served) -> None:
    found = samples(served.client)
    snapshot = (("snapshot", served.engine.snapshot_id or ""),)
    assert found["citewell_snapshot_info", snapshot] == 1
    assert found["citewell_snapshot_documents", ()] == 3
    assert found["citewell_snapshot_chunks", ()] == 4
    assert found["citewell_snapshot_created_timestamp_seconds", ()] > 1.7e9
    assert found["citewell_jobs", (("state", "failed"),)] == 0
    assert (found["citewell_store_up", ()], found["citewell_ready", ()]) == (1, 1)
    [build] = [dict(labels) for name, labels in found if name == "citewell_build_info"]
    assert build["version"] == installed_version()
    assert ("process_resident_memory_bytes", ()) in found


def test_an_upload_is_counted_by_what_became_of_its_documents(own: Served) -> None:
    for name, content in (("a.txt", b"The Heron Forum has 12 members.\n"), ("b.pdf", b"no pdf")):
        job = own.client.post("/v1/documents", files={"file": (name, content)}).json()["job_id"]
        with own.client.stream("GET", f"/v1/jobs/{job}/events") as events:
            events.read()
    found = samples(own.client)
    assert found["citewell_ingested_documents_total", (("status", "added"),)] == 1
    assert found["citewell_ingested_documents_total", (("status", "rejected"),)] == 1
    assert found["citewell_vector_cache_requests_total", (("result", "miss"),)] == 1
    assert found["citewell_ingest_duration_seconds_count", ()] == 2
    assert found["citewell_jobs", (("state", "failed"),)] == 1


def test_no_label_holds_a_path_or_what_was_asked(served: Served) -> None:
    served.client.get("/Zanzibar/secret")
    served.client.get("/v1/documents/dzanzibar", params={"q": "Zanzibar"})
    served.client.post("/v1/ask", json={"question": "Where is Zanzibar?"})
    served.client.request("ZANZIBAR", "/")
    assert "zanzibar" not in served.client.get("/metrics").text.lower()


def test_metrics_need_the_scope_where_there_are_keys(own: Served) -> None:
    secrets = {}
    for name, scopes, collections in (
        ("scraper", ["metrics"], None),
        ("boss", ["admin"], None),
        ("reader", ["read", "ingest"], None),
        ("partial", ["metrics"], ["iscm"]),
    ):
        key, secrets[name] = make_key(name, scopes, collections, None)
        own.engine.store.create_key(key)
    status = {
        name: own.client.get("/metrics", headers={"Authorization": f"Bearer {secret}"}).status_code
        for name, secret in secrets.items()
    }
    assert status == {"scraper": 200, "boss": 200, "reader": 403, "partial": 403}
    assert own.client.get("/metrics").status_code == 401
    asked = own.client.post(
        "/v1/ask",
        json={"question": QUESTION},
        headers={"Authorization": f"Bearer {secrets['scraper']}"},
    )
    assert asked.status_code == 403


def test_a_server_without_metrics_says_so(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, metrics=False)
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings))
        answer = TestClient(app).get("/metrics")
    assert answer.status_code == 404
    assert "CITEWELL_METRICS" in answer.json()["detail"]


def test_a_store_that_does_not_answer_leaves_the_other_metrics(
    own: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> object:
        from corpus.errors import UnreachableError

        raise UnreachableError("the database does not answer")

    monkeypatch.setattr(own.engine.store, "job_summary", gone)
    found = samples(own.client)
    assert found["citewell_store_up", ()] == 0
    assert not any(name == "citewell_jobs" for name, _ in found)
    assert found["citewell_snapshot_documents", ()] == 3


@pytest.mark.parametrize("module", ["service.cli.commands", "service.engine.engine"])
def test_other_commands_do_not_load_what_measures(module: str) -> None:
    loaded = modules_after(f"import {module}")
    assert not {name for name in loaded if name.startswith(("prometheus_client", "opentelemetry"))}


def test_the_dashboard_shows_metrics_and_labels_that_there_are(served: Served) -> None:
    board = json.loads((ROOT / "deploy" / "grafana" / "citewell.json").read_text("utf-8"))
    assert served.client.post("/v1/ask", json={"question": QUESTION}).status_code == 200
    families = text_string_to_metric_families(served.client.get("/metrics").text)
    known = {name for each in families for name in (each.name, f"{each.name}_total")}
    queries = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    assert len(queries) > 15
    shown = {
        re.sub(r"_bucket$", "", name)
        for query in queries
        for name in re.findall(r"citewell_[a-z_]+", query)
    }
    while_a_job_waits = {"citewell_oldest_queued_job_created_timestamp_seconds"}
    assert shown - known <= while_a_job_waits
    documented = (ROOT / "docs" / "how-to" / "watch-it.md").read_text("utf-8")
    by = {label for query in queries for label in re.findall(r"by \(([^)]*)\)", query)}
    labels = {name.strip() for group in by for name in group.split(",")} - {"le", "instance"}
    assert {f"`{label}`" for label in labels if f"`{label}`" not in documented} == set()
