"""The `citewell eval` commands in one application. Importing this file loads nothing but Typer."""

import typer

from eval.cli.answers_commands import answers, quotes
from eval.cli.calibrating_commands import calibrate
from eval.cli.chunking_commands import chunking
from eval.cli.comparing_commands import compare, gate
from eval.cli.description_commands import descriptions
from eval.cli.judging_commands import agreement, judgements_app, pool, unjudged
from eval.cli.reporting_commands import report
from eval.cli.retrieval_commands import retrieval
from eval.cli.span_finding_commands import reading
from eval.cli.speed_commands import speed
from eval.cli.sweep_commands import sweep

_COMMANDS = (
    retrieval,
    answers,
    reading,
    quotes,
    chunking,
    descriptions,
    sweep,
    speed,
    compare,
    gate,
    calibrate,
    report,
    pool,
    unjudged,
    agreement,
)


def build_eval_app() -> typer.Typer:
    """Return the application of `citewell eval`."""
    app = typer.Typer(help="Measure retrieval and answers on judged data.", no_args_is_help=True)
    for command in _COMMANDS:
        app.command(command.__name__)(command)
    app.add_typer(judgements_app, name="judgements")
    return app
