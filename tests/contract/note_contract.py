"""What every `NoteStore` does; a store joins as in `store_contract`."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from corpus.errors import NotFoundError, StoreError
from corpus.ids import DocId
from corpus.note import WHOLE_ANSWER, Note
from tests.contract.store_contract import AnyStore, add, answer_quoting
from tests.contract.store_examples import a_document

NOTE = Note("n1", "k1", "a1", 2, "Who chairs it?", "Check — é", "2026-01-01T00:00:00+00:00")


class NotesContract:
    def test_notes_come_back_oldest_first_to_their_owner_alone(self, store: AnyStore) -> None:
        later = replace(NOTE, note_id="n0", number=3, kept_at="2026-01-02T00:00:00+00:00")
        for each in (later, NOTE, replace(NOTE, note_id="n9", owner="k2")):
            store.keep_note(each)
        assert store.notes("k1") == [NOTE, later]
        assert store.notes("k3") == []

    def test_the_same_quote_is_kept_once(self, store: AnyStore) -> None:
        store.keep_note(NOTE)
        again = store.keep_note(replace(NOTE, note_id="n2", text="another"))
        assert again == NOTE
        whole = replace(NOTE, note_id="n3", number=WHOLE_ANSWER)
        assert store.keep_note(whole) == whole
        assert store.notes("k1") == [NOTE, whole]

    def test_many_keep_the_same_quote_at_once_and_it_is_there_once(self, store: AnyStore) -> None:
        drafts = [replace(NOTE, note_id=f"n{number}") for number in range(8)]
        with ThreadPoolExecutor(4) as pool:
            kept = list(pool.map(store.keep_note, drafts))
        assert len(set(kept)) == 1
        assert store.notes("k1") == kept[:1]

    def test_what_is_written_changes_and_a_note_goes(self, store: AnyStore) -> None:
        store.keep_note(NOTE)
        assert store.edit_note("k1", "n1", "") == replace(NOTE, text="")
        store.remove_note("k1", "n1")
        assert store.notes("k1") == []

    def test_nobody_changes_or_removes_the_note_of_another(self, store: AnyStore) -> None:
        store.keep_note(NOTE)
        for owner, note_id in (("k2", "n1"), ("k1", "n2"), ("", "n1")):
            with pytest.raises(NotFoundError, match=f"there is no note {note_id}"):
                store.edit_note(owner, note_id, "mine")
            with pytest.raises(NotFoundError, match=f"there is no note {note_id}"):
                store.remove_note(owner, note_id)
        assert store.notes("k1") == [NOTE]

    def test_what_no_database_holds_is_refused(self, store: AnyStore) -> None:
        with pytest.raises(StoreError):
            store.keep_note(replace(NOTE, text="\ud800"))

    def test_a_note_outlives_the_answer_that_is_deleted_with_a_document(
        self, store: AnyStore
    ) -> None:
        document = a_document()
        add(store, document)
        store.keep_receipt("a1", "s1", answer_quoting(DocId(document.doc_id)))
        store.keep_note(NOTE)
        store.delete(document.doc_id)
        with pytest.raises(NotFoundError):
            store.receipt("a1")
        assert store.notes("k1") == [NOTE]
