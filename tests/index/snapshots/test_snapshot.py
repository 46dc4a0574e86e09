"""Opening, checking and choosing snapshots."""

import json
import shutil
from pathlib import Path

import pytest

from corpus.errors import (
    DamagedSnapshotError,
    InputError,
    MismatchError,
    NotFoundError,
    SnapshotError,
)
from corpus.ids import Fingerprint, SnapshotId, sha256_of
from index.snapshots.building import build
from index.snapshots.checking import verify_snapshot
from index.snapshots.publishing import (
    current_id,
    delete_snapshot,
    list_snapshots,
    publish,
    purge_snapshots,
    snapshot_folder,
    snapshots_holding,
)
from index.snapshots.snapshot import Snapshot
from tests.index.conftest import BuiltHome


def _second(built: BuiltHome) -> SnapshotId:
    """Delete a document and build again."""
    built.store.delete(built.store.documents()[0].doc_id)
    return build(built.store, built.cache, built.embedder, built.home)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_one_changed_byte_in_any_file_is_refused_with_the_file_named(built: BuiltHome) -> None:
    files = _files(built.folder)
    assert len(files) > 8
    for path in files:
        before = path.read_bytes()
        for position in {0, len(before) // 2, len(before) - 1}:
            changed = bytearray(before)
            changed[position] ^= 1
            path.write_bytes(changed)
            name = path.name.replace("manifest.sha256", "manifest.json")
            with pytest.raises(DamagedSnapshotError, match=name):
                Snapshot.open(built.folder)
            assert verify_snapshot(built.folder)
        path.write_bytes(before)
    assert verify_snapshot(built.folder) == []


def test_a_missing_or_cut_file_is_refused_even_without_hashing(built: BuiltHome) -> None:
    for path in _files(built.folder):
        before = path.read_bytes()
        path.write_bytes(before[:-1])
        with pytest.raises(DamagedSnapshotError):
            Snapshot.open(built.folder, verify=False)
        path.unlink()
        with pytest.raises(DamagedSnapshotError):
            Snapshot.open(built.folder, verify=False)
        path.write_bytes(before)


def test_another_embedder_is_refused_and_both_fingerprints_named(built: BuiltHome) -> None:
    with pytest.raises(MismatchError, match=f"{built.embedder.fingerprint}.*other-fingerprint"):
        Snapshot.open(built.folder, embedder=Fingerprint("other-fingerprint"))


def test_a_newer_format_is_refused_with_what_to_do(built: BuiltHome) -> None:
    manifest = json.loads((built.folder / "manifest.json").read_text())
    manifest["format"] = 99
    content = json.dumps(manifest)
    (built.folder / "manifest.json").write_text(content)
    (built.folder / "manifest.sha256").write_text(f"{sha256_of(content)}\n")
    with pytest.raises(SnapshotError, match=r"format 99.*update citewell"):
        Snapshot.open(built.folder)


def test_a_file_that_the_manifest_does_not_list_is_reported(built: BuiltHome) -> None:
    (built.folder / "shard-0" / "extra.bin").write_bytes(b"x")
    assert verify_snapshot(built.folder) == ["shard-0/extra.bin: not in the manifest"]


def test_a_folder_that_is_not_there_is_not_found(built: BuiltHome) -> None:
    with pytest.raises(NotFoundError, match="there is no snapshot"):
        Snapshot.open(built.home.snapshots / "s0123456789abcdef")


def test_a_copied_snapshot_is_the_same_snapshot(built: BuiltHome, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    shutil.copytree(built.folder, target)
    assert Snapshot.open(target).snapshot_id == built.snapshot_id


def test_snapshots_are_listed_newest_first_with_the_one_that_answers(built: BuiltHome) -> None:
    second = _second(built)
    listed = list_snapshots(built.home)
    assert [each.snapshot_id for each in listed] == [second, built.snapshot_id]
    assert [each.current for each in listed] == [True, False]
    assert listed[1].chunks == 8
    assert listed[1].bytes > 1000


def test_a_damaged_snapshot_is_listed_with_its_problem(built: BuiltHome) -> None:
    (built.folder / "manifest.json").write_bytes(b"{}")
    (listed,) = list_snapshots(built.home)
    assert listed.problem is not None
    assert "manifest.json" in listed.problem


def test_an_older_snapshot_can_answer_again(built: BuiltHome) -> None:
    _second(built)
    publish(built.home, built.snapshot_id)
    assert current_id(built.home) == built.snapshot_id


@pytest.mark.parametrize("unknown", ["s0123456789abcdef", "../..", ""])
def test_an_unknown_snapshot_cannot_be_published(built: BuiltHome, unknown: str) -> None:
    with pytest.raises(NotFoundError):
        publish(built.home, SnapshotId(unknown))
    assert current_id(built.home) == built.snapshot_id


def test_a_damaged_pointer_is_refused_with_what_to_do(built: BuiltHome) -> None:
    built.home.current.write_bytes(b"\xff\x00")
    with pytest.raises(SnapshotError, match="snapshots rollback"):
        current_id(built.home)


def test_purging_keeps_the_newest_and_the_one_that_answers(built: BuiltHome) -> None:
    second = _second(built)
    third = _second(built)
    publish(built.home, built.snapshot_id)
    assert purge_snapshots(built.home, keep=1) == [second]
    assert {each.snapshot_id for each in list_snapshots(built.home)} == {third, built.snapshot_id}
    with pytest.raises(InputError, match="0 or more"):
        purge_snapshots(built.home, keep=-1)


def test_a_snapshot_is_deleted_unless_it_answers(built: BuiltHome) -> None:
    second = _second(built)
    delete_snapshot(built.home, built.snapshot_id)
    with pytest.raises(NotFoundError):
        snapshot_folder(built.home, built.snapshot_id)
    with pytest.raises(InputError, match="the one that answers"):
        delete_snapshot(built.home, second)


def test_snapshots_that_hold_a_document_are_named(built: BuiltHome) -> None:
    doc_id = built.store.documents()[0].doc_id
    kept = built.store.documents()[1].doc_id
    second = _second(built)
    assert snapshots_holding(built.home, doc_id) == [built.snapshot_id]
    assert snapshots_holding(built.home, kept) == sorted([built.snapshot_id, second])
    (built.folder / "documents.json").write_bytes(b"\xff")
    assert built.snapshot_id in snapshots_holding(built.home, doc_id)
