"""The `citewell eval` commands in one application. Importing this file loads nothing but Typer."""

import typer

from eval.calibrating_commands import calibrate
from eval.chunking_commands import chunking
from eval.commands import eval_app
from eval.comparing_commands import compare, gate
from eval.judging_commands import agreement, judgements_app, pool, unjudged
from eval.reporting_commands import report
from eval.speed_commands import speed
from eval.sweep_commands import sweep


def build_eval_app() -> typer.Typer:
    """Return the application of `citewell eval`."""
    for command in (
        chunking,
        sweep,
        speed,
        compare,
        gate,
        calibrate,
        report,
        pool,
        unjudged,
        agreement,
    ):
        eval_app.command(command.__name__)(command)
    eval_app.add_typer(judgements_app, name="judgements")
    return eval_app
