"""The official `cohere` client against a live server."""

from collections.abc import Iterator

import cohere
import httpx
import pytest
from cohere.core.api_error import ApiError

from tests.service.live import READABLE, Live, live_server, marked_text
from tests.service.small_collection import COOPERATION, QUESTION


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live_server(tmp_path_factory.mktemp("cohere") / "home") as server:
        yield server


@pytest.fixture
def client(live: Live) -> Iterator[cohere.ClientV2]:
    with httpx.Client() as http:
        yield cohere.ClientV2(api_key=live.key, base_url=live.address, httpx_client=http)


def ask() -> list[cohere.ChatMessageV2]:
    return [cohere.UserChatMessageV2(content=QUESTION)]


def test_a_chat_cites_the_passages_as_documents(client: cohere.ClientV2, live: Live) -> None:
    done = client.chat(model="citewell", messages=ask())
    assert done.finish_reason == "COMPLETE"
    assert done.message.content
    assert done.message.content[0].type == "text"
    text = done.message.content[0].text
    assert READABLE in text
    assert done.message.citations
    first = done.message.citations[0]
    assert first.text == text[first.start : first.end]
    assert READABLE in (first.text or "")
    assert first.sources
    source = first.sources[0]
    assert source.type == "document"
    assert source.document
    assert source.document["snippet"] == COOPERATION
    assert marked_text(live, source.document["url"]) == READABLE


@pytest.mark.parametrize("model", ["citewell", "citewell/absent"])
def test_a_streamed_chat_is_the_whole_one_in_pieces(client: cohere.ClientV2, model: str) -> None:
    whole = client.chat(model=model, messages=ask())
    events = list(client.chat_stream(model=model, messages=ask()))
    assert (events[0].type, events[-1].type) == ("message-start", "message-end")
    text, citations = "", []
    for event in events:
        if event.type == "content-delta":
            assert event.delta
            assert event.delta.message
            assert event.delta.message.content
            text += event.delta.message.content.text or ""
        if event.type == "citation-start":
            assert event.delta
            assert event.delta.message
            citations.append(event.delta.message.citations)
    assert whole.message.content
    assert whole.message.content[0].type == "text"
    assert text == whole.message.content[0].text
    assert citations == whole.message.citations


def test_documents_are_what_its_chat_takes(live: Live) -> None:
    response = httpx.post(
        f"{live.address}/v2/chat/documents",
        json={"query": QUESTION, "passages": 2},
        headers={"Authorization": f"Bearer {live.key}"},
    )
    documents = [cohere.Document.model_validate(each) for each in response.json()["documents"]]
    assert len(documents) == 2
    assert COOPERATION in documents[0].data["snippet"]
    assert READABLE in marked_text(live, documents[0].data["url"])


def test_errors_are_of_the_client_s_own_kinds(live: Live, client: cohere.ClientV2) -> None:
    with httpx.Client() as http:
        stranger = cohere.ClientV2(api_key="no", base_url=live.address, httpx_client=http)
        with pytest.raises(cohere.UnauthorizedError):
            stranger.chat(model="citewell", messages=ask())
    with pytest.raises(cohere.NotFoundError):
        client.chat(model="command-r", messages=ask())
    with pytest.raises(ApiError) as refused:
        client.chat(model="citewell", messages=ask(), documents=["a document of mine"])
    assert refused.value.status_code == 400
    assert "answers come from the collection" in str(refused.value.body)
