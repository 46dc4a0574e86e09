"""How well pages were read: of a document, and of whole collections."""

from typing import Annotated

from fastapi import APIRouter, Query

from service.collection.reading_quality import (
    DocumentQuality,
    QualityReport,
    document_quality,
    quality_report,
)
from service.routing.dependencies import ChecksFirst, DocIdOf, StoreOf, needs

router = APIRouter(
    route_class=ChecksFirst, prefix="/v1", tags=["documents"], dependencies=[needs("read")]
)


@router.get("/quality", summary="Sum up how well collections were read")
def collections(
    store: StoreOf,
    collection: Annotated[str | None, Query(description="Only this collection.")] = None,
) -> QualityReport:
    """Count the pages of current documents by grade and source, and name the doubtful documents."""
    return quality_report(store, collection=collection)


@router.get("/documents/{doc_id}/quality", summary="Show how well a document was read")
def document(doc_id: DocIdOf, store: StoreOf) -> DocumentQuality:
    """Return the quality of each page of a document, without the text."""
    return document_quality(store, doc_id)
