"""The collection as of a date before it was made: of each source the edition of that time."""

import calendar
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from corpus.document import Document
from corpus.errors import InputError
from corpus.ids import ChunkId
from index.aliases.alias_edits import AliasEdits
from index.aliases.alias_learning import learn_aliases
from index.documents.indexed_document import IndexedDocument
from index.snapshots.building import expected_fingerprint, snapshot_id_of
from index.snapshots.manifest import Manifest, ShardEntry
from index.snapshots.outline import Outline
from index.values.ports import ChunkSource, Embedder
from index.values.snapshot_settings import SnapshotSettings

_BATCH = 2000
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)


def end_of(when: str) -> datetime:
    """Return the last moment of a year, month or day, or the moment itself, in UTC.

    >>> end_of("2019-02").isoformat()
    '2019-02-28T23:59:59.999999+00:00'

    Raises: InputError.
    """
    try:
        if not _DATE.fullmatch(when):
            moment = datetime.fromisoformat(when)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        year, month, day = (int(part) for part in (when + "-00-00")[:10].split("-"))
        month = month or 12
        day = day or calendar.monthrange(year, month)[1]
        return datetime(year, month, day, 23, 59, 59, 999999, tzinfo=UTC)
    except (ValueError, calendar.IllegalMonthError) as error:
        raise InputError(
            f"Found {when!r}; expected a date such as 2019, 2019-06 or 2019-06-30, or a time such "
            "as 2019-06-30T12:00:00Z."
        ) from error


def editions_as_of(editions: Sequence[Document], when: datetime) -> list[Document]:
    """Return one document a source, in order of doc_id: the newest edition of that time.

    `editions` come with the older ones of a source before the newer. One without a date is taken
    where no edition of its source has a date of that time or before; a source whose editions are
    all of later dates is left out.

    Raises: InputError for a time that no document is of.
    """
    chosen: dict[str, Document] = {}
    for document in editions:
        begins = _begin_of(document.date)
        if begins is not None and begins > when:
            continue
        known = chosen.get(document.source)
        known_begins = _begin_of(known.date) if known else None
        if known is None or known_begins is None or (begins and begins >= known_begins):
            chosen[document.source] = document
    if not chosen:
        raise InputError(f"No document of the collection is of {when:%Y-%m-%d} or before.")
    return sorted(chosen.values(), key=lambda document: document.doc_id)


def outline_of_editions(
    documents: Sequence[Document],
    chunk_ids: Mapping[ChunkId, Document],
    chunks: ChunkSource,
    embedder: Embedder,
    edits: AliasEdits,
) -> Outline:
    """Return the outline of a snapshot of these documents; `chunk_ids` has all their chunks."""
    settings, ids = SnapshotSettings(), sorted(chunk_ids)
    fingerprint = expected_fingerprint(ids, documents, embedder.fingerprint, settings, edits)
    ordinals = {document.doc_id: number for number, document in enumerate(documents)}
    found = (
        chunk
        for start in range(0, len(ids), _BATCH)
        for chunk in chunks.chunks(ids[start : start + _BATCH]).values()
    )
    manifest = Manifest(
        snapshot_id=snapshot_id_of(fingerprint),
        fingerprint=fingerprint,
        created_at=datetime.now(UTC).isoformat(timespec="microseconds"),
        embedder=embedder.name,
        embedder_fingerprint=embedder.fingerprint,
        dimensions=embedder.dimensions,
        readings=tuple(sorted({document.reading for document in documents})),
        settings=settings.to_json(),
        documents=len(documents),
        chunks=len(ids),
        shards=(ShardEntry(len(ids), "exact"),),
        files={},
    )
    return Outline(
        manifest,
        tuple(IndexedDocument.of(document) for document in documents),
        edits.applied(learn_aliases(documents, found)),
        np.array([each.encode() for each in ids], dtype=np.bytes_),
        np.array([ordinals[chunk_ids[each].doc_id] for each in ids], dtype=np.int32),
    )


def _begin_of(date: str | None) -> datetime | None:
    """Return the first moment of a document's date; None where it has none that is a date."""
    if not date:
        return None
    padded = (date + "-01-01")[:10] if len(date) < 10 else date[:10]
    try:
        return datetime.fromisoformat(padded).replace(tzinfo=UTC)
    except ValueError:
        return None
