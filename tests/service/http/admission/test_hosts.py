"""A name that somebody else gave this machine's address is not the server's: DNS rebinding."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from corpus.errors import HostError
from service.access.keys import make_key
from service.engine.engine import Engine
from service.http.admission.hosts import Hosts
from service.http.app import create_app
from service.workload.jobs import JobWorker
from tests.service.conftest import Served
from tests.service.small_collection import make_collection, settings_of

FOREIGN = (
    "rebound.example",
    "rebound.example:8000",
    "127.0.0.1.rebound.example",
    "localhost.example",
)
MALFORMED = ("", "rebound.example@localhost", "localhost/..", "localhost:port", "[::1", "192.0.2.7")
OWN = (
    "127.0.0.1",
    "127.0.0.1:8000",
    "localhost:9",
    "LOCALHOST",
    "localhost.",
    "a.localhost",
    "[::1]:80",
)


def as_page_of(host: str) -> dict[str, str]:
    """Return the headers that a browser sends for a page that it opened under this name."""
    return {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}


def requests_of(own: Served) -> list[tuple[str, str, dict[str, Any]]]:
    place = f"/v1/documents/{own.ids['almaty']}"
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream"}
    return [
        ("GET", "/", {}),
        ("GET", "/v1/documents", {}),
        ("POST", "/v1/ask", {"json": {"question": "Who?"}}),
        ("POST", "/mcp", {"json": call, "headers": accept}),
        ("PATCH", place, {"json": {"title": "Taken"}}),
        ("DELETE", place, {}),
    ]


@pytest.mark.parametrize("host", [*FOREIGN, *MALFORMED])
def test_a_page_under_a_foreign_name_reaches_nothing(own: Served, host: str) -> None:
    before = own.engine.store.documents()
    for method, path, given in requests_of(own):
        headers = as_page_of(host) | given.pop("headers", {})
        refused = own.client.request(method, path, headers=headers, **given)
        assert refused.status_code == 421, (method, path, refused.text)
        if path.startswith("/v1"):
            assert refused.json()["type"] == "/problems/host"
            assert "CITEWELL_ALLOWED_HOSTS" in refused.json()["detail"]
    assert own.engine.store.documents() == before


def test_every_described_route_wants_a_name_of_the_server(own: Served) -> None:
    described = own.client.get("/openapi.json").json()["paths"]
    tried = 0
    for path, methods in described.items():
        for method in methods:
            address = path.replace("{", "").replace("}", "")
            if path.startswith("/health") or path == "/.well-known/jwks.json":
                continue
            status = own.client.request(method, address, headers=as_page_of(FOREIGN[0])).status_code
            assert status == 421, (method, path)
            tried += 1
    assert tried >= 25


@pytest.mark.parametrize("host", OWN)
def test_the_server_answers_under_its_own_names(own: Served, host: str) -> None:
    for method, path, given in requests_of(own)[:4]:
        headers = as_page_of(host) | given.pop("headers", {})
        found = own.client.request(method, path, headers=headers, **given)
        assert found.status_code == 200, (method, path, found.text)


def test_a_key_is_enough_under_every_name_and_a_wrong_one_is_not(own: Served) -> None:
    wrong = {"Authorization": "Bearer cw_wrong"} | as_page_of(FOREIGN[0])
    assert own.client.get("/v1/documents", headers=wrong).status_code == 421, "no key was made"
    key, secret = make_key("proxied", ["read"], None, None)
    own.engine.store.create_key(key)
    assert own.client.get("/v1/documents", headers=wrong).status_code == 401
    right = {"Authorization": f"Bearer {secret}", "Host": "reports.example"}
    assert own.client.get("/v1/documents", headers=right).status_code == 200


def test_an_open_server_is_read_under_its_own_names_only(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home", allowed_hosts="reports.example")
    make_collection(settings)
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings), open_to_all=True)
        with TestClient(app, base_url="http://reports.example") as client:
            assert client.get("/v1/documents").status_code == 200
            foreign = client.get("/v1/documents", headers=as_page_of(FOREIGN[0]))
            assert foreign.status_code == 421


def test_the_names_come_from_the_address_the_base_and_the_setting(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path, allowed_hosts=" A.example ,b.example", base_url="https://cited.example/c"
    )
    hosts = Hosts.of(settings, "192.0.2.7")
    for header in ("a.example", "b.example:80", "cited.example", "192.0.2.7:8000", "localhost"):
        hosts.require(header)
    for foreign in ("c.example", "192.0.2.8", None):
        with pytest.raises(HostError):
            hosts.require(foreign)


@pytest.mark.parametrize("listening", ["0.0.0.0", "::"])
def test_a_server_on_every_address_takes_every_address_but_no_foreign_name(
    tmp_path: Path, listening: str
) -> None:
    hosts = Hosts.of(settings_of(tmp_path), listening)
    for header in ("192.0.2.8:8000", "[2001:db8::1]:8000"):
        hosts.require(header)
    with pytest.raises(HostError):
        hosts.require("rebound.example")


def test_a_star_takes_every_name(tmp_path: Path) -> None:
    Hosts.of(settings_of(tmp_path, allowed_hosts="*")).require("anything.example")
