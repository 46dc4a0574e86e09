"""The `citewell audit` commands: check the audit log, and look through it."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.commanding import Json, reported, settings_of

if TYPE_CHECKING:
    from service.auditing.checking import Seen
    from service.auditing.entry import Entry

audit_app = typer.Typer(
    help="Check and show the audit log: who asked, ingested, deleted, changed keys.",
    no_args_is_help=True,
)


@audit_app.command("verify")
def verify_audit(
    context: typer.Context,
    public_key: Annotated[
        Path | None,
        typer.Option(help="File of the key that signed its head. [the home's own]"),
    ] = None,
    seen: Annotated[
        str | None,
        typer.Option(metavar="N:SHA256", help="An entry as this command showed it before."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check that no line was changed, removed, moved or cut off; exit 1 if one was.

    Note the last line's number and SHA-256 elsewhere: with --seen, not even the holder of the
    signing key can write the log anew unseen.
    """
    with reported(as_json=as_json):
        from service.auditing.checking import check_audit
        from service.citations.receipt_signing import SigningKey, read_public_keys
        from service.cli.printing import print_json, print_lines

        home = settings_of(context).layout
        keys = []
        if public_key is not None:
            keys = read_public_keys(public_key)
        elif home.signing_key.exists():
            keys = [SigningKey.open(home.signing_key).public]
        found = check_audit(home, keys, _seen(seen))
        if as_json:
            print_json(found)
        else:
            print_lines([f"problem: {each}" for each in found.problems])
            print_lines([f"{found.entries} entries, {found.first} to {found.last}"])
            print_lines([f"last: {found.entries}:{found.sha256}"] if found.entries else [])
        if found.problems:
            raise typer.Exit(1)


@audit_app.command("show")
def show_audit(
    context: typer.Context,
    event: Annotated[
        str | None, typer.Option(help="Only this event, such as deleted or asked.")
    ] = None,
    key_id: Annotated[str | None, typer.Option("--key", help="Only what this key did.")] = None,
    since: Annotated[str | None, typer.Option(help="Only from this day on: 2027-01-31.")] = None,
    question: Annotated[
        str | None, typer.Option(help="Only where exactly this was asked or searched.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest.")] = 100,
    as_json: Json = False,
) -> None:
    """Show entries, oldest first."""
    with reported(as_json=as_json):
        from corpus.ids import sha256_of
        from service.auditing.checking import entries_of
        from service.cli.printing import print_json, print_lines, printable

        asked = None if question is None else sha256_of(question)
        matching = (
            each
            for each in entries_of(settings_of(context).layout)
            if (event is None or each.event == event)
            and (key_id is None or each.key_id == key_id)
            and (since is None or each.time >= since)
            and (asked is None or each.about.get("question_sha256") == asked)
        )
        found = list(deque(matching, maxlen=limit))
        if as_json:
            print_json({"entries": found, "next": None})
        else:
            print_lines(printable(_line(each)) for each in found)


def _line(entry: Entry) -> str:
    who = entry.key_id or entry.user or "anyone"
    about = " ".join(f"{name}={value}" for name, value in entry.about.items())
    return f"{entry.number}  {entry.time[:19]}  {entry.event:11}  {who}  {about}"


def _seen(text: str | None) -> Seen | None:
    """Return the entry that an option names. Raises: InputError."""
    from corpus.errors import InputError
    from service.auditing.checking import Seen

    if text is None:
        return None
    number, _, sha256 = text.partition(":")
    if not number.isdecimal() or len(sha256) != 64:
        raise InputError(f"Found {text!r}; expected N:SHA256, as `citewell audit verify` shows it.")
    return Seen(int(number), sha256)
