"""The `citewell keys` commands: create, list and revoke API keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.commanding import Json, reported, settings_of

if TYPE_CHECKING:
    from corpus.key import Key

keys_app = typer.Typer(help="Create, list and revoke API keys.", no_args_is_help=True)


@keys_app.command("create")
def create_key(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What the key is for, such as `slack`.")],
    scopes: Annotated[
        list[str] | None,
        typer.Option("--scope", "-s", help="read, ingest, admin or metrics; repeatable. [read]"),
    ] = None,
    collections: Annotated[
        list[str] | None,
        typer.Option("--collection", "-c", help="Only this collection; repeatable. [all]"),
    ] = None,
    expires: Annotated[
        str | None,
        typer.Option(help="Last day (2027-01-31), or a number of days from now (90d). [never]"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Create a key and show it once.

    Once a key exists, `citewell serve` requires one.
    """
    with reported(as_json=as_json):
        from service.access.keys import make_key
        from service.access.opening import open_store
        from service.auditing.recording import open_audit
        from service.cli.printing import note, print_json, print_lines

        settings = settings_of(context)
        settings.home.mkdir(parents=True, exist_ok=True)
        key, secret = make_key(name, scopes or ["read"], collections or None, expires)
        with open_store(settings) as store:
            store.create_key(key)
        open_audit(settings).record("key_created", _recorded(key))
        if as_json:
            print_json(_shown(key) | {"key": secret})
        else:
            note(f"citewell: key {key.key_id}; it is shown this once and kept nowhere.")
            print_lines([secret])


@keys_app.command("signing")
def signing_key(context: typer.Context, as_json: Json = False) -> None:
    """Print the public key that signs answers: PEM, or a JSON Web Key Set with --json.

    It is what `citewell verify --public-key` takes. The private key is made if there is none.
    """
    with reported(as_json=as_json):
        from service.citations.receipt_signing import SigningKey, key_set
        from service.cli.printing import print_json, print_lines

        home = settings_of(context).layout
        home.root.mkdir(parents=True, exist_ok=True)
        public = SigningKey.open(home.signing_key).public
        print_json(key_set([public])) if as_json else print_lines([public.pem.rstrip()])


@keys_app.command("list")
def list_keys(context: typer.Context, as_json: Json = False) -> None:
    """List keys, oldest first; only their hashes are stored."""
    with reported(as_json=as_json):
        from service.access.opening import open_store
        from service.cli.printing import print_json, print_lines, printable

        with open_store(settings_of(context), read_only=True) as store:
            kept = store.keys()
        found = [_shown(key) for key in kept]
        if as_json:
            print_json({"keys": found, "next": None})
        else:
            print_lines(
                printable(
                    f"{key['key_id']}  {key['state']:7}  {','.join(key['scopes'])}  "
                    f"{','.join(key['collections'] or ['all collections'])}  {key['name']}"
                )
                for key in found
            )


@keys_app.command("revoke")
def revoke_key(context: typer.Context, key_id: str, as_json: Json = False) -> None:
    """Revoke a key; running servers refuse it from the next request on."""
    with reported(as_json=as_json):
        from service.access.opening import open_store
        from service.auditing.recording import open_audit
        from service.cli.printing import print_json, print_lines

        settings = settings_of(context)
        with open_store(settings) as store:
            key = store.revoke_key(key_id)
        open_audit(settings).record("key_revoked", _recorded(key))
        print_json(_shown(key)) if as_json else print_lines([f"revoked {key.key_id} ({key.name})"])


def _recorded(key: Key) -> dict[str, object]:
    return {"key_id": key.key_id, "name": key.name, "scopes": list(key.scopes)}


def _shown(key: Key) -> dict[str, Any]:
    from corpus.clock import utc_now

    return {
        "key_id": key.key_id,
        "name": key.name,
        "state": key.state(utc_now()),
        "scopes": list(key.scopes),
        "collections": None if key.collections is None else list(key.collections),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
    }
