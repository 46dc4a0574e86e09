"""The folder of backups: blocks by their names, each once, and a manifest a backup."""

import json
import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.errors import InputError, NotFoundError, StoreError
from corpus.ids import Sha256
from index.snapshots.publishing import sync_folder
from service.backups.manifest import FORMAT, BackedUpFile, Manifest
from service.backups.sealing import SALT_BYTES, Sealing, sealing_of

BLOCK_BYTES = 1024**2
_ABOUT = "repository.json"
_PROBE = b"citewell backups"
_MANIFEST = TypeAdapter(Manifest)


class Repository:
    """Backups in a folder.

    repository.json     the format; with a passphrase the salt of the key, and a check of it
    blocks/ab/abcdef…   pieces of files, of at most 1 MiB, each once for all backups
    backups/<id>        the manifest of one backup, kept as blocks are

    What is written is complete before it has its name: a process that is killed leaves drafts,
    which the next backup removes.
    """

    def __init__(self, folder: Path, sealing: Sealing) -> None:
        self.folder = folder
        self._sealing = sealing

    @classmethod
    def make(cls, folder: Path, passphrase: str | None) -> "Repository":
        """Return the backups of a folder; an empty or new one becomes one of backups.

        Raises: InputError for a folder with other things in it, or another passphrase; StoreError
        where it cannot be written.
        """
        about = folder / _ABOUT
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not about.exists():
                if any(item.name != f".{_ABOUT}" for item in folder.iterdir()):
                    raise InputError(
                        f"{folder} is no folder of backups and not empty; name a new one."
                    )
                salt = os.urandom(SALT_BYTES) if passphrase else None
                sealing = sealing_of(passphrase, salt)
                said = {
                    "format": FORMAT,
                    "salt": salt.hex() if salt else None,
                    "check": sealing.name(_PROBE),
                }
                _write(about, json.dumps(said).encode())
        except OSError as error:
            raise _unwritable(folder, error) from error
        return cls.open(folder, passphrase)

    @classmethod
    def open(cls, folder: Path, passphrase: str | None) -> "Repository":
        """Return the backups of a folder. Raises: InputError; StoreError where it is damaged."""
        try:
            said = json.loads((folder / _ABOUT).read_text("utf-8"))
            salt = bytes.fromhex(said["salt"]) if said["salt"] else None
            number, check = said["format"], said["check"]
        except OSError as error:
            raise InputError(
                f"{folder} has no backups: {_ABOUT} cannot be read ({error.strerror})."
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{folder / _ABOUT} is damaged: {error!r}") from error
        if number != FORMAT:
            raise InputError(f"{folder} has format {number!r}; this citewell reads {FORMAT}.")
        sealing = sealing_of(passphrase, salt)
        if sealing.name(_PROBE) != check:
            raise InputError(f"The passphrase is not that of the backups in {folder}.")
        return cls(folder, sealing)

    def put_file(self, path: str, file: Path) -> tuple[BackedUpFile, int]:
        """Keep a file; return what is kept, and the bytes that were not there before."""
        digest, names, size, added = sha256(), [], 0, 0
        try:
            with file.open("rb") as source:
                while block := source.read(BLOCK_BYTES):
                    digest.update(block)
                    size += len(block)
                    name, is_new = self._put(block)
                    names.append(name)
                    added += len(block) if is_new else 0
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        return BackedUpFile(path, size, Sha256(digest.hexdigest()), tuple(names)), added

    def _put(self, block: bytes) -> tuple[str, bool]:
        name = self._sealing.name(block)
        place = self._place(name)
        if place.exists():
            return name, False
        place.parent.mkdir(parents=True, exist_ok=True)
        _write(place, self._sealing.sealed(block))
        return name, True

    def blocks_of(self, file: BackedUpFile) -> Iterator[bytes]:
        """Yield a file's blocks. Raises: StoreError naming the file, if one is gone or damaged."""
        for name in file.blocks:
            place = self._place(name)
            try:
                block = self._sealing.opened(place.read_bytes())
            except OSError as error:
                raise StoreError(f"{file.path}: its block {place} is gone ({error}).") from error
            except ValueError as error:
                raise StoreError(f"{file.path}: its block {place} is damaged: {error}") from error
            if self._sealing.name(block) != name:
                raise StoreError(f"{file.path}: its block {place} holds other bytes.")
            yield block

    def put_manifest(self, manifest: Manifest) -> None:
        """Keep a manifest: from now on there is the backup."""
        place = self.folder / "backups" / manifest.backup_id
        try:
            place.parent.mkdir(exist_ok=True)
            _write(place, self._sealing.sealed(_MANIFEST.dump_json(manifest)))
        except OSError as error:
            raise _unwritable(self.folder, error) from error

    def ids(self) -> list[str]:
        """Return the backups' ids, oldest first."""
        return sorted(file.name for file in self.folder.glob("backups/*") if not _is_draft(file))

    def manifest(self, backup_id: str | None = None) -> Manifest:
        """Return a backup's manifest; the newest one's without an id.

        Raises: NotFoundError if there is none; StoreError if it is damaged.
        """
        ids = self.ids()
        if not ids or (backup_id is not None and backup_id not in ids):
            found = ", ".join(ids) or "none"
            raise NotFoundError(f"{self.folder} has no backup {backup_id or ''}; found: {found}.")
        place = self.folder / "backups" / (backup_id or ids[-1])
        try:
            return _MANIFEST.validate_json(self._sealing.opened(place.read_bytes()))
        except (OSError, ValueError, ValidationError) as error:
            raise StoreError(f"the backup {place} is damaged: {error}") from error

    def remove(self, backup_ids: Iterable[str]) -> None:
        """Remove backups, then the blocks that none of the others has, and drafts."""
        try:
            for backup_id in backup_ids:
                (self.folder / "backups" / backup_id).unlink(missing_ok=True)
            held = {
                name
                for each in self.ids()
                for file in self.manifest(each).files
                for name in file.blocks
            }
            for place in self.folder.glob("blocks/*/*"):
                if place.name not in held:
                    place.unlink()
            self.remove_drafts()
        except OSError as error:
            raise _unwritable(self.folder, error) from error

    def remove_drafts(self) -> None:
        """Remove what a backup that was killed has left half written."""
        for place in (*self.folder.glob("blocks/*/.*"), *self.folder.glob("backups/.*")):
            place.unlink(missing_ok=True)

    def _place(self, name: str) -> Path:
        return self.folder / "blocks" / name[:2] / name


def _write(place: Path, content: bytes) -> None:
    draft = place.with_name(f".{place.name}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(place)
    sync_folder(place.parent)


def _is_draft(file: Path) -> bool:
    return file.name.startswith(".")


def _unwritable(folder: Path, error: OSError) -> StoreError:
    return StoreError(f"backing up to {folder} failed: {error}. Look at its disk and permissions.")
