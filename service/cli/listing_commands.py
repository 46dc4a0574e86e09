"""`citewell documents list` and `edit-all`: what a librarian looks at and puts right."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.commanding import Json, reported, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.collection.listing import Listed


def list_documents(
    context: typer.Context,
    find: Annotated[
        str | None,
        typer.Argument(help="Words of title, body, year or an acronym, perhaps misspelt."),
    ] = None,
    collection: Annotated[str | None, typer.Option("--collection", "-c")] = None,
    editions: Annotated[bool, typer.Option(help="Show older editions too.")] = False,
    doubtful: Annotated[
        bool,
        typer.Option("--doubtful", help="Those whose description is in doubt, and why, first."),
    ] = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Write CSV, to be changed and read by `edit-all`.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List documents with date, kind, title, publisher and pages."""
    with reported(as_json=as_json):
        from service.access.opening import open_store
        from service.cli.printing import print_json, print_lines
        from service.collection.description_sheet import sheet_of
        from service.collection.listing import doubtful_first, listed, remembered

        with open_store(settings_of(context), read_only=True) as store:
            found = store.documents(current_only=not editions, collection=collection)
        if find:
            found = remembered(found, find)
        rows = [listed(document) for document in found]
        if doubtful:
            rows = doubtful_first(found)
        if as_csv:
            print_lines([sheet_of(row.document for row in rows).rstrip("\n")])
        elif as_json:
            told = [asdict(row.document) | {"doubts": row.doubts} for row in rows]
            print_json({"documents": told, "next": None})
        else:
            print_lines(_lines(rows, doubtful=doubtful))


def edit_from_sheet(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV as `citewell documents list --csv` writes it.")],
    as_json: Json = False,
) -> None:
    """Say what is known of many documents: the changed cells of a CSV file.

    An empty cell says nothing, `-` takes an edit back. Edits survive every later ingest.
    """
    with reported(as_json=as_json):
        from service.access.opening import open_store
        from service.cli.printing import print_json, print_lines
        from service.collection.description_sheet import edits_in
        from service.collection.editing import edit_documents

        settings = settings_of(context)
        with open_store(settings, read_only=True) as store:
            documents = {str(each.doc_id): each for each in store.documents()}
        changes = edits_in(file, documents)
        edited = edit_documents(changes, settings) if changes else {}
        if as_json:
            snapshot = next((each.snapshot for each in edited.values()), None)
            print_json({"edited": changes, "snapshot": snapshot})
        else:
            count = sum(map(len, changes.values()))
            print_lines([f"{len(edited)} documents edited, {count} values"])


def _lines(rows: list[Listed], *, doubtful: bool) -> Iterator[str]:
    from index.documents.distinct_titles import full_title
    from service.cli.printing import printable

    for row in rows:
        document = row.document
        kind = document.metadata.get("kind", "")
        title = full_title(document.title, document.metadata)
        said = [title, document.publisher or "", document.collection]
        yield (
            f"{document.doc_id}  {document.date or '':10}  {document.pages:4} pages  "
            f"{kind:14.14}  {printable('  |  '.join(filter(None, said)))}"
        )
        if doubtful:
            yield f"    {printable('; '.join(row.doubts))}"
