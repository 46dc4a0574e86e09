"""Paths to sources: files, folders, patterns; and what is said of them in a manifest."""

import glob
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ingest.manifest import MANIFEST, read_manifest
from ingest.readers import SUPPORTED, SUPPORTED_EXTENSIONS
from ingest.source import Fields, Outcome, Source
from ingest.unpacking import is_archive


def find_sources(paths: Sequence[str | Path]) -> Iterator[Source | Outcome]:
    """Yield a source for each file, in the order of `paths` and sorted within folders.

    A path is a file, a folder (searched recursively, hidden files and folders skipped, each folder
    once, so that loops of links end) or a pattern such as `reports/*.pdf`. What is not there,
    cannot be read or is of no supported kind is a rejected outcome. A `manifest.jsonl` gives the
    fields of the files beside it.
    """
    manifests = _Manifests()
    for path in paths:
        yield from _at(Path(path), manifests)


def source_of(path: Path) -> str:
    """Return the lasting address of a file: its absolute path with links resolved."""
    name = Path(os.path.realpath(path)).as_posix()
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


class _Manifests:
    """The manifests of the folders seen so far."""

    def __init__(self) -> None:
        self._read: dict[Path, Mapping[str, Fields]] = {}

    def fields_of(self, path: Path) -> Fields:
        """Return what the manifest beside a file says of it."""
        folder = path.parent
        if folder not in self._read:
            self._read[folder] = read_manifest(folder / MANIFEST)
        return self._read[folder].get(path.name, Fields())


def _at(path: Path, manifests: _Manifests) -> Iterator[Source | Outcome]:
    try:
        if path.is_dir():
            yield from _in_folder(path, manifests, set())
        elif path.exists():
            yield _source(path, manifests)
        else:
            yield from _matching(path, manifests)
    except (OSError, ValueError) as error:
        yield _rejected(path, f"The path cannot be read: {_reason(error)}.")


def _matching(path: Path, manifests: _Manifests) -> Iterator[Source | Outcome]:
    """Yield what a pattern matches; a path that is none does not exist."""
    is_pattern = glob.has_magic(str(path))
    anchor = Path(path.anchor)
    pattern = str(path.relative_to(anchor)) if path.anchor else str(path)
    matches = sorted(anchor.glob(pattern)) if is_pattern else []
    if not matches:
        found = "Nothing matches this pattern" if is_pattern else "No such file"
        yield _rejected(path, f"{found}. Expected a file, a folder or a pattern; check the path.")
    for match in matches:
        if match.name != MANIFEST and not match.name.startswith("."):
            yield from _at(match, manifests)


def _in_folder(
    folder: Path, manifests: _Manifests, seen: set[tuple[int, int]]
) -> Iterator[Source | Outcome]:
    try:
        status = folder.stat()
        if (status.st_dev, status.st_ino) in seen:
            return
        seen.add((status.st_dev, status.st_ino))
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        yield _rejected(folder, f"The folder cannot be read: {_reason(error)}.")
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name == MANIFEST:
            continue
        if entry.is_dir():
            yield from _in_folder(entry, manifests, seen)
        elif is_archive(entry.name) or entry.suffix.lower() in SUPPORTED_EXTENSIONS:
            yield _source(entry, manifests)
        else:
            ending = f"ending in {entry.suffix}" if entry.suffix else "without an extension"
            yield _rejected(entry, f"No reader for files {ending}. Supported are {SUPPORTED}.")


def _source(path: Path, manifests: _Manifests) -> Source:
    return Source(source_of(path), path.name, path=path, fields=manifests.fields_of(path))


def _rejected(path: Path, reason: str) -> Outcome:
    return Outcome(source_of(path), "rejected", reason=reason)


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
