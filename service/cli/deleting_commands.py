"""The `citewell documents delete` command."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.commanding import Filter, Json, reported, settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.document import Document
    from service.collection.deleting import DeletionReceipt
    from service.settings.settings import Settings


def delete_documents(
    context: typer.Context,
    doc_ids: Annotated[list[str] | None, typer.Argument(metavar="[DOC_ID]…")] = None,
    filters: Filter = None,
    sources: Annotated[
        list[str] | None,
        typer.Option(
            "--source", metavar="SOURCE", help="Documents of this source, or pattern: 'old/*'."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show which documents are meant.")
    ] = False,
    purge: Annotated[
        bool, typer.Option(help="Also remove older snapshots that contain them.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Delete documents everywhere and print the receipts.

    Such as `--filter 'date<2010' --dry-run`. Older editions are meant too. Several documents are
    deleted with one new snapshot.
    """
    with reported(as_json=as_json):
        from service.access.opening import open_store
        from service.cli.printing import print_json, print_lines
        from service.collection.selecting import selected_documents

        settings = settings_of(context)
        chosen: Sequence[str] = doc_ids or ()
        if dry_run or filters or sources:
            with open_store(settings, read_only=True) as store:
                found = selected_documents(
                    store, chosen, filters=filters or (), sources=sources or ()
                )
            if dry_run:
                _show(found, as_json=as_json)
                return
            chosen = [document.doc_id for document in found]
        receipts = _deleted(chosen, settings, purge=purge, as_json=as_json)
        if not as_json:
            print_lines(line for receipt in receipts for line in _lines(receipt))
        elif len(receipts) == 1 and not (filters or sources):
            print_json(receipts[0])
        else:
            print_json({"receipts": [asdict(receipt) for receipt in receipts]})


def _deleted(
    doc_ids: Sequence[str], settings: Settings, *, purge: bool, as_json: bool
) -> list[DeletionReceipt]:
    from corpus.errors import InputError
    from service.cli.step_bar import StepBar
    from service.collection.deleting import delete_documents as delete

    if not doc_ids:
        raise InputError("No document is meant. Expected ids, or conditions that one meets.")
    with StepBar() if len(doc_ids) > 1 and not as_json else nullcontext() as bar:
        return delete(
            doc_ids,
            settings,
            purge_older=purge,
            on_document=lambda done, total: bar.show("deleting", done, total) if bar else None,
        )


def _show(found: Sequence[Document], *, as_json: bool) -> None:
    from service.cli.printing import print_json, print_lines, printable

    if as_json:
        told = ("doc_id", "title", "source", "collection", "pages")
        print_json({"documents": [{name: getattr(each, name) for name in told} for each in found]})
        return
    print_lines(
        f"{each.doc_id}  {printable(each.title)}  {printable(each.source)}" for each in found
    )
    pages = sum(document.pages for document in found)
    print_lines([f"{len(found)} documents, {pages} pages; nothing was deleted"])


def _lines(receipt: DeletionReceipt) -> list[str]:
    lines = [
        f"deleted {receipt.doc_id}: {receipt.pages} pages, {receipt.chunks} chunks, "
        f"{receipt.vectors} vectors",
        f"snapshot {receipt.snapshot}",
    ]
    if receipt.older_snapshots:
        held = ", ".join(receipt.older_snapshots)
        lines.append(f"still held by older snapshots: {held} (remove with --purge)")
    return lines
