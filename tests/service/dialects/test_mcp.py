"""The official `mcp` client against a live server, over HTTP and on stdio."""

import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import httpx2
import pytest
from jsonschema import validate
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from tests.service.command_line import OFFLINE_DOUBLES
from tests.service.live import READABLE, Live, live_server, marked_text
from tests.service.small_collection import COOPERATION, QUESTION, make_collection, settings_of
from tests.service.tenants import tenants

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live_server(tmp_path_factory.mktemp("mcp") / "home") as server:
        yield server


@asynccontextmanager
async def over_http(address: str, key: str) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=30) as http,
        Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
    ):
        yield client


async def check(client: Client, live: Live | None) -> None:
    """List, call and read everything, as ChatGPT's connectors do."""
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert {"search", "fetch", "ask", "find"} == set(tools)
    for tool in tools.values():
        assert tool.annotations
        assert tool.annotations.read_only_hint
        assert tool.output_schema
    assert list(tools["search"].input_schema["properties"]) == ["query"]
    assert list(tools["fetch"].input_schema["properties"]) == ["id"]

    found = await client.call_tool("search", {"query": QUESTION})
    assert json.loads(found.content[0].text) == found.structured_content  # type: ignore[union-attr]
    validate(found.structured_content, tools["search"].output_schema or {})
    first = found.structured_content["results"][0]
    assert set(first) == {"id", "title", "url"}
    assert first["url"].startswith("http://")

    fetched = await client.call_tool("fetch", {"id": first["id"]})
    assert json.loads(fetched.content[0].text) == fetched.structured_content  # type: ignore[union-attr]
    validate(fetched.structured_content, tools["fetch"].output_schema or {})
    assert COOPERATION in fetched.structured_content["text"]
    assert fetched.structured_content["url"] == first["url"]
    doc_id = fetched.structured_content["metadata"]["doc_id"]
    whole = await client.call_tool("fetch", {"id": doc_id})
    assert "secretariat" in whole.structured_content["text"]

    told: list[tuple[float, str | None]] = []

    async def on_progress(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, message))

    answer = await client.call_tool("ask", {"question": QUESTION}, progress_callback=on_progress)
    validate(answer.structured_content, tools["ask"].output_schema or {})
    assert f"“{READABLE}” [1]" in answer.content[0].text  # type: ignore[union-attr]
    citation = answer.structured_content["citations"][0]
    assert citation["quote"] == COOPERATION
    assert [progress for progress, _ in told] == [0, 1, 2]
    if live is not None:
        assert marked_text(live, citation["url"]) == READABLE
        assert READABLE in marked_text(live, first["url"])

    mentions = await client.call_tool("find", {"terms": ["Almaty Process", "Nowhere Pact"]})
    validate(mentions.structured_content, tools["find"].output_schema or {})
    [almaty] = mentions.structured_content["documents"]
    assert almaty["counts"] == {"Almaty Process": 3, "Nowhere Pact": 0}
    assert mentions.structured_content["without"] == 2
    assert mentions.structured_content["coverage"]["pages_searched"] == 4
    if live is not None:
        url = mentions.structured_content["mentions"][0]["url"]
        assert marked_text(live, url) == "Almaty Process"

    resources = (await client.list_resources()).resources
    assert len(resources) == 3
    page = await client.read_resource(f"citewell://documents/{doc_id}/pages/1")
    assert COOPERATION in page.contents[0].text  # type: ignore[union-attr]
    templates = (await client.list_resource_templates()).resource_templates
    assert templates[0].uri_template.endswith("/pages/{number}")


def test_over_http_everything_is_listed_called_and_read(live: Live) -> None:
    async def run() -> None:
        async with over_http(live.address, live.key) as client:
            await check(client, live)

    anyio.run(run)


def test_on_stdio_too(tmp_path: Path) -> None:
    make_collection(settings_of(tmp_path / "home"))
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CITEWELL_")}
    server = StdioServerParameters(
        command=sys.executable,
        args=["-c", "import citewell; citewell.main()", "mcp"],
        env={**kept, **OFFLINE_DOUBLES, "CITEWELL_HOME": str(tmp_path / "home")},
        cwd=ROOT,
    )

    async def run() -> None:
        async with Client(stdio_client(server)) as client:
            await check(client, None)

    anyio.run(run)


def test_what_goes_wrong_is_told_to_the_model(live: Live) -> None:
    async def run() -> None:
        async with over_http(live.address, live.key) as client:
            empty = await client.call_tool("search", {"query": " "})
            assert empty.is_error
            assert "empty" in empty.content[0].text  # type: ignore[union-attr]
            absent = await client.call_tool("fetch", {"id": "c" + "0" * 20})
            assert absent.is_error
            extra = await client.call_tool("search", {"query": "x", "k": 3})
            assert extra.is_error
            for terms in ([], [1], "Almaty", ["?"], None):
                assert (await client.call_tool("find", {"terms": terms})).is_error, terms
            for uri in ("citewell://documents/d0123456789abcdef", "file:///etc/passwd"):
                with pytest.raises(MCPError):
                    await client.read_resource(uri)

    anyio.run(run)


def test_without_a_key_nobody_comes_in(live: Live) -> None:
    response = httpx2.post(f"{live.address}/mcp", json={}, headers={"Accept": "application/json"})
    assert response.status_code == 401


def test_a_key_of_one_collection_sees_nothing_of_the_other(tmp_path: Path) -> None:
    from tests.service.small_collection import served
    from tests.service.tenants import CANARIES

    async def run(address: str, key: str, theirs: str, passage: str) -> None:
        async with over_http(address, key) as client:
            texts = [str(await client.list_resources())]
            for name, argument in (
                ("search", {"query": "quokkas cooperate"}),
                ("ask", {"question": "Which bodies does the forum on quokkas cooperate with?"}),
                ("find", {"terms": ["quokkas", "compact"]}),
                ("fetch", {"id": theirs}),
                ("fetch", {"id": passage}),
            ):
                texts.append(str(await client.call_tool(name, argument)))
            for text in texts:
                assert not [canary for canary in CANARIES if canary in text.casefold()], text
            for uri in (theirs, f"{theirs}/pages/1"):
                with pytest.raises(MCPError, match=f"no document {theirs}"):
                    await client.read_resource(f"citewell://documents/{uri}")

    with tenants(tmp_path / "home") as two:
        found = two.client.post(
            "/v1/search", json={"query": "Xylophone Council"}, headers=two.as_("theirs")
        ).json()
        passage = found["passages"][0]["passage_id"]
        from service.http.app import create_app
        from service.workload.jobs import JobWorker

        app = create_app(two.engine, JobWorker(two.engine.store, two.engine.settings))
        with served(app) as address:
            anyio.run(run, address, two.keys["ours"], two.theirs, passage)
