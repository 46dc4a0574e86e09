"""The file of a bundle: what it holds, and reading it with every checksum compared.

A bundle is a ZIP file.

    bundle.json             format, snapshot, embedder, and the SHA-256 of every other member
    documents/<doc_id>.json document, pages and chunks
    documents/<doc_id>.bin  the bytes that were read
    vectors.npy, keys.json  (n, d) float32, and the text hash of each row
    outline/                what the snapshot held, as in `index.snapshots.outline`;
                            replays are as of it
"""

import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter, ValidationError

from corpus.chunk import Chunk
from corpus.document import GRADES_BEFORE, SOURCES_BEFORE, Document, Page
from corpus.errors import InputError, NotFoundError
from corpus.ids import DocId, Fingerprint, Sha256, sha256_of
from index.snapshots.outline import Outline
from index.values.ports import FloatMatrix

FORMAT = 1
CONTENTS = "bundle.json"
OUTLINE = "outline/"
LARGEST_MEMBER_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Contents:
    """The member `bundle.json`."""

    format: int
    snapshot: str
    embedder: Fingerprint
    sha256: dict[str, Sha256]


@dataclass(frozen=True, slots=True)
class Packed:
    """The member of one document."""

    document: Document
    pages: list[Page]
    chunks: list[Chunk]


_PACKED = TypeAdapter(Packed)


def opened(file: Path) -> zipfile.ZipFile:
    """Return the open file. Raises: InputError."""
    try:
        return zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(
            f"{file} is no bundle: {error}. Make one with: snapshots export"
        ) from error


def checked(archive: zipfile.ZipFile, file: Path) -> Contents:
    """Return what the bundle holds. Raises: InputError naming the member that is damaged."""
    try:
        contents = TypeAdapter(Contents).validate_json(archive.read(CONTENTS))
    except (KeyError, ValidationError, zipfile.BadZipFile, zlib.error, OSError) as error:
        raise InputError(f"{file} is no bundle: {CONTENTS} is missing or damaged.") from error
    if contents.format != FORMAT:
        raise InputError(
            f"{file} has format {contents.format}, this version of citewell reads {FORMAT}; "
            "update citewell"
        )
    for name, wanted in contents.sha256.items():
        try:
            info = archive.getinfo(name)
            large = info.file_size > LARGEST_MEMBER_BYTES
            sound = not large and sha256_of(archive.read(name)) == wanted
        except (KeyError, zipfile.BadZipFile, zlib.error, OSError, ValueError):
            sound = False
        if not sound:
            raise InputError(
                f"{file} is damaged at {name}: its checksum differs. Nothing was imported."
            )
    return contents


def _unpacked(member: bytes) -> Packed:
    """Return a document; one of a bundle that is older than the grades A to D in the new words."""
    held = json.loads(member)
    for page in held["pages"]:
        quality = page["quality"]
        quality["grade"] = GRADES_BEFORE.get(quality["grade"], quality["grade"])
        quality["source"] = SOURCES_BEFORE.get(quality["source"], quality["source"])
    return _PACKED.validate_python(held)


def packed_documents(
    archive: zipfile.ZipFile, contents: Contents
) -> Iterator[tuple[Packed, bytes]]:
    """Yield the documents with their bytes."""
    for name in sorted(contents.sha256):
        if name.startswith("documents/") and name.endswith(".json"):
            packed = _unpacked(archive.read(name))
            yield packed, archive.read(f"{name.removesuffix('.json')}.bin")


def packed_vectors(archive: zipfile.ZipFile) -> tuple[list[Sha256], FloatMatrix]:
    """Return the vectors and the text hash of each row."""
    keys = [Sha256(key) for key in json.loads(archive.read("keys.json"))]
    matrix: FloatMatrix = np.load(io.BytesIO(archive.read("vectors.npy")), allow_pickle=False)
    return keys, matrix


def packed_outline(archive: zipfile.ZipFile, contents: Contents) -> Outline | None:
    """Return what the snapshot held; None in a bundle of a version that did not say so.

    Raises: InputError.
    """
    names = [name for name in contents.sha256 if name.startswith(OUTLINE)]
    if not names:
        return None
    members = {name.removeprefix(OUTLINE): archive.read(name) for name in names}
    try:
        outline = Outline.of_members(members)
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"The bundle's {OUTLINE} cannot be read: {error}.") from error
    return outline if outline.manifest.snapshot_id == contents.snapshot else None


class BundleDocuments:
    """The documents of a bundle, looked up without a store. Each is read when it is asked for."""

    def __init__(self, archive: zipfile.ZipFile, contents: Contents) -> None:
        self._archive = archive
        self._names = {
            DocId(Path(name).stem): name
            for name in sorted(contents.sha256)
            if name.startswith("documents/") and name.endswith(".json")
        }

    def documents(self) -> list[Document]:
        """Return the documents ordered by doc_id."""
        return [self.document(doc_id) for doc_id in self._names]

    def document(self, doc_id: DocId) -> Document:
        """Return one document. Raises: NotFoundError."""
        return self._packed(doc_id).document

    def pages(self, doc_id: DocId) -> dict[int, Page]:
        """Return the pages by number. Raises: NotFoundError."""
        return {page.number: page for page in self._packed(doc_id).pages}

    def _packed(self, doc_id: DocId) -> Packed:
        if doc_id not in self._names:
            raise NotFoundError(f"there is no document {doc_id} in the bundle")
        return _unpacked(self._archive.read(self._names[doc_id]))


@contextmanager
def bundle_documents(file: Path) -> Iterator[BundleDocuments]:
    """Open a bundle to look its documents up. Raises: InputError if it is no sound bundle."""
    with opened(file) as archive:
        yield BundleDocuments(archive, checked(archive, file))
