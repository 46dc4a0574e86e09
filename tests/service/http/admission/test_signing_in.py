"""A key typed once in the browser: its cookie, the token that goes with it, signing out."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.access.keys import make_key
from service.engine.engine import Engine
from service.http.app import create_app
from service.http.web.viewer import KEY_COOKIE
from service.workload.jobs import JobWorker
from tests.service.small_collection import settings_of

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FastAPI, str]]:
    """An empty home whose server answers a key."""
    settings = settings_of(tmp_path_factory.mktemp("locked") / "home")
    settings.home.mkdir(parents=True)
    with Engine.open(settings) as engine:
        key, secret = make_key("analyst", ["read", "ingest", "admin"], None, None)
        engine.store.create_key(key)
        yield create_app(engine, JobWorker(engine.store, settings)), secret


@pytest.fixture
def client(locked: tuple[FastAPI, str]) -> Iterator[TestClient]:
    with TestClient(locked[0], follow_redirects=False) as client:
        yield client


def signed_in(client: TestClient, secret: str) -> str:
    """Sign in, and return the token of the page that follows."""
    client.post("/sign-in", data={"key": secret, "back": "/"})
    found = re.search(r'name="csrf" content="([0-9a-f]+)"', client.get("/", headers=HTML).text)
    assert found is not None
    return found[1]


def test_a_page_without_a_key_asks_for_it_and_leads_back(
    client: TestClient, locked: tuple[FastAPI, str]
) -> None:
    refused = client.get("/?q=Who", headers=HTML)
    assert refused.status_code == 401
    assert "Basic" not in refused.headers["www-authenticate"]
    assert 'name="back" value="/?q=Who"' in refused.text

    answer = client.post("/sign-in", data={"key": f" {locked[1]} ", "back": "/?q=Who"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?q=Who")
    kept = answer.headers["set-cookie"]
    assert "HttpOnly" in kept
    assert "samesite=lax" in kept.lower()
    assert client.get("/v1/documents").status_code == 200


def test_a_wrong_key_is_told_and_sets_no_cookie(client: TestClient) -> None:
    answer = client.post("/sign-in", data={"key": "cw_wrong"})
    assert answer.status_code == 401
    assert "unknown, expired or revoked" in answer.text
    assert "set-cookie" not in answer.headers


def test_a_change_with_the_cookie_needs_the_token_of_a_page(
    client: TestClient, locked: tuple[FastAPI, str]
) -> None:
    token = signed_in(client, locked[1])
    missing = "/v1/documents/d0123456789abcdef"
    for wrong in ({}, {"X-CSRF-Token": "0" * 32}):
        refused = client.delete(missing, headers=wrong)
        assert refused.status_code == 403
        assert "token" in refused.json()["detail"]
    assert client.delete(missing, headers={"X-CSRF-Token": token}).status_code == 404
    bearer = {"Authorization": f"Bearer {locked[1]}"}
    assert client.delete(missing, headers=bearer).status_code == 404


def test_signing_out_needs_the_token_and_removes_the_cookie(
    client: TestClient, locked: tuple[FastAPI, str]
) -> None:
    token = signed_in(client, locked[1])
    assert client.post("/sign-out", data={"csrf": "0"}).status_code == 403
    assert client.post("/sign-out", data={"csrf": token}).status_code == 303
    assert KEY_COOKIE not in client.cookies
    assert client.get("/", headers=HTML).status_code == 401


def test_no_form_leads_to_another_site(client: TestClient, locked: tuple[FastAPI, str]) -> None:
    for back in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        answer = client.post("/sign-in", data={"key": locked[1], "back": back})
        assert answer.headers["location"] == "/"
        assert client.get("/language", params={"to": "fr", "back": back}).headers["location"] == "/"


def test_a_language_is_kept_and_else_that_of_the_browser_counts(client: TestClient) -> None:
    spanish = client.get("/sign-in", headers={"Accept-Language": "es-MX, en;q=0.5"})
    assert '<html lang="es">' in spanish.text
    client.get("/language", params={"to": "ru"})
    assert '<html lang="ru">' in client.get("/sign-in").text
