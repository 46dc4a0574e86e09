"""The `citewell` commands that put a question: ask, search and explain, with the same options."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

import typer

from service.cli.commanding import Filter, Json, reported, settings_of

if TYPE_CHECKING:
    from service.engine.engine import Engine
    from service.settings.settings import Settings
    from service.values.request import Request

# What a command does with an engine: the value that `--json` prints, and the lines for reading.
Act = Callable[["Engine", "Request"], tuple[object, Iterable[str]]]


@dataclass(frozen=True, slots=True)
class AskOptions:
    """The options that the three commands share, as Typer reads them."""

    passages: Annotated[int, typer.Option("-k", "--passages", help="Number of passages.")] = 10
    filters: Filter = None
    mode: Annotated[
        Literal["hybrid", "dense", "lexical"],
        typer.Option(help="Dense and lexical search, or only one of them."),
    ] = "hybrid"
    no_rerank: Annotated[
        bool, typer.Option("--no-rerank", help="Skip the reading model; faster.")
    ] = False
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help="Answer from the collection at a date: 2019, 2019-06, 2019-06-30, or a time.",
        ),
    ] = None
    budget_ms: Annotated[
        float | None,
        typer.Option(
            "--budget-ms",
            metavar="MS",
            help="Time budget for retrieval and reranking, in milliseconds.",
        ),
    ] = None
    as_json: Json = False

    def request(self) -> Request:
        """Return the options as the engine takes them."""
        from service.values.request import Request

        return Request(
            self.passages,
            tuple(self.filters or ()),
            self.mode,
            rerank=not self.no_rerank,
            as_of=self.as_of,
            budget_ms=self.budget_ms,
        )


def _asking(command: Callable[..., Act]) -> Callable[..., None]:
    """Return a command with the shared options, that prints what its act gives of an engine."""
    hints = get_type_hints(AskOptions, include_extras=True)
    options = [
        inspect.Parameter(
            option.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=option.default,
            annotation=hints[option.name],
        )
        for option in fields(AskOptions)
    ]

    @wraps(command)
    def run(context: typer.Context, **given: Any) -> None:
        shared = AskOptions(**{option.name: given.pop(option.name) for option in options})
        with reported(as_json=shared.as_json):
            from service.cli.printing import print_json, print_lines

            with _reading_engine(settings_of(context)) as engine:
                found, lines = command(**given)(engine, shared.request())
            print_json(found) if shared.as_json else print_lines(lines)

    own = inspect.signature(command, eval_str=True).parameters.values()
    context = inspect.Parameter(
        "context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
    )
    run.__signature__ = inspect.Signature([context, *own, *options])  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in (context, *own, *options)}
    return run


@_asking
def ask(
    question: Annotated[str, typer.Argument(help="A question in plain words.")],
    max_wrong: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Share of answers that may be wrong; a lower share abstains more often "
            "[CITEWELL_MAX_WRONG, 0.15].",
        ),
    ] = None,
    quotes_only: Annotated[
        bool, typer.Option("--quotes-only", help="Do not use the generator, if one is configured.")
    ] = False,
) -> Act:
    """Answer a question with verbatim quotes."""

    def act(engine: Engine, request: Request) -> tuple[object, Iterable[str]]:
        from service.cli.printing import answer_lines

        asked = replace(request, max_wrong=max_wrong, generate=not quotes_only)
        answer = engine.ask(question, asked)
        return answer, answer_lines(answer)

    return act


@_asking
def search(
    query: Annotated[str, typer.Argument(help="Words or a question.")],
) -> Act:
    """Show the passages nearest to a query."""

    def act(engine: Engine, request: Request) -> tuple[object, Iterable[str]]:
        from service.cli.printing import search_lines

        found = engine.search(query, request)
        return found, search_lines(found)

    return act


@_asking
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
