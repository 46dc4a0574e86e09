"""One immutable index on disk, opened and checked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.chunk import Chunk
from corpus.errors import MismatchError, SnapshotError
from corpus.ids import ChunkId, DocId, Fingerprint, SnapshotId
from index.aliases.alias import Aliases
from index.documents.document_names import DocumentNames
from index.documents.filters import Filters
from index.documents.indexed_document import IndexedDocument, read_documents
from index.documents.naming import NamedDocuments, documents_named
from index.indexes.analysing import ENGLISH, analyse, words_of
from index.indexes.lexical_index import TantivyIndex
from index.indexes.partial_vector_index import PartialVectorIndex
from index.indexes.vector_index import FaissVectorIndex
from index.snapshots.checking import check_files
from index.snapshots.manifest import Layout, Manifest, ShardLayout, read_aliases
from index.snapshots.mapped_files import MappedFiles
from index.values.ports import LexicalIndex, RowMask, VectorIndex
from index.values.snapshot_settings import SnapshotSettings

DocumentRows = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A built index: two searches over the same rows, and what the rows are.

    `chunk_ids` is (n,) bytes strings, `document_rows` (n,) positions in `documents`, `languages`
    (n,) bytes strings: how each row's text was analysed, None for English alone; `spoken` each
    of them once. `others` are the rows in other languages than English, by the multilingual
    model; None where there are none. Stays usable when another process deletes its folder: its
    files are mapped.
    """

    manifest: Manifest
    documents: tuple[IndexedDocument, ...]
    chunk_ids: npt.NDArray[np.bytes_]
    document_rows: DocumentRows
    vectors: VectorIndex
    lexical: LexicalIndex
    aliases: Aliases = field(default_factory=Aliases)
    languages: npt.NDArray[np.bytes_] | None = None
    spoken: tuple[str, ...] = (ENGLISH,)
    others: PartialVectorIndex | None = None
    files: MappedFiles = field(default_factory=MappedFiles, repr=False, compare=False)
    names: DocumentNames = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", DocumentNames(self.documents, self.spoken))

    @classmethod
    def open(
        cls, folder: Path, *, embedder: Fingerprint | None = None, verify: bool = True
    ) -> "Snapshot":
        """Return the snapshot in a folder.

        Sizes are always checked; `verify` says whether every file's SHA-256 is too. `embedder` is
        the fingerprint of the embedder that will embed the questions.

        Raises: NotFoundError, DamagedSnapshotError naming the file, MismatchError naming both
        fingerprints, SnapshotError for a format that this version does not read.
        """
        manifest = Manifest.read(folder)
        if embedder is not None and embedder != manifest.embedder_fingerprint:
            raise MismatchError(
                f"the snapshot {manifest.snapshot_id} was embedded by {manifest.embedder} with "
                f"fingerprint {manifest.embedder_fingerprint}, but the embedder in use has "
                f"fingerprint {embedder}; use that embedder, or build again: citewell ingest"
            )
        check_files(folder, manifest, hashes=verify)
        return _open_checked(folder, manifest)

    @property
    def snapshot_id(self) -> SnapshotId:
        """The snapshot's id: from its fingerprint."""
        return self.manifest.snapshot_id

    def chunk_id(self, row: int) -> ChunkId:
        """Return the chunk of a row."""
        return ChunkId(bytes(self.chunk_ids[row]).decode("utf-8"))

    def language(self, row: int) -> str:
        """Return the language by which a row's text was analysed."""
        return ENGLISH if self.languages is None else bytes(self.languages[row]).decode("ascii")

    def other_row(self, chunk_id: ChunkId) -> int | None:
        """Return the row of a chunk in another language than English; None for any else."""
        if self.others is None:
            return None
        row = self._row_of(chunk_id)
        return row if row is not None and self.others.holds(row) else None

    def _row_of(self, chunk_id: ChunkId) -> int | None:
        row = int(np.searchsorted(self.chunk_ids, chunk_id.encode()))
        held = row < len(self.chunk_ids) and self.chunk_ids[row] == chunk_id.encode()
        return row if held else None

    def document(self, row: int) -> IndexedDocument:
        """Return the document of a row."""
        return self.documents[int(self.document_rows[row])]

    def documents_named(self, name: str, allowed: RowMask | None = None) -> NamedDocuments | None:
        """Return how well the documents answer to a name; None if none does.

        `allowed` is (n,): documents without an allowed row are as if they were not there.
        """
        return documents_named(name, self.names, self.lexical, self.document_rows, allowed)

    def documents_with(self, allowed: RowMask | None) -> RowMask | None:
        """Return (documents,), True for those with a row that is allowed; None for all."""
        if allowed is None:
            return None
        rows = np.bincount(self.document_rows[allowed], minlength=len(self.documents))
        found: RowMask = rows > 0
        return found

    def permitted(self, collections: Sequence[str] | None) -> RowMask | None:
        """Return (documents,), True for those of the collections; None for all documents."""
        if collections is None:
            return None
        names = frozenset(collections)
        return np.array([each.collection in names for each in self.documents], dtype=np.bool_)

    def aliases_in(self, permitted: RowMask | None) -> Aliases:
        """Return the aliases, those alone that were learned from permitted documents.

        `permitted` is (documents,); None for all documents.
        """
        if permitted is None:
            return self.aliases
        seen = {self.documents[each].doc_id for each in np.flatnonzero(permitted).tolist()}
        return self.aliases.learned_from(seen)

    def may_show(self, doc_id: DocId, permitted: RowMask | None) -> bool:
        """Tell whether a document is permitted; one that the snapshot lacks is where all are.

        `permitted` is (documents,); None for all documents.
        """
        if permitted is None:
            return True
        seen = np.flatnonzero(permitted).tolist()
        return any(self.documents[each].doc_id == doc_id for each in seen)

    def shared_words(self, asked: str, chunk: Chunk) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the words of a question that a passage has in some form, and those it lacks.

        Each once, in lower case, as they stand in the question.
        """
        held = set(analyse(chunk.embedded_text, self._language_of(chunk)))
        shared: dict[str, bool] = {}
        for word, forms in words_of(asked, self.spoken):
            shared[word] = shared.get(word, False) or any(form in held for form in forms)
        return (
            tuple(word for word, has in shared.items() if has),
            tuple(word for word, has in shared.items() if not has),
        )

    def _language_of(self, chunk: Chunk) -> str:
        row = self._row_of(chunk.chunk_id)
        return ENGLISH if row is None else self.language(row)

    def allowed(self, filters: Filters | None, permitted: RowMask | None = None) -> RowMask | None:
        """Return (n,), True for the rows of documents where the filters hold; None for all rows.

        `permitted` is (documents,): the others are as if they were not there.
        Raises: FilterError for a key that no document has.
        """
        if not filters:
            return None if permitted is None else permitted[self.document_rows]
        mask: RowMask = filters.mask(self.documents, permitted)[self.document_rows]
        return mask


def _open_checked(folder: Path, manifest: Manifest) -> Snapshot:
    if len(manifest.shards) != 1:
        raise SnapshotError(
            f"the snapshot {manifest.snapshot_id} has {len(manifest.shards)} shards, "
            f"expected 1: it was made for several machines"
        )
    layout = Layout(folder)
    shard = layout.shard(0)
    settings = SnapshotSettings.from_json(manifest.settings)
    document_rows: DocumentRows = np.load(shard.documents, allow_pickle=False)
    languages = np.load(shard.languages, allow_pickle=False) if shard.languages.exists() else None
    return Snapshot(
        manifest,
        tuple(read_documents(layout.documents.read_text("utf-8"))),
        np.load(shard.chunk_ids, allow_pickle=False),
        document_rows,
        FaissVectorIndex.open(shard.vectors, settings.vectors),
        TantivyIndex.open(shard.lexical, document_rows, settings.lexical, spoken_in(languages)),
        read_aliases(folder),
        languages,
        spoken_in(languages),
        _others_in(shard, settings),
        MappedFiles.of(folder / path for path in manifest.files),
    )


def _others_in(shard: ShardLayout, settings: SnapshotSettings) -> PartialVectorIndex | None:
    if not shard.other_rows.exists():
        return None
    rows = np.load(shard.other_rows, allow_pickle=False)
    return PartialVectorIndex(rows, FaissVectorIndex.open(shard.other_vectors, settings.vectors))


def spoken_in(languages: npt.NDArray[np.bytes_] | None) -> tuple[str, ...]:
    """Return each language of the rows once; English where there are none."""
    if languages is None or not len(languages):
        return (ENGLISH,)
    return tuple(bytes(each).decode("ascii") for each in np.unique(languages))
