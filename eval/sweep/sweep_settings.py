"""The settings that a sweep may change, by name, and their values."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeVar, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from corpus.errors import SettingsError
from index.retrieval.retrieving import RetrievalSettings
from index.values.mode import Mode
from index.values.snapshot_settings import LexicalSettings, SnapshotSettings, VectorSettings
from service.answering.answering import AnsweringSettings
from service.citations.quote import QuotingSettings
from service.confidence.deciding import DecisionSettings

Target = Literal["beir", "questions", "chunking"]
Value = str | int | float | bool

_EVERY: tuple[Target, ...] = ("beir", "questions", "chunking")
_Settings = TypeVar(
    "_Settings",
    RetrievalSettings,
    VectorSettings,
    LexicalSettings,
    QuotingSettings,
    DecisionSettings,
)
_GROUPS: tuple[tuple[str, type, tuple[Target, ...]], ...] = (
    ("", RetrievalSettings, _EVERY),
    ("lexical.", LexicalSettings, ("beir", "chunking")),
    ("vectors.", VectorSettings, ("beir", "chunking")),
    ("quoting.", QuotingSettings, ("questions",)),
    ("decision.", DecisionSettings, ("questions",)),
)
_OTHERS: Mapping[str, tuple[object, tuple[Target, ...]]] = {
    "mode": (Mode, _EVERY),
    "rerank": (bool, _EVERY),
    "reranker": (str, _EVERY),
    "embedder": (str, ("beir", "chunking")),
    "chunk_tokens": (int, ("beir", "chunking")),
    "cutting": (Literal["whole", "chunked"], ("beir",)),
    "depth": (int, ("beir",)),
    "chunker": (str, ("chunking",)),
    "top_k": (int, ("chunking",)),
}


@dataclass(frozen=True, slots=True)
class SweptSettings:
    """The settings of one configuration that were given; all others have their defaults."""

    values: Mapping[str, Value]

    def text(self, name: str, default: str) -> str:
        """Return a setting that is a text."""
        return str(self.values.get(name, default))

    def number(self, name: str, default: int) -> int:
        """Return a setting that is a whole number."""
        return int(self.values.get(name, default))

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a setting that is true or false."""
        return bool(self.values.get(name, default))

    @property
    def mode(self) -> Mode | None:
        """The search; None where the target's own default holds."""
        found: Mode | None = TypeAdapter(Mode | None).validate_python(self.values.get("mode"))
        return found

    @property
    def retrieval(self) -> RetrievalSettings:
        """How rankings are made. Raises: SettingsError for a value outside its range."""
        return self._over("", RetrievalSettings())

    @property
    def snapshot(self) -> SnapshotSettings:
        """How both indexes are built and searched."""
        return SnapshotSettings(
            self._over("vectors.", VectorSettings()), self._over("lexical.", LexicalSettings())
        )

    @property
    def answering(self) -> AnsweringSettings:
        """How sentences are chosen, and when the answer is `no`."""
        return AnsweringSettings(
            self._over("quoting.", QuotingSettings()),
            self._over("decision.", DecisionSettings()),
        )

    def _over(self, prefix: str, defaults: _Settings) -> _Settings:
        given: dict[str, Any] = {
            each.name: self.values[prefix + each.name]
            for each in fields(defaults)
            if prefix + each.name in self.values
        }
        return replace(defaults, **given)


def known_settings(target: Target) -> dict[str, object]:
    """Return the settings that a sweep over the target may change: name → type of its values."""
    known = {name: kind for name, (kind, targets) in _OTHERS.items() if target in targets}
    for prefix, group, targets in _GROUPS:
        if target in targets:
            hints = get_type_hints(group)
            known |= {prefix + each.name: hints[each.name] for each in fields(group)}
    return known


def swept_settings(values: Mapping[str, object], target: Target) -> SweptSettings:
    """Return the settings, checked.

    Raises: SettingsError for a name that is none, listing those that are, and for a value of the
    wrong kind or outside its range.
    """
    known = known_settings(target)
    checked: dict[str, Value] = {}
    for name, value in values.items():
        if name not in known:
            raise SettingsError(_unknown(name, list(known), target))
        kind: Any = known[name]
        adapter: TypeAdapter[Value] = TypeAdapter(kind, config=ConfigDict(strict=True))
        try:
            checked[name] = adapter.validate_python(value)
        except ValidationError as error:
            message = error.errors()[0]["msg"]
            raise SettingsError(f"{name}: found {value!r}; expected: {message}.") from error
    found = SweptSettings(checked)
    # Values outside their range are refused now, not after an hour of other configurations.
    _ = found.retrieval, found.snapshot, found.answering
    return found


def _unknown(name: str, known: list[str], target: Target) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    return (
        f"{name} is no setting that a sweep over {target} can change. {hint}"
        f"Known: {', '.join(sorted(known))}."
    )
