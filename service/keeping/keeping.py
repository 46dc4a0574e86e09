"""Keeping answers and their quotes, and reading them again: what still stands, what does not."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from secrets import token_hex

from corpus.clock import utc_now
from corpus.document import Document, Page, PageSpan
from corpus.errors import AccessError, InputError, NotFoundError
from corpus.ids import DocId
from corpus.note import WHOLE_ANSWER, Note
from corpus.stores.sql_store import SqlStore
from service.access.access import Access, SeenStore
from service.citations.citing import page_url
from service.citations.receipt_signing import SIGNED, PublicKey, check_signature
from service.receipts.verifying import SavedAnswer, SavedCitation, saved_answer, verify
from service.values.kept import MOST_CHARACTERS, KeptAnswer, KeptNote, KeptQuote
from service.values.verification import Verification

MOST_NOTES = 5_000  # of one owner


class SeenDocuments:
    """The store as an access sees it, the list of documents read once for many quotes."""

    def __init__(self, store: SeenStore) -> None:
        self._store = store

    @cached_property
    def _documents(self) -> list[Document]:
        return self._store.documents()

    def documents(self) -> list[Document]:
        """Return the current documents."""
        return self._documents

    def document(self, doc_id: DocId) -> Document:
        """Return one document. Raises: NotFoundError."""
        return self._store.document(doc_id)

    def pages(self, doc_id: DocId, numbers: Sequence[int] | None = None) -> dict[int, Page]:
        """Return pages by number. Raises: NotFoundError."""
        return self._store.pages(doc_id, numbers)

    def content(self, doc_id: DocId) -> bytes:
        """Return the bytes that the document was read from. Raises: NotFoundError."""
        return self._store.content(doc_id)


@dataclass(frozen=True, slots=True)
class Notebook:
    """The notes of one sender. `keys` check what this collection signed."""

    store: SqlStore
    access: Access
    keys: Sequence[PublicKey]
    base_url: str

    def keep(self, answer: Mapping[str, object], number: int | None, text: str) -> KeptNote:
        """Keep an answer, or one citation of it; the note that is there if it was kept before.

        Of the answer the signed part is kept. Raises: AccessError without a key where one is
        needed to keep, InputError for what this collection did not sign, for an unknown citation
        and beyond MOST_NOTES; NotFoundError if the answer quotes what was deleted since.
        """
        owner = self._owner()
        signed = {name: answer[name] for name in SIGNED if name in answer}
        if check_signature(signed, self.keys) != "valid":
            raise InputError(
                "Only answers of this server are kept, as they were given: found no valid "
                "signature of this collection. Ask the question again and keep that answer."
            )
        saved = saved_answer(signed)
        answer_id = saved.receipt.answer_id
        if answer_id is None or not self._may_see(saved):
            raise NotFoundError("there is no such answer")
        numbers = [each.number for each in saved.proofs]
        if number is not None and number not in numbers:
            known = ", ".join(map(str, numbers)) or "none"
            raise InputError(f"number: the answer has no citation {number}; it has {known}.")
        _require_length(text)
        if len(self.store.notes(owner)) >= MOST_NOTES:
            raise InputError(f"The notebook has {MOST_NOTES} notes, the most. Remove some first.")
        receipt = signed["receipt"]
        assert isinstance(receipt, Mapping)
        self.store.keep_receipt(
            answer_id, str(receipt["snapshot"]), json.dumps(signed, ensure_ascii=False)
        )
        note = self.store.keep_note(
            Note(
                f"n{token_hex(10)}",
                owner,
                answer_id,
                number or WHOLE_ANSWER,
                str(signed["question"]),
                text,
                utc_now(),
            )
        )
        return self._shown(note, {})

    def notes(self) -> list[KeptNote]:
        """Return the notes, oldest first, each quote looked up again."""
        return self.notes_and_answers(self.documents())[0]

    def notes_and_answers(
        self, documents: SeenDocuments
    ) -> tuple[list[KeptNote], dict[str, KeptAnswer]]:
        """Return the notes as `notes`, and the answers that they are about, by id."""
        answers: dict[str, KeptAnswer | None] = {}
        notes = [self._shown(note, answers, documents) for note in self._own_notes()]
        return notes, {answer_id: each for answer_id, each in answers.items() if each}

    def edit(self, note_id: str, text: str) -> KeptNote:
        """Change what is written in a note. Raises: NotFoundError, InputError, AccessError."""
        _require_length(text)
        return self._shown(self.store.edit_note(self._owner(), note_id, text), {})

    def remove(self, note_id: str) -> None:
        """Remove a note; the address of its answer stays good. Raises: NotFoundError."""
        self.store.remove_note(self._owner(), note_id)

    def answer(self, answer_id: str, documents: SeenDocuments | None = None) -> KeptAnswer:
        """Return a kept answer, its quotes looked up again.

        Raises: NotFoundError, also for one that quotes what the sender may not read.
        """
        answer = json.loads(self.store.receipt(answer_id))
        saved = saved_answer(answer)
        if not self._may_see(saved):
            raise NotFoundError(f"there is no answer {answer_id}")
        report = verify(answer, documents or self.documents(), self.keys)
        verdicts = {each.number: each for each in report.citations}
        quotes = tuple(_quote(each, verdicts[each.number], self.base_url) for each in saved.proofs)
        return KeptAnswer(answer, report, quotes)

    def _shown(
        self,
        note: Note,
        answers: dict[str, KeptAnswer | None],
        documents: SeenDocuments | None = None,
    ) -> KeptNote:
        """Return a note with its quotes; `answers` are those that were read already."""
        if note.answer_id not in answers:
            try:
                answers[note.answer_id] = self.answer(note.answer_id, documents)
            except NotFoundError:
                answers[note.answer_id] = None
        answer = answers[note.answer_id]
        quotes = answer.quotes if answer else ()
        if note.number != WHOLE_ANSWER:
            quotes = tuple(each for each in quotes if each.number == note.number)
        return KeptNote(
            note.note_id,
            note.answer_id,
            note.number if note.number != WHOLE_ANSWER else None,
            note.question,
            note.text,
            note.kept_at,
            f"{self.base_url}/answers/{note.answer_id}",
            answer is not None,
            quotes,
        )

    def documents(self) -> SeenDocuments:
        """Return the documents that the sender may read."""
        return SeenDocuments(SeenStore(self.store, self.access))

    def _own_notes(self) -> list[Note]:
        return self.store.notes(self._owner()) if self.access.may_keep else []

    def _owner(self) -> str:
        if not self.access.may_keep:
            raise AccessError(
                "The notebook belongs to a key, and this request has none. Sign in first."
            )
        return self.access.key_id or ""

    def _may_see(self, answer: SavedAnswer) -> bool:
        """Return whether every collection that an answer quotes may be read.

        Who may not read all of them sees no answer without quotes: it could be about any.
        """
        if self.access.is_of_all:
            return True
        collections = {each.collection for each in answer.proofs}
        return bool(collections) and all(
            each is not None and self.access.sees(each) for each in collections
        )


def _quote(citation: SavedCitation, found: Verification, base_url: str) -> KeptQuote:
    url = citation.url
    if found.verdict == "moved" and found.found_doc_id:
        spans = [PageSpan(each.page, each.start, each.end) for each in found.found_spans]
        url = page_url(base_url, found.found_doc_id, spans)
    return KeptQuote(
        citation.number,
        found.found_doc_id or citation.doc_id,
        citation.title,
        citation.quote,
        citation.reference,
        citation.language,
        url,
        found.verdict,
        found.detail,
    )


def _require_length(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise InputError(f"note: found {len(text)} characters; at most {MOST_CHARACTERS} are kept.")
