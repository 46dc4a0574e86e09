"""A snapshot that has left answers again from its outline, as it did."""

from pathlib import Path

import numpy as np
import pytest

from corpus.errors import MismatchError, NotFoundError, SnapshotError
from corpus.ids import SnapshotId
from index.embedders.fake import HashEmbedder
from index.retrieval.retrieving import Retriever
from index.snapshots.building import build
from index.snapshots.history import answering_times
from index.snapshots.outline import Outline, outline_of, past_ids, read_outline
from index.snapshots.publishing import (
    current_id,
    delete_snapshot,
    list_snapshots,
    publish,
    purge_snapshots,
    snapshots_holding,
)
from index.snapshots.rebuilding import rebuild
from index.snapshots.snapshot import Snapshot
from index.span_finders.fake import OverlapSpanFinder
from tests.index.conftest import BuiltHome
from tests.index.samples import sample_store

QUERIES = ("Which processes does the Almaty Process cooperate with?", "secretariat", "cats")


def ranking(snapshot: Snapshot, built: BuiltHome) -> list[object]:
    retriever = Retriever(snapshot, built.store, built.embedder, OverlapSpanFinder())
    return [retriever.retrieve(query, k=5).hits for query in QUERIES]


def left(built: BuiltHome) -> SnapshotId:
    """Let the first snapshot leave, by publishing one without its first document."""
    documents = built.store.documents()
    built.store.delete(documents[0].doc_id)
    second = build(built.store, built.cache, built.embedder, built.home)
    assert purge_snapshots(built.home, keep=1) == [built.snapshot_id]
    return second


def test_a_revived_snapshot_ranks_as_it_did(built: BuiltHome) -> None:
    before = ranking(Snapshot.open(built.folder), built)
    outline = Outline.of_folder(built.folder)
    revived = rebuild(outline, built.store, built.cache, built.embedder)
    assert ranking(revived, built) == before
    assert np.array_equal(revived.document_rows, Snapshot.open(built.folder).document_rows)


def test_a_purged_snapshot_leaves_its_outline_and_no_index(built: BuiltHome) -> None:
    expected = Outline.of_folder(built.folder)
    left(built)
    assert not (built.home.snapshots / built.snapshot_id).exists()
    assert past_ids(built.home) == [built.snapshot_id]
    kept = outline_of(built.home, built.snapshot_id)
    assert kept.ids() == expected.ids()
    assert kept.documents == expected.documents
    assert kept.manifest == expected.manifest


def test_what_the_store_has_no_more_is_left_out_of_a_revived_snapshot(built: BuiltHome) -> None:
    gone = built.store.documents()[0].doc_id
    left(built)
    outline = read_outline(built.home, built.snapshot_id)
    revived = rebuild(outline, built.store, built.cache, built.embedder)
    assert 0 < len(revived.chunk_ids) < len(outline.chunk_ids)
    assert gone not in {revived.document(row).doc_id for row in range(len(revived.chunk_ids))}


def test_vectors_that_are_missing_are_embedded_again(built: BuiltHome) -> None:
    outline = Outline.of_folder(built.folder)
    before = ranking(Snapshot.open(built.folder), built)
    built.cache.remove([c.embedded_sha256 for c in sample_store().current_chunks()])
    assert ranking(rebuild(outline, built.store, built.cache, built.embedder), built) == before


def test_an_outline_names_the_document_that_is_to_be_purged(built: BuiltHome) -> None:
    gone = built.store.documents()[0].doc_id
    left(built)
    assert snapshots_holding(built.home, gone) == [built.snapshot_id]
    delete_snapshot(built.home, built.snapshot_id)
    assert past_ids(built.home) == []
    with pytest.raises(NotFoundError, match="there is no snapshot"):
        read_outline(built.home, built.snapshot_id)


def test_another_embedder_is_refused(built: BuiltHome) -> None:
    with pytest.raises(MismatchError, match="use that embedder"):
        rebuild(
            Outline.of_folder(built.folder),
            built.store,
            built.cache,
            HashEmbedder(dimensions=32),
        )


def test_a_damaged_outline_is_refused_with_its_file(built: BuiltHome) -> None:
    left(built)
    file: Path = built.home.snapshots / "past" / f"{built.snapshot_id}.zip"
    file.write_bytes(b"PK half")
    with pytest.raises(SnapshotError, match="is damaged"):
        read_outline(built.home, built.snapshot_id)


@pytest.mark.parametrize("name", ["../../x", "s0", ""])
def test_an_unknown_snapshot_has_no_outline(built: BuiltHome, name: str) -> None:
    with pytest.raises(NotFoundError):
        outline_of(built.home, SnapshotId(name))


def test_only_so_many_outlines_are_kept(built: BuiltHome) -> None:
    left(built)
    build(sample_store(), built.cache, built.embedder, built.home)
    purge_snapshots(built.home, keep=1, keep_past=0)
    assert past_ids(built.home) == []


def test_it_is_noted_which_snapshot_answered_when(built: BuiltHome) -> None:
    second = left(built)
    publish(built.home, second)
    times = answering_times(built.home)
    assert [each for _, each in times] == [built.snapshot_id, second]
    assert times[0][0] < times[1][0]
    assert current_id(built.home) == second
    assert [each.snapshot_id for each in list_snapshots(built.home)] == [second]


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\xff\xfe garbage\n",
        b"yesterday s0123456789abcdef\n",
        b"2026-01-01T00:00:00 s0123456789abcdef\n",
        b"2026-01-01T00:00:00+00:00 ../../etc\n",
        b"2026-01-01T00:00:00.0",
    ],
)
def test_garbage_among_the_times_is_passed_over_and_ends_no_ingest(
    built: BuiltHome, garbage: bytes
) -> None:
    times = answering_times(built.home)
    with (built.home.snapshots / "HISTORY").open("ab") as file:
        file.write(garbage)
    assert answering_times(built.home) == times
    second = left(built)
    publish(built.home, second)
    assert [each for _, each in answering_times(built.home)] == [built.snapshot_id, second]
