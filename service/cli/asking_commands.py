"""The `citewell` commands that put a question: ask, search and explain, with the same options."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, get_origin

import typer

from service.cli.commanding import Json, reported, settings_of
from service.values.options import NamedOption, options_of
from service.values.request import Request

if TYPE_CHECKING:
    from service.engine.engine import Engine
    from service.settings.settings import Settings

# What a command does with an engine: the value that `--json` prints, and the lines for reading.
Act = Callable[["Engine", "Request"], tuple[object, Iterable[str]]]


def _asking(*, answering: bool = False) -> Callable[[Callable[..., Act]], Callable[..., None]]:
    """Return what makes a command of one that returns an act, with the options of a question.

    `answering`: with those that only an answer has a use for, too.
    """
    options = tuple(options_of(Request, answering=answering))
    shared = [_parameter(option) for option in options]
    shared.append(
        inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Json)
    )
    context = inspect.Parameter(
        "context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
    )

    def command_of(command: Callable[..., Act]) -> Callable[..., None]:
        @wraps(command)
        def run(context: typer.Context, **given: Any) -> None:
            as_json = given.pop("as_json")
            with reported(as_json=as_json):
                from service.cli.printing import print_json, print_lines

                request = Request(**{each.name: _value(each, given) for each in options})
                with _reading_engine(settings_of(context)) as engine:
                    found, lines = command(**given)(engine, request)
                print_json(found) if as_json else print_lines(lines)

        own = inspect.signature(command, eval_str=True).parameters.values()
        parameters = [context, *own, *shared]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        return run

    return command_of


def _parameter(option: NamedOption) -> inspect.Parameter:
    """Return an option as Typer reads it: a bool as the switch that turns it off."""
    shown = option.shown
    kind, default, flags, text = option.kind, option.default, shown.flags, shown.description
    if shown.switch:
        default, flags, text = False, (shown.switch[0],), shown.switch[1]
    elif get_origin(kind) is tuple:
        kind, default, text = list[str] | None, None, f"{text} Repeatable."
    return inspect.Parameter(
        option.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[(kind, typer.Option(*flags, metavar=shown.metavar, help=text))],
    )


def _value(option: NamedOption, given: dict[str, Any]) -> Any:
    """Take an option's value out of what the command line gave."""
    value = given.pop(option.name)
    if option.shown.switch:
        return not value
    return tuple(value or ()) if get_origin(option.kind) is tuple else value


@_asking(answering=True)
def ask(
    question: Annotated[str, typer.Argument(help="A question in plain words.")],
) -> Act:
    """Answer a question with verbatim quotes."""

    def act(engine: Engine, request: Request) -> tuple[object, Iterable[str]]:
        from service.cli.printing import answer_lines

        answer = engine.ask(question, request)
        return answer, answer_lines(answer)

    return act


@_asking()
def search(
    query: Annotated[str, typer.Argument(help="Words or a question.")],
) -> Act:
    """Show the passages nearest to a query."""

    def act(engine: Engine, request: Request) -> tuple[object, Iterable[str]]:
        from service.cli.printing import search_lines

        found = engine.search(query, request)
        return found, search_lines(found)

    return act


@_asking()
def explain(
    question: Annotated[str, typer.Argument(help="A question in plain words.")],
    passage: Annotated[str, typer.Argument(help="A passage_id from `search --json`.")],
) -> Act:
    """Explain why a passage has its rank for a question, or was not found."""

    def act(engine: Engine, request: Request) -> tuple[object, Iterable[str]]:
        from service.cli.printing import explanation_lines

        found = engine.explain(question, passage, request)
        return found, explanation_lines(found)

    return act


def _reading_engine(settings: Settings) -> Engine:
    """Return the engine; its models load while the rest of it is imported."""
    from service.settings.models import Models

    models = Models.open(settings)
    models.warm()
    from service.engine.engine import Engine

    return Engine.open(settings, models=models, read_only=True)
