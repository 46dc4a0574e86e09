"""A live server, and a client of it."""

import os
from collections.abc import Iterator

import pytest

import citewell
from tests.service.live import Live, live_server

# Before anything imports Haystack, which would report its use to its makers.
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live_server(tmp_path_factory.mktemp("frameworks") / "home") as server:
        yield server


@pytest.fixture(scope="session")
def client(live: Live) -> Iterator[citewell.Client]:
    with citewell.Client(live.address, key=live.key) as made:
        yield made


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The loop that frameworks run on."""
    return "asyncio"
