"""A backup checked, and restored into a home."""

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from corpus.errors import StoreError
from corpus.home import RESTORE_DRAFT
from corpus.stores.shared.copying import copy_store
from corpus.stores.sql_store import SqlStore
from index.snapshots.publishing import remove_leftovers, sync_folder
from service.access.opening import open_store
from service.access.writing import sole_ingest, sole_writer
from service.auditing.audit_log import HEAD
from service.auditing.recording import open_audit
from service.backups.manifest import BackedUpFile, Manifest
from service.backups.overwriting import close_to_others, present, require_replaceable
from service.backups.repository import Repository
from service.backups.since import Since
from service.collection.debts import pay_debts
from service.settings.settings import Settings

PATIENCE_S = 10.0
_SQLITE = "sqlite:///"
_SECRET = ("audit/", "uploads/")
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

    `deleted_since` are documents of the backup that were deleted after it was made, as the home or
    a later backup knows; `deleted_again` says whether they were deleted here too. `lost` are those
    that the home had, and that the backup has not.
    """

    backup_id: str
    made_at: str
    documents: int
    snapshot: str | None
    signing_key: bool
    deleted_since: tuple[str, ...]
    deleted_again: bool
    replaced: bool
    lost: tuple[str, ...]


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
    replace: bool = False,
    on_file: OnFile = lambda *_: None,
) -> Restored:
    """Restore a backup, the newest without an id, into a home that has no store.

    With `replace` into any home, in place of what it holds. Everything is read and checked before
    the home is changed; a restore that was killed is begun again, and until then nothing opens the
    home. What was deleted after the backup was made, as the home or later backups know, is deleted
    in what is restored before it has its place, unless `keep_deleted`; keys that were revoked
    stay so. An audit log that is there goes on.
    Raises: InputError for a home with a store; BusyError if that is in use; NotFoundError;
    StoreError.
    """
    home, manifest = settings.layout, repository.manifest(backup_id)
    home.root.mkdir(parents=True, exist_ok=True)
    with sole_ingest(home, patience_s=PATIENCE_S), sole_writer(home, patience_s=PATIENCE_S):
        found = present(settings)
        if found is not None:
            require_replaceable(found, manifest.backup_id, replace=replace)
            close_to_others(settings)
        since = Since.known(repository, manifest, settings)
        remove_leftovers(home)
        with tempfile.TemporaryDirectory(prefix=RESTORE_DRAFT, dir=home.root) as name:
            drafts = Path(name)
            _write_files(repository, manifest, drafts, on_file)
            with SqlStore.open(f"{_SQLITE}{drafts / 'store.sqlite'}") as store:
                meant = since.bring_into(store, drafts / "uploads", keep_deleted=keep_deleted)
                restored = {document.doc_id for document in store.documents(current_only=False)}
            _move_in(drafts, settings)
        _record(settings, manifest)
    pay_debts(settings)
    return Restored(
        manifest.backup_id,
        manifest.made_at,
        manifest.documents,
        manifest.snapshot,
        manifest.signing_key,
        tuple(meant),
        bool(meant) and not keep_deleted,
        found is not None,
        tuple(sorted(found.doc_ids - restored - set(meant))) if found else (),
    )


def _write_files(repository: Repository, manifest: Manifest, drafts: Path, on_file: OnFile) -> None:
    for number, file in enumerate(manifest.files, start=1):
        place = drafts / file.path
        if not place.resolve().is_relative_to(drafts.resolve()):
            raise StoreError(f"the backup names a file outside the home: {file.path!r}")
        place.parent.mkdir(parents=True, exist_ok=True)
        if file.path.startswith(_SECRET):
            place.parent.chmod(0o700)
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
    home.restoring.touch()
    sync_folder(home.root)
    for place in (home.snapshots, home.uploads, home.vectors, home.aliases, home.audit):
        item = drafts / place.name
        if place != home.audit or not (place / HEAD).exists():
            _replace(place, item)
    if (key := drafts / "signing-key.pem").exists():
        _replace(home.signing_key, key)
    if settings.store_url.startswith(_SQLITE):
        _replace(Path(settings.store_url.removeprefix(_SQLITE)), store)
    else:
        copy_store(f"{_SQLITE}{store}", settings.store_url, replace=True)
    sync_folder(home.root)
    home.restoring.unlink()
    with open_store(settings):
        pass  # marks the home as one with a store


def _replace(place: Path, item: Path) -> None:
    """Put an item in its place, or nothing; a log of the SQLite file before it must not stay."""
    if place.is_dir():
        shutil.rmtree(place)
    for suffix in ("-wal", "-shm"):
        place.with_name(f"{place.name}{suffix}").unlink(missing_ok=True)
    if item.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        item.replace(place)
    else:
        place.unlink(missing_ok=True)


def _record(settings: Settings, manifest: Manifest) -> None:
    """Record it where there is a key to sign with: none is made, for the home's is put back yet."""
    if settings.layout.signing_key.exists():
        about = {"backup": manifest.backup_id, "made_at": manifest.made_at}
        open_audit(settings).record("restored", about)
