"""Embedding clients' texts: bounded for each request and key, and only while somebody waits."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from service.access.keys import make_key
from service.engine.engine import Engine
from service.http.app import create_app
from service.workload.embedding_texts import TEXTS_AT_ONCE
from service.workload.jobs import JobWorker
from tests.service.small_collection import QUESTION, make_collection, served, settings_of

MANY = 2048


@contextmanager
def app_with(home: Path, **values: object) -> Iterator[tuple[Any, Engine]]:
    settings = settings_of(home, **values)
    make_collection(settings)
    with Engine.open(settings) as engine:
        yield create_app(engine, JobWorker(engine.store, settings)), engine


def asked(client: Any, texts: Sequence[str], **given: Any) -> Any:
    body = {"model": "citewell", "input": list(texts)}
    return client.post("/v1/embeddings", json=body, **given)


def test_a_request_has_a_budget_of_tokens(tmp_path: Path) -> None:
    with app_with(tmp_path / "home", embedding_tokens=20) as (app, _), TestClient(app) as client:
        found = asked(client, ["one two three"] * 6)
        assert (found.status_code, found.json()["usage"]["total_tokens"]) == (200, 18)
        refused = asked(client, ["one two three"] * 7)
        assert refused.status_code == 400
        assert "found 21 tokens; expected at most 20" in refused.json()["error"]["message"]


def test_what_is_far_too_long_is_not_even_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app_with(tmp_path / "home") as (app, engine), TestClient(app) as client:
        monkeypatch.setattr(engine, "embed", None)
        monkeypatch.setattr("ingest.chunking.token_counting.TokenizerCounter.count", None)
        for texts in (["word " * 200] * MANY, ["x" * 2_000_000]):
            refused = asked(client, texts)
            assert refused.status_code == 400
            assert "characters; expected at most" in refused.json()["error"]["message"]


def test_each_key_has_a_budget_a_minute_and_nobody_shares_anothers(tmp_path: Path) -> None:
    with app_with(tmp_path / "home", embedding_tokens=10, key_embedding_tokens_per_minute=10) as (
        app,
        engine,
    ):
        secrets = []
        for name in ("one", "two"):
            key, secret = make_key(name, ["read"], None, None)
            engine.store.create_key(key)
            secrets.append({"Authorization": f"Bearer {secret}"})
        with TestClient(app) as client:
            assert asked(client, ["a b c d e f g h"], headers=secrets[0]).status_code == 200
            refused = asked(client, ["a b c d e f g h"], headers=secrets[0])
            assert (refused.status_code, refused.json()["error"]["type"]) == (429, "requests")
            assert "tokens to embed a minute" in refused.json()["error"]["message"]
            assert int(refused.headers["Retry-After"]) > 0
            assert asked(client, ["a b c d e f g h"], headers=secrets[1]).status_code == 200


class Gate:
    """An `embed` that waits to be let on, and counts the texts that it was given."""

    def __init__(self, engine: Engine) -> None:
        self.begun, self.open = threading.Event(), threading.Event()
        self.texts = 0
        self._embed = engine.embed

    def __call__(self, texts: Sequence[str]) -> Any:
        self.texts += len(texts)
        self.begun.set()
        assert self.open.wait(20)
        return self._embed(texts)


def test_embedding_stops_when_the_client_has_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app_with(tmp_path / "home") as (app, engine):
        gate = Gate(engine)
        monkeypatch.setattr(engine, "embed", gate)
        with served(app, engine.settings) as address:
            with httpx2.Client(base_url=address) as client, pytest.raises(httpx2.ReadTimeout):
                asked(client, ["word"] * MANY, timeout=httpx2.Timeout(20, read=0.5))
            assert gate.begun.wait(20)
            assert httpx2.get(f"{address}/health").status_code == 200  # it has seen the client go
            gate.open.set()
            with httpx2.Client(base_url=address, timeout=60) as next_client:
                assert asked(next_client, ["word"]).status_code == 200
        assert gate.texts <= 2 * TEXTS_AT_ONCE + 1


def test_embedding_takes_no_place_from_questions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app_with(tmp_path / "home", asking_at_once=1, asking_waiting=0) as (app, engine):
        gate = Gate(engine)
        monkeypatch.setattr(engine, "embed", gate)
        with TestClient(app) as client:
            first = threading.Thread(target=asked, args=(client, ["word"]))
            first.start()
            try:
                assert gate.begun.wait(20)
                assert client.post("/v1/ask", json={"question": QUESTION}).status_code == 200
                refused = asked(client, ["word"])
                assert refused.status_code == 503
                assert refused.headers["Retry-After"] == "1"
            finally:
                gate.open.set()
                first.join(20)
