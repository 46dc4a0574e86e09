"""Every body field of every route, with one's own, another's and absent names: nothing is moved.

Routes and fields are those of the OpenAPI description, so a new one is tried when it is there.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from corpus.document import Document
from corpus.errors import ForbiddenError
from corpus.ids import DocId
from corpus.stores.sql_store import SqlStore
from service.access.access import Access
from service.access.guarded_store import GuardedStore
from service.collection.editing import edit_document
from tests.service.tenants import QUESTION, Tenants, tenants

PLACES = {"number": "1", "snapshot_id": "s0123456789abcdef", "model_id": "citewell"}
FIRST: dict[str, Any] = {
    "question": QUESTION,
    "query": QUESTION,
    "input": QUESTION,
    "terms": ["quokkas"],
    "messages": [{"role": "user", "content": QUESTION}],
    "model": "citewell",
    "max_tokens": 100,
    "passage_id": "c0123456789abcdef0123",
    "answer": {},
    "note": "mine",
}
# Names that a document has; a field of free names is tried with all of them.
NAMES = ("collection", "doc_id", "source", "title", "publisher", "date", "language", "region")


@dataclass(frozen=True)
class Owner:
    """What belongs to one of those whose names are tried."""

    doc_id: str
    collection: str
    file_name: str
    answer_id: str = "a0123456789abcdef0123"
    note_id: str = "n0123456789abcdef0123"


@dataclass(frozen=True)
class Attempt:
    """One request with one field set to a name; `field` is the place in the body."""

    method: str
    path: str
    field: str
    body: dict[str, Any]
    form: bool


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenants]:
    with tenants(tmp_path_factory.mktemp("writes") / "home") as made:
        yield made


def owners(two: Tenants) -> dict[str, Owner]:
    return {
        "own": Owner(two.ours, "ours", "ours.md"),
        "other": Owner(two.theirs, "theirs", "theirs.md", **two.kept),
        "absent": Owner("d0123456789abcdef", "absent", "absent.md"),
    }


def schema_of(described: dict[str, Any], operation: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """Return the schema of a body, and whether it is a form; empty where there is no body."""
    content = operation.get("requestBody", {}).get("content", {})
    for media_type, value in content.items():
        name = value["schema"].get("$ref", "").rpartition("/")[2]
        found: dict[str, Any] = described["components"]["schemas"].get(name, value["schema"])
        return found, media_type != "application/json"
    return {}, False


def values_for(field: str, schema: dict[str, Any], owner: Owner) -> list[Any]:
    """Return what to try for one field: names of the owner, in each shape that it may have."""
    text = json.dumps(schema)
    names = [owner.collection, owner.doc_id, f"citewell/{owner.collection}"]
    if field == "metadata":
        others = dict.fromkeys(NAMES[1:], owner.collection)
        objects = [{"collection": owner.collection}, {"collection": None}, others]
        return objects if '"object"' in text else [json.dumps(each) for each in objects]
    if field == "filters":
        return [[f"{name}={owner.collection}"] for name in NAMES]
    if field == "messages":
        return [[{"role": "user", "content": name}] for name in names]
    found: list[Any] = []
    if '"string"' in text or schema == {}:
        found += names[:1] if field in NAMES else names
    if '"array"' in text:
        found += [names]
    return [*found, None] if '"null"' in text else found


def attempts(two: Tenants, owner: Owner, *, at: Owner) -> Iterator[Attempt]:
    """Yield each route with each field of its body set to the owner's names, at a document."""
    described = two.client.get("/openapi.json").json()
    places = asdict(at) | {"job_id": "j0d0d"}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            schema, form = schema_of(described, operation)
            fields = schema.get("properties", {})
            needed = {name: FIRST[name] for name in schema.get("required", ()) if name in FIRST}
            for field, about in fields.items():
                for value in values_for(field, about, owner):
                    body = needed | {field: value}
                    yield Attempt(method, path.format_map(PLACES | places), field, body, form)


def sent(two: Tenants, attempt: Attempt, owner: Owner, *, key: str = "ours") -> Any:
    """Send an attempt with a key; wait for the job where it began one."""
    headers = two.as_(key)
    if not attempt.form:
        return two.client.request(attempt.method, attempt.path, json=attempt.body, headers=headers)
    words = json.dumps(attempt.body, sort_keys=True)
    file = attempt.body.get("file", owner.file_name), f"# Report\n\nOf quokkas: {words}.\n".encode()
    data = {"collection": "ours"} | {k: v for k, v in attempt.body.items() if k != "file" and v}
    answer = two.client.request(
        attempt.method, attempt.path, files={"file": file}, data=data, headers=headers
    )
    if answer.status_code == 202:
        job = f"/v1/jobs/{answer.json()['job_id']}"
        two.client.get(f"{job}/events", headers=headers)
        return two.client.get(job, headers=headers)
    return answer


def outside(two: Tenants) -> list[Any]:
    """Return all that the store holds outside of our collection."""
    store = two.engine.store
    documents = [d for d in store.documents(current_only=False) if d.collection != "ours"]
    current = {d.doc_id for d in store.documents()}
    held: list[Any] = [
        (d, d.doc_id in current, store.pages(d.doc_id), store.chunk_places(d.doc_id))
        for d in documents
    ]
    edits = {d.source: store.edits().get(d.source) for d in documents}
    jobs = [job for job in store.jobs(limit=1000) if job.collection != "ours"]
    keys = store.keys()
    notes = [store.notes(key.key_id) for key in keys if key.collections != ("ours",)]
    return [held, edits, jobs, keys, notes]


def is_told(two: Tenants, attempt: Attempt, owner: Owner, text: str) -> list[str]:
    """Return what a response says of the other collection, beside what it was sent."""
    said = (json.dumps(attempt.body) + attempt.path + owner.file_name).casefold()
    words = ("zanzibar", "xylophone", "secretkey", two.theirs)
    return [word for word in words if word in text.casefold() and word not in said]


def test_no_field_of_any_body_reaches_what_is_of_another_collection(two: Tenants) -> None:
    before, tried = outside(two), set()
    for name, owner in owners(two).items():
        for attempt in attempts(two, owner, at=owners(two)["own"]):
            answer = sent(two, attempt, owner)
            assert answer.status_code < 500, (attempt, answer.text)
            assert outside(two) == before, (name, attempt, answer.text)
            assert two.engine.store.document(two.ours).collection == "ours", attempt
            assert not is_told(two, attempt, owner, answer.text), (attempt, answer.text)
            tried.add((attempt.method, attempt.path, attempt.field))
    assert {field for method, _, field in tried if method == "patch"} >= {"collection", "metadata"}
    assert len(tried) >= 40


def test_at_the_document_of_another_each_body_gets_the_answer_of_an_absent_one(
    two: Tenants,
) -> None:
    before, tried = outside(two), 0
    other, absent = owners(two)["other"], owners(two)["absent"]
    for owner in owners(two).values():
        pairs = zip(attempts(two, owner, at=other), attempts(two, owner, at=absent), strict=True)
        for at_other, at_absent in pairs:
            if at_other.path == at_absent.path:
                continue
            answers = [sent(two, at_other, owner), sent(two, at_absent, owner)]
            texts = [
                each.text.replace(place.doc_id, "X")
                .replace(place.collection, "X")
                .replace(place.answer_id, "X")
                .replace(place.note_id, "X")
                for each, place in zip(answers, (other, absent), strict=True)
            ]
            assert answers[0].status_code == answers[1].status_code, at_other
            if other.collection not in json.dumps(at_other.body):
                assert texts[0] == texts[1], at_other
            assert outside(two) == before, at_other
            tried += 1
    assert tried >= 30


def test_a_document_goes_where_both_collections_are_the_keys(tmp_path: Path) -> None:
    with tenants(tmp_path / "home") as two:
        path = f"/v1/documents/{two.ours}"
        moved = two.client.patch(path, json={"collection": "theirs"}, headers=two.as_("all"))
        assert (moved.status_code, moved.json()["collection"]) == (200, "theirs")
        assert two.client.get(path, headers=two.as_("ours")).status_code == 404


def test_taking_a_collection_back_is_for_keys_of_all(tmp_path: Path) -> None:
    with tenants(tmp_path / "home") as two:
        path = f"/v1/documents/{two.ours}"
        for body in ({"collection": None}, {"metadata": {"collection": None}}):
            same = two.client.patch(path, json={"collection": "ours"}, headers=two.as_("ours"))
            assert same.status_code == 200
            refused = two.client.patch(path, json=body, headers=two.as_("ours"))
            assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")
            assert "name of the collection" in refused.json()["detail"]
            assert two.engine.store.document(two.ours).collection == "ours"


def test_an_upload_does_not_follow_a_document_that_was_moved_away(tmp_path: Path) -> None:
    with tenants(tmp_path / "home") as two:
        place = "/v1/documents"
        attempt = Attempt("post", place, "title", {"title": "Mine"}, form=True)
        owner = Owner("", "ours", "mine.md")
        first = sent(two, attempt, owner).json()["result"]["documents"][0]
        moved = two.client.patch(
            f"{place}/{first['doc_id']}", json={"collection": "theirs"}, headers=two.as_("all")
        )
        assert moved.status_code == 200
        before = outside(two)
        for title in ("Mine", "Mine again"):  # equal bytes, then other bytes under the same name
            again = sent(two, Attempt("post", place, "title", {"title": title}, form=True), owner)
            assert again.json()["state"] == "failed", again.text
            assert "moved to another collection" in again.json()["message"]
            assert outside(two) == before


def a_store(two: Tenants, access: Access) -> GuardedStore:
    return GuardedStore.open(two.engine.settings.store_url, access=access)


def document_of(store: SqlStore, doc_id: DocId, **values: Any) -> Document:
    fields = {name: getattr(store.document(doc_id), name) for name in Document.__slots__}
    return Document(**(fields | values))


def test_the_store_refuses_what_a_room_above_let_through(tmp_path: Path) -> None:
    with tenants(tmp_path / "home") as two:
        before = outside(two)
        with a_store(two, Access("k1", ("admin",), ("ours",))) as store:
            ours = store.document(two.ours)
            taken = document_of(store, two.theirs, collection="ours")
            planted = document_of(store, two.ours, collection="theirs")
            in_its_place = document_of(store, two.ours, source="theirs.pdf")
            for document in (taken, planted, in_its_place):
                with pytest.raises(ForbiddenError):
                    store.add(document, b"", [], [])
            with pytest.raises(ForbiddenError):
                store.rename(two.ours, "theirs.pdf")
            with pytest.raises(ForbiddenError):
                store.edit("theirs.pdf", {"title": "Taken"})
            assert store.document(two.ours) == ours
        assert outside(two) == before


def test_an_edit_outside_of_a_server_may_go_anywhere(tmp_path: Path) -> None:
    with tenants(tmp_path / "home") as two:
        edited = edit_document(two.ours, {"collection": "theirs"}, two.engine.settings)
        assert edited.document.collection == "theirs"
