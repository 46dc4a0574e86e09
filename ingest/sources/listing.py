"""Paths to sources: files, folders, patterns, manifests, addresses; and what is said of them."""

import glob
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.errors import ReadError
from ingest.readers.choosing import SUPPORTED, SUPPORTED_EXTENSIONS
from ingest.sources.manifest import MANIFEST, read_listing, read_manifest
from ingest.sources.source import Fields, Outcome, Source, is_address
from ingest.sources.unpacking import is_archive

AddressesIn = Callable[[str], Iterable[str]]
"""The addresses that a sitemap lists. Raises: ReadError."""


def find_sources(
    paths: Sequence[str | Path], addresses_in: AddressesIn | None = None
) -> Iterator[Source | Outcome]:
    """Yield a source for each file, in the order of `paths` and sorted within folders.

    A path is a file, a folder (searched recursively, hidden files and folders skipped, each folder
    once, so that loops of links end), a pattern such as `reports/*.pdf`, a manifest (`.jsonl`) that
    lists files and addresses, or an http(s) address; one called `sitemap….xml` stands for those it
    lists. What is not there, cannot be read or is of no supported kind is a rejected outcome. A
    `manifest.jsonl` gives the fields of the files beside it. Addresses are not fetched here.
    """
    manifests = _Manifests()
    for path in paths:
        root = root_of(path)
        found = (
            _addressed(str(path), addresses_in)
            if is_address(str(path))
            else _at(Path(path), manifests)
        )
        for each in found:
            yield replace(each, root=root)


def root_of(path: str | Path) -> str:
    """Return what a path given by the user is called as the root of what it leads to."""
    return str(path) if is_address(str(path)) else source_of(Path(path))


def watched_places(paths: Sequence[str]) -> list[Path]:
    """Return the files and folders below which these paths lead, those that exist."""
    places = []
    for path in paths:
        if is_address(path):
            continue
        place = Path(path)
        while glob.has_magic(str(place)):
            place = place.parent
        if place.exists():
            places.append(place)
    return places


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


def _addressed(address: str, addresses_in: AddressesIn | None) -> Iterator[Source | Outcome]:
    name = address.partition("?")[0].rstrip("/").rsplit("/", 1)[-1].lower()
    if addresses_in is None or not (name.startswith("sitemap") and name.endswith(".xml")):
        yield _to_fetch(address)
        return
    try:
        for listed in addresses_in(address):
            yield _to_fetch(listed)
    except ReadError as error:
        yield Outcome(address, "rejected", reason=str(error))


def _to_fetch(address: str, fields: Fields | None = None) -> Source:
    name = address.partition("?")[0].rstrip("/").rsplit("/", 1)[-1]
    return Source(address, name or "document", fields=fields or Fields())


def _at(path: Path, manifests: _Manifests) -> Iterator[Source | Outcome]:
    try:
        if path.is_dir():
            yield from _in_folder(path, manifests, set())
        elif path.suffix.lower() == ".jsonl" and path.is_file():
            yield from _listed(path)
        elif path.exists():
            yield _source(path, manifests)
        else:
            yield from _matching(path, manifests)
    except (OSError, ValueError) as error:
        yield _rejected(path, f"The path cannot be read: {_reason(error)}.")


def _listed(manifest: Path) -> Iterator[Source | Outcome]:
    """Yield what a manifest lists."""
    for number, name, fields in read_listing(manifest):
        if name is None:
            yield Outcome(
                f"{source_of(manifest)}#{number}",
                "rejected",
                reason=f"Line {number} of the manifest names nothing. "
                'Expected a JSON object with "file" or "url".',
            )
        elif is_address(name):
            yield _to_fetch(name, fields)
        elif (path := manifest.parent / name).is_file():
            yield Source(source_of(path), path.name, path=path, fields=fields)
        else:
            yield _rejected(path, f"No such file, named in line {number} of {manifest.name}.")


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
