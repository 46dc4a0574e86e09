"""The notebook: answers and quotes that are kept, each looked up again, and files of them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from starlette.concurrency import run_in_threadpool

from service.citations.referencing import Style
from service.http.responses.content_disposition import content_disposition
from service.keeping.files import MEDIA_TYPES, Form
from service.keeping.keeping import Notebook
from service.routing.dependencies import (
    AccessOf,
    ChecksFirst,
    DrawingOf,
    EngineOf,
    SenderOf,
    needs,
)
from service.values.kept import KeptAnswer, KeptNote, NoteList
from service.wire.notebook_bodies import KeepBody, NoteBody

router = APIRouter(
    route_class=ChecksFirst, prefix="/v1", tags=["notebook"], dependencies=[needs("read")]
)

AnswerId = Annotated[str, Path(description="An answer's id.", examples=["a0123456789abcdef0123"])]
NoteId = Annotated[str, Path(description="A note's id.", examples=["n0123456789abcdef0123"])]


async def notebook_of(engine: EngineOf, access: AccessOf) -> Notebook:
    """Return the notebook of the sender."""
    base_url = engine.settings.base_url.rstrip("/")
    keys = await run_in_threadpool(engine.public_keys)
    return Notebook(engine.store, access, keys, base_url)


NotebookOf = Annotated[Notebook, Depends(notebook_of)]


@router.get("/notebook", summary="List the notes")
def notes(notebook: NotebookOf) -> NoteList:
    """List what is kept, each quote looked up again: `ok`, `moved`, `altered` or `gone`."""
    return NoteList(tuple(notebook.notes()))


@router.post("/notebook", status_code=201, summary="Keep an answer or a quote")
def keep(body: KeepBody, notebook: NotebookOf) -> KeptNote:
    """Keep an answer of this server, or one of its citations, in the notebook of the key.

    What was kept before is returned as it is.
    """
    return notebook.keep(body.answer, body.number, body.note)


@router.get(
    "/notebook/file",
    summary="Save the notebook as a file",
    response_class=Response,
    responses={200: {"content": {media_type: {} for media_type in MEDIA_TYPES}}},
)
async def file(
    notebook: NotebookOf,
    drawing: DrawingOf,
    sender: SenderOf,
    form: Annotated[Form, Query(description="The file's form.")] = "docx",
    style: Annotated[Style, Query(description="The style of the references.")] = "chicago",
) -> Response:
    """Send all notes: as text, as the cited pages in one PDF, or for a reference manager.

    In the PDF the quotes are highlighted and the notes are comments; documents that are no PDFs
    are left out.
    """
    written = await drawing.notebook(notebook, form, style, sender=sender)
    headers = {
        "Content-Disposition": content_disposition(written.name, inline=False),
        "Cache-Control": "no-store",
    }
    return Response(written.content, media_type=written.media_type, headers=headers)


@router.patch("/notebook/{note_id}", summary="Edit a note")
def edit(note_id: NoteId, body: NoteBody, notebook: NotebookOf) -> KeptNote:
    """Change what is written in a note."""
    return notebook.edit(note_id, body.note)


@router.delete("/notebook/{note_id}", status_code=204, summary="Remove a note")
def remove(note_id: NoteId, notebook: NotebookOf) -> None:
    """Remove a note. The address of its answer stays good."""
    notebook.remove(note_id)


@router.get("/answers/{answer_id}", summary="Show a kept answer")
def answer(answer_id: AnswerId, notebook: NotebookOf) -> KeptAnswer:
    """Return a kept answer without its passages, and whether each quote still stands.

    404 for an answer that nobody kept, that was deleted with a document, or that quotes a
    collection which is not the key's.
    """
    return notebook.answer(answer_id)
