"""Saved answers over HTTP: checked, asked again, signed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from corpus.stores.sql_store import SqlStore
from service.citations.receipt_signing import check_signature, read_public_keys
from tests.service.conftest import Served
from tests.service.small_collection import QUESTION, add, publish_snapshot
from tests.service.tenants import QUESTION as TENANTS_QUESTION
from tests.service.tenants import Tenants, tenants


def asked(client: TestClient, **options: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/v1/ask", json={"question": QUESTION} | options).json()
    return answer


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenants]:
    with tenants(tmp_path_factory.mktemp("receipts") / "home") as made:
        yield made


def test_an_answer_is_equal_when_it_is_asked_again(client: TestClient) -> None:
    for options in ({}, {"rerank": False}, {"passages": 3, "filters": ["publisher=IOM"]}):
        replayed = client.post("/v1/replay", json=asked(client, **options)).json()
        assert replayed["equal"], replayed


def test_an_answer_is_equal_after_another_document_came(own: Served) -> None:
    answer = asked(own.client)
    with SqlStore.open(own.engine.settings.store_url) as store:
        add(store, "new.md", (f"{QUESTION} The Almaty Process.",), title="New", pdf=False)
        publish_snapshot(own.engine.settings, store)
    assert asked(own.client)["passages"] != answer["passages"]
    replayed = own.client.post("/v1/replay", json=answer).json()
    assert replayed["equal"], replayed
    assert replayed["snapshot"] == answer["receipt"]["snapshot"]


def test_the_public_key_checks_an_answer_elsewhere(client: TestClient, tmp_path: Path) -> None:
    response = client.get("/.well-known/jwks.json")
    assert response.headers["content-type"] == "application/jwk-set+json"
    (tmp_path / "jwks.json").write_text(response.text)
    answer = asked(client)
    keys = read_public_keys(tmp_path / "jwks.json")
    assert check_signature(answer, keys) == "valid"
    assert client.post("/v1/verify", json=answer).json()["signature"] == "valid"
    answer["citations"][0]["quote"] = "Another quote."
    assert client.post("/v1/verify", json=answer).json()["signature"] == "invalid"


def test_settings_of_others_are_not_replayed(client: TestClient) -> None:
    answer = asked(client)
    answer["receipt"]["parameters"]["retrieval"]["read_most"] = 100_000
    refused = client.post("/v1/replay", json=answer)
    assert refused.status_code == 422
    assert "no signature of this server" in refused.json()["detail"]


def test_a_question_as_of_an_impossible_time_is_refused(client: TestClient) -> None:
    for when in ("soon", "2019-02-30", "1950"):
        refused = client.post("/v1/ask", json={"question": QUESTION, "as_of": when})
        assert refused.status_code == 422, when


def test_a_replay_sees_only_the_collections_of_its_key(two: Tenants) -> None:
    body = {"question": TENANTS_QUESTION}
    theirs = two.client.post("/v1/ask", json=body, headers=two.as_("theirs")).json()
    ours = two.client.post("/v1/ask", json=body, headers=two.as_("ours")).json()
    own = two.client.post("/v1/replay", json=ours, headers=two.as_("ours")).json()
    assert own["equal"], own
    replayed = two.client.post("/v1/replay", json=theirs, headers=two.as_("ours")).json()
    assert not replayed["equal"]
    said = json.dumps([each["replayed"] for each in replayed["differences"]] + replayed["notes"])
    assert "Zanzibar" not in said
    assert two.theirs not in said


def test_the_key_set_needs_no_key(two: Tenants) -> None:
    assert two.client.get("/.well-known/jwks.json").status_code == 200
