"""A home backed up while others work: complete, and as it was at one moment."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from corpus.clock import utc_now
from corpus.errors import SnapshotError, StoreError
from corpus.home import BACKUP_DRAFT, Home
from corpus.stores.shared.copying import copy_store
from corpus.stores.sql_store import SqlStore
from index.snapshots.publishing import current_id
from service.access.opening import open_store
from service.access.writing import sole_writer
from service.backups.manifest import BackedUpFile, Manifest
from service.backups.repository import Repository
from service.backups.since import deleted_of, revoked_of
from service.settings.settings import Settings
from service.settings.version import installed_version

_SQLITE = "sqlite:///"
OnFile = Callable[[str, int, int], None]
"""Called with what is done, how many files of it, and of how many."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made: its bytes in all, and those that were not in the folder before."""

    backup_id: str
    made_at: str
    documents: int
    snapshot: str | None
    files: int
    bytes: int
    new_bytes: int
    signing_key: bool
    encrypted: bool


def back_up(
    folder: Path,
    settings: Settings,
    *,
    passphrase: str | None = None,
    signing_key: bool | None = None,
    on_file: OnFile = lambda *_: None,
) -> Backup:
    """Back a home up into a folder of backups; return what was made.

    Questions are answered meanwhile; what would change the collection waits. Bytes that an earlier
    backup has are not written again. The signing key goes in where the backup is encrypted, or
    where `signing_key` says so: whoever has it can sign answers in this home's name.
    Raises: InputError, StoreError.
    """
    home = settings.layout
    with_key = bool(passphrase) if signing_key is None else signing_key
    with (
        sole_writer(home),
        open_store(settings, read_only=True) as store,
        tempfile.TemporaryDirectory(prefix=BACKUP_DRAFT, dir=home.root) as drafts,
        _audit_at_rest(home),
    ):
        repository = Repository.make(folder, passphrase)
        repository.remove_drafts()
        found = list(_files(settings, Path(drafts), with_key=with_key))
        kept: list[BackedUpFile] = []
        added = 0
        for number, (path, file) in enumerate(found, start=1):
            put, new = repository.put_file(path, file)
            kept.append(put)
            added += new
            on_file("backing up", number, len(found))
        manifest = _manifest(settings, store, kept)
        repository.put_manifest(manifest)
    return Backup(
        backup_id=manifest.backup_id,
        made_at=manifest.made_at,
        documents=manifest.documents,
        snapshot=manifest.snapshot,
        files=len(kept),
        bytes=manifest.size,
        new_bytes=added,
        signing_key=manifest.signing_key,
        encrypted=bool(passphrase),
    )


def _manifest(settings: Settings, store: SqlStore, files: list[BackedUpFile]) -> Manifest:
    now = utc_now()
    try:
        snapshot = current_id(settings.layout)
    except SnapshotError:
        snapshot = None  # a damaged pointer is kept as it is
    return Manifest(
        format=1,
        backup_id="".join(character for character in now[:26] if character.isalnum()),
        made_at=now,
        citewell=installed_version(),
        store="sqlite" if settings.store_url.startswith(_SQLITE) else "postgresql",
        documents=len(store.documents()),
        snapshot=snapshot,
        signing_key=any(file.path == "signing-key.pem" for file in files),
        deleted=tuple(sorted(deleted_of(store))),
        revoked=tuple(sorted(revoked_of(store))),
        files=tuple(files),
    )


def _files(settings: Settings, drafts: Path, *, with_key: bool) -> Iterator[tuple[str, Path]]:
    """Yield the files of a home: their paths in it, and where their bytes are to be read."""
    home, uploads = settings.layout, drafts / "uploads"
    # A job that ends meanwhile takes its upload away, and one that comes has its own: before and
    # after the store each job that it has not ended has its upload.
    _link_all(home.uploads, uploads)
    yield "store.sqlite", _copy_of_store(settings.store_url, drafts / "store.sqlite")
    if home.vectors.exists():
        yield "vectors.sqlite", _copy_of(home.vectors, drafts / "vectors.sqlite")
    _link_all(home.uploads, uploads)
    for folder in (home.snapshots, uploads, home.audit):
        for file in sorted(folder.rglob("*")):
            path = file.relative_to(folder.parent)
            # Drafts and locks begin with a dot; files of an index may.
            if file.is_file() and not path.parts[1].startswith("."):
                yield path.as_posix(), file
    if home.aliases.exists():
        yield "aliases.json", home.aliases
    if with_key and home.signing_key.exists():
        yield "signing-key.pem", home.signing_key


def _link_all(folder: Path, target: Path) -> None:
    """Link all files of a folder into another, copied where the disk has no links."""
    for file in folder.glob("[!.]*/*"):
        place = target / file.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError, FileNotFoundError):  # it may have left just now
            try:
                place.hardlink_to(file)
            except (FileExistsError, FileNotFoundError):
                raise
            except OSError:
                shutil.copyfile(file, place)


def _copy_of_store(url: str, copy: Path) -> Path:
    if url.startswith(_SQLITE):
        return _copy_of(Path(url.removeprefix(_SQLITE)), copy)
    copy_store(url, f"{_SQLITE}{copy}")
    return copy


def _copy_of(file: Path, copy: Path) -> Path:
    """Copy a SQLite file as it is at one moment, whatever is written to it. Raises: StoreError."""
    try:
        with (
            closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
    except sqlite3.Error as error:
        raise StoreError(f"{file} cannot be copied: {error}") from error
    return copy


def _audit_at_rest(home: Home) -> "FileLock | nullcontext[None]":
    """Return what keeps the audit log, where there is one, from being written meanwhile."""
    return FileLock(home.audit / ".lock") if home.audit.exists() else nullcontext()
