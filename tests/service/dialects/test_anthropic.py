"""The official `anthropic` client and types."""

from collections.abc import Iterator

import anthropic
import httpx2
import pytest
from anthropic.types import (
    CitationsSearchResultLocation,
    MessageParam,
    SearchResultBlockParam,
)
from pydantic import TypeAdapter

from tests.service.live import READABLE, Live, live_server, marked_text
from tests.service.small_collection import COOPERATION, QUESTION


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live_server(tmp_path_factory.mktemp("anthropic") / "home") as server:
        yield server


def test_a_message_has_search_result_citations(live: Live) -> None:
    with anthropic.Anthropic(base_url=live.address, api_key=live.key, max_retries=0) as client:
        message = client.messages.create(
            model="citewell", max_tokens=100, messages=[{"role": "user", "content": QUESTION}]
        )
        block = message.content[0]
        assert block.type == "text"
        assert READABLE in block.text
        assert block.citations
        [found] = block.citations
        assert isinstance(found, CitationsSearchResultLocation)
        assert found.cited_text == COOPERATION
        assert marked_text(live, found.source) == READABLE
        assert message.stop_reason == "end_turn"
        with pytest.raises(anthropic.NotFoundError):
            client.messages.create(
                model="claude", max_tokens=1, messages=[{"role": "user", "content": "Who?"}]
            )
    with (
        anthropic.Anthropic(base_url=live.address, api_key="no", max_retries=0) as stranger,
        pytest.raises(anthropic.AuthenticationError),
    ):
        stranger.messages.create(
            model="citewell", max_tokens=1, messages=[{"role": "user", "content": "Who?"}]
        )


@pytest.mark.parametrize("model", ["citewell", "citewell/absent"])
def test_a_streamed_message_puts_together_to_the_whole_one(live: Live, model: str) -> None:
    asked: list[MessageParam] = [{"role": "user", "content": QUESTION}]
    with anthropic.Anthropic(base_url=live.address, api_key=live.key, max_retries=0) as client:
        whole = client.messages.create(model=model, max_tokens=100, messages=asked)
        with client.messages.stream(model=model, max_tokens=100, messages=asked) as stream:
            events = list(stream)
            final = stream.get_final_message()
    assert [block.to_dict() for block in final.content] == [b.to_dict() for b in whole.content]
    assert (final.stop_reason, final.id) == (whole.stop_reason, whole.id)
    kinds = [event.type for event in events]
    assert (kinds[0], kinds[-1]) == ("message_start", "message_stop")
    assert kinds.count("citation") == sum(
        len(block.citations or []) for block in whole.content if block.type == "text"
    )
    assert kinds.count("content_block_stop") == len(whole.content)


def test_search_result_blocks_are_what_a_tool_result_takes(live: Live) -> None:
    response = httpx2.post(
        f"{live.address}/v1/messages/search_results",
        json={"query": QUESTION, "passages": 2},
        headers={"X-API-Key": live.key},
    )
    blocks = TypeAdapter(list[SearchResultBlockParam]).validate_python(response.json()["content"])
    assert len(blocks) == 2
    assert READABLE in marked_text(live, blocks[0]["source"])
