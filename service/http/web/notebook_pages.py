"""The notebook as HTML, and a kept answer with what became of it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import groupby

from starlette.responses import HTMLResponse

from service.citations.receipt_signing import SIGNED
from service.http.web.rendering import filters, html
from service.keeping.changes import Changes
from service.values.answer import Answer
from service.values.kept import MOST_CHARACTERS, KeptAnswer, KeptNote


def notebook_page(notes: Sequence[KeptNote], *, may_keep: bool) -> HTMLResponse:
    """Return the notes by question, the newest question first."""
    asked = [(question, list(each)) for question, each in groupby(notes, _question)]
    return html(
        "notebook.html", asked=asked[::-1], may_keep=may_keep, most_characters=MOST_CHARACTERS
    )


def answer_page(kept: KeptAnswer, changes: Changes | None = None) -> HTMLResponse:
    """Return a kept answer, each quote with its verdict; and what has changed, if that is known."""
    return html("kept-answer.html", kept=kept, answer=kept.answer, changes=changes)


def kept_json(answer: Answer) -> str:
    """Return what is kept of an answer, as JSON."""
    whole = asdict(replace(answer, passages=()))
    return json.dumps({name: whole[name] for name in SIGNED}, ensure_ascii=False)


def _question(note: KeptNote) -> tuple[str, str]:
    return note.question, note.answer_id


filters(kept_json=kept_json)
