"""What is known of a document, changed by hand; the change survives every later ingest."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.document import Document
from corpus.errors import InputError
from corpus.ids import DocId
from corpus.source_name import source_name
from index.embedding.embedding import EmbeddingQueue
from index.embedding.opening import open_vectors
from ingest.pipeline.ingesting import reread
from service.access.access import EVERYTHING, Access
from service.access.guarded_store import GuardedStore
from service.access.opening import open_guarded_store
from service.access.writing import Writer, sole_ingest
from service.auditing.recording import open_audit
from service.collection.debts import published
from service.collection.ingest_report import IngestRequest
from service.collection.publishing import ingest_settings
from service.settings.models import Models
from service.settings.settings import Settings

_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_NAME = re.compile(r"[^\s=][^=]{0,99}")
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Edited:
    """A document after an edit, and the snapshot that answers with it."""

    document: Document
    snapshot: str | None
    embedded: int


def edit_document(
    doc_id: str,
    changes: Mapping[str, str | None],
    settings: Settings,
    *,
    access: Access = EVERYTHING,
    patience_s: float | None = None,
) -> Edited:
    """Keep values said by hand, read the document again with them, and publish.

    A value of None takes an edit back: what the command, the manifest or the file says holds again.
    The edits belong to the source, so that a newer edition of it has them too.
    `access` has to hold for the collection that the document is in, and the one that it goes to.
    Raises: InputError for a value that a field cannot have, NotFoundError, ForbiddenError,
    StoreError, SnapshotError, ModelError; BusyError if another writer takes longer than
    `patience_s`.
    """
    (edited,) = edit_documents(
        {doc_id: changes}, settings, access=access, patience_s=patience_s
    ).values()
    return edited


def edit_documents(
    changes: Mapping[str, Mapping[str, str | None]],
    settings: Settings,
    *,
    access: Access = EVERYTHING,
    patience_s: float | None = None,
) -> dict[str, Edited]:
    """Keep values said by hand of several documents, by id, and publish once.

    Nothing is changed where one of the values cannot be. Raises: as `edit_document` does.
    """
    checked = {
        doc_id: {name: _checked(name, value) for name, value in said.items()}
        for doc_id, said in changes.items()
    }
    embedder = Models.open(settings).embedder
    writer = Writer(settings.layout, patience_s=patience_s)
    with (
        sole_ingest(settings.layout, patience_s=patience_s),
        open_guarded_store(settings, access, writer.changing) as store,
        open_vectors(settings.layout) as cache,
    ):
        audit = open_audit(settings)
        documents = [_current(store, doc_id) for doc_id in checked]
        for document in documents:
            store.edit(document.source, checked[document.doc_id])
            about = {"doc_id": document.doc_id, "fields": sorted(checked[document.doc_id])}
            audit.record("edited", about)
        tokenizer = embedder.tokenizer
        with EmbeddingQueue(embedder, cache) as queue:
            for outcome in reread(
                documents,
                store,
                ingest_settings(IngestRequest([]), settings),
                tokenizer_json=tokenizer.tokenizer_json,
                window_tokens=tokenizer.window_tokens,
            ):
                if outcome.status == "rejected":
                    raise InputError(
                        f"{source_name(outcome.source)} cannot be read again: {outcome.reason}"
                    )
                queue.put(outcome.chunks)
        with writer.changing():
            snapshot = published(store, cache, settings, ingest_ended=True)
            return {
                each.doc_id: Edited(store.document(each.doc_id), snapshot, queue.embedded)
                for each in documents
            }


def _current(store: GuardedStore, doc_id: str) -> Document:
    """Return a document that may be changed and answers. Raises: InputError and others."""
    document = store.document_to_change(DocId(doc_id))
    if document not in store.documents():
        raise InputError(
            f"{doc_id} is an older edition of {source_name(document.source)}. Expected the one "
            "that answers: citewell documents list"
        )
    return document


def _checked(name: str, value: str | None) -> str | None:
    """Return the value in one line. Raises: InputError."""
    if _NAME.fullmatch(name) is None:
        raise InputError(f"{name!r} is no name of a value; expected a word such as region.")
    if value is None:
        return None
    line = " ".join(value.split())
    if not line or len(line) > _LONGEST:
        raise InputError(f"{name}: found {len(line)} characters; expected 1 to {_LONGEST}.")
    if name == "date" and _DATE.fullmatch(line) is None:
        raise InputError(f"date: found {line!r}; expected 2019, 2019-05 or 2019-05-31.")
    if name == "language" and _LANGUAGE.fullmatch(line) is None:
        raise InputError(f"language: found {line!r}; expected a code such as en or pt-BR.")
    return line
