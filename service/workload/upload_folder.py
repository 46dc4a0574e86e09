"""Where uploads wait: on the disk before they are acknowledged, until their job has ended."""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from corpus.clock import utc_now
from corpus.errors import NotFoundError, StoreError
from corpus.ids import Sha256, sha256_of
from index.snapshots.publishing import sync_file, sync_folder
from service.workload.upload import Upload, safe_name

_UPLOAD: TypeAdapter[Upload] = TypeAdapter(Upload)
_SAID = ".upload.json"  # no upload's name begins with a dot
_SECONDS_UNTIL_LEFT = 3600.0


@dataclass(frozen=True, slots=True)
class KeptUpload:
    """An upload on the disk. `request_sha256` is of its bytes and of all that was said of it."""

    job_id: str
    request_sha256: Sha256


class UploadFolder:
    """The files of `uploads/<job_id>/`: the upload, and `.upload.json`, what was said of it.

    The folders are for their owner alone: a password may be among what was said.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, file: BinaryIO, upload: Upload) -> KeptUpload:
        """Keep an upload so that it survives a loss of power, whole or not at all.

        Raises: StoreError.
        """
        arriving: Path | None = None
        kept: Path | None = None
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            arriving = Path(tempfile.mkdtemp(prefix=".arriving-", dir=self._root))
            sha256 = _copied(file, arriving / safe_name(upload.file_name))
            (arriving / _SAID).write_bytes(_UPLOAD.dump_json(upload))
            for path in arriving.iterdir():
                sync_file(path)
            sync_folder(arriving)
            job_id = f"j{sha256_of(f'{utc_now()} {sha256} {arriving.name}')[:20]}"
            kept = arriving.rename(self._root / job_id)
            sync_folder(self._root)
        except OSError as error:
            if kept is not None:
                shutil.rmtree(kept, ignore_errors=True)
            raise StoreError(f"The file cannot be kept in {self._root}: {error}.") from error
        finally:
            if arriving is not None:
                shutil.rmtree(arriving, ignore_errors=True)
        said = _UPLOAD.dump_json(upload, exclude={"request_id"})
        return KeptUpload(job_id, sha256_of(said + sha256.encode()))

    def read(self, job_id: str) -> tuple[Path, Upload]:
        """Return an upload's file and what was said of it. Raises: NotFoundError, StoreError."""
        folder = self._root / job_id
        try:
            upload = _UPLOAD.validate_json((folder / _SAID).read_bytes())
        except FileNotFoundError as error:
            raise NotFoundError(f"the upload of job {job_id} is not in {self._root}") from error
        except (OSError, ValidationError) as error:
            raise StoreError(f"{folder / _SAID} cannot be read: {error}") from error
        return folder / safe_name(upload.file_name), upload

    def remove(self, job_id: str) -> None:
        """Remove an upload; one that is not there is no mistake."""
        shutil.rmtree(self._root / job_id, ignore_errors=True)

    def sweep(self, is_finished: Callable[[str], bool | None]) -> None:
        """Remove what no job needs any more.

        `is_finished` tells of a job's id whether the job has ended, None if there is no such job:
        then its upload was never acknowledged, and goes when nobody can be receiving it any more.
        """
        for path in sorted(self._root.glob("*")):
            finished = is_finished(path.name)
            if finished or (finished is None and _is_left(path)):
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def _copied(file: BinaryIO, target: Path) -> Sha256:
    """Copy a file and return the SHA-256 of its bytes."""
    digest = hashlib.sha256()
    with target.open("wb") as kept:
        while block := file.read(1 << 20):
            digest.update(block)
            kept.write(block)
    return Sha256(digest.hexdigest())


def _is_left(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > _SECONDS_UNTIL_LEFT
    except FileNotFoundError:
        return False
