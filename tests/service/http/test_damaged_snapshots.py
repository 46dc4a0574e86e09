"""Damaged snapshots: refused by a rollback, and another one answers in their place."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from corpus.stores.sql_store import SqlStore
from service.engine.engine import Engine
from service.http.app import create_app
from service.settings.settings import Settings
from service.workload.jobs import JobWorker
from tests.service.command_line import CommandLine
from tests.service.conftest import Served
from tests.service.small_collection import add, make_collection, publish_snapshot, settings_of

Damage = Callable[[Path], object]


def cut_short(folder: Path) -> None:
    os.truncate(folder / "shard-0" / "vectors.faiss", 100)


def one_bit_flipped(folder: Path) -> None:
    file = folder / "shard-0" / "vectors.faiss"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def without_a_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def with_a_changed_list(folder: Path) -> None:
    (folder / "documents.json").write_text("[]")


DAMAGES = (cut_short, one_bit_flipped, without_a_manifest, with_a_changed_list)


def second_snapshot(settings: Settings) -> str:
    """Publish another snapshot of the collection; return its id."""
    with SqlStore.open(settings.store_url) as store:
        add(store, "new.md", ("A new page.",), title="New", pdf=False)
        return publish_snapshot(settings, store)


def asked(client: TestClient) -> tuple[int, str | None]:
    """Return the status of a question, and the snapshot that answered."""
    response = client.post("/v1/search", json={"query": "Almaty"})
    found = response.json()
    return response.status_code, found["receipt"]["snapshot"] if "receipt" in found else None


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_rollback_to_a_damaged_snapshot_changes_nothing(own: Served, damage: Damage) -> None:
    first = own.engine.snapshot_id
    second = second_snapshot(own.engine.settings)
    assert asked(own.client) == (200, second)
    damage(own.engine.settings.layout.snapshots / str(first))

    response = own.client.post(f"/v1/snapshots/{first}/rollback")

    assert response.status_code == 503
    assert response.json()["type"] == "/problems/damaged-snapshot"
    assert f"snapshot {second} still answers" in response.json()["detail"]
    assert asked(own.client) == (200, second)
    done = CommandLine(own.engine.settings.home).run(
        "snapshots", "rollback", str(first), "--json", code=None
    )
    assert done.code != 0
    assert own.engine.settings.layout.current.read_text().strip() == second


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_running_server_goes_on_with_the_snapshot_before_a_damaged_one(
    own: Served, damage: Damage
) -> None:
    first = own.engine.snapshot_id
    second = second_snapshot(own.engine.settings)
    damage(own.engine.settings.layout.snapshots / second)

    assert asked(own.client) == (200, first)

    ready = own.client.get("/health/ready")
    assert (ready.status_code, ready.json()["snapshot"]) == (200, first)
    assert second in ready.json()["problem"]
    assert "citewell ingest" in ready.json()["problem"]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_server_that_starts_answers_from_the_newest_sound_snapshot(
    tmp_path: Path, damage: Damage
) -> None:
    settings = settings_of(tmp_path / "home")
    make_collection(settings)
    first = settings.layout.current.read_text().strip()
    second = second_snapshot(settings)
    damage(settings.layout.snapshots / second)
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings))
        with TestClient(app, raise_server_exceptions=False) as client:
            assert app.state.warming.wait(20)
            assert asked(client) == (200, first)
            assert second in client.get("/health/ready").json()["problem"]


def test_a_damaged_pointer_lets_the_snapshot_before_it_answer(own: Served) -> None:
    first = own.engine.snapshot_id
    own.engine.settings.layout.current.write_bytes(b"\xff\xfe")
    assert asked(own.client) == (200, first)
    assert "CURRENT" in own.client.get("/health/ready").json()["problem"]
    assert own.client.post(f"/v1/snapshots/{first}/rollback").status_code == 200
    assert own.client.get("/health/ready").json()["problem"] is not None  # until it is asked
    assert asked(own.client) == (200, first)
    assert own.client.get("/health/ready").json()["problem"] is None


def test_files_cut_short_while_they_are_mapped_do_not_end_the_server(own: Served) -> None:
    first = own.engine.snapshot_id
    second = second_snapshot(own.engine.settings)
    assert asked(own.client) == (200, second)
    for file in (own.engine.settings.layout.snapshots / second).rglob("*"):
        if file.is_file():
            os.truncate(file, 0)
    assert asked(own.client) == (200, first)


def test_without_a_sound_snapshot_the_server_is_not_ready(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home")
    make_collection(settings)
    one_bit_flipped(settings.layout.snapshots / settings.layout.current.read_text().strip())
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings))
        with TestClient(app, raise_server_exceptions=False) as client:
            assert not app.state.warming.wait(1)
            assert client.get("/health/ready").status_code == 503
            assert "vectors.faiss" in client.get("/health/ready").json()["detail"]
            assert asked(client)[0] == 503


def test_a_snapshot_built_again_answers_again(own: Served) -> None:
    second = second_snapshot(own.engine.settings)
    folder = own.engine.settings.layout.snapshots / second
    one_bit_flipped(folder)
    assert asked(own.client)[1] != second
    with SqlStore.open(own.engine.settings.store_url) as store:
        assert publish_snapshot(own.engine.settings, store) == second
    with Engine.open(own.engine.settings) as engine:
        assert engine.search("Almaty").receipt.snapshot == second
