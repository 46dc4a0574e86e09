"""The notebook in the browser, and the permanent address of a kept answer."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.http.routes.notebook import AnswerId, NotebookOf
from service.http.web.notebook_pages import answer_page, notebook_page
from service.keeping.changes import changes_between
from service.receipts.replaying import Recipe
from service.routing.dependencies import AccessOf, DeskOf, EngineOf, needs

router = APIRouter(
    include_in_schema=False, default_response_class=HTMLResponse, dependencies=[needs("read")]
)


@router.get("/notebook")
def notebook(kept: NotebookOf) -> HTMLResponse:
    """Show the notes, each quote looked up again."""
    return notebook_page(kept.notes(), may_keep=kept.access.may_keep)


@router.get("/answers/{answer_id}")
def answer(answer_id: AnswerId, notebook: NotebookOf) -> HTMLResponse:
    """Show a kept answer, and whether each of its quotes still stands."""
    return answer_page(notebook.answer(answer_id))


@router.get("/answers/{answer_id}/now")
async def answer_now(
    answer_id: AnswerId, notebook: NotebookOf, engine: EngineOf, access: AccessOf, desk: DeskOf
) -> HTMLResponse:
    """Ask a kept answer's question again, and show what has changed since."""
    kept = await desk.run(notebook.answer, answer_id)
    recipe = Recipe.of(kept.answer)
    found = await desk.run(engine.ask, recipe.question, access.limited(recipe.request))
    return answer_page(kept, changes_between(kept.answer, found))
