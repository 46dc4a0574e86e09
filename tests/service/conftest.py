"""Applications over small collections: one that is only read, and a fresh one for each change."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from corpus.ids import DocId
from service.engine.engine import Engine
from service.http.app import create_app
from service.settings.settings import Settings
from service.workload.jobs import JobWorker
from tests.service.small_collection import make_collection, settings_of


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs Chromium and Playwright")


@dataclass(frozen=True, slots=True)
class Served:
    """A client, what it talks to, and the ids of the documents by name."""

    client: TestClient
    app: FastAPI
    engine: Engine
    ids: dict[str, DocId]


def _serve(settings: Settings, *, empty: bool = False) -> Iterator[Served]:
    ids = {} if empty else make_collection(settings)
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings))
        with TestClient(app, raise_server_exceptions=False) as client:
            assert empty or app.state.warming.wait(20)
            yield Served(client, app, engine, ids)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A collection that tests only read."""
    yield from _serve(settings_of(tmp_path_factory.mktemp("read") / "home"))


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Served]:
    """A collection that the test may change."""
    settings = settings_of(tmp_path / "home", max_upload_bytes=200_000)
    yield from _serve(settings)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Served]:
    """A home where nothing was ingested."""
    yield from _serve(settings_of(tmp_path / "home"), empty=True)


@pytest.fixture
def client(served: Served) -> TestClient:
    """The client of the collection that tests only read."""
    return served.client
