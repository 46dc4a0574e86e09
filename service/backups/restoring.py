"""A backup checked, and restored into an empty home."""

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from corpus.errors import InputError, StoreError
from corpus.home import RESTORE_DRAFT
from corpus.ids import DocId
from corpus.stores.shared.copying import copy_store
from corpus.stores.sql_store import SqlStore
from index.snapshots.publishing import remove_leftovers
from service.access.opening import open_store
from service.access.writing import sole_writer
from service.backups.manifest import BackedUpFile, Manifest
from service.backups.repository import Repository
from service.collection.deleting import delete_documents
from service.settings.settings import Settings

_SQLITE = "sqlite:///"
OnFile = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class CheckedBackup:
    """A backup whose bytes were all read; `problems` is empty where they are as they were."""

    backup_id: str
    made_at: str
    documents: int
    files: int
    bytes: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored.

    `deleted_since` are documents of the backup that a later backup in the same folder knows as
    deleted. `deleted_again` says whether they were deleted here too.
    """

    backup_id: str
    made_at: str
    documents: int
    snapshot: str | None
    signing_key: bool
    deleted_since: tuple[str, ...]
    deleted_again: bool


def check_backup(
    repository: Repository, backup_id: str | None = None, on_file: OnFile = lambda *_: None
) -> CheckedBackup:
    """Read every byte of a backup. Raises: NotFoundError; StoreError for a damaged manifest."""
    manifest = repository.manifest(backup_id)
    problems: list[str] = []
    for number, file in enumerate(manifest.files, start=1):
        try:
            _read(repository, file, lambda _: None)
        except StoreError as error:
            problems.append(str(error))
        on_file("checking", number, len(manifest.files))
    return CheckedBackup(
        manifest.backup_id,
        manifest.made_at,
        manifest.documents,
        len(manifest.files),
        manifest.size,
        tuple(problems),
    )


def restore(
    repository: Repository,
    settings: Settings,
    *,
    backup_id: str | None = None,
    keep_deleted: bool = False,
    on_file: OnFile = lambda *_: None,
) -> Restored:
    """Restore a backup, the newest without an id, into a home that has no store.

    Everything is read and checked before the home is changed; a restore that was killed is simply
    begun again. Documents that were deleted after the backup was made, as later backups know, are
    deleted again, unless `keep_deleted`.
    Raises: InputError for a home with a store; NotFoundError; StoreError.
    """
    home, manifest = settings.layout, repository.manifest(backup_id)
    home.root.mkdir(parents=True, exist_ok=True)
    with sole_writer(home):
        _require_empty(settings)
        remove_leftovers(home)
        with tempfile.TemporaryDirectory(prefix=RESTORE_DRAFT, dir=home.root) as drafts:
            _write_files(repository, manifest, Path(drafts), on_file)
            _move_in(Path(drafts), settings)
    since = _deleted_since(repository, manifest, settings)
    if since and not keep_deleted:
        delete_documents(since, settings, purge_older=True)
    return Restored(
        manifest.backup_id,
        manifest.made_at,
        manifest.documents,
        manifest.snapshot,
        manifest.signing_key,
        tuple(since),
        bool(since) and not keep_deleted,
    )


def _require_empty(settings: Settings) -> None:
    """Raises: InputError if there is a store already."""
    url = settings.store_url
    if url.startswith(_SQLITE):
        file = Path(url.removeprefix(_SQLITE))
        if file.exists() and file.stat().st_size:
            raise InputError(
                f"{file} is there already. Expected a home without a store: name a new folder "
                "with --home, or move the store away."
            )
        return
    with SqlStore.open(url) as store:
        if store.documents() or store.deletions():
            raise InputError("The database has documents already. Expected an empty one.")


def _write_files(repository: Repository, manifest: Manifest, drafts: Path, on_file: OnFile) -> None:
    for number, file in enumerate(manifest.files, start=1):
        place = drafts / file.path
        if not place.resolve().is_relative_to(drafts.resolve()):
            raise StoreError(f"the backup names a file outside the home: {file.path!r}")
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            _read(repository, file, out.write)
            out.flush()
            os.fsync(out.fileno())
        on_file("restoring", number, len(manifest.files))


def _read(repository: Repository, file: BackedUpFile, take: Callable[[bytes], object]) -> None:
    """Give a file's bytes, block by block. Raises: StoreError where they are not as they were."""
    digest, size = sha256(), 0
    for block in repository.blocks_of(file):
        digest.update(block)
        size += len(block)
        take(block)
    if (digest.hexdigest(), size) != (file.sha256, file.size):
        raise StoreError(f"{file.path} is not as it was backed up: its SHA-256 differs.")


def _move_in(drafts: Path, settings: Settings) -> None:
    """Give what was restored its place; the store comes last, for it says that all is there."""
    home, store = settings.layout, drafts / "store.sqlite"
    for item in sorted(drafts.iterdir()):
        if item != store:
            is_key = item.name == "signing-key.pem"
            _replace(home.signing_key if is_key else home.root / item.name, item)
    if settings.store_url.startswith(_SQLITE):
        file = Path(settings.store_url.removeprefix(_SQLITE))
        for left in (file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
            left.unlink(missing_ok=True)
        store.replace(file)
    else:
        copy_store(f"{_SQLITE}{store}", settings.store_url)
    with open_store(settings):
        pass  # marks the home as one with a store


def _replace(place: Path, item: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    item.replace(place)


def _deleted_since(repository: Repository, manifest: Manifest, settings: Settings) -> list[DocId]:
    """Return the restored documents that later backups know as deleted."""
    later = [each for each in repository.ids() if each > manifest.backup_id]
    deleted = {doc_id for each in later for doc_id in repository.manifest(each).deleted}
    deleted -= set(manifest.deleted)
    with open_store(settings, read_only=True) as store:
        return sorted(each.doc_id for each in store.documents() if each.doc_id in deleted)
