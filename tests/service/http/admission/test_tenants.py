"""Two keys, two collections: every route that the API describes, none tells of the other."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.collection.ingest_report import IngestReport, IngestRequest
from service.collection.publishing import publish
from tests.service.tenants import CANARIES, QUESTION, Tenants, tenants

ABSENT = {
    "doc_id": "d0123456789abcdef",
    "job_id": "jabsent",
    "collection": "absent",
    "answer_id": "a0123456789abcdef0123",
    "note_id": "n0123456789abcdef0123",
}
PLACES = {"number": "1", "snapshot_id": "s0123456789abcdef", "model_id": "citewell"}
BODIES: dict[str, Any] = {
    "question": QUESTION,
    "query": QUESTION,
    "input": QUESTION,
    "message": QUESTION,
    "terms": ["Zanzibar Compact", "Northern Forum"],
    "messages": [{"role": "user", "content": QUESTION}],
    "model": "citewell",
    "max_tokens": 100,
    "note": "mine",
}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenants]:
    home = tmp_path_factory.mktemp("tenants") / "home"
    with tenants(home, ingest=lambda *_: IngestReport((), None, 0)) as made:
        yield made


def operations(two: Tenants) -> list[tuple[str, str, dict[str, Any]]]:
    """Return method, path and description of all that the API describes."""
    described = two.client.get("/openapi.json").json()
    return [
        (method, path, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if not path.startswith("/health")
    ]


def body_of(two: Tenants, operation: dict[str, Any]) -> dict[str, Any]:
    """Return a body with every field of the description that BODIES has a value for."""
    described = two.client.get("/openapi.json").json()
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    fields = described["components"]["schemas"].get(name, {}).get("properties", {})
    return {field: BODIES[field] for field in fields if field in BODIES}


def send(two: Tenants, key: str, how: tuple[str, str, dict[str, Any]], **places: str) -> Any:
    method, path, operation = how
    address = path.format_map(PLACES | places)
    body = body_of(two, operation) if "requestBody" in operation else None
    if "multipart/form-data" in operation.get("requestBody", {}).get("content", {}):
        return two.client.request(
            method,
            address,
            files={"file": ("a.md", b"# A\n\nNothing.\n")},
            data={"collection": places["collection"]},
            headers=two.as_(key),
        )
    return two.client.request(method, address, json=body, headers=two.as_(key))


def told(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text.casefold()]


def test_every_route_needs_a_key(two: Tenants) -> None:
    for method, path, _ in operations(two):
        address = path.format_map(PLACES | ABSENT)
        assert two.client.request(method, address).status_code == 401, (method, path)


def test_what_is_of_another_collection_looks_as_what_is_absent(two: Tenants) -> None:
    theirs = {"doc_id": two.theirs, "job_id": "j0d0d", "collection": "theirs"} | two.kept
    tried = 0
    for how in operations(two):
        named = re.findall(r"\{(doc_id|job_id|collection|answer_id|note_id)\}", how[1])
        named += ["collection"] if "multipart" in str(how[2].get("requestBody")) else []
        if not named:
            continue
        other, absent = send(two, "ours", how, **theirs), send(two, "ours", how, **ABSENT)
        texts = [other.text, absent.text]
        for name in named:
            texts = [
                text.replace(places[name], "X")
                for text, places in zip(texts, (theirs, ABSENT), strict=True)
            ]
        texts = [re.sub(r'"created_at": ?"[^"]*"|"timings_ms": ?\{[^}]*\}', "", t) for t in texts]
        assert (other.status_code, texts[0]) == (absent.status_code, texts[1]), how[:2]
        assert other.status_code in (200, 403, 404), (how[:2], other.text)
        tried += 1
    assert tried >= 8
    assert two.engine.store.document(two.theirs)


def test_nothing_of_another_collection_comes_out_of_any_route(two: Tenants) -> None:
    for how in operations(two):
        if how[0] == "delete":
            continue
        own = {"doc_id": two.ours, "job_id": "j0d0d", "collection": "ours"}
        response = send(two, "ours", how, **own, **two.kept)
        assert response.status_code < 500, (how[:2], response.text)
        assert two.theirs not in response.text, how[:2]
        said = response.text
        if how[1].endswith("find"):  # which repeats its terms
            said = said.replace("Zanzibar Compact", "")
        assert not told(said), (how[:2], said)


def test_the_other_collection_answers_its_own_key(two: Tenants) -> None:
    asked = {"question": QUESTION}
    for key, word in (("theirs", "Xylophone"), ("ours", "Southern")):
        answer = two.client.post("/v1/ask", json=asked, headers=two.as_(key)).json()
        assert answer["status"] == "answered"
        assert word in answer["answer"]
    both = two.client.post("/v1/search", json={"query": QUESTION}, headers=two.as_("all")).json()
    assert {p["doc_id"] for p in both["passages"]} == {two.ours, two.theirs}


def test_a_filter_does_not_widen_what_a_key_sees(two: Tenants) -> None:
    body = {"query": QUESTION, "filters": ["collection=ours", "collection=theirs"]}
    found = two.client.post("/v1/search", json=body, headers=two.as_("ours"))
    assert {p["doc_id"] for p in found.json()["passages"]} == {two.ours}


@pytest.mark.parametrize(
    ("key", "theirs"), [("collection", "theirs"), ("title", "Zanzibar Compact")]
)
def test_a_value_of_another_collection_is_as_one_that_is_nowhere(
    two: Tenants, key: str, theirs: str
) -> None:
    said = []
    for value in (theirs, "Nowhere"):
        body = {"query": QUESTION, "filters": [f"{key}={value}"]}
        refused = two.client.post("/v1/search", json=body, headers=two.as_("ours"))
        assert refused.status_code == 422
        said.append(refused.text.replace(value, "X"))
    assert said[0] == said[1]


def test_the_metadata_keys_of_another_collection_are_not_known(two: Tenants) -> None:
    wrong = [
        two.client.post(
            "/v1/search", json={"query": "x", "filters": [f"{key}=1"]}, headers=two.as_("ours")
        )
        for key in ("secretkey", "otherkey1")
    ]
    assert [each.status_code for each in wrong] == [422, 422]
    assert wrong[0].text.replace("secretkey", "X") == wrong[1].text.replace("otherkey1", "X")


def test_a_title_of_another_collection_is_not_understood(two: Tenants) -> None:
    question = "According to the report on the Zanzibar Compact, which council does it meet?"
    answer = two.client.post("/v1/ask", json={"question": question}, headers=two.as_("ours"))
    assert two.theirs not in answer.text


def test_a_name_that_only_another_collection_holds_is_as_one_that_nobody_does(
    two: Tenants,
) -> None:
    said = []
    for name in ("Zanzibar Compact", "Honolulu Compact"):
        question = f"Which council does the {name} meet each year?"
        answer = two.client.post("/v1/ask", json={"question": question}, headers=two.as_("ours"))
        said.append((answer.json()["status"], answer.json()["reason"]))
    assert said[0] == said[1]


def test_a_citation_of_another_collection_is_gone(two: Tenants) -> None:
    answer = two.client.post("/v1/ask", json={"question": QUESTION}, headers=two.as_("theirs"))
    report = two.client.post("/v1/verify", json=answer.json(), headers=two.as_("ours")).json()
    assert {c["verdict"] for c in report["citations"]} == {"gone"}


def test_equal_file_names_of_two_collections_are_two_sources(tmp_path: Path) -> None:
    with tenants(tmp_path / "home") as two:
        for key in ("ours", "theirs"):
            text = f"# Report\n\nThe report of {key} stands alone.\n".encode()
            response = two.client.post(
                "/v1/documents",
                files={"file": ("report.md", text)},
                data={"collection": key},
                headers=two.as_(key),
            )
            assert response.status_code == 202
            job = f"/v1/jobs/{response.json()['job_id']}/events"
            assert "done" in two.client.get(job, headers=two.as_(key)).text
        for key in ("ours", "theirs"):
            listed = two.client.get("/v1/documents", headers=two.as_(key)).json()["documents"]
            assert {d["collection"] for d in listed} == {key}
            assert len(listed) == 2


SHARED = b"# Accord\n\nThe Heron Accord was signed in Geneva by nine States on quokkas.\n"


def upload(two: Tenants, key: str, collection: str, name: str, content: bytes) -> Any:
    """Upload a file, wait for its job, and return the job."""
    response = two.client.post(
        "/v1/documents",
        files={"file": (name, content)},
        data={"collection": collection},
        headers=two.as_(key),
    )
    assert response.status_code == 202, response.text
    job = f"/v1/jobs/{response.json()['job_id']}"
    two.client.get(f"{job}/events", headers=two.as_(key))
    return two.client.get(job, headers=two.as_(key)).json()


def scrubbed(value: Any) -> Any:
    """Return JSON without times, and without what names the state of the whole home."""
    if isinstance(value, dict):
        changing = {
            "job_id",
            "snapshot",
            "older_snapshots",
            "receipt",
            "signature",
            "timings_ms",
            "scores",
        }
        return {
            name: scrubbed(each)
            for name, each in value.items()
            if name not in changing and not name.endswith("_at")
        }
    return [scrubbed(each) for each in value] if isinstance(value, list) else value


def all_that_an_uploader_sees(two: Tenants) -> list[Any]:
    """Upload, list, read, find, ask for and delete a document as ours, and return what came."""
    seen: list[Any] = []
    as_ours: dict[str, Any] = {"headers": two.as_("ours")}
    for name in ("mine.md", "mine again.md", "mine.md"):
        seen.append(upload(two, "ours", "ours", name, SHARED))
    [listed] = [
        each
        for each in two.client.get("/v1/documents", **as_ours).json()["documents"]
        if each["source"] == "upload:ours/mine.md"
    ]
    place = f"/v1/documents/{listed['doc_id']}"
    seen += [two.client.get(f"{place}{rest}", **as_ours).json() for rest in ("", "/pages/1")]
    for path, body in (
        ("/v1/ask", {"question": "Where was the Heron Accord signed?"}),
        ("/v1/search", {"query": "Heron Accord"}),
        ("/v1/find", {"terms": ["Heron Accord"]}),
    ):
        seen.append(two.client.post(path, json=body, **as_ours).json())
    seen.append(two.client.delete(place, **as_ours).json())
    seen.append(upload(two, "ours", "ours", "mine.md", SHARED + b"\nA second edition.\n"))
    seen.append(two.client.get("/v1/documents", **as_ours).json())
    return [listed, *(scrubbed(each) for each in seen)]


def test_an_uploader_does_not_learn_that_another_collection_holds_the_same_bytes(
    tmp_path: Path,
) -> None:
    with tenants(tmp_path / "alone") as alone:
        upload(alone, "all", "theirs", "unlike.md", b"# Unlike\n\nNothing that ours holds.\n")
        unknown = all_that_an_uploader_sees(alone)
    with tenants(tmp_path / "shared") as shared:
        first = upload(shared, "theirs", "theirs", "secret.md", SHARED)
        upload(shared, "all", "theirs", "known.md", SHARED + b"\nA second edition.\n")
        known = all_that_an_uploader_sees(shared)
        listed = shared.client.get("/v1/documents", headers=shared.as_("theirs")).json()
        assert len(listed["documents"]) == 3  # nothing of theirs was touched
        question = {"question": "Where was the Heron Accord signed?"}
        answer = shared.client.post("/v1/ask", json=question, headers=shared.as_("theirs")).json()
        assert answer["citations"][0]["doc_id"] == first["result"]["documents"][0]["doc_id"]
    assert known == unknown
    assert not told(str(known)), known
    [added] = [d for d in known[1]["result"]["documents"] if d["source"] == "upload:ours/mine.md"]
    assert added["status"] == "added"
    assert known[-3]["vectors"] == added["chunks"]


def test_a_document_keeps_its_id_when_it_is_read_again(tmp_path: Path) -> None:
    with tenants(tmp_path / "home") as two:
        upload(two, "ours", "ours", "mine.md", SHARED)
        before = {d.doc_id for d in two.engine.store.documents(current_only=False)}
        settings = two.engine.settings.model_copy(update={"chunk_tokens": 64})
        report = publish(IngestRequest(paths=[]), settings)
        assert {d.status for d in report.documents} == {"replaced"}
        assert {d.doc_id for d in two.engine.store.documents(current_only=False)} == before
