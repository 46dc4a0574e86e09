"""The `citewell` commands that look at a saved answer again: verify and replay."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.commanding import Json, reported, settings_of

if TYPE_CHECKING:
    from service.receipts.verifying import Documents
    from service.settings.settings import Settings

Saved = Annotated[Path, typer.Argument(help="An Answer saved from `citewell ask --json`.")]


def verify(
    context: typer.Context,
    file: Saved,
    bundle: Annotated[
        Path | None,
        typer.Option(help="Check against a bundle of `snapshots export`, not the home."),
    ] = None,
    public_key: Annotated[
        Path | None,
        typer.Option(help="Check the signature with this key: PEM, or the JSON of jwks.json."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check the citations and the signature of a saved answer.

    Each citation is ok, moved, altered or gone; exit 1 unless all are ok and the signature holds.
    """
    from service.cli.printing import print_json, print_lines, verification_lines

    with reported(as_json=as_json):
        from service.citations.receipt_signing import is_deletion
        from service.collection.bundle_trust import believed_keys
        from service.receipts.verifying import read_answer, verify_deletion
        from service.receipts.verifying import verify as check

        settings, answer = settings_of(context), read_answer(file)
        keys = believed_keys(settings, public_key)
        if is_deletion(answer):
            report = verify_deletion(answer, keys)
        else:
            with _documents(settings, bundle, public_key) as documents:
                report = check(answer, documents, keys)
        print_json(report) if as_json else print_lines(verification_lines(report))
        unproved = public_key is not None and report.signature != "valid"
        if unproved or not report.ok:
            raise typer.Exit(1)


def replay(context: typer.Context, file: Saved, as_json: Json = False) -> None:
    """Ask a saved answer's question again, of the snapshot in its receipt.

    Says that the answer is equal, or what differs and why; exit 1 if it does.
    """
    from service.cli.printing import print_json, print_lines, replay_lines

    with reported(as_json=as_json):
        from service.engine.engine import Engine
        from service.receipts.verifying import read_answer

        answer = read_answer(file)
        with Engine.open(settings_of(context), read_only=True) as engine:
            found = engine.replay(answer)
        print_json(found) if as_json else print_lines(replay_lines(found))
        if not found.equal:
            raise typer.Exit(1)


def _documents(
    settings: Settings, bundle: Path | None, public_key: Path | None
) -> AbstractContextManager[Documents]:
    if bundle is not None:
        from service.collection.importing import bundle_documents

        return bundle_documents(bundle, settings, public_key)
    from service.access.opening import open_store

    return open_store(settings, read_only=True)
