"""The API is described: in OpenAPI and in docs/reference/http.md."""

import re
from pathlib import Path

from service.wire.problems import HTTP_KINDS, INTERNAL, KINDS
from tests.service.conftest import Served
from tests.service.small_collection import QUESTION

TEXT = (Path(__file__).parents[3] / "docs" / "reference" / "http.md").read_text("utf-8")


def test_every_route_stands_in_the_docs(served: Served) -> None:
    described = served.client.get("/openapi.json").json()["paths"]
    for path, methods in described.items():
        for method in methods:
            assert f"`{method.upper()} {path}`" in TEXT, f"{method.upper()} {path}"
            if path.startswith("/v1/"):
                assert f"### {method.upper()} {path}\n" in TEXT
    for path in ("/", "/documents/{doc_id}/pages/{number}", "/docs", "/openapi.json"):
        assert f"`GET {path}`" in TEXT


def test_every_v1_route_has_an_example_to_try() -> None:
    for section in re.split(r"^### ", TEXT, flags=re.MULTILINE)[1:]:
        if "/v1/" in section.partition("\n")[0]:
            assert "curl -s" in section, section[:40]


def test_every_kind_of_problem_stands_in_the_docs() -> None:
    for kind in {*(kind for _, kind in KINDS), *HTTP_KINDS.values(), INTERNAL}:
        assert f"| `/problems/{kind.name}` | {kind.status} |" in TEXT, kind


def test_openapi_types_everything_and_names_one_shape_of_errors(served: Served) -> None:
    described = served.client.get("/openapi.json").json()
    schemas = described["components"]["schemas"]
    assert {"Answer", "Search", "Problem", "FieldError", "IngestReport"} <= set(schemas)
    assert "HTTPValidationError" not in schemas
    for methods in described["paths"].values():
        for operation in methods.values():
            problem = operation["responses"]["default"]["content"]
            own = {"openai": "error", "anthropic": "error", "cohere": "message"}
            [tag] = operation["tags"]
            if tag in own:  # their clients look for errors of their own shape
                assert own[tag] in problem["application/json"]["schema"]["required"]
            else:
                assert problem["application/problem+json"]["schema"]["$ref"].endswith("/Problem")
            assert operation["summary"]
            assert operation["tags"]
    assert schemas["AskBody"]["properties"]["question"]["examples"] == [QUESTION]


def test_every_reference_in_openapi_leads_somewhere(served: Served) -> None:
    text = served.client.get("/openapi.json").text
    schemas = served.client.get("/openapi.json").json()["components"]["schemas"]
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert names <= set(schemas)
