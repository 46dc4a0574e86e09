"""Documents: listing, adding, deleting them, and their pages and files."""

from typing import Annotated

from fastapi import APIRouter, Form, Header, Query, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from service.citations.page import page_of
from service.collection.belonging import belonging_of
from service.collection.deleting import DeletionReceipt, delete_document, require_deletable
from service.collection.editing import edit_document
from service.http.responses.content_disposition import content_disposition, file_name
from service.observing.request_context import current_request
from service.routing.dependencies import (
    AccessOf,
    ChecksFirst,
    DocIdOf,
    DrawingOf,
    EngineOf,
    JobsOf,
    PageNumber,
    SenderOf,
    StoreOf,
    needs,
)
from service.wire.state import JobEntry
from service.wire.wire import (
    DocumentEntry,
    DocumentList,
    EditBody,
    PageEntry,
    ShownDocument,
    UploadForm,
)
from service.workload.upload import Upload

router = APIRouter(
    route_class=ChecksFirst,
    prefix="/v1/documents",
    tags=["documents"],
    dependencies=[needs("read")],
)

PNG: dict[int | str, dict[str, object]] = {
    200: {
        "description": "The page as it is printed, the highlights marked.",
        "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
    }
}
ONE_PAGE: dict[int | str, dict[str, object]] = {
    200: {
        "description": "The page alone, the highlights as annotations.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}
FILE: dict[int | str, dict[str, object]] = {
    200: {
        "description": "The bytes that the document was read from.",
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    }
}
# A file of a collection is not a page of this site: nothing in it may run or load here.
UNTRUSTED = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
SHOWN_IN_BROWSERS = frozenset({"application/pdf"})


@router.get("", summary="List documents")
def documents(
    store: StoreOf,
    collection: Annotated[str | None, Query(description="Only this collection.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="How many come back.")] = 100,
    cursor: Annotated[str | None, Query(description="`next` of the list before.")] = None,
) -> DocumentList:
    """List documents by id; `next` is the cursor of those that follow."""
    found = store.documents(collection=collection)
    rest = [d for d in found if cursor is None or d.doc_id > cursor]
    page = rest[:limit]
    following = page[-1].doc_id if len(rest) > limit else None
    return DocumentList(tuple(DocumentEntry.of(d) for d in page), following)


@router.post("", status_code=202, summary="Add a document", dependencies=[needs("ingest")])
def upload(
    form: Annotated[UploadForm, Form(media_type="multipart/form-data")],
    engine: EngineOf,
    access: AccessOf,
    jobs: JobsOf,
    response: Response,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            description="A name for this request: sent again with it, it makes no second job.",
            examples=["8e03978e-40d5-43dd-bc93-6894a57f9324"],
        ),
    ] = None,
) -> JobEntry:
    """Take a file and ingest it after this answer: `Location` is the job to follow.

    An upload that got 202 is ingested even if the server dies meanwhile.
    """
    most = engine.settings.max_upload_bytes
    if (form.file.size or 0) > most:
        raise HTTPException(413, f"The file has {form.file.size:,} bytes; at most {most:,} do.")
    name = form.file.filename or "upload"
    about = Upload(
        name,
        form.collection,
        form.metadata_values(),
        form.password,
        access=access,
        request_key=idempotency_key,
        request_id=context.request_id if (context := current_request()) else None,
    )
    job = jobs.submit(form.file.file, about)
    response.headers["Location"] = f"/v1/jobs/{job.job_id}"
    return JobEntry.of(job)


@router.get("/{doc_id}", summary="Show a document")
def document(doc_id: DocIdOf, engine: EngineOf, store: StoreOf) -> ShownDocument:
    """Return one document, also when a newer edition of its source has taken its place.

    With it come the ids of the documents that belong to it, and of the one that it belongs to.
    """
    found = store.document(doc_id)
    return ShownDocument.among(found, belonging_of(found, engine.store))


@router.patch(
    "/{doc_id}", summary="Edit what is known of a document", dependencies=[needs("admin")]
)
def edit(
    doc_id: DocIdOf, body: EditBody, engine: EngineOf, store: StoreOf, access: AccessOf
) -> ShownDocument:
    """Keep values said by hand, publish a snapshot with them, and return the document.

    They survive later ingests and newer editions of the source. Null takes a value back.
    """
    store.document(doc_id)  # what is not there is told before any wait
    settings = engine.settings
    changes, patience_s = body.changes(), settings.change_wait_s
    edited = edit_document(doc_id, changes, settings, access=access, patience_s=patience_s)
    return ShownDocument.among(edited.document, belonging_of(edited.document, engine.store))


@router.delete("/{doc_id}", summary="Delete a document", dependencies=[needs("admin")])
def delete(
    doc_id: DocIdOf,
    engine: EngineOf,
    access: AccessOf,
    purge: Annotated[
        bool, Query(description="Remove the older snapshots that still hold it, too.")
    ] = False,
) -> DeletionReceipt:
    """Delete a document everywhere, publish a snapshot without it, and return the receipt.

    Sent again, it completes a deletion that was interrupted, and returns its receipt.
    """
    if purge:
        access.require_all()  # older snapshots hold all collections
    # What is not there is told before any wait.
    require_deletable(doc_id, engine.settings, access)
    return delete_document(
        doc_id,
        engine.settings,
        purge_older=purge,
        access=access,
        patience_s=engine.settings.change_wait_s,
    )


# Before the page's text: `3.png` would be no number there.
@router.get(
    "/{doc_id}/pages/{number}.png", summary="Draw a page", response_class=Response, responses=PNG
)
async def image(
    doc_id: DocIdOf,
    number: PageNumber,
    store: StoreOf,
    drawing: DrawingOf,
    sender: SenderOf,
    highlight: Annotated[
        list[str] | None,
        Query(description="Ranges of the page's text to mark.", examples=[["120-240"]]),
    ] = None,
    scale: Annotated[float, Query(ge=0.1, le=4, description="Pixels a point, 1/72 inch.")] = 2.0,
) -> Response:
    """Draw a page of a PDF with the highlights marked."""
    png = await drawing.image(store, doc_id, number, highlight or [], scale=scale, sender=sender)
    return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=300"})


@router.get(
    "/{doc_id}/pages/{number}.pdf",
    summary="Take a page out as PDF",
    response_class=Response,
    responses=ONE_PAGE,
)
async def page_alone(
    doc_id: DocIdOf,
    number: PageNumber,
    store: StoreOf,
    drawing: DrawingOf,
    sender: SenderOf,
    highlight: Annotated[
        list[str] | None,
        Query(description="Ranges of the page's text to highlight.", examples=[["120-240"]]),
    ] = None,
) -> Response:
    """Return one page of a PDF as a PDF of its own, with highlight annotations."""
    pdf = await drawing.alone(store, doc_id, number, highlight or [], sender=sender)
    document = await run_in_threadpool(store.document, doc_id)
    name = file_name(document).removesuffix(".pdf")
    headers = {
        "Content-Disposition": content_disposition(f"{name}-page-{number}.pdf", inline=True),
        "Cache-Control": "private, max-age=300",
    }
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.get("/{doc_id}/pages/{number}", summary="Show the text of a page")
def page(doc_id: DocIdOf, number: PageNumber, store: StoreOf) -> PageEntry:
    """Return a page's text; the offsets of citations count its code points."""
    return PageEntry.of(doc_id, page_of(store, doc_id, number))


@router.get("/{doc_id}/file", summary="Fetch the file", response_class=Response, responses=FILE)
def file(doc_id: DocIdOf, store: StoreOf) -> Response:
    """Return the file that the document was read from, byte for byte."""
    found = store.document(doc_id)
    shown = found.media_type in SHOWN_IN_BROWSERS
    headers = {
        # Not `media_type`, which would add a charset that nobody has looked for.
        "Content-Type": found.media_type,
        "Content-Disposition": content_disposition(file_name(found), inline=shown),
        "ETag": f'"{found.sha256}"',
    }
    if not shown:
        headers["Content-Security-Policy"] = UNTRUSTED
    return Response(store.content(doc_id), headers=headers)
