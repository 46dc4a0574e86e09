"""Two servers of one store in PostgreSQL count requests together, and take a message once."""

import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from service.access.keys import make_key
from service.engine.engine import Engine
from service.http.app import create_app
from service.workload.jobs import JobWorker
from tests.service.small_collection import settings_of

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


@pytest.fixture
def two(tmp_path: Path, postgres: str) -> Iterator[tuple[list[TestClient], Engine]]:
    """Two servers, and what one of them serves."""
    settings = settings_of(
        tmp_path / "home", store=postgres, key_requests_per_minute=3, slack_signing_secret=SECRET
    )
    with ExitStack() as stack:
        engines = [stack.enter_context(Engine.open(settings)) for _ in range(2)]
        apps = [create_app(engine, JobWorker(engine.store, settings)) for engine in engines]
        yield [stack.enter_context(TestClient(app)) for app in apps], engines[0]


def test_a_key_has_one_rate_at_all_servers(two: tuple[list[TestClient], Engine]) -> None:
    clients, engine = two
    key, secret = make_key("one", ["read"], None, None)
    engine.store.create_key(key)
    sent = {"Authorization": f"Bearer {secret}"}
    answers = [clients[n % 2].get("/v1/documents", headers=sent) for n in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 20
    other, secret = make_key("two", ["read"], None, None)
    engine.store.create_key(other)
    sent = {"Authorization": f"Bearer {secret}"}
    assert clients[0].get("/v1/documents", headers=sent).status_code == 200


def test_a_message_that_one_server_took_is_refused_by_the_other(
    two: tuple[list[TestClient], Engine],
) -> None:
    clients, _ = two
    body, now = urlencode({"text": ""}).encode(), str(int(time.time()))
    base = b"v0:" + now.encode() + b":" + body
    signature = "v0=" + hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
    signed = {
        "X-Slack-Signature": signature,
        "X-Slack-Request-Timestamp": now,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    path = "/integrations/slack/commands"
    assert clients[0].post(path, content=body, headers=signed).status_code == 200
    refused = clients[1].post(path, content=body, headers=signed)
    assert (refused.status_code, "answered already" in refused.text) == (401, True)
