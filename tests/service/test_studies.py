"""The studies at a size for every run: swaps under load, kills during ingest."""

from pathlib import Path

import pytest

from tests.service.command_line import CommandLine
from tests.studies import crashes, swaps

REPORTS = str(Path(__file__).parents[2] / "corpus" / "reports")


@pytest.mark.models
@pytest.mark.slow
def test_200_questions_over_a_swap_are_all_answered_whole(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "home", {})
    found = swaps.study(cli, tmp_path, questions=200, swaps=1, beside=[])
    assert (found["failed"], found["torn"]) == (0, 0), found["examples"]
    assert found["last_snapshot_answers"]


@pytest.mark.slow
def test_an_ingest_killed_at_random_moments_ends_with_the_same_snapshot(tmp_path: Path) -> None:
    found = crashes.study([REPORTS], kills=3, seed=7, folder=tmp_path, doubles=True)
    assert found["equal"] == 3
