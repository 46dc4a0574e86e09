"""No route tells in which folder of this machine a document lay."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.collection.ingest_report import IngestRequest
from service.collection.publishing import publish
from service.engine.engine import Engine
from service.http.app import create_app
from service.settings.settings import Settings
from service.workload.jobs import JobWorker
from tests.service.http.admission.test_tenants import ABSENT, PLACES
from tests.service.small_collection import settings_of

FOLDER = "payroll-of-2019"
QUESTION = "When did the Quokka Council begin?"
BODIES: dict[str, Any] = {
    "question": QUESTION,
    "query": QUESTION,
    "input": QUESTION,
    "message": QUESTION,
    "terms": ["Quokka Council"],
    "messages": [{"role": "user", "content": QUESTION}],
    "model": "citewell",
    "max_tokens": 100,
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home in a folder that nobody should hear of, and a document from there."""
    folder = tmp_path_factory.mktemp("machine") / FOLDER
    (folder / "reports").mkdir(parents=True)
    report = folder / "reports" / "quokka.md"
    report.write_text("# Quokka\n\nThe Quokka Council began in 2004.\n")
    settings = settings_of(folder / "home")
    publish(IngestRequest([str(report)]), settings)
    return settings


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[TestClient]:
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings))
        with TestClient(app, raise_server_exceptions=False) as client:
            assert app.state.warming.wait(20)
            yield client


def of_all_routes(client: TestClient, doc_id: str) -> Iterator[tuple[str, str]]:
    """Yield each route that is described, and what it says."""
    described = client.get("/openapi.json").json()
    schemas, places = described["components"]["schemas"], PLACES | {"doc_id": doc_id}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            name = str(content.get("application/json", {}).get("schema", {}).get("$ref", ""))
            fields = schemas.get(name.rpartition("/")[2], {}).get("properties", {})
            body = {field: BODIES[field] for field in fields if field in BODIES}
            address = path.format_map(ABSENT | places | {"collection": "default"})
            if method != "delete":
                answer = client.request(method, address, json=body or None)
                yield f"{method} {path}", answer.text


def test_no_route_and_no_page_tells_a_folder(client: TestClient) -> None:
    [document] = client.get("/v1/documents").json()["documents"]
    assert document["source"] == "quokka.md"
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    assert [each["source"] for each in answer["citations"]] == ["quokka.md"]
    assert client.post("/v1/verify", json=answer).json()["ok"]
    said = dict(of_all_routes(client, document["doc_id"]))
    for page in ("/library", "/admin", f"/documents/{document['doc_id']}", f"/?q={QUESTION}"):
        said[page] = client.get(page).text
    assert len(said) >= 30
    assert [place for place, text in said.items() if FOLDER in text] == []


def test_a_job_names_files_and_not_their_folders(client: TestClient) -> None:
    content = client.app.state.engine.store.documents()  # type: ignore[attr-defined]
    path = Path(content[0].source)
    for content in (path.read_bytes(), b"%PDF-1.4 of nothing"):
        sent = client.post("/v1/documents", files={"file": ("again.pdf", content)})
        job = f"/v1/jobs/{sent.json()['job_id']}"
        client.get(f"{job}/events")
        [told] = client.get(job).json()["result"]["documents"]
        assert told["source"] == "upload:again.pdf"
        assert told["reason"]
        assert FOLDER not in client.get(job).text


def test_an_answer_that_gives_the_path_is_verified_and_replayed(settings: Settings) -> None:
    with Engine.open(settings) as engine:
        answer = json.loads(json.dumps(asdict(engine.ask(QUESTION))))
        [document] = engine.store.documents()
        assert answer["citations"][0]["source"] == "quokka.md"
        answer["citations"][0]["source"] = document.source
        assert engine.replay(answer).equal
        answer["citations"][0]["source"] = "elsewhere.md"
        assert not engine.replay(answer).equal


def test_a_newer_edition_is_found_by_the_name_of_its_file(tmp_path: Path) -> None:
    settings, report = settings_of(tmp_path / "home"), tmp_path / "quokka.md"
    report.write_text("# Quokka\n\nThe Quokka Council began in 2004.\n")
    publish(IngestRequest([str(report)]), settings)
    with Engine.open(settings) as engine:
        answer = json.loads(json.dumps(asdict(engine.ask(QUESTION))))
        [first] = engine.store.documents()
        report.write_text("# Quokka\n\nA foreword.\n\nThe Quokka Council began in 2004.\n")
        publish(IngestRequest([str(report)]), settings)
        engine.store.delete(first.doc_id)
        [found] = engine.verify(answer).citations
        assert (found.verdict, found.cause) == ("moved", "edition")
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "quokka.md").write_text("# Other\n\nAnother file of this name.\n")
        publish(IngestRequest([str(tmp_path / "other")]), settings)
        [found] = engine.verify(answer).citations
        assert found.verdict == "gone"  # which of two files of one name it was is not known
