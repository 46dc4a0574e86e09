"""The `citewell backup` commands: create, list, verify, restore, prune."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.commanding import Json, reported, settings_of

if TYPE_CHECKING:
    from service.backups.manifest import Manifest
    from service.backups.repository import Repository
    from service.cli.step_bar import StepBar

backup_app = typer.Typer(
    help="Back up everything in the home, while it is used, and restore it.", no_args_is_help=True
)

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the backups.")]
Passphrase = Annotated[
    str | None,
    typer.Option(
        "--passphrase",
        envvar="CITEWELL_BACKUP_PASSPHRASE",
        show_default=False,
        help="Encrypts the backups. Better in the variable than on the command line.",
    ),
]
Which = Annotated[
    str | None, typer.Option("--backup", metavar="ID", help="Which one. [the newest]")
]


@backup_app.command("create")
def create(
    context: typer.Context,
    folder: Folder,
    passphrase: Passphrase = None,
    signing_key: Annotated[
        bool | None,
        typer.Option(
            "--signing-key/--no-signing-key",
            show_default=False,
            help="Whether the key that signs answers goes in. [only if encrypted]",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Back up documents, keys, jobs, edits, snapshots, vectors and the audit log.

    Servers go on answering; what would change the collection waits until it is done. What an
    earlier backup in the folder has is not written again.
    """
    from service.cli.printing import print_json, print_lines

    with reported(as_json=as_json):
        from service.backups.backing_up import back_up

        with _bar(as_json=as_json) as bar:
            made = back_up(
                folder,
                settings_of(context),
                passphrase=passphrase,
                signing_key=signing_key,
                on_file=bar.show if bar else lambda *_: None,
            )
        if as_json:
            print_json(made)
            return
        size, new = made.bytes / 1e6, made.new_bytes / 1e6
        lines = [f"{made.backup_id}: {made.documents} documents, {size:.1f} MB, {new:.1f} MB new"]
        if not made.signing_key:
            lines.append("The signing key is not in it: keep that file apart.")
        print_lines(lines)


@backup_app.command("list")
def list_backups(folder: Folder, passphrase: Passphrase = None, as_json: Json = False) -> None:
    """List the backups in a folder, oldest first."""
    from service.cli.printing import print_json, print_lines

    with reported(as_json=as_json):
        found = [_of(manifest) for manifest in _manifests(_opened(folder, passphrase))]
        if as_json:
            print_json({"backups": found})
        else:
            print_lines(
                f"{each['backup_id']}  {each['documents']} documents  "
                f"{each['bytes']:,} bytes  {each['snapshot'] or 'no snapshot'}"
                for each in found
            )


@backup_app.command("verify")
def verify(
    folder: Folder, which: Which = None, passphrase: Passphrase = None, as_json: Json = False
) -> None:
    """Read every byte of a backup; exit 1 if one is not as it was."""
    from service.cli.printing import print_json, print_lines

    with reported(as_json=as_json):
        from service.backups.restoring import check_backup

        repository = _opened(folder, passphrase)
        with _bar(as_json=as_json) as bar:
            found = check_backup(repository, which, bar.show if bar else lambda *_: None)
        if as_json:
            print_json(found)
        else:
            said = "is damaged" if found.problems else "is whole"
            print_lines([f"{found.backup_id} {said}: {found.files} files", *found.problems])
        if found.problems:
            raise typer.Exit(1)


@backup_app.command("restore")
def restore_backup(
    context: typer.Context,
    folder: Folder,
    which: Which = None,
    passphrase: Passphrase = None,
    keep_deleted: Annotated[
        bool,
        typer.Option(help="Keep documents that were deleted after the backup was made."),
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace what the home holds; stop its servers first.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Restore a backup into a home without a store, in SQLite or in the database that is set.

    Everything is checked before the home is changed. Documents that were deleted after the backup
    was made do not come back.
    """
    from service.cli.printing import print_json, print_lines

    with reported(as_json=as_json):
        from service.backups.restoring import restore

        settings = settings_of(context)
        repository = _opened(folder, passphrase)
        with _bar(as_json=as_json) as bar:
            done = restore(
                repository,
                settings,
                backup_id=which,
                keep_deleted=keep_deleted,
                replace=replace,
                on_file=bar.show if bar else lambda *_: None,
            )
        if as_json:
            print_json(done)
            return
        lines = [f"{done.backup_id} restored into {settings.home}: {done.documents} documents"]
        if done.deleted_since:
            what = "deleted again" if done.deleted_again else "kept"
            names = ", ".join(done.deleted_since)
            lines.append(f"Deleted after this backup, and {what}: {names}")
        if done.lost:
            lines.append(f"Added after this backup, and gone: {', '.join(done.lost)}")
        if not done.signing_key:
            lines.append(
                "It has no signing key. Put yours back, or answers that were signed before will "
                "not verify."
            )
        print_lines(lines)


@backup_app.command("prune")
def prune(
    folder: Folder,
    keep: Annotated[int, typer.Option(min=1, help="How many of the newest stay.")],
    passphrase: Passphrase = None,
    as_json: Json = False,
) -> None:
    """Remove all but the newest backups, and the bytes that only they had."""
    from service.cli.printing import print_json, print_lines

    with reported(as_json=as_json):
        repository = _opened(folder, passphrase)
        gone = repository.ids()[:-keep]
        repository.remove(gone)
        if as_json:
            print_json({"removed": gone, "kept": repository.ids()})
        else:
            print_lines([f"{len(gone)} removed, {len(repository.ids())} kept"])


def _opened(folder: Path, passphrase: str | None) -> Repository:
    from service.backups.repository import Repository

    return Repository.open(folder, passphrase)


def _manifests(repository: Repository) -> list[Manifest]:
    return [repository.manifest(backup_id) for backup_id in repository.ids()]


def _of(manifest: Manifest) -> dict[str, object]:
    told = asdict(manifest)
    del told["files"], told["format"], told["deleted"]
    return told | {"files": len(manifest.files), "bytes": manifest.size}


def _bar(*, as_json: bool) -> AbstractContextManager[StepBar | None]:
    """Return the bar of long work; none where its output is read by a program."""
    if as_json:
        return nullcontext()
    from service.cli.step_bar import StepBar

    return StepBar()
