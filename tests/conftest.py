"""What tests of several rooms share: a browser, a PostgreSQL, and which tests are slow."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.postgres import Cluster

ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)

SLOW = frozenset(
    line
    for line in (Path(__file__).parent / "slow_tests.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what `slow_tests.txt` lists, and begin with the files that have such tests.

    Two workers take file after file: a long one taken last would leave the other one idle.
    """
    slow_files = {listed.partition("::")[0] for listed in SLOW}
    for item in items:
        test = item.nodeid.partition("[")[0]
        if test in SLOW or test.partition("::")[0] in SLOW:
            item.add_marker(pytest.mark.slow)

    def order(item: pytest.Item) -> int:
        file = item.nodeid.partition("::")[0]
        return 0 if file in SLOW else 1 if file in slow_files else 2

    items.sort(key=order)


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """The system's Chromium; the test is skipped where it or Playwright is not installed."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS.split())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def cluster() -> Iterator["Cluster"]:
    """A PostgreSQL server; the test is skipped where PostgreSQL or its driver is not installed."""
    from tests.postgres import Cluster, programs

    pytest.importorskip("psycopg", reason="psycopg is not installed")
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL on this machine")
    cluster = Cluster.make(found)
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def postgres_database(cluster: "Cluster", request: pytest.FixtureRequest) -> str:
    """The address of a database that the tests of one file share."""
    name = request.module.__name__.rpartition(".")[2]
    cluster.sql(f"CREATE DATABASE {name}")
    return cluster.url(name)


@pytest.fixture
def postgres(postgres_database: str) -> str:
    """The address of an empty store in PostgreSQL."""
    from sqlalchemy import create_engine

    engine = create_engine(postgres_database)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return postgres_database
