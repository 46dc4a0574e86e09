"""What is kept, for whom, and what is said of it when the collection changes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import InputError
from corpus.ids import DocId
from corpus.stores.sql_store import SqlStore
from service.access.access import EVERYTHING
from service.keeping import keeping
from service.keeping.keeping import Notebook
from tests.service.conftest import Served
from tests.service.small_collection import COOPERATION, QUESTION, add, publish_snapshot
from tests.service.tenants import Tenants, tenants

NEWER = ("The Almaty Process plans to cooperate with the Rabat Process on quokkas.\n",)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenants]:
    with tenants(tmp_path_factory.mktemp("kept") / "home") as made:
        yield made


def asked(served: Served) -> dict[str, Any]:
    answer: dict[str, Any] = served.client.post("/v1/ask", json={"question": QUESTION}).json()
    return answer


def kept(served: Served, **values: object) -> dict[str, Any]:
    response = served.client.post("/v1/notebook", json={"answer": asked(served)} | values)
    assert response.status_code == 201, response.text
    note: dict[str, Any] = response.json()
    return note


def notes(served: Served) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = served.client.get("/v1/notebook").json()["notes"]
    return found


def test_a_quote_is_kept_with_its_note_and_stands(own: Served) -> None:
    note = kept(own, number=1, note="Check")
    assert notes(own) == [note]
    [quote] = note["quotes"]
    assert (quote["quote"], quote["verdict"]) == (COOPERATION, "ok")
    assert quote["reference"]
    assert note["number"] == 1
    answer = own.client.get(f"/v1/answers/{note['answer_id']}").json()
    assert answer["verification"]["ok"]
    assert answer["verification"]["signature"] == "valid"
    assert "passages" not in answer["answer"]


def test_a_whole_answer_has_every_quote(own: Served) -> None:
    note = kept(own)
    assert note["number"] is None
    assert [each["number"] for each in note["quotes"]] == [
        each["number"] for each in asked(own)["citations"]
    ]


def test_a_note_is_edited_and_removed_and_its_answer_stays(own: Served) -> None:
    note = kept(own, number=1)
    path = f"/v1/notebook/{note['note_id']}"
    assert own.client.patch(path, json={"note": "é"}).json()["note"] == "é"
    assert own.client.delete(path).status_code == 204
    assert notes(own) == []
    assert own.client.delete(path).status_code == 404
    assert own.client.get(f"/v1/answers/{note['answer_id']}").status_code == 200


@pytest.mark.parametrize("field", ["answer", "question", "citations", "receipt"])
def test_what_this_collection_did_not_sign_is_not_kept(own: Served, field: str) -> None:
    answer = asked(own)
    answer[field] = answer[field][:-1] if isinstance(answer[field], str | list) else {}
    response = own.client.post("/v1/notebook", json={"answer": answer})
    assert response.status_code == 422
    assert "no valid signature" in response.json()["detail"]
    assert notes(own) == []


def test_an_unknown_citation_and_a_long_note_are_refused(own: Served) -> None:
    answer = asked(own)
    for body, said in (
        ({"answer": answer, "number": 99}, "has no citation 99"),
        ({"answer": answer, "note": "x" * 10_001}, "10,000"),
        ({"answer": answer, "note": "\ud800"}, "surrogate"),
    ):
        content = json.dumps(body)
        headers = {"Content-Type": "application/json"}
        response = own.client.post("/v1/notebook", content=content, headers=headers)
        assert response.status_code == 422, response.text
        assert said in response.text.replace("10000", "10,000")
    assert notes(own) == []


def test_a_notebook_has_a_most(own: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_NOTES", 1)
    kept(own, number=1)
    notebook = Notebook(own.engine.store, EVERYTHING, own.engine.public_keys(), "")
    with pytest.raises(InputError, match="has 1 notes"):
        notebook.keep(asked(own), None, "")


def test_a_note_says_that_its_answer_was_deleted_with_a_document(own: Served) -> None:
    note = kept(own, number=1, note="mine")
    own.client.delete(f"/v1/documents/{own.ids['almaty']}")
    [left] = notes(own)
    assert (left["available"], left["quotes"], left["note"]) == (False, [], "mine")
    assert own.client.get(f"/v1/answers/{note['answer_id']}").status_code == 404
    page = own.client.get("/notebook", headers={"Accept": "text/html"}).text
    assert "deleted with a document" in page
    assert "Budapest Process, the Prague" not in page


def test_asking_again_says_what_is_new(own: Served) -> None:
    note = kept(own)
    path = f"/answers/{note['answer_id']}/now"
    headers = {"Accept": "text/html"}
    assert "Nothing: the same outcome" in own.client.get(path, headers=headers).text
    store = own.engine.store
    add(store, "newer.md", NEWER, title="Newer", pdf=False)
    publish_snapshot(own.engine.settings, store)
    page = own.client.get(path, headers=headers).text
    assert "New quotes" in page
    assert NEWER[0].strip() in page


def test_a_notebook_is_its_keys_alone_and_answers_are_seen_by_collection(two: Tenants) -> None:
    assert two.client.get("/v1/notebook", headers=two.as_("ours")).json()["notes"] == []
    assert len(two.client.get("/v1/notebook", headers=two.as_("theirs")).json()["notes"]) == 1
    path = f"/v1/answers/{two.kept['answer_id']}"
    seen = {key: two.client.get(path, headers=two.as_(key)).status_code for key in two.keys}
    assert seen == {"ours": 404, "theirs": 200, "all": 200}


def test_an_answer_of_another_collection_cannot_be_kept(two: Tenants) -> None:
    path = f"/v1/answers/{two.kept['answer_id']}"
    answer = two.client.get(path, headers=two.as_("theirs")).json()["answer"]
    response = two.client.post("/v1/notebook", json={"answer": answer}, headers=two.as_("ours"))
    assert response.status_code == 404
    both = two.client.post("/v1/notebook", json={"answer": answer}, headers=two.as_("all"))
    assert both.status_code == 201


def test_the_notes_of_a_deleted_document_are_gone_from_the_file_of_the_store(own: Served) -> None:
    kept(own, number=1)
    own.client.delete(f"/v1/documents/{own.ids['almaty']}?purge=true")
    store: SqlStore = own.engine.store
    database = Path(own.engine.settings.layout.root / "store.sqlite").read_bytes()
    assert b"Budapest Process, the Prague" not in database
    assert store.notes("")
    assert DocId(own.ids["almaty"]) not in {each.doc_id for each in store.documents()}
