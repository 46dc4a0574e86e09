"""The `citewell store` commands: copy, migrate and erase what is stored."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from service.cli.commanding import Json, reported, settings_of

store_app = typer.Typer(help="Copy, migrate and clean the store.", no_args_is_help=True)


@store_app.command("copy")
def copy(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FROM", help="URL of the store to copy.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="URL of a new, empty store.")],
    as_json: Json = False,
) -> None:
    """Copy a store into another, from SQLite to PostgreSQL or back, and compare both.

    Such as sqlite:///var/store.sqlite and postgresql+psycopg://USER@HOST/NAME. Stop servers and
    ingests of the source first: what they write meanwhile is not copied.
    """
    with reported(as_json=as_json):
        from corpus.stores.shared.copying import CopiedTable, copy_store
        from service.access.writing import sole_ingest, sole_writer
        from service.cli.printing import print_json, print_lines

        def told(table: CopiedTable) -> None:
            if not as_json:
                print_lines([f"{table.rows:>9} rows  {table.sha256[:16]}  {table.name}"])

        layout = settings_of(context).layout
        with sole_ingest(layout), sole_writer(layout):
            copied = copy_store(source, target, told)
        if as_json:
            print_json({"tables": [asdict(table) for table in copied]})
        else:
            rows = sum(table.rows for table in copied)
            print_lines([f"{len(copied)} tables, {rows} rows: the copy equals its source"])


@store_app.command("migrate")
def migrate(
    context: typer.Context,
    revision: Annotated[
        str | None, typer.Argument(help="Such as 0006, older or newer. Default: the newest.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Change the tables of the store to another revision, without a copy. Back it up first.

    Only a store in PostgreSQL needs this; one in SQLite is copied and migrated when it is opened.
    An older revision is for going back to an older citewell; what it has no place for is lost.
    """
    with reported(as_json=as_json):
        from corpus.stores.database import open_database
        from corpus.stores.migrating import migrate as run
        from corpus.stores.migrating import revisions
        from service.cli.printing import print_json, print_lines

        wanted = revision or revisions()[-1]
        database = open_database(settings_of(context).store_url)
        try:
            before = run(database, wanted)
        finally:
            database.close()
        if as_json:
            print_json({"from": before, "to": wanted})
        else:
            print_lines([f"tables of revision {wanted}; they were of {before or 'none'}"])


@store_app.command("erase")
def erase(context: typer.Context, as_json: Json = False) -> None:
    """Rewrite the files of the store without what was deleted; others wait meanwhile.

    A store in SQLite does so at every deletion. PostgreSQL keeps deleted text in free parts of its
    files until it is written over, and in its write-ahead log and backups.
    """
    with reported(as_json=as_json):
        from service.access.opening import open_store
        from service.cli.printing import print_json, print_lines

        with open_store(settings_of(context)) as store:
            store.erase()
        print_json({"erased": True}) if as_json else print_lines(["the store was rewritten"])
