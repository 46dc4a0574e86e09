"""The port `ReceiptStore` over a database."""

from sqlalchemy import Connection, insert, select

from corpus.clock import utc_now
from corpus.errors import NotFoundError
from corpus.ids import DocId
from corpus.receipt import documents_quoted
from corpus.stores.database import Database
from corpus.stores.rows import batches
from corpus.stores.schema import deletions, documents, receipt_documents, receipts
from corpus.stores.storable import refuse_unstorable_text


class SqlReceipts:
    """The kept answers of a database. Each method is one transaction."""

    _database: Database

    def keep_receipt(self, answer_id: str, snapshot: str, answer_json: str) -> None:
        """Keep an answer; keeping the same id again changes nothing.

        Raises: StoreError if the answer is not JSON; NotFoundError if it quotes a document that
        has been deleted, while it was written say.
        """
        for text in (answer_id, snapshot, answer_json):
            refuse_unstorable_text(f"answer {answer_id!r}", text)
        quoted = sorted(documents_quoted(answer_json))
        row = {
            "answer_id": answer_id,
            "snapshot": snapshot,
            "answer": answer_json,
            "kept_at": utc_now(),
        }
        with self._database.writing() as connection:
            if _answer(connection, answer_id) is not None:
                return
            for batch in batches(quoted):
                _refuse_deleted(connection, answer_id, list(batch))
            connection.execute(insert(receipts).values(row))
            for batch in batches(quoted):
                rows = [{"answer_id": answer_id, "doc_id": doc_id} for doc_id in batch]
                connection.execute(insert(receipt_documents), rows)

    def receipt(self, answer_id: str) -> str:
        """Return the answer's JSON. Raises: NotFoundError."""
        with self._database.reading() as connection:
            answer = _answer(connection, answer_id)
        if answer is None:
            raise NotFoundError(f"there is no answer {answer_id}")
        return answer


def _answer(connection: Connection, answer_id: str) -> str | None:
    query = select(receipts.c.answer).where(receipts.c.answer_id == answer_id)
    answer: str | None = connection.execute(query).scalar()
    return answer


def _refuse_deleted(connection: Connection, answer_id: str, doc_ids: list[DocId]) -> None:
    query = (
        select(deletions.c.doc_id)
        .where(deletions.c.doc_id.in_(doc_ids))
        .where(deletions.c.doc_id.not_in(select(documents.c.doc_id)))
    )
    gone = connection.execute(query).scalars().first()
    if gone is not None:
        raise NotFoundError(f"answer {answer_id} quotes document {gone}, which has been deleted")
