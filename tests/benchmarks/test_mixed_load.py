"""Servers under load: swaps, refusals, chaos, and what a long run would show."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from benchmarks.performance import load
from benchmarks.robustness import chaos, soak, swaps
from benchmarks.robustness.chaotic_home import ChaoticHome
from benchmarks.robustness.shared_home import noting_errors
from tests.service.command_line import OFFLINE_DOUBLES, CommandLine

REPORTS = str(Path(__file__).parents[2] / "corpus" / "reports")


@pytest.mark.models
def test_200_questions_over_a_swap_are_all_answered_whole(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "home", {})
    found = swaps.study(cli, tmp_path, questions=200, swaps=1, beside=[])
    assert (found["failed"], found["torn"]) == (0, 0), found["examples"]
    assert found["last_snapshot_answers"]


def test_a_home_keeps_its_promises_while_everything_happens_and_dies(tmp_path: Path) -> None:
    home = ChaoticHome(tmp_path, {}, servers=2)
    try:
        found = chaos.study(home, [], 1, minutes=0.5, seed=2)
    finally:
        home.end()
    assert found["broken"] == []
    assert found["uploads_accepted"]
    assert found["faults"]


def test_a_server_under_mixed_load_fails_nothing_and_keeps_few_descriptors(tmp_path: Path) -> None:
    found = soak.study(tmp_path, 30, OFFLINE_DOUBLES, seed=1)
    assert (found["failed"], found["broken"], found["descriptors_grew"]) == (0, [], False)
    responses = found["responses"]
    assert isinstance(responses, dict)
    assert {"ask", "upload"} <= responses.keys()


def test_the_slope_of_memory_is_that_of_its_line_within_its_interval() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 400)
    steady = soak.slope_of([(float(at), 300 + noise[at]) for at in range(400)])
    growing = soak.slope_of([(float(at), 300 + 0.01 * at + noise[at]) for at in range(400)])
    assert abs(steady[0]) < steady[1]
    assert abs(growing[0] - 0.01) < growing[1] < 0.01


def test_a_part_of_a_study_that_dies_is_a_finding() -> None:
    broken: list[str] = []
    noting_errors(lambda: None, broken, "watch")()
    noting_errors(partial(int, "x"), broken, "ask")()
    assert broken == ["ask died: ValueError(\"invalid literal for int() with base 10: 'x'\")"]


def test_under_more_clients_than_it_answers_a_server_refuses_some_and_fails_none(
    tmp_path: Path,
) -> None:
    cli = CommandLine(tmp_path / "home")
    cli.run("ingest", REPORTS)
    found = load.study(cli, tmp_path, seconds=3)
    # Times and memory of a few seconds tell nothing: the study itself looks at those.
    assert not set(found["failed"]) & {"errors below the limits", "errors beyond them"}, found
    assert "rate of a key" not in found["failed"], found
