"""The file of a bundle: what it holds, and reading it with every checksum compared.

A bundle is a ZIP file.

    bundle.json             format, snapshot, embedder, and the SHA-256 of every other member
    signature.json          the exporting home's signature of `bundle.json`
    documents/<doc_id>.json document, pages and chunks
    documents/<doc_id>.bin  the bytes that were read
    vectors.npy, keys.json  (n, d) float32, and the text hash of each row
    outline/                what the snapshot held, as in `index.snapshots.outline`;
                            replays are as of it

The file may come from anybody: no member is read beyond its limit, and whatever is not as it must
be is an InputError that names the member.
"""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from pydantic import TypeAdapter, ValidationError

from corpus.chunk import Chunk
from corpus.document import GRADES_BEFORE, SOURCES_BEFORE, Document, Page
from corpus.errors import InputError
from corpus.ids import DocId, Fingerprint, Sha256, sha256_of
from index.snapshots.outline import Outline
from index.values.ports import FloatMatrix

FORMAT = 1
CONTENTS = "bundle.json"
SIGNATURE = "signature.json"
OUTLINE = "outline/"
VECTORS, VECTOR_KEYS = "vectors.npy", "keys.json"
LARGEST_MEMBER_BYTES = 2 * 1024**3
LARGEST_LIST_BYTES = 64 * 1024**2
LARGEST_DOCUMENT_BYTES = 32 * 1024**2  # as JSON; a report of 1,000 pages has about 10 MB
# Reports and their text shrink to a tenth; what shrinks far more was made to fill a memory.
MOST_EXPANSION = 100
EXPANSION_ALLOWED_BYTES = 64 * 1024**2
VECTORS_AT_ONCE = 4096
_BLOCK_BYTES = 1024**2
_DOC_ID = re.compile(r"d[0-9a-f]{16}")
_SNAPSHOT_ID = re.compile(r"s[0-9a-f]{16}")

# What zipfile, json, numpy and pydantic raise where something is not as it must be.
_MALFORMED = (
    ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError,
    TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


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


_CONTENTS = TypeAdapter(Contents)
_PACKED = TypeAdapter(Packed)
_KEYS = TypeAdapter(list[Sha256])


class BundleFile:
    """An open bundle whose checksums are right. Its members are read when they are asked for."""

    def __init__(self, file: Path, archive: zipfile.ZipFile) -> None:
        self.file = file
        self._archive = archive
        self._check_sizes()
        self.signed = self._read(CONTENTS, LARGEST_LIST_BYTES)
        self.contents = self._read_contents()
        self._check_sums()

    @classmethod
    @contextmanager
    def opened(cls, file: Path) -> Iterator[Self]:
        """Open a bundle. Raises: InputError if it is no sound one."""
        try:
            archive = zipfile.ZipFile(file)
        except _MALFORMED as error:
            raise InputError(
                f"{file} is no bundle: {error}. Make one with: snapshots export"
            ) from error
        with archive:
            yield cls(file, archive)

    @property
    def signature(self) -> bytes | None:
        """The member `signature.json`; None in a bundle that has none."""
        if SIGNATURE not in self._archive.namelist():
            return None
        return self._read(SIGNATURE, LARGEST_LIST_BYTES)

    @property
    def doc_ids(self) -> list[DocId]:
        """The documents in order. Raises: InputError for one whose name is no document's."""
        names = [name for name in self.contents.sha256 if name.startswith("documents/")]
        ids = sorted(Path(name).stem for name in names if name.endswith(".json"))
        wanted = {f"documents/{each}{kind}" for each in ids for kind in (".json", ".bin")}
        for name in sorted(wanted.symmetric_difference(names)):
            raise self._malformed(name, "expected documents/<doc_id>.json and .bin, both")
        for each in ids:
            if not _DOC_ID.fullmatch(each):
                raise self._malformed(f"documents/{each}.json", "the name is no document's id")
        return [DocId(each) for each in ids]

    def packed(self, doc_id: DocId) -> Packed:
        """Return a document; of a bundle that is older than the grades A to D in the new words.

        Raises: InputError if it cannot be read, or is another document.
        """
        name = f"documents/{doc_id}.json"
        content = self._read(name, LARGEST_DOCUMENT_BYTES)
        try:
            held = json.loads(content)
            for page in held["pages"]:
                quality = page["quality"]
                quality["grade"] = GRADES_BEFORE.get(quality["grade"], quality["grade"])
                quality["source"] = SOURCES_BEFORE.get(quality["source"], quality["source"])
            packed = _PACKED.validate_python(held)
        except _MALFORMED as error:
            raise self._malformed(name, _first_problem(error)) from error
        if packed.document.doc_id != doc_id:
            raise self._malformed(name, f"it holds the document {packed.document.doc_id}")
        return packed

    def content(self, document: Document) -> bytes:
        """Return the bytes that a document was read from. Raises: InputError if they are others."""
        name = f"documents/{document.doc_id}.bin"
        content = self._read(name, LARGEST_MEMBER_BYTES)
        if sha256_of(content) != document.sha256:
            raise self._malformed(name, f"the document's SHA-256 is {document.sha256}")
        return content

    def vectors(self, dimensions: int) -> Iterator[tuple[list[Sha256], FloatMatrix]]:
        """Yield the text hashes and their vectors, some thousand rows at a time.

        Raises: InputError unless there is one vector of `dimensions` numbers for each hash.
        """
        try:
            keys = _KEYS.validate_json(self._read(VECTOR_KEYS, LARGEST_LIST_BYTES))
        except ValidationError as error:
            raise self._malformed(VECTOR_KEYS, _first_problem(error)) from error
        if not keys:
            return
        try:
            with self._archive.open(VECTORS) as stream:
                np.lib.format.read_magic(stream)
                shape, by_column, dtype = np.lib.format.read_array_header_1_0(stream)
                if shape != (len(keys), dimensions) or by_column or dtype != np.dtype("<f4"):
                    raise ValueError(
                        f"found {dtype} of shape {shape}, expected float32 of shape "
                        f"({len(keys)}, {dimensions})"
                    )
                for start in range(0, len(keys), VECTORS_AT_ONCE):
                    some = keys[start : start + VECTORS_AT_ONCE]
                    raw = stream.read(len(some) * dimensions * 4)
                    rows = np.frombuffer(raw, dtype="<f4").reshape(len(some), dimensions)
                    if not np.isfinite(rows).all():
                        raise ValueError("a vector has a number that is not finite")
                    yield some, rows
        except _MALFORMED as error:
            raise self._malformed(VECTORS, str(error)) from error

    def outline(self) -> Outline | None:
        """Return what the snapshot held; None in a bundle of a version that did not say so.

        Raises: InputError.
        """
        names = [name for name in self.contents.sha256 if name.startswith(OUTLINE)]
        if not names:
            return None
        members = {n.removeprefix(OUTLINE): self._read(n, LARGEST_LIST_BYTES) for n in names}
        try:
            outline = Outline.of_members(members)
            outline.ids()
        except _MALFORMED as error:
            raise self._malformed(OUTLINE, str(error)) from error
        return outline if outline.manifest.snapshot_id == self.contents.snapshot else None

    def _check_sizes(self) -> None:
        infos = self._archive.infolist()
        names = [info.filename for info in infos]
        if len(set(names)) < len(names):
            raise InputError(f"{self.file} is no bundle: it has two members of one name.")
        for info in infos:
            if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise self._malformed(info.filename, "it is packed otherwise than by deflate")
        size, packed = sum(info.file_size for info in infos), self.file.stat().st_size
        if size > MOST_EXPANSION * packed + EXPANSION_ALLOWED_BYTES:
            raise InputError(
                f"{self.file} unpacks from {packed} to {size} bytes; expected at most "
                f"{MOST_EXPANSION} times its size. Nothing was imported."
            )

    def _read_contents(self) -> Contents:
        try:
            contents = _CONTENTS.validate_json(self.signed)
        except ValidationError as error:
            raise self._malformed(CONTENTS, _first_problem(error)) from error
        if contents.format != FORMAT:
            raise InputError(
                f"{self.file} has format {contents.format}, this version of citewell reads "
                f"{FORMAT}; update citewell"
            )
        if not _SNAPSHOT_ID.fullmatch(contents.snapshot):
            raise self._malformed(CONTENTS, "the snapshot's name is no snapshot's id")
        return contents

    def _check_sums(self) -> None:
        for name, wanted in self.contents.sha256.items():
            digest = hashlib.sha256()
            try:
                self._refuse_large(name, LARGEST_MEMBER_BYTES)
                with self._archive.open(name) as stream:
                    while block := stream.read(_BLOCK_BYTES):
                        digest.update(block)
                sound = digest.hexdigest() == wanted
            except _MALFORMED:
                sound = False
            if not sound:
                raise InputError(
                    f"{self.file} is damaged at {name}: its checksum differs. Nothing was imported."
                )

    def _read(self, name: str, most_bytes: int) -> bytes:
        try:
            self._refuse_large(name, most_bytes)
            return self._archive.read(name)
        except _MALFORMED as error:
            raise self._malformed(name, str(error)) from error

    def _refuse_large(self, name: str, most_bytes: int) -> None:
        size = self._archive.getinfo(name).file_size
        if size > most_bytes:
            raise ValueError(f"it has {size} bytes; expected at most {most_bytes}")

    def _malformed(self, name: str, what: str) -> InputError:
        return InputError(
            f"{self.file} is no bundle: {name} is missing or damaged ({what}). Export it again."
        )


def _first_problem(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return repr(error)
    first = error.errors(include_url=False)[0]
    return f"at {'.'.join(map(str, first['loc'])) or 'the top'}: {first['msg']}"
