"""Kept answers: the port that keeps them, and which documents one quotes."""

import json
from typing import Protocol

from corpus.errors import StoreError
from corpus.ids import DocId


class ReceiptStore(Protocol):
    """Answers as they were given, by answer id."""

    def keep_receipt(self, answer_id: str, snapshot: str, answer_json: str) -> None:
        """Keep an answer; keeping the same id again changes nothing."""
        ...

    def receipt(self, answer_id: str) -> str:
        """Return the answer's JSON. Raises NotFoundError."""
        ...


def documents_quoted(answer_json: str) -> frozenset[DocId]:
    """Return every `doc_id` of an answer's JSON, wherever it stands.

    >>> documents_quoted('{"citations": [{"doc_id": "d1", "quote": "…"}], "passages": []}')
    frozenset({'d1'})

    Raises: StoreError if the text is no JSON: it could not be deleted with its documents.
    """
    try:
        answer = json.loads(answer_json)
    except (ValueError, RecursionError) as error:
        raise StoreError(f"the answer to keep is not JSON: {error}") from error
    found: set[DocId] = set()
    rest = [answer]
    while rest:
        part = rest.pop()
        if isinstance(part, dict):
            doc_id = part.get("doc_id")
            if isinstance(doc_id, str):
                found.add(DocId(doc_id))
            rest.extend(part.values())
        elif isinstance(part, list):
            rest.extend(part)
    return frozenset(found)
