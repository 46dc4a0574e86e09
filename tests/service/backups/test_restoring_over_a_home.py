"""Restoring over a home: nothing is lost unsaid, and nothing that was deleted comes back."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import BusyError, InputError, NotFoundError, StoreError
from corpus.ids import DocId, doc_id_of, sha256_of
from corpus.stores.sql_store import SqlStore
from service.access.keys import make_key
from service.access.opening import open_store
from service.auditing.checking import check_audit, entries_of
from service.backups.backing_up import back_up
from service.backups.repository import Repository
from service.backups.restoring import restore
from service.citations.receipt_signing import SigningKey
from service.collection.deleting import delete_document
from service.collection.ingest_report import IngestRequest
from service.collection.publishing import publish
from service.examining.examining import examine
from service.settings.settings import Settings
from service.workload.upload import Upload
from service.workload.upload_folder import UploadFolder
from tests.service.command_line import CommandLine
from tests.service.small_collection import settings_of

LINES = {
    "north": "The Northern Forum had 9 members.",
    "quokka": "The Quokka Council began in 2004.",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "home"
    for name in LINES:
        ingest(settings_of(folder), name)
    return folder


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Settings:
    shutil.copytree(made, tmp_path / "home")
    return settings_of(tmp_path / "home")


@pytest.fixture
def backups(home: Settings, tmp_path: Path) -> Repository:
    """A folder with one backup of the home, of before anything else happens to it."""
    back_up(tmp_path / "backups", home)
    return Repository.open(tmp_path / "backups", None)


def text_of(name: str) -> bytes:
    return LINES.get(name, f"The {name} report is new.").encode()


def id_of(name: str) -> DocId:
    return doc_id_of(sha256_of(text_of(name)))


def ingest(settings: Settings, name: str) -> None:
    file = settings.home.parent / f"{name}.txt"
    file.write_bytes(text_of(name))
    publish(IngestRequest(paths=[str(file)]), settings)


def delete(settings: Settings, name: str) -> None:
    delete_document(id_of(name), settings, purge_older=True)


def names(settings: Settings) -> set[str]:
    with open_store(settings, read_only=True) as store:
        return {Path(document.source).stem for document in store.documents()}


def bytes_of(folder: Path) -> Iterator[bytes]:
    return (path.read_bytes() for path in folder.rglob("*") if path.is_file())


def assert_sound(settings: Settings) -> None:
    assert [found for found in examine(settings) if not found.ok] == []
    with open_store(settings, read_only=True) as store:
        assert store.debts() == []


def test_a_home_with_a_store_is_replaced_only_if_that_is_said(
    home: Settings, backups: Repository
) -> None:
    ingest(home, "later")
    with pytest.raises(InputError, match=r"with 3 documents, 0 keys.*--replace"):
        restore(backups, home)
    assert names(home) == {"north", "quokka", "later"}
    done = restore(backups, home, replace=True)
    assert (done.replaced, done.lost, done.deleted_since) == (True, (id_of("later"),), ())
    assert names(home) == {"north", "quokka"}
    assert_sound(home)


def test_what_the_home_deleted_since_does_not_come_back(
    home: Settings, backups: Repository
) -> None:
    ingest(home, "later")
    delete(home, "later")
    delete(home, "quokka")
    done = restore(backups, home, replace=True)
    assert (done.deleted_since, done.deleted_again) == ((id_of("quokka"),), True)
    assert names(home) == {"north"}
    assert_sound(home)
    assert not any(b"Quokka Council" in content for content in bytes_of(home.home))
    with open_store(home, read_only=True) as store:  # so that a bundle does not bring it back
        assert {each.doc_id for each in store.deletions()} == {id_of("quokka"), id_of("later")}


def test_what_was_added_again_is_kept(home: Settings, backups: Repository) -> None:
    delete(home, "quokka")
    ingest(home, "quokka")
    assert restore(backups, home, replace=True).deleted_since == ()
    assert names(home) == {"north", "quokka"}


def test_what_was_deleted_again_after_it_had_been_added_again_stays_deleted(
    home: Settings, tmp_path: Path
) -> None:
    delete(home, "quokka")
    ingest(home, "quokka")
    first = back_up(tmp_path / "backups", home)
    delete(home, "quokka")
    back_up(tmp_path / "backups", home)
    other = settings_of(tmp_path / "other")
    repository = Repository.open(tmp_path / "backups", None)
    done = restore(repository, other, backup_id=first.backup_id)
    assert done.deleted_since == (id_of("quokka"),)
    assert names(other) == {"north"}


@pytest.mark.parametrize("lost", ["gone", "damaged"])
def test_a_home_that_lost_its_store_knows_deletions_by_its_audit_log(
    home: Settings, backups: Repository, lost: str
) -> None:
    delete(home, "quokka")
    for file in home.home.glob("store.sqlite*"):
        file.unlink() if lost == "gone" else file.write_bytes(b"no database " * 500)
    done = restore(backups, home, replace=lost == "damaged")
    assert done.deleted_since == (id_of("quokka"),)
    assert names(home) == {"north"}
    assert_sound(home)


def test_revoked_keys_stay_revoked_and_the_audit_log_goes_on(
    home: Settings, backups: Repository, tmp_path: Path
) -> None:
    with open_store(home) as store:
        for name in ("kept", "revoked"):
            store.create_key(make_key(name, ["read"], None, None)[0])
    back_up(tmp_path / "backups", home)
    with open_store(home) as store:
        _, key = store.keys()
        store.revoke_key(key.key_id)
    restore(backups, home, replace=True)
    with open_store(home) as store:
        kept, revoked = store.keys()
    assert (kept.revoked_at, revoked.revoked_at is None) == (None, False)
    events = [entry.event for entry in entries_of(home.layout)]
    assert events == ["ingested", "ingested", "restored"]
    keys = [SigningKey.open(home.layout.signing_key).public]
    assert check_audit(home.layout, keys).problems == ()


def test_an_upload_that_waits_does_not_bring_back_what_was_deleted(
    home: Settings, tmp_path: Path
) -> None:
    delete(home, "quokka")
    upload = Upload("quokka.txt", "default", {})
    kept = UploadFolder(home.layout.uploads).keep(io.BytesIO(text_of("quokka")), upload)
    with open_store(home) as store:
        store.create_job(kept.job_id, "quokka.txt")
    first = back_up(tmp_path / "backups", home)
    with open_store(home) as store:
        store.update_job(kept.job_id, state="failed", progress=0.0)
    repository = Repository.open(tmp_path / "backups", None)
    restore(repository, home, backup_id=first.backup_id, replace=True)
    with open_store(home) as store:
        assert store.job(kept.job_id).state == "failed"
        assert "deleted" in store.job(kept.job_id).message


def test_a_store_that_another_process_has_open_is_not_replaced(
    home: Settings, backups: Repository
) -> None:
    with SqlStore.open(home.store_url) as store:
        store.documents()
        with pytest.raises(BusyError, match="stop the servers"):
            restore(backups, home, replace=True)
    restore(backups, home, replace=True)


def test_a_home_that_is_half_restored_is_not_opened_until_that_is_done_again(
    home: Settings, backups: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    delete(home, "quokka")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("service.backups.restoring.sync_folder", die)
        with pytest.raises(KeyboardInterrupt):
            restore(backups, home, replace=True)
    shutil.rmtree(home.layout.snapshots)
    with pytest.raises(StoreError, match="half restored"):
        open_store(home)
    done = restore(backups, home, replace=True)
    assert done.deleted_since == (id_of("quokka"),)
    assert names(home) == {"north"}
    assert_sound(home)


def test_a_store_in_postgresql_is_replaced_in_one_transaction(
    tmp_path: Path, postgres: str
) -> None:
    shared = settings_of(tmp_path / "shared", store=postgres)
    ingest(shared, "north")
    ingest(shared, "quokka")
    back_up(tmp_path / "backups", shared)
    delete(shared, "quokka")
    ingest(shared, "later")
    repository = Repository.open(tmp_path / "backups", None)
    with pytest.raises(InputError, match="the database is there already, with 2 documents"):
        restore(repository, shared)
    done = restore(repository, shared, replace=True)
    assert (done.lost, done.deleted_since) == ((id_of("later"),), (id_of("quokka"),))
    assert names(shared) == {"north"}
    with open_store(shared, read_only=True) as store, pytest.raises(NotFoundError):
        store.document(id_of("quokka"))
    assert_sound(shared)


def test_the_command_says_what_would_be_lost_and_what_was(
    home: Settings, backups: Repository
) -> None:
    ingest(home, "later")
    delete(home, "quokka")
    cli = CommandLine(home.home)
    refused = cli.run("backup", "restore", str(backups.folder), code=2).err
    assert "with 2 documents" in refused
    out = cli.run("backup", "restore", str(backups.folder), "--replace").out
    assert f"Added after this backup, and gone: {id_of('later')}" in out
    assert f"Deleted after this backup, and deleted again: {id_of('quokka')}" in out
