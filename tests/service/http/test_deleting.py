"""Deletions that were interrupted are completed; receipts are signed; old snapshots leave."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.ids import DocId
from index.embedding.vector_cache import VectorCache
from index.snapshots.publishing import snapshots_holding
from service.access.opening import open_store
from service.collection.aliasing import edit_aliases
from service.collection.debts import pay_debts
from service.collection.deleting import delete_document
from service.collection.editing import edit_document
from service.collection.ingest_report import IngestRequest
from service.collection.publishing import publish
from service.settings.settings import Settings
from service.workload.jobs import JobWorker
from tests.service.command_line import CommandLine
from tests.service.conftest import Served
from tests.service.small_collection import settings_of
from tests.service.tenants import tenants

Next = Callable[[Settings, Path], object]


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """A home with two documents."""
    (tmp_path / "almaty.md").write_text("# Almaty\n\nThe Almaty Process began in 2013.\n")
    (tmp_path / "quokka.md").write_text("# Quokka\n\nThe Quokka Council began in 2004.\n")
    settings = settings_of(tmp_path / "home")
    paths = [str(tmp_path / name) for name in ("almaty.md", "quokka.md")]
    publish(IngestRequest(paths), settings)
    return settings


def doc_id_of(settings: Settings, name: str) -> DocId:
    with open_store(settings) as store:
        [found] = [each.doc_id for each in store.documents() if each.source.endswith(name)]
    return found


def interrupted(settings: Settings, doc_id: DocId, *, purge: bool) -> tuple[str, ...]:
    """Leave what a deletion leaves that is killed after its first commit; return the texts."""
    with open_store(settings) as store:
        return store.delete(doc_id, purge=purge).embedded_sha256s


def left_of(settings: Settings, doc_id: DocId, texts: tuple[str, ...]) -> dict[str, object]:
    """Return what is left of a document outside the store."""
    with open_store(settings) as store, VectorCache.open(settings.layout.vectors) as cache:
        return {
            "debts": len(store.debts()),
            "vectors": cache.remove(texts),  # type: ignore[arg-type]
            "snapshots": snapshots_holding(settings.layout, doc_id),
        }


def by_an_ingest(settings: Settings, folder: Path) -> None:
    publish(IngestRequest([str(folder / "quokka.md")]), settings)


def by_an_edit(settings: Settings, _: Path) -> None:
    edit_document(doc_id_of(settings, "quokka.md"), {"title": "The Council"}, settings)


def by_a_deletion(settings: Settings, _: Path) -> None:
    delete_document(doc_id_of(settings, "quokka.md"), settings, purge_older=False)


def by_an_alias(settings: Settings, _: Path) -> None:
    edit_aliases(settings, lambda edits: edits.adding("QC", "Quokka Council"))


def test_a_home_without_a_folder_owes_nothing_and_gets_none(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home")
    assert not pay_debts(settings)
    assert not settings.home.exists()


@pytest.mark.parametrize("next_writer", [by_an_ingest, by_an_edit, by_a_deletion, by_an_alias])
def test_an_interrupted_purge_is_completed_by_the_next_writer(
    home: Settings, tmp_path: Path, next_writer: Next
) -> None:
    doc_id = doc_id_of(home, "almaty.md")
    texts = interrupted(home, doc_id, purge=True)
    assert len(snapshots_holding(home.layout, doc_id)) == 1

    next_writer(home, tmp_path)

    assert left_of(home, doc_id, texts) == {"debts": 0, "vectors": 0, "snapshots": []}


def test_a_server_without_work_completes_an_interrupted_deletion(home: Settings) -> None:
    doc_id = doc_id_of(home, "almaty.md")
    texts = interrupted(home, doc_id, purge=True)
    with open_store(home) as store:
        worker = JobWorker(store, home)
        worker.start()
        until = time.monotonic() + 30
        while store.debts():
            assert time.monotonic() < until
            time.sleep(0.02)
        worker.stop()
    assert left_of(home, doc_id, texts) == {"debts": 0, "vectors": 0, "snapshots": []}


def test_a_deletion_sent_again_after_an_interruption_is_completed(own: Served) -> None:
    doc_id = own.ids["almaty"]
    before = own.engine.snapshot_id
    texts = interrupted(own.engine.settings, doc_id, purge=False)
    response = own.client.delete(f"/v1/documents/{doc_id}")
    assert response.status_code == 200
    receipt = response.json()
    assert (receipt["pages"], receipt["chunks"], receipt["vectors"]) == (2, 2, 2)
    assert receipt["snapshot"] == own.engine.snapshot_id
    assert receipt["older_snapshots"] == [before]
    assert left_of(own.engine.settings, doc_id, texts)["debts"] == 0
    again = own.client.delete(f"/v1/documents/{doc_id}").json()
    assert again["deleted_at"] == receipt["deleted_at"]


def test_what_was_deleted_can_be_purged_later(own: Served) -> None:
    address = f"/v1/documents/{own.ids['almaty']}"
    assert own.client.delete(address).json()["older_snapshots"] != []
    assert own.client.delete(f"{address}?purge=true").json()["older_snapshots"] == []
    assert len(own.client.get("/v1/snapshots").json()["snapshots"]) == 1


def test_a_deletion_is_completed_by_keys_of_its_collection_alone(tmp_path: Path) -> None:
    with tenants(tmp_path / "home") as two:
        interrupted(two.engine.settings, two.theirs, purge=False)
        address = f"/v1/documents/{two.theirs}"
        absent = two.client.delete("/v1/documents/d0000000000000000", headers=two.as_("ours"))
        ours = two.client.delete(address, headers=two.as_("ours"))
        theirs = two.client.delete(address, headers=two.as_("theirs"))
    assert theirs.status_code == 200
    assert ours.status_code == absent.status_code == 404
    told, expected = ours.json()["detail"], absent.json()["detail"]
    assert told.replace(two.theirs, "") == expected.replace("d0000000000000000", "")


def test_the_receipt_of_a_deletion_is_signed(home: Settings, tmp_path: Path) -> None:
    cli = CommandLine(home.home)
    receipt = cli.run("documents", "delete", doc_id_of(home, "almaty.md"), "--json").json
    saved, changed = tmp_path / "receipt.json", tmp_path / "changed.json"
    saved.write_text(json.dumps(receipt))
    changed.write_text(json.dumps(receipt | {"deleted_at": "2020-01-01T00:00:00+00:00"}))
    pem = tmp_path / "key.pem"
    pem.write_text(cli.run("keys", "signing").out)
    elsewhere = CommandLine(tmp_path / "elsewhere")
    good = elsewhere.run("verify", str(saved), "--public-key", str(pem), "--json", code=None)
    assert (good.json["ok"], good.json["signature"]) == (True, "valid")
    assert cli.run("verify", str(saved), "--json").json["signature"] == "valid"
    bad = cli.run("verify", str(changed), "--json", code=1).json
    assert (bad["ok"], bad["signature"]) == (False, "invalid")


def test_edits_and_deletions_let_old_snapshots_leave(home: Settings) -> None:
    settings = home.model_copy(update={"keep_snapshots": 2})
    for title in ("One", "Two", "Three", "Four"):
        edit_document(doc_id_of(settings, "quokka.md"), {"title": title}, settings)
    assert len(list(settings.layout.snapshots.glob("s*"))) == 2
    receipt = delete_document(doc_id_of(settings, "quokka.md"), settings, purge_older=False)
    assert len(list(settings.layout.snapshots.glob("s*"))) == 2
    assert len(receipt.older_snapshots) == 5  # those that have left hold its title


def test_what_is_deleted_does_not_come_back_with_a_debt(home: Settings, tmp_path: Path) -> None:
    doc_id = doc_id_of(home, "almaty.md")
    interrupted(home, doc_id, purge=True)
    publish(IngestRequest([str(tmp_path / "almaty.md")]), home)
    assert doc_id_of(home, "almaty.md") == doc_id
    with open_store(home) as store:
        assert store.debts() == []
