"""What every command shares: its settings, its errors, its `--json`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import CitewellError, InputError
from service.values.request import FILTERS

if TYPE_CHECKING:
    from service.settings.settings import Settings

Filter = Annotated[
    list[str] | None,
    typer.Option(
        *FILTERS.flags, metavar=FILTERS.metavar, help=f"{FILTERS.description} Repeatable."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]


def settings_of(context: typer.Context, **overrides: object) -> Settings:
    """Return the settings of this run; `overrides` that are not None win. Raises: SettingsError."""
    from service.settings.environment import read_settings

    home = context.find_root().obj
    return read_settings(None, home=home, **overrides)


def pairs(given: list[str]) -> dict[str, str]:
    """Return `key=value` words as a mapping. Raises: InputError."""
    found: dict[str, str] = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not (key.strip() and equals):
            raise InputError(f"Found {pair!r}; expected KEY=VALUE.")
        found[key.strip()] = value.strip()
    return found


@contextmanager
def reported(*, as_json: bool) -> Iterator[None]:
    """Turn an error into its message and exit code: 2 for a wrong request, else 1."""
    try:
        yield
    except CitewellError as error:
        _report(type(error).__name__, str(error), as_json=as_json)
        raise typer.Exit(2 if isinstance(error, InputError) else 1) from error
    except ModuleNotFoundError as error:  # as after scripts/install --evaluation
        detail = f"{error}; this command needs it. scripts/install installs all that there is."
        _report(type(error).__name__, detail, as_json=as_json)
        raise typer.Exit(1) from error
    except KeyboardInterrupt as error:
        sys.stderr.write(
            "citewell: stopped. What was done is kept; the same command goes on from there.\n"
        )
        raise typer.Exit(130) from error


def _report(title: str, detail: str, *, as_json: bool) -> None:
    if as_json:
        found = {"error": {"title": title, "detail": detail}}
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    sys.stderr.write(f"citewell: {detail}\n")
