"""Snapshots and health over HTTP."""

import pytest
from starlette.testclient import TestClient

from corpus.stores.sql_store import SqlStore
from tests.service.conftest import Served
from tests.service.small_collection import add, publish_snapshot


def test_the_list_marks_the_snapshot_that_answers(served: Served) -> None:
    [snapshot] = served.client.get("/v1/snapshots").json()["snapshots"]
    assert snapshot["snapshot_id"] == served.engine.snapshot_id
    assert snapshot["current"]
    assert (snapshot["documents"], snapshot["chunks"]) == (3, 4)


def test_a_rollback_lets_the_older_snapshot_answer(own: Served) -> None:
    first = own.engine.snapshot_id
    with SqlStore.open(own.engine.settings.store_url) as store:
        add(store, "new.md", ("A new page.",), title="New", pdf=False)
        second = publish_snapshot(own.engine.settings, store)

    response = own.client.post(f"/v1/snapshots/{first}/rollback")

    assert response.json() == {"snapshot": first, "previous": second}
    found = own.client.post("/v1/search", json={"query": "page"}).json()
    assert found["receipt"]["snapshot"] == first


@pytest.mark.parametrize("snapshot_id", ["s0000000000000000", "CURRENT", "..", "%2e%2e", "a%00"])
def test_a_rollback_to_what_is_not_there_is_not_found(client: TestClient, snapshot_id: str) -> None:
    assert client.post(f"/v1/snapshots/{snapshot_id}/rollback").status_code == 404


def test_a_warm_server_is_ready(served: Served) -> None:
    ready = served.client.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["snapshot"] == served.engine.snapshot_id


def test_an_empty_server_lives_but_is_not_ready(empty: Served) -> None:
    assert empty.client.get("/health").json()["status"] == "alive"
    ready = empty.client.get("/health/ready")
    assert ready.status_code == 503
    assert ready.json()["type"] == "/problems/not-ready"
    assert ready.headers["retry-after"] == "2"
