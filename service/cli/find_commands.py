"""The `citewell find` command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from corpus.errors import InputError
from service.cli.commanding import Filter, Json, reported, settings_of

if TYPE_CHECKING:
    from service.finding.finding import FindRequest
    from service.settings.settings import Settings
    from service.values.find import Find

Format = Literal["table", "csv", "xlsx", "json"]


def find(
    context: typer.Context,
    terms: Annotated[list[str], typer.Argument(metavar="TERM…", help="Words or names.")],
    filters: Filter = None,
    collection: Annotated[
        str | None, typer.Option("--collection", "-c", help="Only this collection.")
    ] = None,
    exact: Annotated[
        bool,
        typer.Option(
            "--exact", help="Match only the words as written: no inflections, no aliases."
        ),
    ] = False,
    semantic: Annotated[
        bool,
        typer.Option("--semantic", help="Also list passages on the subject that do not name it."),
    ] = False,
    form: Annotated[Format, typer.Option("--format", help="Output format.")] = "table",
    mentions: Annotated[
        bool, typer.Option("--mentions", help="With csv: one line per mention, not per document.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Find every mention of terms in the text of all pages.

    Prints which documents mention each term, how often and where, and which pages had no text to
    search.
    """
    with reported(as_json=as_json):
        from service.cli.printing import print_bytes
        from service.finding.finding import FindRequest

        chosen: Format = "json" if as_json else form
        if chosen == "xlsx" and output is None:
            raise InputError("A workbook needs a file: add --output mentions.xlsx.")
        request = FindRequest(tuple(terms), tuple(filters or ()), collection, exact)
        found = _found(request, settings_of(context), semantic=semantic)
        print_bytes(_written(found, chosen, mentions=mentions), output)


def _found(request: FindRequest, settings: Settings, *, semantic: bool) -> Find:
    """Return what is found; models are loaded only for `semantic`."""
    from service.engine.engine import Engine
    from service.settings.models import Models

    models = Models.open(settings)
    if semantic:
        models.warm()
    with Engine.open(settings, models=models, read_only=True) as engine:
        return engine.find(request, related=semantic)


def _written(found: Find, form: Format, *, mentions: bool) -> bytes:
    from service.cli.find_table import find_lines
    from service.cli.printing import json_text
    from service.rendering.find_tables import csv_text, document_rows, mention_rows, workbook

    match form:
        case "json":
            return (json_text(found) + "\n").encode()
        case "csv":
            return csv_text(mention_rows(found) if mentions else document_rows(found)).encode()
        case "xlsx":
            return workbook(found)
        case "table":
            return "".join(f"{line}\n" for line in find_lines(found)).encode()
