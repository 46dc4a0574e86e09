"""The `citewell aliases` commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.commanding import Json, reported, settings_of

aliases_app = typer.Typer(
    help="List, add, remove and export aliases: short and long names.",
    invoke_without_command=True,
)

Short = Annotated[str, typer.Argument(help="The short name, such as ICMPD.")]


@aliases_app.callback()
def aliases(context: typer.Context) -> None:
    """List, add, remove and export aliases: short and long names.

    Without a command: list them.
    """
    if context.invoked_subcommand is None:
        list_aliases(context)


@aliases_app.command("list")
def list_aliases(context: typer.Context, as_json: Json = False) -> None:
    """List the names with the sentences that define them; ambiguous ones last."""
    with reported(as_json=as_json):
        from service.cli.printing import print_json, print_lines
        from service.collection.aliasing import alias_lines, alias_list

        found = alias_list(settings_of(context))
        print_json(found) if as_json else print_lines(alias_lines(found))


@aliases_app.command("add")
def add_alias(
    context: typer.Context,
    short: Short,
    long: Annotated[str, typer.Argument(help="The long name that it stands for.")],
    as_json: Json = False,
) -> None:
    """Add a short name with its long name, and publish a snapshot."""
    with reported(as_json=as_json):
        from service.collection.aliasing import edit_aliases

        settings = settings_of(context)
        edited = edit_aliases(settings, lambda edits: edits.adding(short, long))
        _print_edited(edited, as_json=as_json)


@aliases_app.command("remove")
def remove_alias(
    context: typer.Context,
    short: Short,
    long: Annotated[
        str | None, typer.Argument(help="The long name; default: every meaning.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Remove a short name, and publish a snapshot."""
    with reported(as_json=as_json):
        from service.collection.aliasing import edit_aliases

        settings = settings_of(context)
        edited = edit_aliases(settings, lambda edits: edits.removing(short, long))
        _print_edited(edited, as_json=as_json)


@aliases_app.command("export")
def export_aliases(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
) -> None:
    """Write the names and their sentences as CSV."""
    with reported(as_json=False):
        from service.cli.printing import print_bytes
        from service.collection.aliasing import alias_list, alias_rows
        from service.rendering.find_tables import csv_text

        rows = alias_rows(alias_list(settings_of(context)))
        print_bytes(csv_text(rows).encode(), output)


def _print_edited(snapshot: str, *, as_json: bool) -> None:
    from service.cli.printing import print_json, print_lines

    print_json({"snapshot": snapshot}) if as_json else print_lines([f"snapshot {snapshot}"])
