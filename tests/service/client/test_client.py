"""The Python client, over HTTP and in this process: the same calls, the same values."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

import citewell
from corpus.errors import (
    AccessError,
    BusyError,
    CitewellError,
    ForbiddenError,
    InputError,
    NotFoundError,
    QuestionError,
    RateError,
    StoreError,
)
from service.access.keys import make_key
from service.values.answer import Answer, Statement
from service.wire.wire import json_of
from tests.service.live import Live, live_server
from tests.service.small_collection import COOPERATION, QUESTION, make_collection, settings_of

DOUBLES = {"CITEWELL_EMBEDDER": "hash", "CITEWELL_RERANKER": "overlap"}


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    with live_server(tmp_path / "live") as server:
        yield server


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[citewell.Client]:
    for name, value in DOUBLES.items():
        monkeypatch.setenv(name, value)
    make_collection(settings_of(tmp_path / "local"))
    with citewell.Client(home=tmp_path / "local") as client:
        yield client


def timeless(answer: Answer) -> Answer:
    receipt = replace(answer.receipt, created_at="", signature=None)
    return replace(answer, timings_ms={}, receipt=receipt)


def test_both_ways_give_the_same_values(live: Live, local: citewell.Client) -> None:
    with citewell.Client(live.address, key=live.key) as remote:
        answers = [timeless(client.ask(QUESTION, passages=3)) for client in (remote, local)]
        far, near = (client.search("Budapest", rerank=False) for client in (remote, local))
        assert far.passages == near.passages
        assert remote.documents(collection="iscm") == local.documents(collection="iscm")
        doc_id = answers[0].citations[0].doc_id
        assert remote.page(doc_id, 1) == local.page(doc_id, 1)
        assert remote.verify(answers[0]) == local.verify(answers[0])
        for style in ("un", "bibtex"):
            reference = remote.cite(answers[0], 1, style=style).reference
            assert reference == local.cite(answers[0], 1, style=style).reference
            assert "Almaty" in " ".join(reference.values())
        assert remote.quality(collection="iscm") == local.quality(collection="iscm")
        assert remote.document(doc_id) == local.document(doc_id)
        assert remote.find("Budapest Process").documents == local.find("Budapest Process").documents
        first = answers[0].passages[0].passage_id
        assert remote.explain(QUESTION, first) == local.explain(QUESTION, first)
    assert answers[0].citations[0].quote == COOPERATION
    assert json_of(answers[0]) == json_of(answers[1])


@pytest.mark.parametrize("where", ["live", "local"])
def test_a_stream_ends_with_the_answer(where: str, request: pytest.FixtureRequest) -> None:
    with a_client(where, request) as client:
        first, *statements, last = list(client.stream(QUESTION))
    assert isinstance(first, tuple)
    assert isinstance(last, Answer)
    assert list(last.statements) == statements
    assert all(isinstance(each, Statement) for each in statements)


@pytest.mark.parametrize("where", ["live", "local"])
def test_a_file_is_ingested_found_and_deleted(
    where: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    path = tmp_path / "heron.md"
    path.write_text("# Heron\n\nThe Heron Accord was signed in Geneva by nine States.\n")
    told: list[tuple[str, float]] = []
    with a_client(where, request) as client:
        report = client.ingest(
            path,
            collection="birds",
            metadata={"n": "1"},
            on_progress=lambda *each: told.append(each),
        )
        [document] = [d for d in report.documents if d.source == "upload:birds/heron.md"]
        assert document.status == "added"
        assert told[-1][1] == 1.0
        [kept] = client.documents(collection="birds")
        assert (kept.source, kept.metadata["n"]) == ("upload:birds/heron.md", "1")
        quote = client.ask("Where was the Heron Accord signed?").citations[0].quote
        assert "Geneva" in quote
        assert client.delete(kept.doc_id).doc_id == kept.doc_id
        with pytest.raises(NotFoundError):
            client.page(kept.doc_id, 1)


@pytest.mark.parametrize("where", ["live", "local"])
def test_an_edit_is_kept_and_an_older_snapshot_answers_again(
    where: str, request: pytest.FixtureRequest
) -> None:
    with a_client(where, request) as client:
        [before] = client.snapshots()
        document = client.documents()[0]
        edited = client.edit(document.doc_id, {"title": "The Almaty paper", "region": "Asia"})
        assert (edited.title, edited.metadata["region"]) == ("The Almaty paper", "Asia")
        assert client.document(document.doc_id) == edited
        assert len(client.snapshots()) == 2
        client.roll_back(before.snapshot_id)
        [current] = [each for each in client.snapshots() if each.current]
        assert current.snapshot_id == before.snapshot_id


@pytest.mark.parametrize("where", ["live", "local"])
def test_errors_are_our_own(where: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with a_client(where, request) as client:
        with pytest.raises(QuestionError, match="empty"):
            client.ask(" ")
        with pytest.raises(InputError):
            client.search("x", passages=0)
        with pytest.raises(NotFoundError, match="no document"):
            client.page("d0123456789abcdef", 1)
        with pytest.raises(InputError, match="no file"):
            client.ingest(tmp_path / "nowhere.pdf")


def test_a_key_that_is_wrong_or_too_weak_is_told(live: Live) -> None:
    with citewell.Client(live.address, key="cw_no") as client, pytest.raises(AccessError):
        client.documents()
    key, secret = make_key("reader", ["read"], None, None)
    live.engine.store.create_key(key)
    with citewell.Client(live.address, key=secret) as client, pytest.raises(ForbiddenError):
        client.delete(live.ids["almaty"])


def test_a_busy_server_is_asked_again(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("service.client.http_backend.time", SimpleNamespace(sleep=waits.append))
    answers: list[Any] = [BusyError("full", retry_after_s=1), RateError("fast", retry_after_s=2)]
    search = live.engine.search

    def sometimes(*given: Any) -> Any:
        if answers:
            raise answers.pop(0)
        return search(*given)

    monkeypatch.setattr(live.engine, "search", sometimes)
    with citewell.Client(live.address, key=live.key) as client:
        assert client.search("Almaty").passages
        assert waits == [1.0, 2.0]
        answers += [BusyError("full", retry_after_s=3)] * 9
        with pytest.raises(BusyError, match="full") as caught:
            client.search("Almaty")
        assert not isinstance(caught.value, RateError)
        assert waits == [1.0, 2.0, 3.0, 3.0, 3.0, 4.0]


def test_where_no_server_is_it_says_so() -> None:
    with citewell.Client("http://127.0.0.1:9", retries=0) as client, pytest.raises(StoreError):
        client.documents()
    with pytest.raises(InputError, match="either"):
        citewell.Client()


def test_the_async_client_does_the_same(live: Live) -> None:
    async def run() -> None:
        async with citewell.AsyncClient(live.address, key=live.key) as client:
            answer = await client.ask(QUESTION)
            parts = [part async for part in client.stream(QUESTION)]
            assert isinstance(parts[-1], Answer)
            assert timeless(parts[-1]) == timeless(answer)
            assert (await client.verify(answer)).ok
            assert (await client.search("Budapest")).passages
            assert len(await client.documents()) == 3
            with pytest.raises(CitewellError):
                await client.page("d0123456789abcdef", 1)

    anyio.run(run)


def a_client(where: str, request: pytest.FixtureRequest) -> citewell.Client:
    if where == "local":
        client = request.getfixturevalue("local")
        assert isinstance(client, citewell.Client)
        return client
    live = request.getfixturevalue("live")
    return citewell.Client(live.address, key=live.key)
