"""How an option is shown, and the options of a question: read from the annotations of `Request`."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, get_args, get_type_hints


@dataclass(frozen=True, slots=True)
class Option:
    """What the command line, HTTP and the clients say of an option.

    `flags` are its names on the command line, if not `--name`; a `switch` is the flag that turns a
    bool off, with what that does. `least`, `above` and `most` bound a number. `answers_only`: a
    search has no use for it.
    """

    description: str
    flags: tuple[str, ...] = ()
    switch: tuple[str, str] | None = None
    metavar: str | None = None
    least: float | None = None
    above: float | None = None
    most: float | None = None
    example: object = None
    answers_only: bool = False


@dataclass(frozen=True, slots=True)
class NamedOption:
    """An option with its name, its type and its default."""

    name: str
    kind: Any
    default: Any
    shown: Option


def options_of(kind: type, *, answering: bool = True) -> Iterator[NamedOption]:
    """Yield the fields of a dataclass that have an `Option`, in order.

    `answering`: those that only an answer has a use for, too.
    """
    hints = get_type_hints(kind, include_extras=True)
    for field in fields(kind):
        annotated = get_args(hints[field.name])
        shown = next((each for each in annotated[1:] if isinstance(each, Option)), None)
        if shown is not None and (answering or not shown.answers_only):
            yield NamedOption(field.name, annotated[0], field.default, shown)
