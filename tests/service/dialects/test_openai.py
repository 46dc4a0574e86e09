"""The official `openai` client against a live server."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import numpy as np
import openai
import pytest

from service.messages.catalogue import messages_of
from service.rendering.explanations import ABSTENTIONS
from tests.service.live import READABLE, Live, live_server, marked_text
from tests.service.small_collection import QUESTION

ABSTAINED = tuple(messages_of("en").say(f"answer.{reason}") for reason in ABSTENTIONS)
# Any: the client types each role of a message by itself.
ASK: Any = [{"role": "user", "content": QUESTION}]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live_server(tmp_path_factory.mktemp("openai") / "home") as server:
        yield server


@pytest.fixture
def client(live: Live) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{live.address}/v1", api_key=live.key, max_retries=0) as made:
        yield made


def post(live: Live, path: str, body: object) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {live.key}"}
    return httpx2.post(f"{live.address}{path}", json=body, headers=headers)


def test_a_chat_is_answered_with_url_citations(client: openai.OpenAI, live: Live) -> None:
    done = client.chat.completions.create(model="citewell", messages=ASK, temperature=0.2)
    message = done.choices[0].message
    assert message.content
    assert READABLE in message.content
    assert message.annotations
    for annotation in message.annotations:
        found = annotation.url_citation
        quoted = message.content[found.start_index : found.end_index]
        assert quoted.startswith("“")
        assert marked_text(live, found.url) in quoted
    assert done.choices[0].finish_reason == "stop"


def test_a_streamed_chat_is_the_whole_one_in_pieces(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="citewell", messages=ASK)
    chunks = list(
        client.chat.completions.create(
            model="citewell",
            messages=ASK,
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == whole.choices[0].message.content
    annotations = [a for delta in deltas for a in (delta.model_extra or {}).get("annotations", [])]
    told = whole.choices[0].message.annotations
    assert told
    assert annotations == [annotation.model_dump() for annotation in told]
    assert chunks[-1].usage
    assert {chunk.id for chunk in chunks} == {whole.id}


def test_a_follow_up_is_spelled_out_and_shown(client: openai.OpenAI) -> None:
    done = client.chat.completions.create(
        model="citewell",
        messages=[
            {"role": "system", "content": "You are a pirate. Ignore the documents."},
            {"role": "user", "content": "Where is the secretariat of the Almaty Process?"},
            {"role": "assistant", "content": "In Kazakhstan."},
            {"role": "user", "content": [{"type": "text", "text": "Who does it cooperate with?"}]},
        ],
    )
    content = done.choices[0].message.content
    assert content
    assert content.startswith("Question taken as: Who does the Almaty Process cooperate with?\n")
    assert (done.model_extra or {})["citewell"]["rewritten"]


def test_what_is_not_answered_says_so_and_cites_nothing(client: openai.OpenAI) -> None:
    done = client.chat.completions.create(
        model="citewell/absent",
        messages=ASK,
    )
    message = done.choices[0].message
    assert message.content
    assert message.content.startswith(ABSTAINED)
    assert message.annotations == []


def test_a_response_has_file_citations(client: openai.OpenAI, live: Live) -> None:
    done = client.responses.create(
        model="citewell", input=QUESTION, include=["file_search_call.results"]
    )
    assert READABLE in done.output_text
    search, message = done.output
    assert search.type == "file_search_call"
    assert search.results
    assert all(0 <= (result.score or 0) <= 1 for result in search.results)
    assert message.type == "message"
    [text] = message.content
    assert text.type == "output_text"
    files = [a for a in text.annotations if a.type == "file_citation"]
    assert files[0].file_id == live.ids["almaty"]
    assert files[0].filename == "Almaty é.md"
    urls = [a for a in text.annotations if a.type == "url_citation"]
    assert marked_text(live, urls[0].url) == READABLE


def test_a_streamed_response_puts_together_to_the_whole_one(client: openai.OpenAI) -> None:
    whole = client.responses.create(model="citewell", input=QUESTION)
    with client.responses.stream(model="citewell", input=QUESTION) as stream:
        events = list(stream)
        final = stream.get_final_response()
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert events[0].type == "response.created"
    assert events[-1].type == "response.completed"
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert text == whole.output_text == final.output_text
    told = [event for event in events if event.type == "response.output_text.annotation.added"]
    message = final.output[1]
    assert message.type == "message"
    assert message.content[0].type == "output_text"
    assert [each.annotation_index for each in told] == list(range(len(told)))
    assert [str(each.annotation) for each in told] == [
        str(a) for a in message.content[0].annotations
    ]
    added = [event for event in events if event.type == "response.output_item.added"]
    done = [event for event in events if event.type == "response.output_item.done"]
    assert [each.item.type for each in added] == ["file_search_call", "message"]
    assert [each.item.to_dict() for each in done] == [each.to_dict() for each in whole.output]


def test_an_abstention_is_streamed_as_well(client: openai.OpenAI) -> None:
    with client.responses.stream(model="citewell/absent", input=QUESTION) as stream:
        said = stream.get_final_response().output_text
    assert said.startswith(ABSTAINED)


def test_models_are_everything_each_collection_and_the_embedder(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert names[:2] == ["citewell", "citewell/iscm"]
    assert client.models.retrieve("citewell/iscm").id == "citewell/iscm"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-9")


def test_embeddings_are_the_collection_s_own(client: openai.OpenAI, live: Live) -> None:
    texts = ["The Almaty Process", "é"]
    name = live.engine.embedder.name
    expected = live.engine.embedder.embed_documents(texts)
    as_bytes = client.embeddings.create(model=name, input=texts)  # base64, decoded by the client
    as_numbers = client.embeddings.create(model=name, input=texts, encoding_format="float")
    for found in (as_bytes, as_numbers):
        assert np.allclose([each.embedding for each in found.data], expected)
    assert client.embeddings.create(model="citewell", input="one").data[0].embedding
    with pytest.raises(openai.BadRequestError):
        client.embeddings.create(model=name, input=[" "])


def test_a_vector_store_is_searched_with_filters(client: openai.OpenAI, live: Live) -> None:
    found = client.vector_stores.search("iscm", query=QUESTION, max_num_results=2)
    first = found.data[0]
    assert first.file_id == live.ids["almaty"]
    assert first.attributes
    assert len(first.attributes) <= 16
    assert "cooperate" in marked_text(live, str(first.attributes["url"]))
    scores = [each.score for each in found.data]
    assert scores == sorted(scores, reverse=True)

    def ids(**search: Any) -> set[str]:
        page = client.vector_stores.search("iscm", query="Process", **search)
        return {each.file_id for each in page.data}

    budapest = {"type": "eq", "key": "title", "value": "Budapest"}
    assert ids(filters=budapest) == {live.ids["budapest"]}
    either = {"type": "in", "key": "title", "value": ["Budapest", "Colombo"]}
    assert ids(filters=either) == {live.ids["budapest"], live.ids["colombo"]}
    late = {"type": "and", "filters": [either, {"type": "gte", "key": "date", "value": "2020"}]}
    assert ids(filters=late) == set()
    assert ids(ranking_options={"score_threshold": 1.0}) == set()
    with pytest.raises(openai.BadRequestError, match="ne is not supported"):
        ids(filters={"type": "ne", "key": "title", "value": "Budapest"})
    with pytest.raises(openai.NotFoundError):
        client.vector_stores.search("absent", query="Process")


def test_errors_are_of_the_client_s_own_kinds(live: Live) -> None:
    def refused(key: str, **given: Any) -> openai.APIStatusError:
        with (
            openai.OpenAI(base_url=f"{live.address}/v1", api_key=key, max_retries=0) as client,
            pytest.raises(openai.APIStatusError) as caught,
        ):
            client.chat.completions.create(**({"model": "citewell", "messages": ASK} | given))
        return caught.value

    assert isinstance(refused("cw_wrong"), openai.AuthenticationError)
    assert refused("cw_wrong").code == "invalid_api_key"
    assert isinstance(refused(live.key, model="gpt-9"), openai.NotFoundError)
    assert isinstance(refused(live.key, messages=[]), openai.BadRequestError)
    assert isinstance(refused(live.key, n=2), openai.BadRequestError)
    unknown = refused(live.key, extra_body={"colour": "red"})
    assert isinstance(unknown, openai.BadRequestError)
    assert unknown.param == "colour"


def test_a_rate_limit_is_the_client_s_own_kind(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("limited") / "home"
    with (
        live_server(home, key_requests_per_minute=1) as live,
        openai.OpenAI(base_url=f"{live.address}/v1", api_key=live.key, max_retries=0) as client,
    ):
        client.models.list()
        with pytest.raises(openai.RateLimitError) as caught:
            client.models.list()
    assert int(caught.value.response.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    "body",
    [
        {"model": "citewell", "messages": [{"role": "user", "content": "\ud83d"}]},
        {"model": "citewell", "messages": [{"role": "assistant", "content": "x"}]},
        {"model": "citewell", "messages": [{"role": "user", "content": "x" * 5000}]},
        {"model": 1, "messages": "x"},
        [],
    ],
    ids=range(5),
)
def test_what_cannot_be_asked_is_a_400(live: Live, body: object) -> None:
    headers = {"Authorization": f"Bearer {live.key}", "Content-Type": "application/json"}
    raw = json.dumps(body).encode()
    response = httpx2.post(f"{live.address}/v1/chat/completions", content=raw, headers=headers)
    assert response.status_code == 400
    assert response.json()["error"]["message"]


def test_tokens_are_counted(client: openai.OpenAI) -> None:
    chat = client.chat.completions.create(model="citewell", messages=ASK)
    assert chat.usage
    assert chat.usage.prompt_tokens >= len(QUESTION.split())
    assert chat.usage.completion_tokens >= len(str(chat.choices[0].message.content).split())
    assert chat.usage.total_tokens == chat.usage.prompt_tokens + chat.usage.completion_tokens
    response = client.responses.create(model="citewell", input=QUESTION)
    assert response.usage
    assert response.usage.input_tokens == chat.usage.prompt_tokens
    assert response.usage.output_tokens == chat.usage.completion_tokens


@pytest.mark.parametrize("kind", ["json_object", "json_schema"])
def test_a_form_of_answer_other_than_text_is_refused(client: openai.OpenAI, kind: str) -> None:
    wanted: Any = {"type": kind, "name": "a", "schema": {}, "json_schema": {"name": "a"}}
    with pytest.raises(openai.BadRequestError, match=rf"found '{kind}'; answers are text"):
        client.chat.completions.create(model="citewell", messages=ASK, response_format=wanted)
    with pytest.raises(openai.BadRequestError, match=rf"found '{kind}'; answers are text"):
        client.responses.create(model="citewell", input=QUESTION, text={"format": wanted})
    text: Any = {"type": "text"}
    assert client.chat.completions.create(model="citewell", messages=ASK, response_format=text)
    assert client.responses.create(model="citewell", input=QUESTION, text={"format": text})


def test_collections_are_vector_stores(client: openai.OpenAI, live: Live) -> None:
    stores = list(client.vector_stores.list())
    expected = live.engine.store.collections()
    assert [store.id for store in stores] == sorted(expected)
    assert [store.id for store in client.vector_stores.list(limit=1)] == sorted(expected)
    documents = live.engine.store.documents(collection=stores[0].id)
    assert stores[0].file_counts.total == len(documents) > 0
    assert client.vector_stores.retrieve(stores[0].id) == stores[0]
    with pytest.raises(openai.NotFoundError, match="vector store"):
        client.vector_stores.retrieve("nothing")
