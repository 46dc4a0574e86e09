"""Every route has its kind, and no page for people tells, links or counts what is another's."""

import re
from collections.abc import Iterable, Iterator

import pytest
from fastapi import FastAPI
from starlette.routing import Mount, Route

from tests.service.http.admission.test_tenants import ABSENT, told
from tests.service.tenants import QUESTION, Tenants, tenants

# What the OpenAPI description leaves out. A new route belongs here, or in the description, whose
# routes `test_tenants` and `test_tenant_writes` try with every field.
PAGES = {
    "/",
    "/find",
    "/find/mentions",
    "/find/{name}",
    "/library",
    "/admin",
    "/explain",
    "/notebook",
    "/answers/{answer_id}",
    "/answers/{answer_id}/now",
    "/documents/{doc_id}",
    "/documents/{doc_id}/pages/{number}",
}
OF_NO_COLLECTION = {
    "/.well-known/jwks.json",
    "/assets",
    "/assets/swagger",
    "/docs",
    "/language",
    "/openapi.json",
    "/sign-in",
    "/sign-out",
    "/widget",
    "/widget.js",
}
TRIED_ELSEWHERE = {  # by the tests of that dialect
    "/mcp",
    "/integrations/slack/commands",
    "/integrations/slack/events",
    "/integrations/teams",
}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenants]:
    with tenants(tmp_path_factory.mktemp("pages") / "home") as made:
        yield made


def paths_of(two: Tenants) -> set[str]:
    app = two.client.app
    assert isinstance(app, FastAPI)
    return {path.replace(":path}", "}") for path in _paths(app.routes)}


def _paths(routes: Iterable[object]) -> Iterator[str]:
    """Yield the paths of routes, those of included routers too."""
    for each in routes:
        if isinstance(each, Mount | Route):
            yield each.path
        else:
            yield from _paths(each.original_router.routes)  # type: ignore[attr-defined]


def test_every_route_is_described_or_has_its_kind(two: Tenants) -> None:
    described = set(two.client.get("/openapi.json").json()["paths"])
    assert paths_of(two) - described == PAGES | OF_NO_COLLECTION | TRIED_ELSEWHERE


def page(two: Tenants, path: str, doc_id: str, key: str = "ours", query: str = "") -> str:
    headers = two.as_(key) | {"Accept": "text/html"}
    address = path.format(doc_id=doc_id, number=1, name="mentions.csv", **two.kept) + query
    answer = two.client.get(address, headers=headers)
    assert answer.status_code in (200, 404, 422), (address, answer.text)
    text = re.sub(r'nonce="?[^" >]*|name="csrf"[^>]*', "", answer.text)
    return re.sub(r"\d[\d,.]* ?(ms|s)\b", "", text)


@pytest.mark.parametrize("path", sorted(PAGES))
def test_no_page_tells_or_counts_what_is_anothers(two: Tenants, path: str) -> None:
    for query in ("", f"?q={QUESTION}", "?q=quokkas&sort=-title"):
        said = page(two, path, two.ours, query=query)
        assert not told(said), (path, query)
        assert two.theirs not in said
    if "{doc_id}" in path:
        others, absent = page(two, path, two.theirs), page(two, path, ABSENT["doc_id"])
        assert others.replace(two.theirs, "X") == absent.replace(ABSENT["doc_id"], "X")


@pytest.mark.parametrize("path", ["/find", "/find/mentions", "/find/{name}"])
def test_finding_in_anothers_document_is_as_in_none(two: Tenants, path: str) -> None:
    others, absent = (
        page(two, path, "", query=f"?q=quokkas&document={doc_id}").replace(doc_id, "X")
        for doc_id in (two.theirs, ABSENT["doc_id"])
    )
    assert others == absent


@pytest.mark.parametrize("name", ["collection", "kind", "publisher", "language", "region"])
def test_facets_narrowed_to_anothers_values_are_as_those_of_nobody(two: Tenants, name: str) -> None:
    found = [
        page(two, "/library", "", query=f"?{name}={value}").replace(value, "X")
        for value in ("theirs", "nobodys")
    ]
    assert found[0] == found[1]


def test_what_is_counted_is_the_keys_own(two: Tenants) -> None:
    counted = {
        key: (
            len(two.client.get("/v1/documents", headers=two.as_(key)).json()["documents"]),
            len(two.client.get("/v1/quality", headers=two.as_(key)).json()["collections"]),
        )
        for key in ("ours", "theirs", "all")
    }
    assert counted == {"ours": (1, 1), "theirs": (1, 1), "all": (2, 2)}
