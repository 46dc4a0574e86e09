"""The same question again, against the snapshot that a saved answer names: equal, or what differs.

What may differ between two runs by its nature is not compared: times, the signature (it is over a
time), and where the server is reached (the beginning of each `url`). A generated text is not asked
for again: its evidence is compared, and each of its sentences is checked against its quotes.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from corpus.errors import InputError
from corpus.source_name import source_name
from index.retrieval.retrieving import RetrievalSettings
from service.answering.answering import AnsweringSettings
from service.answering.generation.generating import still_proved
from service.values.answer import Answer
from service.values.request import Request

MOST_DIFFERENCES = 50
_SKIPPED = frozenset({"timings_ms", "receipt.created_at", "receipt.signature"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs: its path in the answer's JSON, and both, as JSON text."""

    path: str
    recorded: str
    replayed: str


@dataclass(frozen=True, slots=True)
class Replay:
    """The result of a replay. `differences` has the first 50, in the order of the answer.

    `notes` say what is known to have changed: settings, models, passages that left the store.
    """

    answer_id: str | None
    snapshot: str
    equal: bool
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]


class _SavedReceipt(BaseModel):
    model_config = ConfigDict(extra="ignore")
    answer_id: str | None = None
    snapshot: str
    embedder: str | None = None
    reranker: str | None = None
    parameters: dict[str, Any]


class _Saved(BaseModel):
    model_config = ConfigDict(extra="ignore")
    question: str
    receipt: _SavedReceipt


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a saved answer was made: what is needed to make it again.

    `unknown` are parameters that this version does not have, `new` those that it has and the
    receipt does not name; the defaults stand in for these.
    """

    question: str
    answer_id: str | None
    snapshot: str
    request: Request
    retrieval: RetrievalSettings
    answering: AnsweringSettings
    unknown: tuple[str, ...]
    new: tuple[str, ...]

    @classmethod
    def of(cls, answer: Mapping[str, object]) -> "Recipe":
        """Return the recipe in a saved answer. Raises: InputError if there is none."""
        try:
            saved = _Saved.model_validate(answer)
            parts = saved.receipt.parameters
            request = TypeAdapter(Request).validate_python(parts.get("request", {}))
            retrieval = TypeAdapter(RetrievalSettings).validate_python(parts.get("retrieval", {}))
            answering = TypeAdapter(AnsweringSettings).validate_python(parts.get("answering", {}))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "the top"
            raise InputError(
                f"Not a saved Answer with its receipt: at {place}, {first['msg'].lower()}. "
                "Expected the JSON that `citewell ask --json` prints."
            ) from error
        made = {
            "request": asdict(request),
            "retrieval": asdict(retrieval),
            "answering": asdict(answering),
        }
        said, have = set(_leaves(parts)), set(_leaves(_plain(made)))
        return cls(
            saved.question,
            saved.receipt.answer_id,
            saved.receipt.snapshot,
            request,
            retrieval,
            answering,
            tuple(sorted(said - have)),
            tuple(sorted(have - said)),
        )

    @property
    def as_set(self) -> bool:
        """Whether the settings are those of this version, the request aside."""
        return (self.retrieval, self.answering) == (RetrievalSettings(), AnsweringSettings())


class Asks(Protocol):
    """What answers again: an engine."""

    def ask_again(self, recipe: Recipe) -> Answer:
        """Return the answer from the recipe's snapshot, with its settings."""
        ...

    def left_of(self, recipe: Recipe) -> Sequence[str]:
        """Return what the recipe's snapshot held and the store has no more, a line each."""
        ...


def replay(answer: Mapping[str, object], recipe: Recipe, engine: Asks) -> Replay:
    """Ask again and compare. Raises: InputError, NotFoundError, SnapshotError, MismatchError."""
    again = _plain(asdict(engine.ask_again(recipe)))
    before, notes = dict(answer), list(_notes_on(recipe))
    if before.get("generation"):
        notes.append("The text was generated; its evidence is compared, not its words.")
        again |= {name: before.get(name) for name in ("answer", "statements", "generation")}
    skipped = _SKIPPED | ({"receipt.answer_id"} if recipe.new or recipe.unknown else set())
    skipped |= {f"receipt.parameters.{name}" for name in recipe.unknown}
    if before.get("generation"):
        skipped |= {"receipt.generator"}
    found = [*_unproved(before), *_differences(before, again, "", skipped)]
    if found:
        notes += engine.left_of(recipe)
    return Replay(
        recipe.answer_id,
        recipe.snapshot,
        not found,
        tuple(found[:MOST_DIFFERENCES]),
        tuple(notes),
    )


def _unproved(answer: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield the generated statements that their quotes do not prove."""
    listed = answer.get("statements"), answer.get("citations")
    said, cited = ([e for e in each or [] if isinstance(e, Mapping)] for each in listed)
    quotes = {citation.get("number"): str(citation.get("quote")) for citation in cited}
    for number, statement in enumerate(said):
        text, numbers = str(statement.get("text")), statement.get("citations") or []
        proofs = [quotes[each] for each in numbers if each in quotes]
        if statement.get("generated") and not still_proved(text, proofs):
            yield Difference(f"statements[{number}]", _text(text), "not in its quotes")


def _notes_on(recipe: Recipe) -> Iterator[str]:
    for name in recipe.unknown:
        yield f"The parameter {name} of the receipt is not one of this version."
    for name in recipe.new:
        yield f"The parameter {name} came after the receipt; its default was used."


def _differences(
    was: object, now: object, place: str, skipped: frozenset[str] | set[str]
) -> Iterator[Difference]:
    """Yield what differs. A field that the saved answer does not have yet is not compared."""
    if place in skipped:
        return
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for name in was:
            inner = f"{place}.{name}" if place else str(name)
            if name not in now and inner not in skipped:
                yield Difference(inner, _text(was[name]), "absent")
            else:
                yield from _differences(was[name], now.get(name), inner, skipped)
    elif isinstance(was, list) and isinstance(now, list):
        for number, (one, other) in enumerate(zip(was, now, strict=False)):
            yield from _differences(one, other, f"{place}[{number}]", skipped)
        if len(was) != len(now):
            yield Difference(f"{place}.length", str(len(was)), str(len(now)))
    elif place.endswith(".url") and isinstance(was, str) and isinstance(now, str):
        if _path(was) != _path(now):
            yield Difference(place, _text(was), _text(now))
    elif place.endswith(".source") and isinstance(was, str) and isinstance(now, str):
        if source_name(was) != source_name(now):  # answers of before give the path
            yield Difference(place, _text(was), _text(now))
    elif was != now:
        yield Difference(place, _text(was), _text(now))


def _path(url: str) -> str:
    return url.partition("/documents/")[2]


def _text(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]}…"


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    """Return a value as JSON would give it back."""
    plain: dict[str, Any] = json.loads(json.dumps(value, ensure_ascii=False))
    return plain


def _leaves(values: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """Yield the place of each value that is no object."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{place}{name}.")
        else:
            yield f"{place}{name}"
