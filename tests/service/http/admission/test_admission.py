"""Who may come in: keys, scopes, rates, and how many at once."""

import base64
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from corpus.errors import RateError, SettingsError
from service.access.keys import make_key
from service.engine.engine import Engine
from service.http.app import create_app
from service.http.serving import serve
from service.workload.jobs import JobWorker
from service.workload.rate import Rate
from tests.service.command_line import CommandLine
from tests.service.conftest import Served
from tests.service.small_collection import QUESTION, make_collection, settings_of


def key_of(engine: Engine, *scopes: str, expires: str | None = None) -> str:
    key, secret = make_key(f"for {scopes} {len(engine.store.keys())}", scopes, None, expires)
    engine.store.create_key(key)
    return secret


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_before_the_first_key_nothing_is_needed(own: Served) -> None:
    assert own.client.get("/v1/documents").status_code == 200
    assert own.client.get("/v1/snapshots").status_code == 200


def test_before_the_first_key_any_is_taken(own: Served) -> None:
    assert own.client.get("/v1/documents", headers=bearer("sk-nothing")).status_code == 200
    elsewhere = {**bearer("sk-nothing"), "Host": "reports.example.org"}
    assert own.client.get("/v1/documents", headers=elsewhere).status_code == 421


def test_from_the_first_key_on_each_request_needs_one(own: Served) -> None:
    secret = key_of(own.engine, "read")
    for wrong in ({}, bearer("cw_wrong"), {"Authorization": "Basic ???"}):
        refused = own.client.get("/v1/documents", headers=wrong)
        assert (refused.status_code, refused.json()["type"]) == (401, "/problems/key")
        assert "Bearer" in refused.headers["WWW-Authenticate"]
    named = base64.b64encode(f"anyone:{secret}".encode()).decode()
    for right in (bearer(secret), {"X-API-Key": secret}, {"Authorization": f"Basic {named}"}):
        assert own.client.get("/v1/documents", headers=right).status_code == 200
    alive = own.client.get("/health")
    assert alive.status_code == 200
    assert alive.json()["snapshot"] == own.engine.snapshot_id is not None


def test_a_revoked_or_expired_key_is_refused_at_once(own: Served) -> None:
    secret = key_of(own.engine, "read")
    assert own.client.get("/v1/documents", headers=bearer(secret)).status_code == 200
    own.engine.store.revoke_key(own.engine.store.keys()[0].key_id)
    refused = own.client.get("/v1/documents", headers=bearer(secret))
    unknown = own.client.get("/v1/documents", headers=bearer("cw_unknown"))
    assert refused.status_code == 401
    assert refused.text == unknown.text
    assert own.client.get("/v1/documents").status_code == 401, "the last key opens nothing"


def test_each_scope_allows_its_own(own: Served) -> None:
    doc = own.ids["budapest"]
    needed = {"read": ("GET", "/v1/documents"), "ingest": ("GET", "/v1/jobs")}
    needed["admin"] = ("GET", "/v1/snapshots")
    for scope in needed:
        secret = key_of(own.engine, scope)
        for other, (method, path) in needed.items():
            status = own.client.request(method, path, headers=bearer(secret)).status_code
            assert status == (200 if other == scope else 403), (scope, path)
    reading = bearer(key_of(own.engine, "read"))
    assert own.client.delete(f"/v1/documents/{doc}", headers=reading).status_code == 403
    upload = own.client.post("/v1/documents", files={"file": ("a.md", b"x")}, headers=reading)
    assert upload.status_code == 403


def test_open_to_all_lets_everybody_read_and_nobody_write(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home")
    make_collection(settings)
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings), open_to_all=True)
        with TestClient(app) as client:
            assert client.get("/v1/documents").status_code == 200
            assert client.post("/v1/documents", files={"file": ("a.md", b"x")}).status_code == 401


def test_a_key_that_asks_too_often_is_told_when_to_come_back(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home", key_requests_per_minute=3)
    make_collection(settings)
    with Engine.open(settings) as engine:
        one, two = bearer(key_of(engine, "read")), bearer(key_of(engine, "read"))
        with TestClient(create_app(engine, JobWorker(engine.store, settings))) as client:
            found = [client.get("/v1/documents", headers=one) for _ in range(4)]
            assert [each.status_code for each in found] == [200, 200, 200, 429]
            assert 15 <= int(found[3].headers["Retry-After"]) <= 20
            assert found[3].json()["type"] == "/problems/rate"
            assert client.get("/v1/documents", headers=two).status_code == 200


def test_an_address_without_a_key_is_limited_and_this_machine_is_not(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home", address_requests_per_minute=2)
    make_collection(settings)
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings))
        with TestClient(app, client=("192.0.2.7", 1)) as far:
            assert [far.get("/v1/documents").status_code for _ in range(3)] == [200, 200, 429]
            near = TestClient(app, client=("127.0.0.1", 1))
            assert [near.get("/v1/documents").status_code for _ in range(3)] == [200] * 3


def test_a_bucket_is_refilled_evenly() -> None:
    now = [0.0]
    rate = Rate(60, clock=lambda: now[0])
    for _ in range(60):
        rate.take("k")
    with pytest.raises(RateError):
        rate.take("k")
    now[0] = 2.0
    rate.take("k")
    rate.take("k")
    with pytest.raises(RateError) as caught:
        rate.take("k")
    assert caught.value.retry_after_s == 1


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TestClient, Any]]:
    """A server that takes two questions, one answered and one waiting; and its gate."""
    settings = settings_of(tmp_path / "home", asking_at_once=1, asking_waiting=1)
    make_collection(settings)
    gate, begun = threading.Event(), threading.Event()
    with Engine.open(settings) as engine:
        ask = engine.search

        def slowly(*given: Any) -> Any:
            begun.set()
            assert gate.wait(20)
            return ask(*given)

        monkeypatch.setattr(engine, "search", slowly)
        with TestClient(create_app(engine, JobWorker(engine.store, settings))) as client:
            yield client, (gate, begun)


def test_questions_beyond_the_queue_are_refused_at_once(slow: tuple[TestClient, Any]) -> None:
    client, (gate, begun) = slow
    statuses: list[int] = []

    def ask() -> None:
        statuses.append(client.post("/v1/search", json={"query": QUESTION}).status_code)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert begun.wait(20)
    while client.app.state.desk.inside < 2:  # type: ignore[attr-defined]
        pass
    refused = client.post("/v1/search", json={"query": QUESTION})
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/busy")
    assert refused.headers["Retry-After"] == "1"
    assert client.get("/health").status_code == 200
    gate.set()
    for thread in threads:
        thread.join(20)
    assert statuses == [200, 200]


def test_other_sites_get_no_cors_header_unless_they_are_named(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home", allowed_origins="https://a.example")
    make_collection(settings)
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings))
        with TestClient(app) as client:
            for origin, status in (("https://a.example", 200), ("https://b.example", 403)):
                headers = {"Origin": origin, "Sec-Fetch-Site": "cross-site"}
                found = client.post("/v1/search", json={"query": "x"}, headers=headers)
                assert found.status_code == status
                shared = found.headers.get("Access-Control-Allow-Origin")
                assert shared == (origin if status == 200 else None)
            preflight = client.options("/v1/search", headers={"Origin": "https://a.example"})
            assert preflight.status_code == 204
            assert "Access-Control-Allow-Credentials" not in preflight.headers


def test_a_server_for_other_machines_wants_a_key_or_to_be_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="keys create"):
        serve(settings_of(tmp_path / "home"), "0.0.0.0", 0)


def test_keys_are_made_listed_and_revoked_on_the_command_line(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "home")
    made = cli.run(
        "keys", "create", "slack", "-s", "read", "-c", "iscm", "--expires", "90d", "--json"
    ).json
    assert made["key"].startswith("cw_")
    assert (made["scopes"], made["collections"]) == (["read"], ["iscm"])
    assert made["key"] not in cli.run("keys", "list", "--json").out
    for file in cli.home.rglob("*"):
        assert not file.is_file() or made["key"].encode() not in file.read_bytes()
    assert cli.run("keys", "revoke", made["key_id"], "--json").json["state"] == "revoked"
    assert "revoked" in cli.run("keys", "list").out
    assert "expected one of" in cli.run("keys", "create", "x", "-s", "write", code=2).err
    assert "later day" in cli.run("keys", "create", "x", "--expires", "2001-01-01", code=2).err
