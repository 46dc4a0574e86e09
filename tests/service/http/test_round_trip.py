"""A real server: a file goes in, is ingested, answers, is shown, and goes out again."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from service.engine.engine import Engine
from service.http.app import create_app
from service.workload.jobs import JobWorker
from tests.service.small_collection import pdf_of, served, settings_of

PAGES = (
    "The Almaty Process was launched in 2011.",
    "The Almaty Process plans to cooperate with the Budapest Process.",
)


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    settings = settings_of(tmp_path_factory.mktemp("trip") / "home")
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings))
        with served(app) as address, httpx2.Client(base_url=address, timeout=60) as client:
            yield client


@pytest.fixture(scope="module")
def doc_id(http: httpx2.Client) -> str:
    """The id of the document that was uploaded and followed until it was ingested."""
    response = http.post(
        "/v1/documents",
        files={"file": ("Almaty é.pdf", pdf_of(PAGES), "application/pdf")},
        data={"collection": "iscm", "title": "Summary of Findings", "publisher": "IOM"},
    )
    assert response.status_code == 202
    name, job = "", {}
    with http.stream("GET", f"{response.headers['location']}/events") as stream:
        for line in stream.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                job = json.loads(line.removeprefix("data: "))
    assert name == "done", job
    [document] = job["result"]["documents"]
    assert document["status"] == "added"
    return str(document["doc_id"])


def test_an_uploaded_document_keeps_what_was_said_of_it(http: httpx2.Client, doc_id: str) -> None:
    document = http.get(f"/v1/documents/{doc_id}").json()
    assert document["title"] == "Summary of Findings"
    assert document["publisher"] == "IOM"
    assert document["collection"] == "iscm"
    assert document["pages"] == 2
    assert Path(document["source"]).name.endswith("Almaty é.pdf")


def test_an_uploaded_document_answers_with_a_quote_that_is_shown(
    http: httpx2.Client, doc_id: str
) -> None:
    question = {"question": "Which process does the Almaty Process plan to cooperate with?"}
    with http.stream("POST", "/v1/ask", json=question | {"stream": True}) as stream:
        lines = list(stream.iter_lines())
    assert lines[0] == "event: passages"
    answer = json.loads(lines[lines.index("event: answer") + 1].removeprefix("data: "))

    citation = answer["citations"][0]
    span = citation["spans"][0]
    page = http.get(f"/v1/documents/{doc_id}/pages/{span['page']}").json()
    assert citation["quote"] == PAGES[1]
    assert page["text"][span["start"] : span["end"]] == citation["quote"]

    path = f"/v1/documents/{doc_id}/pages/{span['page']}.png"
    plain = http.get(path)
    marked = http.get(path, params={"highlight": f"{span['start']}-{span['end']}"})
    assert marked.headers["content-type"] == "image/png"
    assert marked.content != plain.content

    shown = http.get(citation["url"].replace("http://127.0.0.1:8000", ""))
    assert f'<mark id="mark-1">{citation["quote"]}</mark>' in shown.text


def test_the_file_comes_back_as_it_was(http: httpx2.Client, doc_id: str) -> None:
    response = http.get(f"/v1/documents/{doc_id}/file")
    assert response.content == pdf_of(PAGES)
    assert "Almaty%20%C3%A9.pdf" in response.headers["content-disposition"]


def test_the_server_is_ready_after_the_first_document(http: httpx2.Client, doc_id: str) -> None:
    until = time.monotonic() + 20
    while http.get("/health/ready").status_code != 200:
        assert time.monotonic() < until, f"not ready 20 s after {doc_id} was ingested"
        time.sleep(0.1)
