"""Settings from the environment (`CITEWELL_…`)."""

import difflib
import os
from collections.abc import Mapping

from pydantic import ValidationError

from corpus.errors import SettingsError
from service.settings.settings import PREFIX, Settings

# Read by one command each: no settings.
PASSWORD_VARIABLES = {f"{PREFIX}INGEST_PASSWORD", f"{PREFIX}BACKUP_PASSPHRASE"}


def read_settings(environment: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Return the settings of the environment; `overrides` that are not None win.

    Raises: SettingsError for a `CITEWELL_…` name that does not exist (with the nearest one that
    does) and for a value that is not allowed.
    """
    found = os.environ if environment is None else environment
    known = {f"{PREFIX}{name.upper()}": name for name in Settings.model_fields}
    given: dict[str, object] = {}
    for name, value in found.items():
        if not name.upper().startswith(PREFIX) or name in PASSWORD_VARIABLES:
            continue
        if name.upper() not in known:
            raise SettingsError(_unknown(name, list(known)))
        given[known[name.upper()]] = value
    given |= {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name = f"{PREFIX}{str(first['loc'][0]).upper()}" if first["loc"] else PREFIX
        raise SettingsError(
            f"{name}: found {first['input']!r}; expected: {first['msg']}."
        ) from error


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(known))}."
    return f"{name} is not a setting of citewell; {hint}"
