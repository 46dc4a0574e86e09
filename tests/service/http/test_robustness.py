"""Whatever is sent, the answer is a result or a problem, never an accident."""

import json
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from service.wire.problems import MEDIA_TYPE
from tests.service.conftest import Served
from tests.service.small_collection import QUESTION

Body = dict[str, object]

ODD: list[object] = [
    None,
    0,
    -1,
    1.5,
    10**40,
    True,
    "",
    " ",
    "\x00",
    "é" * 3000,
    [],
    [None],
    [["a"]],
    {},
    {"a": {"b": 1}},
]
ROUTES: list[tuple[str, Body]] = [
    ("/v1/ask", {"question": QUESTION}),
    ("/v1/search", {"query": QUESTION}),
]
OPTIONS = ["passages", "filters", "mode", "rerank"]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def assert_sound(client: TestClient, method: Literal["POST", "GET"], path: str, raw: bytes) -> None:
    response = client.request(
        method, path, content=raw, headers={"Content-Type": "application/json"}
    )
    assert response.status_code in (200, 400, 404, 413, 422), response.text
    if response.status_code != 200:
        assert response.headers["content-type"] == MEDIA_TYPE
        assert response.json()["status"] == response.status_code


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize(("path", "body"), ROUTES)
def test_odd_values_in_every_field(client: TestClient, path: str, body: Body, odd: object) -> None:
    for name in [*body, *OPTIONS, "unknown"]:
        assert_sound(client, "POST", path, json.dumps({**body, name: odd}).encode())
    assert_sound(client, "POST", path, json.dumps(odd).encode())
    assert_sound(client, "POST", "/v1/verify", json.dumps(odd).encode())
    assert_sound(client, "POST", "/v1/verify", json.dumps({"citations": odd}).encode())


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[" * 100_000, b"\xff\xfe", b"nul", b'"\\ud800"', b'{"question": "\\ud800 x"}'],
    ids=range(7),
)
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search", "/v1/verify"])
def test_broken_bodies(client: TestClient, path: str, raw: bytes) -> None:
    assert_sound(client, "POST", path, raw)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"question": "Who?", "\\ud800": 1, "filters": ["\\ud800=x"]}',
        b'{"question": "Who?", "filters": {"\\ud800": "x"}}',
    ],
    ids=range(2),
)
def test_lone_surrogates_are_refused(client: TestClient, raw: bytes) -> None:
    assert_sound(client, "POST", "/v1/ask", raw)


def test_a_saved_answer_with_a_lone_surrogate_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    answer["citations"][0]["doc_id"] = "\ud800"
    assert_sound(client, "POST", "/v1/verify", json.dumps(answer).encode())


@given(body=st.dictionaries(st.sampled_from(["question", "filters", "mode", "passages"]), anything))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_json_is_answered(client: TestClient, body: dict[str, object]) -> None:
    assert_sound(client, "POST", "/v1/ask", json.dumps(body).encode())


@pytest.mark.parametrize("value", ["", "x", "-1", "1e9", "\x00", "%F0%9F", "9" * 25, "true"])
def test_odd_parameters_of_every_get_route(served: Served, value: str) -> None:
    described = served.client.get("/openapi.json").json()
    for path, methods in described["paths"].items():
        if "get" not in methods or path == "/health/ready":
            continue
        for parameter in methods["get"].get("parameters", []):
            name = parameter["name"]
            places = {"doc_id": served.ids["colombo"], "number": "1", "job_id": "j0"}
            query = {}
            if parameter["in"] == "path":
                places[name] = value.replace("\x00", "%00") or "%20"
            else:
                query[name] = value
            response = served.client.get(path.format_map(places), params=query)
            refused = 400 if path.startswith("/v1/vector_stores") else 422  # as OpenAI's API does
            assert response.status_code in (200, 404, refused), (path, name, response.text)
            if response.status_code == 200:
                continue
            if "openai" in methods["get"]["tags"]:
                assert response.json()["error"]["message"]
            else:
                assert response.headers["content-type"] == MEDIA_TYPE
