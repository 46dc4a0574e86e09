"""Adding a bundle to a home, and looking citations up in one.

Importing adds a bundle's documents and publishes; into an empty home with the same settings that
gives the snapshot that was exported, with the same id. Into any home it brings what the snapshot
held, so that answers from it can be replayed.

What a bundle of an unknown maker says of its files is not believed: they are read again.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Document
from corpus.errors import InputError, NotFoundError
from corpus.home import Home
from corpus.ids import DocId, Sha256
from corpus.stores.sql_store import SqlStore
from index.embedding.opening import open_vectors
from index.embedding.vector_cache import VectorCache
from index.snapshots.building import build
from index.snapshots.outline import keep_outline, outline_of
from index.values.ports import Embedder
from service.access.opening import open_store
from service.access.writing import sole_writer
from service.auditing.recording import open_audit
from service.collection.bundle import BundleFile, Packed
from service.collection.bundle_documents import BundleDocuments
from service.collection.bundle_trust import believed_keys, check_bundle_signature, trusted
from service.collection.bundling import Bundle
from service.collection.rereading import Rereader, refuse_unequal
from service.settings.models import Models
from service.settings.settings import Settings
from service.values.verification import SignatureVerdict


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document of a bundle whose file could not be read here, and why."""

    doc_id: DocId
    reason: str


@dataclass(frozen=True, slots=True)
class Imported(Bundle):
    """What was imported, and what was not.

    `signature` is `valid` for a bundle of a known key; the files of any other were read again.
    `differing` are documents whose file says something else than the bundle: the file's text was
    taken. `deleted` were deleted here before, and are left out.
    """

    signature: SignatureVerdict
    differing: tuple[DocId, ...] = ()
    deleted: tuple[DocId, ...] = ()
    rejected: tuple[Rejected, ...] = ()


def import_bundle(file: Path, settings: Settings, public_key: Path | None = None) -> Imported:
    """Add a bundle's documents to the home, and publish.

    A bundle that this home signed, or the holder of `public_key`, is taken as it is, with its
    vectors if they are of the same embedder. Of any other the files are read again and embedded
    anew. Documents that were deleted here stay deleted.
    Raises: InputError if the file is no sound bundle, or not of `public_key`: nothing is imported
    then. StoreError, SnapshotError, ModelError.
    """
    layout, models = settings.layout, Models.open(settings)
    embedder = models.embedder
    with BundleFile.opened(file) as bundle:
        keys = believed_keys(settings, public_key)
        as_it_is = trusted(bundle, keys, wanted=public_key is not None)
        vectors_too = as_it_is and bundle.contents.embedder == embedder.fingerprint
        _refuse_malformed(bundle, as_it_is=as_it_is)
        if vectors_too:
            deque(bundle.vectors(embedder.dimensions), maxlen=0)
        with (
            sole_writer(layout),
            open_store(settings) as store,
            open_vectors(layout) as cache,
        ):
            arrival = _Arrival(bundle, store)
            arrival.take_as_it_is() if as_it_is else arrival.take_reread(settings)
            vectors = arrival.take_vectors(cache, embedder) if vectors_too else 0
            snapshot = build(store, cache, embedder, layout, multilingual=models.multilingual)
            arrival.keep_outline(layout)
            about = {"file": file.name, "documents": arrival.documents, "snapshot": snapshot}
            open_audit(settings).record("imported", about)
        return Imported(
            str(file),
            snapshot,
            arrival.documents,
            arrival.chunks,
            vectors,
            check_bundle_signature(bundle, keys),
            tuple(arrival.differing),
            tuple(arrival.deleted),
            tuple(arrival.rejected),
        )


@contextmanager
def bundle_documents(
    file: Path, settings: Settings, public_key: Path | None = None
) -> Iterator[BundleDocuments]:
    """Open a bundle to look its documents up, in the words of their files.

    Raises: InputError if it is no sound bundle.
    """
    with BundleFile.opened(file) as bundle, Rereader.open(settings) as rereader:
        keys = believed_keys(settings, public_key)
        as_it_is = trusted(bundle, keys, wanted=False)
        yield BundleDocuments(bundle, _as_bundled if as_it_is else rereader.one)


def _as_bundled(packed: Packed, _: bytes) -> Packed:
    return packed


def _refuse_malformed(bundle: BundleFile, *, as_it_is: bool) -> None:
    """Return if every member can be read. Raises: InputError."""
    for doc_id in bundle.doc_ids:
        packed = bundle.packed(doc_id)
        bundle.content(packed.document)
        if as_it_is:
            refuse_unequal(packed)
    bundle.outline()


class _Arrival:
    """Takes the documents of a bundle into a store, and keeps count."""

    def __init__(self, bundle: BundleFile, store: SqlStore) -> None:
        self._bundle = bundle
        self._store = store
        self._gone = {deletion.document_sha256 for deletion in store.deletions()}
        self._texts: set[Sha256] = set()
        self.documents = 0
        self.chunks = 0
        self.differing: list[DocId] = []
        self.deleted: list[DocId] = []
        self.rejected: list[Rejected] = []

    def take_as_it_is(self) -> None:
        """Store what the bundle says, but what is there as it was read stays as it is."""
        for packed in self._wanted():
            document = packed.document
            there = self._there(document)
            if there is None or there.reading != document.reading:
                content = self._bundle.content(document)
                self._store.add(document, content, packed.pages, packed.chunks)
            self._count(packed)

    def take_reread(self, settings: Settings) -> None:
        """Store what the files say that are not there yet."""
        with Rereader.open(settings) as rereader:
            for found in rereader.reread(self._new()):
                packed = found.packed
                if found.problem is not None:
                    self.rejected.append(Rejected(packed.document.doc_id, found.problem))
                    continue
                if found.differs:
                    self.differing.append(packed.document.doc_id)
                self._store.add(packed.document, found.content, packed.pages, packed.chunks)
                self._count(packed)

    def take_vectors(self, cache: VectorCache, embedder: Embedder) -> int:
        """Keep the vectors of what was taken, not of what was deleted; return how many."""
        taken = 0
        for keys, rows in self._bundle.vectors(embedder.dimensions):
            wanted = [row for row, key in enumerate(keys) if key in self._texts]
            cache.put(embedder.fingerprint, [keys[row] for row in wanted], rows[wanted])
            taken += len(wanted)
        return taken

    def keep_outline(self, home: Home) -> None:
        """Keep what the bundle's snapshot held, unless it is known or names what was deleted."""
        outline = self._bundle.outline()
        if outline is None or self.deleted:
            return
        try:
            outline_of(home, outline.manifest.snapshot_id)
        except NotFoundError:
            keep_outline(home, outline)

    def _wanted(self) -> Iterator[Packed]:
        """Yield the documents that were not deleted here, or are back since."""
        for doc_id in self._bundle.doc_ids:
            packed = self._bundle.packed(doc_id)
            there = self._there(packed.document)
            if there is None and packed.document.sha256 in self._gone:  # whatever its id
                self.deleted.append(doc_id)
            else:
                yield packed

    def _new(self) -> Iterator[tuple[Packed, bytes]]:
        for packed in self._wanted():
            if self._there(packed.document) is None:
                yield packed, self._bundle.content(packed.document)
            else:
                self._count(packed)

    def _there(self, document: Document) -> Document | None:
        """Return the document as the store has it. Raises: InputError if it has other bytes."""
        try:
            found = self._store.document(document.doc_id)
        except NotFoundError:
            return None
        if found.sha256 != document.sha256:
            raise InputError(
                f"The bundle calls a file {document.doc_id} that is another one here. Expected "
                "the same bytes under the same id; ingest the file itself."
            )
        return found

    def _count(self, packed: Packed) -> None:
        self.documents += 1
        self.chunks += len(packed.chunks)
        self._texts.update(chunk.embedded_sha256 for chunk in packed.chunks)
