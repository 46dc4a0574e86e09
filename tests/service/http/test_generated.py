"""A server whose generator lies in every way that we know, and one that is honest."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.engine.engine import Engine
from service.http.app import create_app
from service.workload.jobs import JobWorker
from tests.service.answering.lies import LIES
from tests.service.generator_server import Script, generator_server
from tests.service.small_collection import COOPERATION, QUESTION, make_collection, settings_of

QUOTE = " ".join(COOPERATION.split())


@pytest.fixture(scope="module")
def lying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Script]]:
    home: Path = tmp_path_factory.mktemp("generated") / "home"
    with generator_server() as (url, script):
        settings = settings_of(
            home, generator_url=url, generator_model="liar", generator_timeout_s=2
        )
        make_collection(settings)
        with Engine.open(settings) as engine:
            app = create_app(engine, JobWorker(engine.store, settings))
            with TestClient(app) as client:
                assert app.state.warming.wait(20)
                yield client, script


def asked(client: TestClient, **options: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/v1/ask", json={"question": QUESTION} | options).json()
    return answer


@pytest.fixture(scope="module")
def quotes(lying: tuple[TestClient, Script]) -> dict[str, Any]:
    """The answer without the generator."""
    return asked(lying[0], generate=False)


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_no_lie_comes_through(
    lying: tuple[TestClient, Script], quotes: dict[str, Any], lie: str
) -> None:
    client, script = lying
    script.text, script.how = lie, "stream"
    answer = asked(client)
    assert "Zanzibar" not in str(answer)
    assert answer["statements"] == quotes["statements"]
    assert answer["generation"]["fallback"]
    assert answer["receipt"]["generator"] == "extractive/1"


@pytest.mark.parametrize("how", ["error", "html", "broken", "empty", "odd", "endless"])
def test_a_generator_that_fails_leaves_the_quotes(
    lying: tuple[TestClient, Script], quotes: dict[str, Any], how: str
) -> None:
    client, script = lying
    script.text, script.how = "", how
    answer = asked(client)
    assert answer["statements"] == quotes["statements"]
    assert answer["generation"]["fallback"]
    assert "Zanzibar" not in str(answer)


def test_an_honest_sentence_is_kept_streamed_signed_and_replayed(
    lying: tuple[TestClient, Script],
) -> None:
    client, script = lying
    script.text, script.how = f"{QUOTE} [1]\nZanzibar is nice. [1]", "stream"
    answer = asked(client)
    first = answer["statements"][0]
    assert first == {"text": QUOTE, "citations": [1], "generated": True, "replaced": None}
    assert answer["receipt"]["generator"] == "openai-compatible/1:liar"
    assert client.post("/v1/verify", json=answer).json()["signature"] == "valid"
    replayed = client.post("/v1/replay", json=answer).json()
    assert replayed["equal"], replayed
    assert "generated" in replayed["notes"][0]
    answer["statements"][0]["text"] = "The Almaty Process plans nothing."
    replayed = client.post("/v1/replay", json=answer).json()
    assert replayed["differences"][0]["replayed"] == "not in its quotes"
    with client.stream("POST", "/v1/ask", json={"question": QUESTION, "stream": True}) as stream:
        events = [line for line in stream.iter_lines() if line.startswith("event: ")]
    assert events[:2] == ["event: passages", "event: statement"]
    assert events.count("event: statement") == len(asked(client)["statements"])


def test_an_abstention_asks_no_generator(lying: tuple[TestClient, Script]) -> None:
    client, script = lying
    script.asked.clear()
    answer = client.post("/v1/ask", json={"question": "How do cats sleep?"}).json()
    assert answer["status"] == "answered" or script.asked == []
