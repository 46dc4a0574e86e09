"""The library in the browser: the list of documents, and one of them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from corpus.chunk import ChunkPlace
from corpus.document import Document
from service.collection.belonging import belonging_of
from service.collection.library import SORTS, library_page
from service.collection.reading_quality import document_quality
from service.http.web.library_pages import (
    DocumentView,
    Heading,
    LibraryView,
    document_page,
    library_list,
)
from service.http.web.narrowing import Narrowing
from service.routing.dependencies import (
    AccessOf,
    DocIdOf,
    EngineOf,
    ShelvesOf,
    StoreOf,
    needs,
)

router = APIRouter(
    include_in_schema=False, default_response_class=HTMLResponse, dependencies=[needs("read")]
)

_LARGEST_PAGE = 1_000_000


@router.get("/library")
def library(
    request: Request,
    engine: EngineOf,
    store: StoreOf,
    shelves: ShelvesOf,
    access: AccessOf,
    q: Annotated[str, Query(max_length=400)] = "",
    quality: Annotated[list[str] | None, Query()] = None,
    sort: Annotated[str, Query(max_length=40)] = "title",
    page: Annotated[int, Query(ge=1, le=_LARGEST_PAGE)] = 1,
) -> HTMLResponse:
    """List the documents, narrowed and sorted as the address says."""
    name = sort.removeprefix("-")
    view = LibraryView(
        Narrowing.of(request.query_params),
        q.strip(),
        tuple(dict.fromkeys(each for each in quality or () if each)),
        name if name in SORTS else "title",
        sort.startswith("-"),
        page,
    )
    documents = [
        each
        for each in shelves.of(engine.store, engine.snapshot_id)
        if access.sees(each.document.collection)
    ]
    return library_list(view, library_page(documents, view.query), store.collections())


@router.get("/documents/{doc_id}")
def document(doc_id: DocIdOf, engine: EngineOf, store: StoreOf) -> HTMLResponse:
    """Show a document: what is known of it, its parts, and how it was read."""
    found = store.document(doc_id)
    belonging = belonging_of(found, engine.store)
    seen = {str(each.doc_id): each for each in store.documents(collection=found.collection)}

    def named(ids: list[str]) -> list[Document]:
        return [seen[each] for each in ids if each in seen]

    whole = belonging["belongs_to"]
    return document_page(
        DocumentView(
            found,
            doc_id in seen,
            headings_of(store.chunk_places(doc_id)),
            document_quality(store, doc_id),
            store.editions(found.source),
            next(iter(named([whole])), None) if whole else None,
            named(belonging["parts"]),
            named(belonging["siblings"]),
        )
    )


def headings_of(places: list[ChunkPlace]) -> list[Heading]:
    """Return the headings of a document's passages, each where it first stands."""
    seen: set[tuple[str, ...]] = set()
    found: list[Heading] = []
    for place in places:
        for depth in range(1, len(place.section) + 1):
            path = place.section[:depth]
            if path not in seen:
                seen.add(path)
                found.append(Heading(path[-1], depth, place.spans[0].page))
    return found
