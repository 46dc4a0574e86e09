"""Which documents are meant: by id, by conditions, by source."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from corpus.document import Document
from corpus.errors import InputError
from corpus.ids import DocId
from corpus.store import Store
from index.documents.filters import Filters
from index.documents.indexed_document import IndexedDocument


def selected_documents(
    store: Store,
    doc_ids: Sequence[str] = (),
    *,
    filters: Sequence[str] = (),
    sources: Sequence[str] = (),
) -> list[Document]:
    """Return the documents named, and those that meet the conditions, older editions too.

    `filters` must all hold; a source is a whole one or a pattern (`reports/2019-*`). With both, a
    document has to meet the filters and have one of the sources.
    Raises: InputError where nothing says which; NotFoundError for an id; FilterError.
    """
    if not (doc_ids or filters or sources):
        raise InputError("Found nothing that says which documents. Expected ids or conditions.")
    named = [store.document(DocId(doc_id)) for doc_id in doc_ids]
    found = store.documents(current_only=False) if filters or sources else []
    if filters:
        mask = Filters.parse(filters).mask([IndexedDocument.of(each) for each in found])
        found = [each for each, kept in zip(found, mask, strict=True) if kept]
    if sources:
        found = [each for each in found if any(fnmatchcase(each.source, one) for one in sources)]
    return list({each.doc_id: each for each in (*named, *found)}.values())
