"""Errors over HTTP: one shape, the right status, nothing leaked."""

import inspect

import pytest
from starlette.testclient import TestClient

from corpus import errors
from service.wire.problems import KINDS, MEDIA_TYPE, headers_of, kind_of
from tests.service.conftest import Served
from tests.service.small_collection import QUESTION


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.QuestionError, 422),
        (errors.FilterError, 422),
        (errors.SettingsError, 422),
        (errors.InputError, 422),
        (errors.PasswordError, 422),
        (errors.UnsupportedError, 415),
        (errors.ReadError, 422),
        (errors.NotFoundError, 404),
        (errors.StoreError, 503),
        (errors.SnapshotError, 503),
        (errors.DamagedSnapshotError, 503),
        (errors.MismatchError, 503),
        (errors.ModelError, 503),
        (errors.CitewellError, 500),
    ],
)
def test_every_error_has_its_status(error: type[errors.CitewellError], status: int) -> None:
    assert kind_of(error("…")).status == status


def test_no_class_of_errors_hides_behind_its_parent() -> None:
    classes = [cls for cls, _ in KINDS]
    for position, cls in enumerate(classes):
        assert not any(issubclass(later, cls) for later in classes[position + 1 :])
    ours = {c for _, c in inspect.getmembers(errors, inspect.isclass)}
    inner = {errors.SettingsError, errors.LeaseError, errors.UnreachableError}
    assert ours - inner == set(classes)


def test_a_store_that_is_away_says_when_to_try_again() -> None:
    assert headers_of(errors.UnreachableError("…")) == {"Retry-After": "2"}


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/v1/nothing", 404, "not-found"),
        ("GET", "/assets/nothing.css", 404, "not-found"),
        ("GET", "/assets/../app.py", 404, "not-found"),
        ("GET", "/v1/ask", 405, "method"),
        ("PUT", "/v1/documents", 405, "method"),
        ("POST", "/", 405, "method"),
        ("GET", "/v1/jobs/j0", 404, "not-found"),
        ("GET", "/v1/jobs/j0/events", 404, "not-found"),
        ("GET", "/v1/jobs?limit=0", 422, "input"),
        ("GET", "/v1/documents?limit=x", 422, "input"),
    ],
)
def test_every_error_is_a_problem(
    client: TestClient, method: str, path: str, status: int, kind: str
) -> None:
    response = client.request(method, path)
    problem = response.json()
    assert response.status_code == problem["status"] == status
    assert response.headers["content-type"] == MEDIA_TYPE
    assert problem["type"] == f"/problems/{kind}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"].startswith("/")


def test_a_method_that_is_not_allowed_names_those_that_are(client: TestClient) -> None:
    assert client.get("/v1/ask").headers["allow"] == "POST"


def test_a_wrong_field_is_pointed_at(client: TestClient) -> None:
    body = {"question": QUESTION, "passages": "many", "colour": "red"}
    problem = client.post("/v1/ask", json=body).json()
    assert {error["pointer"] for error in problem["errors"]} == {"/passages", "/colour"}


def test_a_body_without_its_kind_is_told_how_to_send_it(client: TestClient) -> None:
    response = client.post("/v1/ask", content='{"question": "Who?"}')
    assert response.status_code == 422
    assert "Content-Type: application/json" in response.json()["detail"]


def test_an_unexpected_error_says_nothing_of_its_inside(
    own: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(own.engine, "search", fail)
    response = own.client.post("/v1/search", json={"query": "x"})
    assert response.status_code == 500
    assert response.headers["content-type"] == MEDIA_TYPE
    assert "secret" not in response.text


def test_a_body_that_announces_too_much_is_refused(own: Served) -> None:
    response = own.client.post(
        "/v1/ask", content=b"x", headers={"Content-Length": str(5 * 1024 * 1024)}
    )
    assert response.status_code == 413
    assert response.json()["type"] == "/problems/too-large"


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/documents"])
def test_a_body_that_grows_too_large_is_refused_as_it_comes(own: Served, path: str) -> None:
    sent = 0

    def chunks() -> object:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for _ in range(100):
            sent += 100_000
            yield b"x" * 100_000

    kind = "multipart/form-data; boundary=b" if path == "/v1/documents" else "application/json"
    response = own.client.post(path, content=chunks(), headers={"Content-Type": kind})  # type: ignore[arg-type]
    assert response.status_code == 413
    assert response.headers["content-type"] == MEDIA_TYPE


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://testserver"}, 200),
        ({}, 200),
    ],
)
def test_another_sites_page_cannot_ask_through_a_browser(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    response = client.post("/v1/search", json={"query": "Process"}, headers=headers)
    assert response.status_code == status


def test_every_answer_keeps_the_browser_strict(client: TestClient) -> None:
    for path in ("/", "/v1/documents", "/v1/nothing", "/assets/citewell.css", "/docs"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers
