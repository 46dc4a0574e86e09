"""Figures written down as expected, and compared with those that were."""

import shlex
import sys
from pathlib import Path

import typer

from eval.figures.expected_figures import (
    Report,
    differences,
    expected_of,
    read_expected,
    write_expected,
)
from eval.figures.machine import machine
from service.cli.printing import note


def record_expected(report: Report, file: Path | None, tolerance: float) -> None:
    """Write the report's figures to the file, if there is one, as those to expect."""
    if file is None:
        return
    # The command that makes the figures again and compares them.
    words = ["--expected" if word == "--record" else word for word in sys.argv[1:]]
    command = shlex.join(["citewell", *words])
    expected = expected_of(report, tolerance=tolerance, machine=machine(), command=command)
    write_expected(expected, file)
    note(f"recorded in {file}")


def compare_expected(report: Report, file: Path | None) -> None:
    """Say what differs from the figures in the file. Raises: Exit(1) if anything does."""
    if file is None:
        return
    found = list(differences(read_expected(file), report))
    for difference in found:
        note(f"not as expected: {difference}")
    if found:
        raise typer.Exit(1)
    note(f"as expected in {file}")
