"""`POST /v1/find` and the page that finds."""

from starlette.testclient import TestClient

from tests.service.conftest import Served


def test_every_mention_comes_with_a_citation_that_opens(served: Served) -> None:
    body = {"terms": ["Almaty Process", "Budapest"]}
    found = served.client.post("/v1/find", json=body).json()
    counts = {document["doc_id"]: document["counts"] for document in found["documents"]}
    assert counts[served.ids["almaty"]] == {"Almaty Process": 3, "Budapest": 1}
    assert counts[served.ids["colombo"]] == {"Almaty Process": 0, "Budapest": 0}
    for mention in found["mentions"]:
        citation = mention["citation"]
        span = citation["spans"][0]
        page = served.client.get(f"/v1/documents/{citation['doc_id']}/pages/{span['page']}").json()
        assert page["text"][span["start"] : span["end"]] == citation["quote"]
        opened = served.client.get(citation["url"].removeprefix("http://127.0.0.1:8000"))
        assert "<mark" in opened.text


def test_a_search_is_narrowed_by_filters(client: TestClient) -> None:
    body = {"terms": ["Process"], "filters": {"title": "Colombo"}}
    found = client.post("/v1/find", json=body).json()
    assert [document["title"] for document in found["documents"]] == ["Colombo"]


def test_what_cannot_be_sought_is_a_problem(client: TestClient) -> None:
    assert client.post("/v1/find", json={"terms": []}).status_code == 422
    assert client.post("/v1/find", json={"terms": ["…"]}).json()["type"] == "/problems/question"
    assert client.post("/v1/find", json={"terms": ["x"], "filters": ["no=1"]}).status_code == 422
