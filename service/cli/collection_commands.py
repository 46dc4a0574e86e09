"""The `citewell` commands about what is stored: documents, models, doctor."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from service.cli.commanding import Json, reported, settings_of
from service.cli.deleting_commands import delete_documents
from service.cli.listing_commands import edit_from_sheet, list_documents

documents_app = typer.Typer(help="List, show, edit and delete documents.", no_args_is_help=True)
models_app = typer.Typer(help="List and check models.", no_args_is_help=True)
documents_app.command("list")(list_documents)
documents_app.command("edit-all")(edit_from_sheet)
documents_app.command("delete")(delete_documents)


@documents_app.command("show")
def show_document(
    context: typer.Context,
    doc_id: str,
    page: Annotated[int | None, typer.Option(help="Show the text of this page.")] = None,
    quality: Annotated[
        bool, typer.Option("--quality", help="Show how well each page was read.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show a document's metadata and parts, the text of a page, or the quality of its pages."""
    with reported(as_json=as_json):
        if quality:
            _show_quality(context, doc_id, as_json=as_json)
            return
        from corpus.errors import NotFoundError
        from corpus.ids import DocId
        from service.access.opening import open_store
        from service.cli.printing import print_json, print_lines, printable
        from service.collection.belonging import belonging_of

        with open_store(settings_of(context), read_only=True) as store:
            document = store.document(DocId(doc_id))
            belonging = belonging_of(document, store)
            pages = store.pages(document.doc_id, None if page is None else [page])
        if page is not None:
            if page not in pages:
                raise NotFoundError(f"{doc_id} has pages 1 to {document.pages}; found {page}.")
            shown = asdict(pages[page]) | {"doc_id": doc_id}
            print_json(shown) if as_json else print_lines([pages[page].text])
            return
        fields = {**asdict(document), **belonging}
        if as_json:
            print_json(fields)
        else:
            print_lines(f"{name:11} {printable(str(value))}" for name, value in fields.items())


def _show_quality(context: typer.Context, doc_id: str, *, as_json: bool) -> None:
    from corpus.ids import DocId
    from service.access.opening import open_store
    from service.cli.printing import print_json, print_lines, printable
    from service.collection.reading_quality import document_quality, ledger_lines

    with open_store(settings_of(context), read_only=True) as store:
        found = document_quality(store, DocId(doc_id))
    print_json(found) if as_json else print_lines(map(printable, ledger_lines(found)))


@documents_app.command("quality")
def sum_up_quality(
    context: typer.Context,
    collection: Annotated[str | None, typer.Option("--collection", "-c")] = None,
    as_json: Json = False,
) -> None:
    """Count pages by quality grade, and list the doubtful documents."""
    with reported(as_json=as_json):
        from service.access.opening import open_store
        from service.cli.printing import print_json, print_lines, printable
        from service.collection.reading_quality import quality_report, report_lines

        with open_store(settings_of(context), read_only=True) as store:
            found = quality_report(store, collection=collection)
        print_json(found) if as_json else print_lines(map(printable, report_lines(found)))


@documents_app.command("edit")
def edit_document(
    context: typer.Context,
    doc_id: str,
    title: Annotated[str | None, typer.Option(help="The title.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    date: Annotated[str | None, typer.Option(help="2019, 2019-05 or 2019-05-31.")] = None,
    language: Annotated[str | None, typer.Option(help="A code such as en or pt-BR.")] = None,
    collection: Annotated[str | None, typer.Option("--collection", "-c")] = None,
    metadata: Annotated[
        list[str] | None, typer.Option("--metadata", "-m", metavar="K=V", help="Repeat.")
    ] = None,
    unset: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Undo an edit: title, region, …; repeatable."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Edit a document's metadata; edits survive later ingests."""
    with reported(as_json=as_json):
        from corpus.errors import InputError
        from service.cli.commanding import pairs
        from service.cli.printing import print_json, print_lines, printable
        from service.collection.editing import edit_document as edit

        said = {
            "title": title,
            "publisher": publisher,
            "date": date,
            "language": language,
            "collection": collection,
        }
        changes: dict[str, str | None] = {k: v for k, v in said.items() if v is not None}
        changes |= pairs(metadata or [])
        changes |= dict.fromkeys(unset or [])
        if not changes:
            raise InputError("Nothing to change. Expected --title, --metadata K=V, --unset …")
        edited = edit(doc_id, changes, settings_of(context))
        fields = asdict(edited.document)
        if as_json:
            print_json({**fields, "snapshot": edited.snapshot})
        else:
            print_lines(f"{name:11} {printable(str(value))}" for name, value in fields.items())


@documents_app.command("duplicates")
def list_duplicates(
    context: typer.Context,
    threshold: Annotated[
        float,
        typer.Option(
            min=0.5, max=1.0, help="Least similarity (Jaccard of five-word shingles), 0.5..1."
        ),
    ] = 0.8,
    passages: Annotated[bool, typer.Option(help="Also compare passages; slower.")] = False,
    collection: Annotated[str | None, typer.Option("--collection", "-c")] = None,
    as_json: Json = False,
) -> None:
    """List near-duplicates, documents of one report symbol, and editions of one source."""
    with reported(as_json=as_json):
        from service.access.opening import open_store
        from service.cli.printing import print_json, print_lines, printable
        from service.collection.duplicates import find_duplicates, lines_of

        settings = settings_of(context)
        found = find_duplicates(
            settings, threshold=threshold, passages=passages, collection=collection
        )
        if as_json:
            print_json(found)
            return
        with open_store(settings, read_only=True) as store:
            every = store.documents(current_only=False)
        print_lines(lines_of(found, {d.doc_id: printable(d.title) for d in every}))


@models_app.command("list")
def list_models(context: typer.Context, as_json: Json = False) -> None:
    """Show the models in use."""
    with reported(as_json=as_json):
        from service.cli.printing import print_json, print_lines
        from service.settings.models import Models

        models = Models.open(settings_of(context))
        rows = [("embedder", models.embedder.name, models.embedder.fingerprint)]
        if models.reranker:
            rows.append(("reranker", models.reranker.name, models.reranker.fingerprint))
        if as_json:
            print_json(
                {
                    "models": [
                        dict(zip(("role", "name", "fingerprint"), row, strict=True)) for row in rows
                    ]
                }
            )
        else:
            print_lines(f"{role:9} {name}  {fingerprint}" for role, name, fingerprint in rows)


@models_app.command("verify")
def verify_models(as_json: Json = False) -> None:
    """Check the files of the bundled models against their checksums; exit 1 if one differs."""
    with reported(as_json=as_json):
        from index.models.model_files import verify
        from service.cli.printing import print_json, print_lines

        checks = verify()
        if as_json:
            print_json({"checks": [asdict(check) for check in checks]})
        else:
            print_lines(f"{check.model} {check.file}: {check.problem or 'ok'}" for check in checks)
        if any(check.problem for check in checks):
            raise typer.Exit(1)


def doctor(
    context: typer.Context,
    backups: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Read the newest backup in this folder too."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check models, store, snapshots, every quote, jobs, deletions, keys, the disk and the clock.

    Says of each fault what to do. Exit 1 on a fault.
    """
    with reported(as_json=as_json):
        from corpus.errors import SettingsError
        from service.cli.printing import print_json, print_lines
        from service.examining.examining import examine
        from service.examining.finding import Finding

        try:
            passphrase = os.environ.get("CITEWELL_BACKUP_PASSPHRASE")
            findings = examine(settings_of(context), backups=backups, passphrase=passphrase)
        except SettingsError as error:
            findings = [Finding("settings", False, str(error))]
        if as_json:
            print_json({"checks": [asdict(finding) for finding in findings]})
        else:
            print_lines(
                f"{'ok     ' if f.ok else 'PROBLEM'} {f.check}: {f.detail}" for f in findings
            )
        if not all(finding.ok for finding in findings):
            raise typer.Exit(1)
