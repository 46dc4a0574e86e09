"""What every `Store` does.

A store joins by a subclass of each contract with a fixture `store`, an empty one.
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from typing import Protocol

import pytest
from hypothesis import HealthCheck, given, settings

from corpus.chunk import Chunk
from corpus.document import Document, Page, PageQuality
from corpus.errors import NotFoundError, StoreError
from corpus.ids import ChunkId, DocId, sha256_of
from corpus.note import NoteStore
from corpus.origin import Origin
from corpus.page_grades import PageSummary, QualityCount
from corpus.receipt import ReceiptStore
from corpus.store import Deletion, JobStore, KeyStore, Store
from tests.contract import store_examples as examples
from tests.contract.store_examples import a_chunk, a_document, a_page, chunks_of, pages_of


class AnyStore(Store, JobStore, ReceiptStore, KeyStore, NoteStore, Protocol):
    """The five ports, which one store has together."""

    def documents_by_source(self, source: str) -> list[Document]: ...


def add(store: AnyStore, document: Document, words: Sequence[str] = ("word",)) -> list[Chunk]:
    """Add the document with a page and a chunk a word; return its chunks."""
    chunks = chunks_of(document, words)
    store.add(document, document.title.encode(), pages_of(words), chunks)
    return chunks


def answer_quoting(*doc_ids: str) -> str:
    """Return an answer's JSON with a citation of each document."""
    return json.dumps({"citations": [{"doc_id": doc_id, "quote": "…"} for doc_id in doc_ids]})


class DocumentsContract:
    def test_what_was_added_comes_back(self, store: AnyStore) -> None:
        document = a_document()
        chunks = add(store, document, ["one", "two"])
        assert store.documents() == [document]
        assert store.document(document.doc_id) == document
        assert store.content(document.doc_id) == b"The report"
        assert store.pages(document.doc_id) == {1: a_page("one"), 2: a_page("two", 2)}
        assert store.chunks([chunk.chunk_id for chunk in chunks]) == {
            chunk.chunk_id: chunk for chunk in chunks
        }

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
        ],
    )
    @given(document=examples.documents(), pages=examples.pages, chunks=examples.chunks)
    def test_any_text_comes_back_as_it_was(
        self, store: AnyStore, document: Document, pages: list[Page], chunks: list[Chunk]
    ) -> None:
        store.add(document, b"\0", pages, chunks)
        assert store.document(document.doc_id) == document
        assert store.pages(document.doc_id) == {page.number: page for page in pages}
        assert store.chunks([chunk.chunk_id for chunk in chunks]) == {
            chunk.chunk_id: chunk for chunk in chunks
        }
        assert list(store.current_chunks()) == sorted(chunks, key=lambda chunk: chunk.chunk_id)

    @pytest.mark.parametrize("character", ["\0", "\ud800"])
    def test_a_text_with_an_unstorable_character_is_refused(
        self, store: AnyStore, character: str
    ) -> None:
        document, text = a_document(), f"a{character}b"
        page, chunk = a_page("word"), a_chunk(document.doc_id, "word")
        cases: list[tuple[Document, Page, Chunk]] = [
            (replace(document, title=text), page, chunk),
            (replace(document, metadata={"region": text}), page, chunk),
            (document, replace(page, text=text), chunk),
            (document, replace(page, label=text), chunk),
            (document, page, replace(chunk, text=text)),
            (document, page, replace(chunk, section=(text,))),
        ]
        for case in cases:
            with pytest.raises(StoreError, match=rf"U\+{ord(character):04X} at 1"):
                store.add(case[0], b"", [case[1]], [case[2]])
        assert store.documents() == []

    def test_pages_and_chunks_that_do_not_belong_are_refused(self, store: AnyStore) -> None:
        document, other = a_document("one"), a_document("two")
        chunk, stranger = a_chunk(document.doc_id, "word"), a_chunk(other.doc_id, "word")
        with pytest.raises(StoreError, match="page 1 stands twice"):
            store.add(document, b"", [a_page("a"), a_page("b")], [])
        with pytest.raises(StoreError, match="stands twice"):
            store.add(document, b"", [], [chunk, chunk])
        with pytest.raises(StoreError, match=f"belongs to {other.doc_id}"):
            store.add(document, b"", [], [stranger])
        store.add(document, b"", [], [chunk])
        with pytest.raises(StoreError):
            store.add(other, b"", [], [replace(chunk, doc_id=other.doc_id)])
        assert store.documents() == [document]
        assert store.chunks([chunk.chunk_id]) == {chunk.chunk_id: chunk}

    def test_adding_a_document_again_replaces_it(self, store: AnyStore) -> None:
        document = a_document()
        (old,) = add(store, document, ["old"])
        renamed = replace(document, title="New title")
        (new,) = add(store, renamed, ["new"])
        assert store.documents() == [renamed]
        assert store.content(document.doc_id) == b"New title"
        assert store.pages(document.doc_id)[1].text == "new"
        assert list(store.chunks([old.chunk_id, new.chunk_id])) == [new.chunk_id]

    def test_the_newest_document_of_a_source_is_current(self, store: AnyStore) -> None:
        old, new = a_document("old", source="a.pdf"), a_document("new", source="a.pdf")
        (old_chunk,) = add(store, old)
        (new_chunk,) = add(store, new)
        assert store.documents() == [new]
        assert store.documents_by_source("a.pdf") == [old, new]
        assert store.current_chunk_ids() == [new_chunk.chunk_id]
        assert store.document(old.doc_id) == old
        assert store.chunks([old_chunk.chunk_id])
        in_order = sorted([old, new], key=lambda document: document.doc_id)
        assert store.documents(current_only=False) == in_order

    def test_an_older_document_added_again_is_current_again(self, store: AnyStore) -> None:
        old, new = a_document("old", source="a.pdf"), a_document("new", source="a.pdf")
        for document in (old, new, old):
            add(store, document)
        assert store.documents() == [old]
        assert store.documents_by_source("a.pdf") == [new, old]

    def test_documents_are_of_a_collection_and_in_order(self, store: AnyStore) -> None:
        kept = [a_document(f"{n}", collection="ab"[n % 2]) for n in range(6)]
        for document in kept:
            add(store, document)
        ids = [document.doc_id for document in store.documents()]
        assert ids == sorted(document.doc_id for document in kept)
        assert {document.title for document in store.documents(collection="b")} == {
            "The 1", "The 3", "The 5",
        }  # fmt: skip
        assert store.documents(collection="c") == []

    def test_only_the_pages_that_exist_are_returned(self, store: AnyStore) -> None:
        document = a_document()
        add(store, document, ["one", "two", "three"])
        numbers = [3, 1, 1, 0, -1, 99, 10**30]
        assert list(store.pages(document.doc_id, numbers)) == [1, 3]
        assert store.pages(document.doc_id, []) == {}

    def test_the_ledger_has_the_quality_of_every_page(self, store: AnyStore) -> None:
        document, other = a_document(), a_document("other", collection="iscm")
        qualities = [
            PageQuality("A", "layer", 10, dictionary_share=0.98, columns=2, tables=1, cut=3),
            PageQuality("C", "ocr", 20, "read badly", ocr_confidence=0.75),
            PageQuality("C", "ocr", 30, "read badly"),
        ]
        pages = [
            Page(number, f"p{number}", "text", quality, "en")
            for number, quality in enumerate(qualities, start=1)
        ]
        store.add(document, b"1", pages, [])
        store.add(other, b"2", pages[:1], [])
        assert store.ledger(document.doc_id) == [
            PageSummary(page.number, page.label, "en", page.quality) for page in pages
        ]
        mine = [
            QualityCount(document.doc_id, "briefs", "A", "layer", 1, 10),
            QualityCount(document.doc_id, "briefs", "C", "ocr", 2, 50),
        ]
        assert store.quality_counts(collection="briefs") == mine
        theirs = QualityCount(other.doc_id, "iscm", "A", "layer", 1, 10)
        assert sorted(store.quality_counts(), key=lambda c: c.collection) == [*mine, theirs]
        store.add(a_document("newer", source=document.source), b"3", [], [])
        assert store.quality_counts() == [theirs]
        with pytest.raises(NotFoundError):
            store.ledger(DocId("d0"))

    def test_many_chunks_come_back_in_the_order_asked(self, store: AnyStore) -> None:
        chunks = add(store, a_document(), [f"word {n}" for n in range(1203)])
        ids = [chunk.chunk_id for chunk in reversed(chunks)]
        assert list(store.chunks([ChunkId("none"), *ids]).values()) == chunks[::-1]

    def test_current_chunks_are_those_of_the_call(self, store: AnyStore) -> None:
        first, second = a_document("first"), a_document("second")
        chunks = add(store, first, [f"word {n}" for n in range(1100)])
        chunks.sort(key=lambda chunk: chunk.chunk_id)
        stream = store.current_chunks()
        assert list(islice(stream, 3)) == chunks[:3]
        add(store, second, ["later"])
        assert list(stream) == chunks[3:]
        assert len(list(store.current_chunks())) == 1101

    def test_the_places_of_chunks_are_those_of_a_document_in_order(self, store: AnyStore) -> None:
        document = a_document()
        chunks = add(store, document, ["one", "two", "three"])
        add(store, a_document("other"), ["four"])
        places = store.chunk_places(document.doc_id)
        assert [(each.chunk_id, each.spans, each.section) for each in places] == [
            (chunk.chunk_id, chunk.spans, chunk.section) for chunk in chunks
        ]
        assert store.chunk_places(DocId("d0000000000000000")) == []

    def test_an_unknown_id_is_not_found(self, store: AnyStore) -> None:
        nobody = DocId("d0000000000000000")
        for call in (store.document, store.content, store.pages, store.delete):
            with pytest.raises(NotFoundError, match=nobody):
                call(nobody)
        assert store.chunks([ChunkId("c0")]) == {}
        assert store.deletions() == []

    def test_documents_added_by_several_threads_are_all_kept(self, store: AnyStore) -> None:
        kept = [a_document(f"{n}", source="a.pdf") for n in range(12)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda document: add(store, document), kept))
        assert len(store.documents(current_only=False)) == 12
        assert store.documents() == store.documents_by_source("a.pdf")[-1:]

    def test_documents_and_labels_are_read_at_once(self, store: AnyStore) -> None:
        one, other = a_document("one"), a_document("other")
        store.add(one, b"one", [Page(1, "i", "uno"), Page(2, "ii", "due")], [])
        store.add(other, b"other", [Page(1, "1", "tre"), Page(7, "7", "sei")], [])
        missing = DocId("d0")
        assert store.documents_by_id([other.doc_id, missing, one.doc_id]) == {
            other.doc_id: other,
            one.doc_id: one,
        }
        labels = store.page_labels({one.doc_id: {2, 7}, other.doc_id: {1}, missing: {1}})
        assert labels == {one.doc_id: {2: "ii"}, other.doc_id: {1: "1"}}
        assert store.page_labels({}) == {}

    def test_languages_are_those_of_the_pages_of_current_documents(self, store: AnyStore) -> None:
        old, new = a_document("old", source="a.pdf"), a_document("new", source="a.pdf")
        pages = [Page(1, "1", "uno", language="es"), Page(2, "2", "?")]
        store.add(old, b"old", pages, [])
        assert store.page_languages() == {old.doc_id: {1: "es"}}
        store.add(new, b"new", [Page(1, "1", "one", language="en")], [])
        assert store.page_languages() == {new.doc_id: {1: "en"}}


class SourcesContract:
    def test_edits_are_kept_changed_and_taken_back(self, store: AnyStore) -> None:
        store.edit("a.pdf", {"title": "Yearbook", "region": "Asia"})
        store.edit("a.pdf", {"region": None, "date": "2019"})
        assert store.edits() == {"a.pdf": {"date": "2019", "title": "Yearbook"}}

    def test_origins_are_replaced(self, store: AnyStore) -> None:
        store.keep_origins([Origin("a", "folder"), Origin("b", "folder", "e1", "Mon")])
        store.keep_origins([Origin("b", "other", "e2")])
        assert store.origins() == {"a": Origin("a", "folder"), "b": Origin("b", "other", "e2")}

    def test_a_renamed_document_keeps_its_chunks_edits_and_origin(self, store: AnyStore) -> None:
        document = a_document(source="old.pdf")
        chunks = add(store, document)
        store.edit("old.pdf", {"title": "Yearbook"})
        store.keep_origins([Origin("old.pdf", "folder")])
        store.rename(document.doc_id, "new.pdf")
        assert store.documents() == [replace(document, source="new.pdf")]
        assert store.current_chunk_ids() == [chunk.chunk_id for chunk in chunks]
        assert store.edits() == {"new.pdf": {"title": "Yearbook"}}
        assert store.origins() == {"new.pdf": Origin("new.pdf", "folder")}

    def test_renaming_over_a_document_makes_that_one_older(self, store: AnyStore) -> None:
        moved, other = a_document("moved"), a_document("other")
        add(store, moved)
        add(store, other)
        store.rename(moved.doc_id, other.source)
        assert [d.doc_id for d in store.documents()] == [moved.doc_id]
        editions = store.documents_by_source(other.source)
        assert [d.doc_id for d in editions] == [other.doc_id, moved.doc_id]

    def test_renaming_what_is_not_there_is_an_error(self, store: AnyStore) -> None:
        with pytest.raises(NotFoundError):
            store.rename(DocId("d0"), "a.pdf")

    def test_deleting_the_last_document_of_a_source_forgets_its_edits(
        self, store: AnyStore
    ) -> None:
        document = a_document()
        add(store, document)
        store.edit(document.source, {"title": "Secret"})
        store.keep_origins([Origin(document.source, "folder")])
        store.delete(document.doc_id)
        assert store.edits() == {}
        assert store.origins() == {}


class DeletionContract:
    def test_a_deleted_document_is_gone_and_its_receipt_stays(self, store: AnyStore) -> None:
        document, other = a_document("one"), a_document("two")
        chunks = add(store, document, ["alpha", "beta"])
        add(store, other, ["gamma"])
        deletion = store.delete(document.doc_id)
        assert deletion == Deletion(
            doc_id=document.doc_id,
            source="one.pdf",
            document_sha256=sha256_of("one"),
            pages=2,
            chunks=2,
            embedded_sha256s=tuple(sorted(chunk.embedded_sha256 for chunk in chunks)),
            deleted_at=deletion.deleted_at,
        )
        assert deletion.deleted_at.endswith("+00:00")
        assert store.deletions() == [deletion]
        assert store.documents(current_only=False) == [other]
        assert store.chunks([chunk.chunk_id for chunk in chunks]) == {}
        with pytest.raises(NotFoundError):
            store.content(document.doc_id)
        with pytest.raises(NotFoundError):
            store.delete(document.doc_id)

    def test_an_older_document_does_not_become_current_again(self, store: AnyStore) -> None:
        old, new = a_document("old", source="a.pdf"), a_document("new", source="a.pdf")
        add(store, old)
        add(store, new)
        store.delete(new.doc_id)
        assert store.documents() == []
        assert store.documents(current_only=False) == [old]

    def test_a_text_that_another_document_has_keeps_its_vector(self, store: AnyStore) -> None:
        one, two = a_document("one"), a_document("two")
        add(store, one, ["shared", "own"])
        add(store, two, ["shared"])
        (own,) = store.delete(one.doc_id).embedded_sha256s
        assert own == a_chunk(one.doc_id, "own").embedded_sha256
        assert len(store.delete(two.doc_id).embedded_sha256s) == 1

    def test_texts_of_former_readings_lose_their_vectors_too(self, store: AnyStore) -> None:
        document = a_document()
        for words in (["first", "kept"], ["second", "kept"], ["third", "kept"]):
            add(store, document, words)
        assert store.delete(document.doc_id).embedded_sha256s == tuple(
            sorted(
                a_chunk(document.doc_id, word).embedded_sha256
                for word in ("first", "second", "third", "kept")
            )
        )

    def test_a_deleted_document_can_be_added_and_deleted_again(self, store: AnyStore) -> None:
        document = a_document()
        for _ in range(2):
            add(store, document)
            store.delete(document.doc_id)
        assert [deletion.doc_id for deletion in store.deletions()] == [document.doc_id] * 2

    def test_a_document_is_added_again_only_while_it_is_there(self, store: AnyStore) -> None:
        document = a_document("one")
        content = document.title.encode()
        with pytest.raises(NotFoundError, match=document.doc_id):
            store.add(document, content, [], [], again=True)
        store.add(document, content, [], [])
        store.add(document, content, [], [], again=True)
        store.delete(document.doc_id)
        with pytest.raises(NotFoundError, match=document.doc_id):
            store.add(document, content, [], [], again=True)
        assert store.documents() == []

    def test_a_deletion_is_a_debt_until_it_is_settled(self, store: AnyStore) -> None:
        one, two = a_document("one"), a_document("two")
        for document in (one, two):
            add(store, document, [document.title])
        first, second = store.delete(one.doc_id), store.delete(two.doc_id, purge=True)
        debts = store.debts()
        assert [(debt.deletion, debt.purge) for debt in debts] == [(first, False), (second, True)]
        assert {debt.collection for debt in debts} == {one.collection}
        assert store.last_deletion(one.doc_id) == debts[0]
        assert store.last_deletion(DocId("d9")) is None
        store.owe_purge(one.doc_id)
        for debt in debts:
            store.settle(debt)
        [grown] = store.debts()
        assert (grown.deletion, grown.purge) == (first, True)
        store.settle(grown)
        assert store.debts() == []
        with pytest.raises(NotFoundError, match="d9"):
            store.owe_purge(DocId("d9"))

    def test_the_answers_that_quote_it_are_deleted(self, store: AnyStore) -> None:
        one, two = a_document("one"), a_document("two")
        add(store, one)
        add(store, two)
        store.keep_receipt("cites", "s1", answer_quoting(two.doc_id, one.doc_id))
        store.keep_receipt("shows", "s1", json.dumps({"passages": [{"doc_id": one.doc_id}]}))
        store.keep_receipt("other", "s1", answer_quoting(two.doc_id))
        store.delete(one.doc_id)
        for answer_id in ("cites", "shows"):
            with pytest.raises(NotFoundError):
                store.receipt(answer_id)
        assert store.receipt("other") == answer_quoting(two.doc_id)

    def test_an_answer_that_quotes_a_deleted_document_is_not_kept(self, store: AnyStore) -> None:
        document = a_document()
        add(store, document)
        store.delete(document.doc_id)
        with pytest.raises(NotFoundError, match="has been deleted"):
            store.keep_receipt("a1", "s1", answer_quoting(document.doc_id))
        add(store, document)
        store.keep_receipt("a1", "s1", answer_quoting(document.doc_id))
        assert store.receipt("a1")
