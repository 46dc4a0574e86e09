"""The `citewell snapshots` commands: list, roll back, export, import, verify."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from service.cli.commanding import Json, reported, settings_of

snapshots_app = typer.Typer(help="List, check, move and roll back snapshots.", no_args_is_help=True)


@snapshots_app.command("list")
def list_snapshots(context: typer.Context, as_json: Json = False) -> None:
    """List snapshots, newest first; the current one is marked."""
    with reported(as_json=as_json):
        from index.snapshots.publishing import list_snapshots as listed
        from service.cli.printing import print_json, print_lines

        found = listed(settings_of(context).layout)
        if as_json:
            print_json({"snapshots": [asdict(snapshot) for snapshot in found], "next": None})
        else:
            print_lines(
                f"{'*' if s.current else ' '} {s.snapshot_id}  {s.documents} documents  "
                f"{s.chunks} chunks  {s.embedder}"
                for s in found
            )


@snapshots_app.command("rollback")
def roll_back(context: typer.Context, snapshot_id: str, as_json: Json = False) -> None:
    """Make an older snapshot the current one; running servers follow at once."""
    with reported(as_json=as_json):
        from service.cli.printing import print_json, print_lines
        from service.collection.rolling_back import roll_back as publish_older

        publish_older(snapshot_id, settings_of(context))
        if as_json:
            print_json({"snapshot": snapshot_id})
        else:
            print_lines([f"{snapshot_id} answers now"])


@snapshots_app.command("export")
def export_snapshot(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The bundle to write, such as reports.zip.")],
    snapshot_id: Annotated[
        str | None, typer.Option("--snapshot", help="Default: the current one.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write a snapshot with its documents to one file."""
    with reported(as_json=as_json):
        from service.cli.printing import print_json, print_lines
        from service.collection.bundling import export_bundle

        bundle = export_bundle(file, settings_of(context), snapshot_id)
        if as_json:
            print_json(bundle)
        else:
            size = f"{bundle.documents} documents, {bundle.chunks} chunks"
            print_lines([f"{bundle.snapshot}: {size}, written to {file}"])


@snapshots_app.command("import")
def import_snapshot(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A bundle that `snapshots export` wrote.")],
    public_key: Annotated[
        Path | None,
        typer.Option(help="Take the bundle as it is if this key signed it: PEM or jwks.json."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Add a bundle's documents to this home and publish.

    A bundle of an unknown key is not believed: its files are read again. Exit 1 if one says
    something else than the bundle, 3 if one could not be read.
    """
    with reported(as_json=as_json):
        from service.cli.printing import imported_lines, print_json, print_lines
        from service.collection.importing import import_bundle

        found = import_bundle(file, settings_of(context), public_key)
        print_json(found) if as_json else print_lines(imported_lines(found))
        if found.differing or found.rejected:
            raise typer.Exit(1 if found.differing else 3)


@snapshots_app.command("verify")
def verify_snapshots(
    context: typer.Context,
    snapshot_id: Annotated[str | None, typer.Argument(help="Default: all of them.")] = None,
    as_json: Json = False,
) -> None:
    """Check every file of a snapshot against its checksum; exit 1 if one differs."""
    with reported(as_json=as_json):
        from corpus.ids import SnapshotId
        from index.snapshots.checking import verify_snapshot
        from index.snapshots.publishing import list_snapshots as listed
        from index.snapshots.publishing import snapshot_folder
        from service.cli.printing import print_json, print_lines

        layout = settings_of(context).layout
        ids = [SnapshotId(snapshot_id)] if snapshot_id else [s.snapshot_id for s in listed(layout)]
        found = {name: verify_snapshot(snapshot_folder(layout, name)) for name in ids}
        if as_json:
            print_json({"snapshots": found})
        else:
            for name, wrong in found.items():
                print_lines([f"{name}: {'; '.join(wrong) if wrong else 'ok'}"])
        if any(found.values()):
            raise typer.Exit(1)
