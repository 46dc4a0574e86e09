"""Whether a snapshot's files are those that its manifest lists. Needs neither FAISS nor tantivy."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from corpus.errors import CitewellError
from index.snapshots.manifest import FileEntry, Layout, Manifest, damaged


def verify_snapshot(folder: Path) -> list[str]:
    """Return what is wrong with a snapshot, one line a problem; an empty list if nothing is."""
    try:
        manifest = Manifest.read(folder)
    except CitewellError as error:
        return [str(error)]
    problems = []
    for path, entry in manifest.files.items():
        problem = _problem_of(folder / path, entry, hashes=True)
        if problem is not None:
            problems.append(f"{path}: {problem}")
    expected = {folder / path for path in manifest.files}
    for extra in Layout(folder).content_files():
        if extra not in expected:
            problems.append(f"{extra.relative_to(folder)}: not in the manifest")
    return problems


def sha256_of_file(path: Path) -> str:
    """Return a file's SHA-256 in 64 hexadecimal digits, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_files(folder: Path, manifest: Manifest, *, hashes: bool) -> None:
    """Compare every file's size, and its SHA-256 if `hashes`, with the manifest.

    Raises: DamagedSnapshotError naming the first file that differs.
    """
    paths = list(manifest.files)
    # hashlib lets other threads run: two cores check two files at a time.
    with ThreadPoolExecutor(2) as pool:
        problems = pool.map(
            lambda path: _problem_of(folder / path, manifest.files[path], hashes=hashes), paths
        )
        for path, problem in zip(paths, problems, strict=True):
            if problem is not None:
                raise damaged(folder, folder / path, problem)


def _problem_of(path: Path, entry: FileEntry, *, hashes: bool) -> str | None:
    try:
        size = path.stat().st_size
        if size != entry.bytes:
            return f"it has {size} bytes, expected {entry.bytes}"
        if hashes and (found := sha256_of_file(path)) != entry.sha256:
            return f"its SHA-256 is {found}, expected {entry.sha256}"
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    return None
