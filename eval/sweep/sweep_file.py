"""The file that says which configurations a sweep tries."""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from corpus.errors import InputError
from eval.sweep.sweep_settings import SweptSettings, Target, swept_settings

MOST_CONFIGURATIONS = 500
_PARTS = ("base", "grid", "configurations")


@dataclass(frozen=True, slots=True)
class Configuration:
    """A name and the settings that differ from the defaults."""

    name: str
    settings: SweptSettings


def read_configurations(path: Path, target: Target) -> tuple[Configuration, ...]:
    """Return the configurations of a TOML or JSON file (`.json`), in order.

    `[grid]` gives a list of values a setting: every combination is tried, the last name changing
    fastest. `[[configurations]]` gives tables instead, each with a `name` of its own or none.
    `[base]` holds for all of them. Tables in tables are dotted names: `selection.margin`.

    Raises: InputError naming the file, SettingsError for a setting that does not exist.
    """
    content = _content(path)
    if unknown := [name for name in content if name not in _PARTS]:
        raise InputError(f"{path}: found {unknown[0]!r}; expected {', '.join(_PARTS)}.")
    if ("grid" in content) == ("configurations" in content):
        raise InputError(f"{path}: expected either a grid or a list of configurations.")
    base = _flat(_table(content.get("base", {}), path, "base"))
    if "grid" in content:
        named = _combinations(_flat(_table(content["grid"], path, "grid")), path)
    else:
        named = _listed(content["configurations"], path)
    found = [
        Configuration(name, swept_settings({**base, **values}, target)) for name, values in named
    ]
    return _checked(found, path)


def _content(path: Path) -> Mapping[str, object]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: expected a TOML or JSON file ({error}).") from error
    try:
        found = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except ValueError as error:
        raise InputError(f"{path}: {error}.") from error
    if isinstance(found, list):
        return {"configurations": found}
    return _table(found, path, "the top")


def _table(value: object, path: Path, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise InputError(f"{path}: found {value!r} at {where}; expected a table.")
    return value


def _flat(table: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat


def _combinations(
    grid: Mapping[str, object], path: Path
) -> Iterator[tuple[str, dict[str, object]]]:
    lists = {
        name: values if isinstance(values, list) else [values] for name, values in grid.items()
    }
    if not lists or not all(lists.values()):
        raise InputError(f"{path}: found an empty grid; expected settings with lists of values.")
    varied = [name for name, values in lists.items() if len(values) > 1]
    for values in product(*lists.values()):
        settings = dict(zip(lists, values, strict=True))
        shown = (f"{name}={_shown(settings[name])}" for name in varied or lists)
        yield " ".join(shown), settings


def _listed(tables: object, path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    if not isinstance(tables, list) or not tables:
        raise InputError(f"{path}: found no configurations; expected a list of tables.")
    for number, table in enumerate(tables, start=1):
        settings = _flat(_table(table, path, f"configuration {number}"))
        name = settings.pop("name", None)
        shown = " ".join(f"{key}={_shown(value)}" for key, value in settings.items())
        yield str(name) if name is not None else shown or "defaults", settings


def _shown(value: object) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _checked(found: Sequence[Configuration], path: Path) -> tuple[Configuration, ...]:
    if len(found) > MOST_CONFIGURATIONS:
        raise InputError(
            f"{path}: found {len(found)} configurations; expected at most {MOST_CONFIGURATIONS}."
        )
    names = [each.name for each in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise InputError(f"{path}: found the configuration {min(twice)!r} twice.")
    return tuple(found)
