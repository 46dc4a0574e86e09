"""The studies at a size for every run: swaps under load, kills during ingest."""

from pathlib import Path

import pytest

from ingest.isolating import ReadingLimits
from tests.service.command_line import CommandLine
from tests.studies import crashes, hostile, swaps

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


@pytest.mark.models
@pytest.mark.slow
def test_300_hostile_files_harm_nothing_but_themselves() -> None:
    limits = ReadingLimits(timeout_s=10, memory_bytes=1024**3)
    found = hostile.study(300, seed=3, limits=limits)
    assert found["files"] == 300
    assert found["harm"] == []
    assert found["read"]
    assert found["rejected"]
