"""POST /v1/ask, /v1/search and /v1/verify."""

import json
from copy import deepcopy

import pytest
from starlette.testclient import TestClient

from corpus.errors import StoreError
from corpus.ids import sha256_of
from tests.service.conftest import Served
from tests.service.small_collection import ALMATY, COOPERATION, QUESTION


def events_of(text: str) -> list[tuple[str, object]]:
    """Return the events of a stream: name and data."""
    found = []
    for block in text.replace("\r\n", "\n").strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        if fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


def test_an_answer_quotes_the_page_and_names_its_place(served: Served) -> None:
    answer = served.client.post("/v1/ask", json={"question": QUESTION}).json()

    assert answer["status"] == "answered"
    first = answer["citations"][answer["statements"][0]["citations"][0] - 1]
    span = first["spans"][0]
    assert first["quote"] == COOPERATION
    assert ALMATY[span["page"] - 1][span["start"] : span["end"]] == first["quote"]
    assert first["quote_sha256"] == sha256_of(first["quote"])
    assert span["label"] == "i"
    assert first["url"] == (
        f"http://127.0.0.1:8000/documents/{served.ids['almaty']}/pages/1"
        f"?highlight={span['start']}-{span['end']}"
    )


def test_the_same_question_has_the_same_answer(client: TestClient) -> None:
    one, two = (client.post("/v1/ask", json={"question": QUESTION}).json() for _ in range(2))
    for answer in (one, two):
        del answer["timings_ms"], answer["receipt"]["created_at"], answer["receipt"]["signature"]
    assert one == two


@pytest.mark.parametrize("asked", [{"stream": True}, {}])
def test_a_stream_has_passages_statements_and_the_whole_answer(
    client: TestClient, asked: dict[str, bool]
) -> None:
    response = client.post(
        "/v1/ask",
        json={"question": QUESTION, **asked},
        headers={} if asked else {"Accept": "text/event-stream"},
    )
    events = events_of(response.text)
    answer = events[-1][1]

    assert response.headers["content-type"].startswith("text/event-stream")
    assert isinstance(answer, dict)
    assert events[0] == ("passages", answer["passages"])
    assert [data for name, data in events if name == "statement"] == answer["statements"]
    assert events[-1][0] == "answer"
    assert len(events) == 2 + len(answer["statements"])


def test_a_stream_refuses_an_empty_question_with_its_status(client: TestClient) -> None:
    response = client.post("/v1/ask", json={"question": " ", "stream": True})
    assert response.status_code == 422
    assert response.json()["type"] == "/problems/question"


def test_a_stream_ends_with_the_problem_when_asking_fails(
    own: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("The store is on fire.")

    monkeypatch.setattr(own.engine, "ask", fail)
    response = own.client.post("/v1/ask", json={"question": QUESTION, "stream": True})
    [(name, problem)] = events_of(response.text)
    assert name == "error"
    assert isinstance(problem, dict)
    assert (problem["type"], problem["detail"]) == ("/problems/store", "The store is on fire.")


def test_a_search_returns_as_many_passages_as_asked(client: TestClient) -> None:
    found = client.post("/v1/search", json={"query": "Budapest Process", "passages": 2}).json()
    assert [passage["rank"] for passage in found["passages"]] == [1, 2]
    assert found["query"] == "Budapest Process"


@pytest.mark.parametrize(
    "filters", [["doc_id={}"], {"doc_id": "{}"}, {"doc_id": ["{}", "d0000000000000000"]}]
)
def test_filters_are_texts_or_an_object(served: Served, filters: object) -> None:
    wanted = served.ids["budapest"]
    body = {
        "query": "Process",
        "filters": json.loads(json.dumps(filters).replace("{}", wanted))
        if "{}" in json.dumps(filters)
        else filters,
    }
    found = served.client.post("/v1/search", json=body).json()
    assert {passage["doc_id"] for passage in found["passages"]} == {wanted}


def test_a_filter_on_an_unknown_key_is_a_problem(client: TestClient) -> None:
    response = client.post("/v1/search", json={"query": "Process", "filters": ["colour=red"]})
    assert response.status_code == 422
    assert response.json()["type"] == "/problems/filter"


@pytest.mark.parametrize("passages", [0, -1, 101, 10**30])
def test_a_number_of_passages_out_of_range_is_a_problem(client: TestClient, passages: int) -> None:
    response = client.post("/v1/ask", json={"question": QUESTION, "passages": passages})
    assert response.status_code == 422
    assert response.json()["type"] == "/problems/input"


def test_verify_finds_a_saved_answer_true(client: TestClient) -> None:
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    report = client.post("/v1/verify", json=answer).json()
    assert report["ok"]
    assert {citation["verdict"] for citation in report["citations"]} == {"ok"}


def test_verify_tells_an_altered_quote(client: TestClient) -> None:
    answer = deepcopy(client.post("/v1/ask", json={"question": QUESTION}).json())
    answer["citations"][0]["quote"] = answer["citations"][0]["quote"].replace("Bali", "Oslo")
    report = client.post("/v1/verify", json=answer).json()
    assert not report["ok"]
    assert report["citations"][0]["verdict"] == "altered"


def test_an_empty_collection_says_what_to_do_first(empty: Served) -> None:
    response = empty.client.post("/v1/ask", json={"question": QUESTION})
    assert response.status_code == 503
    assert response.json()["type"] == "/problems/snapshot"
    assert "citewell ingest" in response.json()["detail"]


def test_a_passage_is_explained_and_one_that_is_not_there_is_not_found(client: TestClient) -> None:
    best = client.post("/v1/search", json={"query": QUESTION}).json()["passages"][0]
    asked = {"question": QUESTION, "passage_id": best["passage_id"]}
    found = client.post("/v1/explain", json=asked).json()
    assert (found["outcome"], found["rank"]) == ("ranked", 1)
    assert found["matched"] == best["scores"]["terms"] == found["scores"]["terms"]
    assert "almaty" in found["matched"]
    missing = client.post("/v1/explain", json={**asked, "passage_id": "c0"})
    assert missing.status_code == 404


def test_a_budget_says_how_many_were_scored_and_its_receipt_scores_as_many_again(
    client: TestClient,
) -> None:
    asked = {"question": QUESTION, "budget_ms": 1}
    answer = client.post("/v1/ask", json=asked).json()
    scored, of = answer["reranked"]["scored"], answer["reranked"]["candidates"]
    assert scored < of
    assert answer["receipt"]["parameters"]["request"]["scored"] == scored
    assert client.post("/v1/replay", json=answer).json()["equal"]
    whole = client.post("/v1/ask", json={**asked, "budget_ms": 60_000}).json()
    assert whole["reranked"] == {"scored": of, "candidates": of}
    assert client.post("/v1/ask", json={**asked, "budget_ms": 0}).status_code == 422
