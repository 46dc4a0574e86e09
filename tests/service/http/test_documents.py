"""The documents, their pages and files over HTTP."""

import io
from pathlib import Path

import pypdf
import pytest
from starlette.testclient import TestClient

from corpus.ids import DocId
from service.access.writing import sole_writer
from service.engine.engine import Engine
from service.http.app import create_app
from service.http.responses.content_disposition import content_disposition
from service.workload.jobs import JobWorker
from tests.service.conftest import Served
from tests.service.small_collection import ALMATY, PDF, make_collection, pdf_of, settings_of


def test_documents_come_in_order_page_by_page(served: Served) -> None:
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        found = served.client.get("/v1/documents", params=query).json()
        assert len(found["documents"]) <= 2
        seen += [document["doc_id"] for document in found["documents"]]
        cursor = found["next"]
        if cursor is None:
            break
    assert seen == sorted(served.ids.values())


def test_documents_of_another_collection_are_not_listed(client: TestClient) -> None:
    found = client.get("/v1/documents", params={"collection": "other"}).json()
    assert found == {"documents": [], "next": None}


def test_a_document_says_what_is_known_of_it(served: Served) -> None:
    document = served.client.get(f"/v1/documents/{served.ids['almaty']}").json()
    assert document["title"] == "Almaty & co"
    assert document["pages"] == 2
    assert document["publisher"] == "IOM"


@pytest.mark.parametrize("path", ["", "/pages/1", "/file", "/pages/1.png"])
@pytest.mark.parametrize("doc_id", ["d0000000000000000", "nonsense", "d%00", "..%2f"])
def test_an_unknown_document_is_not_found(client: TestClient, doc_id: str, path: str) -> None:
    response = client.get(f"/v1/documents/{doc_id}{path}")
    assert response.status_code == 404
    assert response.json()["type"] == "/problems/not-found"


def test_a_page_has_its_number_label_text_and_quality(served: Served) -> None:
    page = served.client.get(f"/v1/documents/{served.ids['almaty']}/pages/2").json()
    assert page == {
        "doc_id": served.ids["almaty"],
        "number": 2,
        "label": "ii",
        "text": ALMATY[1],
        "quality": {
            "grade": "A",
            "source": "layer",
            "characters": len(ALMATY[1]),
            "reason": None,
            "scanned": False,
            "dictionary_share": None,
            "garbled_share": None,
            "disagreement": None,
            "ocr_confidence": None,
            "columns": None,
            "tables": 0,
            "set_aside": 0,
            "cut": 0,
        },
        "language": None,
    }


def test_a_page_past_the_last_one_is_not_found(served: Served) -> None:
    response = served.client.get(f"/v1/documents/{served.ids['almaty']}/pages/3")
    assert response.status_code == 404
    assert "1 to 2" in response.json()["detail"]


@pytest.mark.parametrize("number", ["0", "-1", "x", "1e3", "9" * 30])
def test_a_page_number_that_is_none_is_refused(served: Served, number: str) -> None:
    response = served.client.get(f"/v1/documents/{served.ids['almaty']}/pages/{number}")
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "number"


def test_a_page_of_a_pdf_is_a_picture(served: Served) -> None:
    response = served.client.get(f"/v1/documents/{served.ids['colombo']}/pages/1.png")
    assert response.headers["content-type"] == "image/png"
    assert response.content.startswith(b"\x89PNG\r\n")


def test_a_highlight_changes_the_picture(served: Served) -> None:
    path = f"/v1/documents/{served.ids['colombo']}/pages/1.png"
    plain = served.client.get(path).content
    marked = served.client.get(path, params={"highlight": ["0-11", "12-20"]}).content
    assert marked.startswith(b"\x89PNG\r\n")
    assert marked != plain


@pytest.mark.parametrize("highlight", ["", "1", "a-b", "5-5", "9-3", "-1-4", "0-5000", "0-5,7-9"])
def test_a_highlight_outside_the_text_is_refused(served: Served, highlight: str) -> None:
    response = served.client.get(
        f"/v1/documents/{served.ids['colombo']}/pages/1.png", params={"highlight": highlight}
    )
    assert response.status_code == 422
    assert "highlight" in response.json()["detail"]


def test_a_page_of_a_pdf_is_a_pdf_with_the_quote_highlighted(served: Served) -> None:
    path = f"/v1/documents/{served.ids['colombo']}/pages/1.pdf"
    response = served.client.get(path, params={"highlight": "4-19"})
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"] == 'inline; filename="colombo-page-1.pdf"'
    (page,) = pypdf.PdfReader(io.BytesIO(response.content)).pages
    assert [each.get_object()["/Subtype"] for each in page.annotations or []] == ["/Highlight"]
    plain = pypdf.PdfReader(io.BytesIO(served.client.get(path).content)).pages[0]
    assert "/Annots" not in plain


@pytest.mark.parametrize(
    ("name", "tail", "status"),
    [
        ("almaty", "1.pdf", 404),
        ("colombo", "2.pdf", 404),
        ("colombo", "1.pdf?highlight=9-3", 422),
    ],
)
def test_what_has_no_such_page_is_refused(
    served: Served, name: str, tail: str, status: int
) -> None:
    response = served.client.get(f"/v1/documents/{served.ids[name]}/pages/{tail}")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_the_ledger_of_a_document_and_of_the_collection_is_served(served: Served) -> None:
    found = served.client.get(f"/v1/documents/{served.ids['almaty']}/quality").json()
    assert found["grades"] == {"A": 2, "B": 0, "C": 0, "D": 0}
    assert [page["label"] for page in found["pages"]] == ["i", "ii"]
    summed = served.client.get("/v1/quality").json()
    assert sum(each["pages"] for each in summed["collections"]) == 4
    assert summed["doubtful"] == []
    assert served.client.get("/v1/quality?collection=none").json()["collections"] == []


def test_a_document_is_edited_over_http(own: Served) -> None:
    path = f"/v1/documents/{own.ids['almaty']}"
    body = {"title": "Edited", "metadata": {"region": "Asia"}, "date": "2018"}
    edited = own.client.patch(path, json=body)
    assert edited.status_code == 200, edited.text
    assert (edited.json()["title"], edited.json()["metadata"]) == ("Edited", {"region": "Asia"})
    assert edited.json()["provenance"]["title"] == "edit"
    assert own.client.get(path).json()["title"] == "Edited"
    assert own.client.patch(path, json={"date": "May"}).status_code == 422
    assert own.client.patch(path, json={"colour": "red"}).status_code == 422
    taken_back = own.client.patch(path, json={"metadata": {"region": None}})
    assert taken_back.json()["metadata"] == {}


def test_a_document_that_is_no_pdf_has_no_picture(served: Served) -> None:
    response = served.client.get(f"/v1/documents/{served.ids['almaty']}/pages/1.png")
    assert response.status_code == 404
    assert "text/markdown" in response.json()["detail"]


def test_a_pdf_comes_back_byte_for_byte_and_opens_in_the_browser(served: Served) -> None:
    response = served.client.get(f"/v1/documents/{served.ids['colombo']}/file")
    assert response.content == pdf_of(PDF)
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"] == 'inline; filename="colombo.pdf"'


def test_a_file_that_is_no_pdf_is_saved_under_its_name_and_runs_nothing(served: Served) -> None:
    response = served.client.get(f"/v1/documents/{served.ids['almaty']}/file")
    assert response.headers["content-disposition"] == (
        "attachment; filename=\"Almaty _.md\"; filename*=UTF-8''Almaty%20%C3%A9.md"
    )
    assert "sandbox" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_file_name_cannot_end_the_header() -> None:
    value = content_disposition('a"\r\nSet-Cookie: x=1;.pdf', inline=False)
    assert value.isprintable()
    assert value.count('"') == 2


def test_a_deleted_document_is_gone_and_older_snapshots_are_named(own: Served) -> None:
    doc_id: DocId = own.ids["almaty"]
    before = own.engine.snapshot_id

    receipt = own.client.delete(f"/v1/documents/{doc_id}").json()

    assert receipt["doc_id"] == doc_id
    assert (receipt["pages"], receipt["chunks"]) == (2, 2)
    assert receipt["snapshot"] == own.engine.snapshot_id != before
    assert receipt["older_snapshots"] == [before]
    assert own.client.get(f"/v1/documents/{doc_id}").status_code == 404
    found = own.client.post("/v1/search", json={"query": "Almaty Process"}).json()
    assert doc_id not in {passage["doc_id"] for passage in found["passages"]}


def test_a_purge_removes_the_older_snapshots(own: Served) -> None:
    receipt = own.client.delete(f"/v1/documents/{own.ids['almaty']}?purge=true").json()
    listed = own.client.get("/v1/snapshots").json()["snapshots"]
    assert receipt["older_snapshots"] == []
    assert [snapshot["snapshot_id"] for snapshot in listed] == [receipt["snapshot"]]


def test_deleting_what_is_not_there_is_not_found(own: Served) -> None:
    assert own.client.delete("/v1/documents/d0000000000000000").status_code == 404


def test_a_change_does_not_wait_for_ever_behind_an_ingest(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home", change_wait_s=0.1)
    ids = make_collection(settings)
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings))
        with TestClient(app, raise_server_exceptions=False) as client:
            place, snapshot = f"/v1/documents/{ids['almaty']}", engine.snapshot_id
            changes: tuple[tuple[str, str, object], ...] = (
                ("PATCH", place, {"publisher": "IOM"}),
                ("DELETE", place, None),
                ("POST", f"/v1/snapshots/{snapshot}/rollback", None),
            )
            with sole_writer(settings.layout):
                for method, address, body in changes:
                    refused = client.request(method, address, json=body)
                    assert refused.status_code == 503, (method, refused.text)
                    assert refused.json()["type"] == "/problems/busy"
                    assert refused.headers["Retry-After"] == "10"
            for method, address, body in changes:
                assert client.request(method, address, json=body).status_code == 200
