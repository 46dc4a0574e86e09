"""As of when, and how sure: asked by the official client of each dialect as on `/v1/ask`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import anthropic
import anyio
import cohere
import httpx
import openai
import pytest
from cohere.core.api_error import ApiError

from corpus.stores.sql_store import SqlStore
from tests.service.dialects.test_mcp import over_http
from tests.service.live import Live, live_server
from tests.service.small_collection import MEMBERS, add_differing, publish_snapshot

# Any: the clients type each message by themselves.
ASKED: list[Any] = [{"role": "user", "content": MEMBERS}]
THEN: dict[str, object] = {"as_of": "2015-06", "max_wrong": 0.125}
NOW: tuple[dict[str, object], ...] = ({}, {"as_of": None, "max_wrong": None})
WRONG = ({"as_of": "soon"}, {"as_of": "1950"}, {"max_wrong": 0}, {"max_wrong": 1.5})


@dataclass(frozen=True, slots=True)
class Told:
    """What a client was told: the text, and the options that the receipt names."""

    text: str
    used: dict[str, Any]


Asking = Callable[[Live, dict[str, object]], Told]


def openai_client(live: Live) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{live.address}/v1", api_key=live.key, max_retries=0)


def anthropic_client(live: Live) -> anthropic.Anthropic:
    return anthropic.Anthropic(base_url=live.address, api_key=live.key, max_retries=0)


def used_in(body: Any) -> dict[str, Any]:
    """Return the options in the receipt of the whole answer, which goes beside the dialect's."""
    return dict(body.model_extra["citewell"]["answer"]["receipt"]["parameters"]["request"])


def chat(live: Live, options: dict[str, object]) -> Told:
    with openai_client(live) as client:
        done = client.chat.completions.create(
            model="citewell", messages=ASKED, extra_body=options, temperature=0
        )
    return Told(done.choices[0].message.content or "", used_in(done))


def streamed_chat(live: Live, options: dict[str, object]) -> Told:
    with openai_client(live) as client:
        chunks = list(
            client.chat.completions.create(
                model="citewell", messages=ASKED, extra_body=options, stream=True
            )
        )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    return Told(text, used_in(chunks[-1]))


def response(live: Live, options: dict[str, object]) -> Told:
    with openai_client(live) as client:
        done = client.responses.create(model="citewell/iscm", input=MEMBERS, extra_body=options)
    return Told(done.output_text, used_in(done))


def streamed_response(live: Live, options: dict[str, object]) -> Told:
    with (
        openai_client(live) as client,
        client.responses.stream(model="citewell", input=MEMBERS, extra_body=options) as stream,
    ):
        done = stream.get_final_response()
    return Told(done.output_text, used_in(done))


def message(live: Live, options: dict[str, object]) -> Told:
    with anthropic_client(live) as client:
        done = client.messages.create(
            model="citewell", max_tokens=100, messages=ASKED, extra_body=options
        )
    return Told("".join(b.text for b in done.content if b.type == "text"), used_in(done))


def streamed_message(live: Live, options: dict[str, object]) -> Told:
    with (
        anthropic_client(live) as client,
        client.messages.stream(
            model="citewell", max_tokens=100, messages=ASKED, extra_body=options
        ) as stream,
    ):
        done = stream.get_final_message()
    return Told("".join(b.text for b in done.content if b.type == "text"), used_in(done))


def cohere_chat(live: Live, options: dict[str, object]) -> Told:
    with httpx.Client() as http:
        client = cohere.ClientV2(api_key=live.key, base_url=live.address, httpx_client=http)
        done = client.chat(
            model="citewell",
            messages=[cohere.UserChatMessageV2(content=MEMBERS)],
            request_options={"additional_body_parameters": options},
        )
    [text] = [each.text for each in done.message.content or [] if each.type == "text"]
    return Told(text, used_in(done))


def mcp_tool(live: Live, options: dict[str, object]) -> Told:
    async def run() -> Any:
        async with over_http(live.address, live.key) as client:
            return await client.call_tool("ask", {"question": MEMBERS} | options)

    done = anyio.run(run)
    if done.is_error:
        raise McpToolError(done.content[0].text)
    used = done.structured_content["receipt"]["parameters"]["request"]
    return Told(done.content[0].text, dict(used))


class McpToolError(Exception):
    """A tool told what went wrong: the client of MCP has no error for it."""


ASKINGS: dict[str, tuple[Asking, type[Exception]]] = {
    "chat": (chat, openai.BadRequestError),
    "streamed chat": (streamed_chat, openai.BadRequestError),
    "response": (response, openai.BadRequestError),
    "streamed response": (streamed_response, openai.BadRequestError),
    "message": (message, anthropic.BadRequestError),
    "streamed message": (streamed_message, anthropic.BadRequestError),
    "cohere": (cohere_chat, ApiError),
    "mcp": (mcp_tool, McpToolError),
}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live_server(tmp_path_factory.mktemp("options") / "home") as server:
        with SqlStore.open(server.engine.settings.store_url) as store:
            add_differing(store)
            publish_snapshot(server.engine.settings, store)
        yield server


def by_our_own_route(live: Live, options: dict[str, object]) -> httpx.Response:
    headers = {"Authorization": f"Bearer {live.key}"}
    body = {"question": MEMBERS} | options
    return httpx.post(f"{live.address}/v1/ask", json=body, headers=headers)


@pytest.mark.parametrize("name", ASKINGS)
def test_the_answer_is_the_one_of_then_and_says_so(name: str, live: Live) -> None:
    ask, _ = ASKINGS[name]
    told, own = ask(live, THEN), by_our_own_route(live, THEN).json()
    assert told.text.startswith("As of June 2015:")
    assert "has 12 members" in told.text
    assert "14 members" not in told.text
    assert own["statements"][0]["text"] in told.text
    used = own["receipt"]["parameters"]["request"]
    assert (used["as_of"], used["max_wrong"]) == ("2015-06", 0.125)
    assert told.used == used | {"collections": ["iscm"] if name == "response" else None}


@pytest.mark.parametrize("name", ASKINGS)
def test_without_them_it_is_the_answer_of_now(name: str, live: Live) -> None:
    ask, _ = ASKINGS[name]
    for options in NOW:
        told = ask(live, options)
        assert "As of" not in told.text
        assert "14 members" in told.text
        assert (told.used["as_of"], told.used["max_wrong"]) == (None, None)


@pytest.mark.parametrize("wrong", WRONG, ids=str)
@pytest.mark.parametrize("name", ASKINGS)
def test_what_our_own_route_refuses_each_refuses_in_its_words(
    name: str, wrong: dict[str, object], live: Live
) -> None:
    ask, kind = ASKINGS[name]
    own = by_our_own_route(live, wrong)
    assert own.status_code == 422
    with pytest.raises(kind) as refused:
        ask(live, wrong)
    assert own.json()["detail"] in str(refused.value)


def test_openai_s_client_is_told_which_parameter_is_wrong(live: Live) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        chat(live, {"max_wrong": 2})
    assert refused.value.param == "max_wrong"


def test_a_tool_describes_its_options_to_the_model(live: Live) -> None:
    async def run() -> Any:
        async with over_http(live.address, live.key) as client:
            return (await client.list_tools()).tools

    [schema] = [tool.input_schema for tool in anyio.run(run) if tool.name == "ask"]
    assert schema["required"] == ["question"]
    assert {"question", "as_of", "max_wrong"} == set(schema["properties"])
    assert all(each["description"] for each in schema["properties"].values())
