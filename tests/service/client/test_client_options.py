"""Whatever the server may be asked the Python clients may ask, with equal results without one."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest

import citewell
from service.values.answer import Answer, Search
from tests.service.client.test_client import DOUBLES, timeless
from tests.service.live import Live, live_server
from tests.service.small_collection import QUESTION, make_collection, settings_of

# The first parameter of a method is the text; a stream is a method of its own.
BESIDE = {"question", "query", "stream"}
CALLS = {"AskBody": ("ask", "stream"), "SearchBody": ("search",)}
# For each option a value that is not the default; a new option is missed here until it has one.
VALUES: dict[str, object] = {
    "passages": 2,
    "filters": {"collection": ["iscm", "other"], "date>=": "2018"},
    "mode": "lexical",
    "rerank": False,
    "as_of": "2020-06-30",
    "generate": False,
    "budget_ms": 600_000.0,
    "max_wrong": 0.9,
}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live_server(tmp_path_factory.mktemp("options") / "live") as server:
        yield server


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[citewell.Client]:
    home: Path = tmp_path_factory.mktemp("options") / "local"
    make_collection(settings_of(home))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in DOUBLES.items():
            patch.setenv(name, value)
        with citewell.Client(home=home) as client:
            yield client


def described(live: Live) -> dict[str, dict[str, Any]]:
    """Return the options of each body by name, as the OpenAPI description has them."""
    headers = {"Authorization": f"Bearer {live.key}"}
    schemas = httpx2.get(f"{live.address}/openapi.json", headers=headers).json()["components"]
    return {
        body: {
            name: option
            for name, option in schemas["schemas"][body]["properties"].items()
            if name not in BESIDE
        }
        for body in CALLS
    }


def options_of(method: Callable[..., Any]) -> dict[str, object]:
    """Return the default of each option of a client's method."""
    kept = list(inspect.signature(method).parameters.values())[2:]
    return {each.name: each.default for each in kept}


@pytest.mark.parametrize("kind", [citewell.Client, citewell.AsyncClient])
def test_every_option_of_the_server_is_one_of_the_client(kind: type, live: Live) -> None:
    for body, options in described(live).items():
        defaults = {
            name: () if option.get("default") == [] else option.get("default")
            for name, option in options.items()
        }
        for call in CALLS[body]:
            assert options_of(getattr(kind, call)) == defaults, (body, call)
        assert defaults.keys() <= VALUES.keys()


@pytest.mark.parametrize("call", ["ask", "stream", "search"])
@pytest.mark.parametrize("name", VALUES)
def test_an_option_reaches_the_collection_and_both_ways_give_the_same(
    call: str, name: str, live: Live, local: citewell.Client
) -> None:
    if name not in options_of(getattr(citewell.Client, call)):
        pytest.skip("a search has no such option")
    with citewell.Client(live.address, key=live.key) as remote:
        far, near = (asked(client, call, **{name: VALUES[name]}) for client in (remote, local))
    assert far == near
    used = far.receipt.parameters["request"]
    wanted = ["collection=iscm", "collection=other", "date>=2018"]
    assert isinstance(used, dict)
    assert used[name] == (wanted if name == "filters" else VALUES[name])


def test_the_async_client_streams_with_options(live: Live) -> None:
    async def run() -> list[Any]:
        async with citewell.AsyncClient(live.address, key=live.key) as client:
            return [part async for part in client.stream(QUESTION, passages=2, as_of="2020")]

    *_, answer = anyio.run(run)
    assert isinstance(answer, Answer)
    assert len(answer.passages) == 2
    assert answer.receipt.parameters["request"]["as_of"] == "2020"  # type: ignore[index]


def asked(client: citewell.Client, call: str, **options: Any) -> Answer | Search:
    """Return what a call gives back, without times; lists for tuples, as JSON has them."""
    given = getattr(client, call)(QUESTION, **options)
    found = list(given)[-1] if call == "stream" else given
    assert isinstance(found, Answer | Search)
    receipt = timeless(found).receipt if isinstance(found, Answer) else found.receipt
    request = with_lists(receipt.parameters["request"])
    parameters = {**receipt.parameters, "request": request}
    receipt = replace(receipt, parameters=parameters, created_at="")
    return replace(found, receipt=receipt, timings_ms={})


def with_lists(value: Any) -> Any:
    return {k: list(v) if isinstance(v, tuple) else v for k, v in value.items()}
