"""Which snapshot answers: the pointer CURRENT, and the snapshots beside it."""

import json
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import CitewellError, InputError, NotFoundError, SnapshotError
from corpus.home import BACKUP_DRAFT, RESTORE_DRAFT, Home
from corpus.ids import DocId, SnapshotId
from index.aliases.alias import Aliases
from index.snapshots.history import note_answering
from index.snapshots.manifest import Layout, Manifest, read_aliases
from index.snapshots.outline import Outline, forget_past, keep_outline, past_holding, past_ids

BUILDING_PREFIX = ".building-"
_REMOVED_PREFIX = ".removed-"
_POINTER_DRAFT = ".CURRENT-draft"
_ID = re.compile(r"s[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class SnapshotSummary:
    """A snapshot of the list; `problem` says why it cannot be opened, where it cannot."""

    snapshot_id: SnapshotId
    current: bool
    created_at: str
    embedder: str
    documents: int
    chunks: int
    bytes: int
    problem: str | None = None


def snapshot_folder(home: Home, snapshot_id: SnapshotId) -> Path:
    """Return a snapshot's folder. Raises NotFoundError if there is none of that id."""
    folder = home.snapshots / snapshot_id
    if not _ID.fullmatch(snapshot_id) or not folder.is_dir():
        raise NotFoundError(
            f"there is no snapshot {snapshot_id!r}; `citewell snapshots list` names those there"
        )
    return folder


def current_id(home: Home) -> SnapshotId | None:
    """Return the id of the snapshot that answers; None before the first ingest.

    Raises: SnapshotError if the pointer is damaged.
    """
    try:
        content = home.current.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SnapshotError(f"{home.current} cannot be read: {error.strerror}") from error
    text = content.decode("ascii", "replace").removesuffix("\n")
    if not _ID.fullmatch(text):
        raise SnapshotError(
            f"{home.current} holds {text[:40]!r}, expected the id of a snapshot; "
            f"set it again: citewell snapshots rollback ID, or citewell ingest"
        )
    return SnapshotId(text)


def current_aliases(home: Home) -> Aliases:
    """Return the aliases of the snapshot that answers; none before the first ingest."""
    current = current_id(home)
    return read_aliases(home.snapshots / current) if current else Aliases()


def publish(home: Home, snapshot_id: SnapshotId) -> None:
    """Make a snapshot the one that answers; readers see it or the one before, never neither.

    Also how to roll back: publish an older one.

    Raises: NotFoundError if there is no such snapshot, SnapshotError if it cannot be written.
    """
    snapshot_folder(home, snapshot_id)
    draft = home.snapshots / _POINTER_DRAFT
    try:
        note_answering(home, snapshot_id)
        draft.write_bytes(f"{snapshot_id}\n".encode("ascii"))
        sync_file(draft)
        draft.replace(home.current)
        sync_folder(home.snapshots)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise SnapshotError(f"{home.current} cannot be written: {error.strerror}") from error


def list_snapshots(home: Home) -> list[SnapshotSummary]:
    """Return the snapshots, newest first, damaged ones last; none is current by a bad pointer."""
    try:
        current = current_id(home)
    except SnapshotError:
        current = None
    summaries = [_summary(folder, current) for folder in _folders(home)]
    return sorted(summaries, key=lambda each: (each.created_at, each.snapshot_id), reverse=True)


def snapshots_holding(home: Home, doc_id: DocId) -> list[SnapshotId]:
    """Return the snapshots that hold a document's vectors and words, in order of their ids.

    Outlines of snapshots that have left are among them: they hold its title. One whose list of
    documents cannot be read counts.
    """
    found = [SnapshotId(each.name) for each in _folders(home) if _may_hold(each, doc_id)]
    return sorted({*found, *past_holding(home, doc_id)})


def delete_snapshot(home: Home, snapshot_id: SnapshotId) -> None:
    """Remove a snapshot and its outline; a process that has it open can go on using it.

    Raises: InputError if it is the one that answers, NotFoundError if there is none.
    """
    if snapshot_id in past_ids(home):
        forget_past(home, snapshot_id)
        if not (home.snapshots / snapshot_id).exists():
            return
    folder = snapshot_folder(home, snapshot_id)
    if snapshot_id == current_id(home):
        raise InputError(
            f"the snapshot {snapshot_id} is the one that answers; publish another one first"
        )
    _remove(folder)


def purge_snapshots(home: Home, *, keep: int = 2, keep_past: int = 1000) -> list[SnapshotId]:
    """Remove all but the newest `keep` and the one that answers; return the ids removed.

    Each leaves its outline, from which it can answer again; of these the last `keep_past` stay.
    """
    if keep < 0 or keep_past < 0:
        raise InputError(f"keep is {keep}, keep_past {keep_past}, expected 0 or more")
    old = [each for each in list_snapshots(home)[keep:] if not each.current]
    for summary in old:
        folder = home.snapshots / summary.snapshot_id
        if summary.problem is None:
            keep_outline(home, Outline.of_folder(folder))
        _remove(folder)
    for snapshot_id in past_ids(home)[keep_past:]:
        forget_past(home, snapshot_id)
    return [summary.snapshot_id for summary in old]


def remove_leftovers(home: Home) -> None:
    """Remove what a crashed build or removal left. Only for the one process that may build."""
    for prefix in (BUILDING_PREFIX, _REMOVED_PREFIX):
        for folder in home.snapshots.glob(f"{prefix}*"):
            shutil.rmtree(folder, ignore_errors=True)
    # A copy of the store may be in them, with what was deleted since.
    for prefix in (BACKUP_DRAFT, RESTORE_DRAFT):
        for folder in home.root.glob(f"{prefix}*"):
            shutil.rmtree(folder, ignore_errors=True)


def move_into_place(home: Home, built: Path, snapshot_id: SnapshotId) -> Path:
    """Give a finished folder its name, replacing a damaged one, and make that durable."""
    target = home.snapshots / snapshot_id
    if target.exists():
        _remove(target)
    sync_tree(built)
    built.rename(target)
    sync_folder(home.snapshots)
    return target


def sync_tree(folder: Path) -> None:
    """Make every file and folder below durable."""
    paths: Iterable[Path] = sorted(folder.rglob("*"), reverse=True)
    for path in (*paths, folder):
        sync_folder(path) if path.is_dir() else sync_file(path)


def sync_file(path: Path) -> None:
    """Make a file's content durable."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Make a folder's entries durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _folders(home: Home) -> list[Path]:
    if not home.snapshots.is_dir():
        return []
    return sorted(path for path in home.snapshots.iterdir() if _ID.fullmatch(path.name))


def _may_hold(folder: Path, doc_id: DocId) -> bool:
    try:
        documents = json.loads(Layout(folder).documents.read_text("utf-8"))
        return any(document["doc_id"] == doc_id for document in documents)
    except (OSError, ValueError, TypeError, KeyError):
        return True


def _summary(folder: Path, current: SnapshotId | None) -> SnapshotSummary:
    snapshot_id = SnapshotId(folder.name)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    try:
        manifest = Manifest.read(folder)
    except CitewellError as error:
        return SnapshotSummary(snapshot_id, snapshot_id == current, "", "", 0, 0, size, str(error))
    return SnapshotSummary(
        snapshot_id,
        snapshot_id == current,
        manifest.created_at,
        manifest.embedder,
        manifest.documents,
        manifest.chunks,
        size,
    )


def _remove(folder: Path) -> None:
    # Renamed first: a removal that is cut short leaves no half snapshot under a real name.
    removed = folder.with_name(f"{_REMOVED_PREFIX}{folder.name}")
    shutil.rmtree(removed, ignore_errors=True)
    folder.rename(removed)
    shutil.rmtree(removed, ignore_errors=True)
