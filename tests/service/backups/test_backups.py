"""Backups: made while others work, whole or said to be damaged, restored as the home was."""

import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import InputError, NotFoundError, StoreError
from corpus.stores.sql_store import SqlStore
from service.access.keys import make_key
from service.access.writing import sole_writer
from service.backups import backing_up
from service.backups.backing_up import back_up
from service.backups.repository import Repository
from service.backups.restoring import check_backup, restore
from service.client.local_backend import plain
from service.collection.deleting import delete_document
from service.collection.editing import edit_document
from service.engine.engine import Engine
from service.examining.examining import examine
from service.settings.settings import Settings
from service.values.answer import Answer
from service.workload.upload import Upload
from service.workload.upload_folder import UploadFolder
from tests.service.command_line import OFFLINE_DOUBLES, CommandLine
from tests.service.small_collection import (
    QUESTION,
    add,
    make_collection,
    publish_snapshot,
    settings_of,
)


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    settings = settings_of(tmp_path / "home")
    make_collection(settings)
    return settings


@pytest.fixture
def other(tmp_path: Path) -> Settings:
    return settings_of(tmp_path / "other")


def answer_of(settings: Settings) -> Answer:
    with Engine.open(settings) as engine:
        answer = engine.ask(QUESTION)
    return replace(
        answer, timings_ms={}, receipt=replace(answer.receipt, created_at="", signature=None)
    )


def blocks(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_what_is_restored_answers_replays_and_is_guarded_as_before(
    home: Settings, other: Settings, tmp_path: Path
) -> None:
    key, _ = make_key("reader", ["read"], None, None)
    with SqlStore.open(home.store_url) as store:
        store.create_key(key)
        first = store.documents()[0].doc_id
    edit_document(first, {"title": "Named by hand"}, home)
    with Engine.open(home) as engine:
        saved = engine.ask(QUESTION)
    made = back_up(tmp_path / "backups", home, signing_key=True)
    assert (made.documents, made.signing_key) == (3, True)
    done = restore(Repository.open(tmp_path / "backups", None), other)
    assert (done.documents, done.snapshot, done.deleted_since) == (3, made.snapshot, ())
    assert [each.check for each in examine(other) if not each.ok] == []
    assert answer_of(other) == answer_of(home)
    with Engine.open(other) as engine:
        assert engine.store.document(first).title == "Named by hand"
        assert engine.store.keys() == [key]
        assert engine.replay(plain(saved)).equal
        report = engine.verify(plain(saved))
    assert {each.verdict for each in report.citations} == {"ok"}


def test_a_home_without_a_store_makes_no_backups(other: Settings, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store"):
        back_up(tmp_path / "backups", other)
    assert not (tmp_path / "backups").exists()


def test_a_second_backup_writes_only_what_is_new(home: Settings, tmp_path: Path) -> None:
    first = back_up(tmp_path / "backups", home)
    second = back_up(tmp_path / "backups", home)
    assert first.new_bytes > 0.5 * first.bytes
    assert second.new_bytes == 0
    with SqlStore.open(home.store_url) as store:
        add(store, "new.md", ("A page of its own.",), title="New", pdf=False)
        publish_snapshot(home, store)
    third = back_up(tmp_path / "backups", home)
    assert 0 < third.new_bytes < third.bytes


def test_a_passphrase_hides_everything_and_another_one_is_refused(
    home: Settings, other: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    made = back_up(folder, home, passphrase="a long one")
    assert (made.encrypted, made.signing_key) == (True, home.layout.signing_key.exists())
    kept = b"".join(path.read_bytes() for path in blocks(folder))
    assert b"Almaty" not in kept
    assert b"store.sqlite" not in kept
    for wrong in (None, "another"):
        with pytest.raises(InputError, match="passphrase"):
            Repository.open(folder, wrong)
    with pytest.raises(InputError, match="passphrase"):
        back_up(folder, home)
    restore(Repository.open(folder, "a long one"), other)
    assert answer_of(other) == answer_of(home)


def test_a_passphrase_for_backups_without_one_is_refused(home: Settings, tmp_path: Path) -> None:
    back_up(tmp_path / "backups", home)
    with pytest.raises(InputError, match="not encrypted"):
        back_up(tmp_path / "backups", home, passphrase="a long one")


@pytest.mark.parametrize("damage", ["flipped", "cut", "gone"])
@pytest.mark.parametrize("passphrase", [None, "a long one"])
def test_damage_to_any_block_is_found_and_restores_nothing(
    home: Settings, other: Settings, tmp_path: Path, damage: str, passphrase: str | None
) -> None:
    folder = tmp_path / "backups"
    back_up(folder, home, passphrase=passphrase)
    repository = Repository.open(folder, passphrase)
    for block in sorted((folder / "blocks").rglob("*"))[3::9]:
        if block.is_dir():
            continue
        content = block.read_bytes()
        if damage == "gone":
            block.unlink()
        else:
            half = len(content) // 2
            flipped = content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :]
            block.write_bytes(flipped if damage == "flipped" else content[:-1])
        assert len(check_backup(repository).problems) >= 1, block
        with pytest.raises(StoreError, match="block"):
            restore(repository, other)
        assert not (other.home / "store.sqlite").exists()
        block.write_bytes(content)
    assert check_backup(repository).problems == ()
    manifest = folder / "backups" / repository.ids()[0]
    manifest.write_bytes(manifest.read_bytes()[:-2])
    with pytest.raises(StoreError, match="damaged"):
        check_backup(repository)


def test_a_home_with_a_store_is_not_overwritten(home: Settings, tmp_path: Path) -> None:
    back_up(tmp_path / "backups", home)
    with pytest.raises(InputError, match="is there already"):
        restore(Repository.open(tmp_path / "backups", None), home)


def test_what_was_deleted_since_is_deleted_again_unless_it_is_to_be_kept(
    home: Settings, other: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    first = back_up(folder, home)
    with SqlStore.open(home.store_url) as store:
        gone = next(each for each in store.documents() if "olombo" in each.title).doc_id
    delete_document(gone, home, purge_older=True)
    back_up(folder, home)
    repository = Repository.open(folder, None)
    done = restore(repository, other, backup_id=first.backup_id)
    assert (done.deleted_since, done.deleted_again) == ((gone,), True)
    with SqlStore.open(other.store_url) as store, pytest.raises(NotFoundError):
        store.document(gone)
    kept = settings_of(tmp_path / "kept")
    done = restore(repository, kept, backup_id=first.backup_id, keep_deleted=True)
    assert (done.deleted_since, done.deleted_again) == ((gone,), False)
    with SqlStore.open(kept.store_url) as store:
        assert store.document(gone)


def test_backups_beside_a_writer_are_each_of_one_moment(home: Settings, tmp_path: Path) -> None:
    stop = threading.Event()
    with SqlStore.open(home.store_url) as store:

        def write() -> None:
            number = 0
            while not stop.wait(0.1):  # the lock is nobody's for a moment
                number += 1
                with sole_writer(home.layout):
                    add(store, f"{number}.md", (f"Page {number}.",), title=f"N{number}", pdf=False)
                    publish_snapshot(home, store)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            made = [back_up(tmp_path / "backups", home) for _ in range(4)]
        finally:
            stop.set()
            writer.join()
    for each in made:
        target = settings_of(tmp_path / each.backup_id)
        restore(Repository.open(tmp_path / "backups", None), target, backup_id=each.backup_id)
        assert [found.check for found in examine(target) if not found.ok] == []
        with SqlStore.open(target.store_url) as store:
            assert len(store.documents()) == each.documents


def test_an_upload_that_leaves_while_a_backup_is_made_is_in_it(
    home: Settings, other: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = Upload("new.md", "default", {})
    kept = UploadFolder(home.layout.uploads).keep(io.BytesIO(b"A page."), upload)
    with SqlStore.open(home.store_url) as store:
        store.create_job(kept.job_id, upload.source)
    copied = backing_up._copy_of_store

    def copied_and_done(url: str, copy: Path) -> Path:
        made = copied(url, copy)
        UploadFolder(home.layout.uploads).remove(kept.job_id)
        return made

    monkeypatch.setattr(backing_up, "_copy_of_store", copied_and_done)
    back_up(tmp_path / "backups", home)
    restore(Repository.open(tmp_path / "backups", None), other)
    with SqlStore.open(other.store_url) as store:
        assert store.unfinished_jobs() == [kept.job_id]
    file, _ = UploadFolder(other.layout.uploads).read(kept.job_id)
    assert file.read_bytes() == b"A page."


def test_pruning_keeps_the_newest_and_what_they_need(home: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    for number in range(3):
        with SqlStore.open(home.store_url) as store:
            add(store, f"{number}.md", (f"Page {number}.",), title=f"N{number}", pdf=False)
        back_up(folder, home)
    repository = Repository.open(folder, None)
    before = sum(1 for _ in blocks(folder))
    repository.remove(repository.ids()[:-1])
    assert len(repository.ids()) == 1
    assert sum(1 for _ in blocks(folder)) < before
    assert check_backup(repository).problems == ()
    with pytest.raises(NotFoundError, match="found: 2"):
        repository.manifest("none")


def test_a_store_in_postgresql_is_restored_into_sqlite_and_back(
    home: Settings, tmp_path: Path, postgres: str
) -> None:
    folder = tmp_path / "backups"
    back_up(folder, home)
    shared = settings_of(tmp_path / "shared", store=postgres)
    restore(Repository.open(folder, None), shared)
    assert answer_of(shared) == answer_of(home)
    back_up(folder, shared)
    repository = Repository.open(folder, None)
    assert repository.manifest().store == "postgresql"
    back = settings_of(tmp_path / "back")
    restore(repository, back)
    assert answer_of(back) == answer_of(home)
    with pytest.raises(InputError, match="with 3 documents"):
        restore(repository, shared)


def test_the_commands_back_up_check_list_restore_and_prune(home: Settings, tmp_path: Path) -> None:
    environment = {**OFFLINE_DOUBLES, "CITEWELL_BACKUP_PASSPHRASE": "a long one"}
    cli, folder = CommandLine(home.home, environment), str(tmp_path / "backups")
    assert "3 documents" in cli.run("backup", "create", folder).out
    made = cli.run("backup", "create", folder, "--json").json
    assert made["new_bytes"] == 0
    listed = cli.run("backup", "list", folder, "--json").json["backups"]
    assert [each["documents"] for each in listed] == [3, 3]
    assert "is whole" in cli.run("backup", "verify", folder).out
    other = CommandLine(tmp_path / "other", environment)
    done = other.run("backup", "restore", folder).out
    assert "3 documents" in done
    assert "Almaty" in other.run("documents", "list").out
    assert "1 removed, 1 kept" in cli.run("backup", "prune", folder, "--keep", "1").out
    block = next(path for path in (tmp_path / "backups" / "blocks").rglob("*") if path.is_file())
    block.write_bytes(b"")
    assert "is damaged" in cli.run("backup", "verify", folder, code=1).out
    nothing = cli.run("backup", "list", str(tmp_path / "none"), code=2).err
    assert "has no backups" in nothing
