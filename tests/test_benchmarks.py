"""The studies at a size for every run: swaps under load, kills during ingest."""

from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from benchmarks.performance import load
from benchmarks.retrieval import vector_indexes
from benchmarks.retrieval.enlarged_vectors import enlarge, unit
from benchmarks.robustness import (
    chaos,
    crashes,
    damage,
    generated,
    hostile,
    interruptions,
    lost_text,
    soak,
    swaps,
)
from benchmarks.robustness.chaotic_home import ChaoticHome
from benchmarks.robustness.shared_home import noting_errors
from ingest.workers.limited_workers import WorkerLimits
from tests.service.command_line import OFFLINE_DOUBLES, CommandLine

REPORTS = str(Path(__file__).parents[1] / "corpus" / "reports")


@pytest.mark.models
def test_200_questions_over_a_swap_are_all_answered_whole(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "home", {})
    found = swaps.study(cli, tmp_path, questions=200, swaps=1, beside=[])
    assert (found["failed"], found["torn"]) == (0, 0), found["examples"]
    assert found["last_snapshot_answers"]


def test_an_ingest_killed_at_random_moments_ends_with_the_same_snapshot(tmp_path: Path) -> None:
    found = crashes.study([REPORTS], kills=3, seed=7, folder=tmp_path, doubles=True)
    assert found["equal"] == 3


def test_uploads_to_a_server_that_is_interrupted_all_end(tmp_path: Path) -> None:
    found = interruptions.uploads(tmp_path, count=6, kills=4, seed=11)
    assert found["accepted"] == 6
    assert found["broken"] == []


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


def test_deletions_on_a_server_that_is_interrupted_are_completed(tmp_path: Path) -> None:
    found = interruptions.deletions(tmp_path, count=3, seed=11)
    assert found["broken"] == []


def test_damage_that_changes_an_answer_or_a_proof_is_found(tmp_path: Path) -> None:
    found = damage.study(10, 5, tmp_path)
    assert sum(found.values()) == 10
    assert "missed" not in {outcome for _, outcome in found}


def test_mixed_inputs_have_every_office_format_messages_an_archive_and_scans(
    tmp_path: Path,
) -> None:
    kinds = Counter(each.suffix for each in Path(crashes.mixed_files(tmp_path)).iterdir())
    office = (".docx", ".pptx", ".xlsx", ".odt", ".epub")
    assert kinds == dict.fromkeys((*office, ".eml", ".msg", ".zip"), 1) | {".pdf": 3}


def test_no_text_of_a_damaged_pdf_is_lost_unsaid(tmp_path: Path) -> None:
    for report in sorted(Path(REPORTS).glob("*.pdf"))[:2]:
        (tmp_path / report.name).write_bytes(report.read_bytes())
    found = lost_text.study(tmp_path, 12, seed=4)
    assert (found["files"], found["originals"]) == (12, 2)
    assert found["lost and said"]
    assert (found["lost unsaid"], found["whole files doubted"]) == ([], {})


@pytest.mark.models
def test_300_hostile_files_harm_nothing_but_themselves() -> None:
    limits = WorkerLimits(timeout_s=10, memory_bytes=1024**3)
    found = hostile.study(hostile.Plan(300, seed=3), limits)
    assert found["files"] == 300
    assert found["harm"] == []
    assert found["read"]
    assert found["rejected"]


def test_under_more_clients_than_it_answers_a_server_refuses_some_and_fails_none(
    tmp_path: Path,
) -> None:
    cli = CommandLine(tmp_path / "home")
    cli.run("ingest", REPORTS)
    found = load.study(cli, tmp_path, seconds=3)
    # Times and memory of a few seconds tell nothing: the study itself looks at those.
    assert not set(found["failed"]) & {"errors below the limits", "errors beyond them"}, found
    assert "rate of a key" not in found["failed"], found


def test_generated_requests_of_every_operation_get_what_is_described(tmp_path: Path) -> None:
    found = generated.study(tmp_path / "home", 100, seed=3, a_round=2)
    assert found["wrong"] == 0, found["examples"]
    assert isinstance(found["requests"], int)
    assert found["requests"] >= 100


def test_every_kind_of_vector_index_is_measured_and_filters_lose_nothing_here() -> None:
    random = np.random.default_rng(1)
    data = enlarge(unit(random.normal(size=(400, 32)).astype(np.float32)), 2_000)
    assert data.vectors.shape == (2_000, 32)
    assert int(data.mask(0.1, seed=1).sum()) == 200
    found = vector_indexes.study(data, data.vectors[::100], ["exact", "citewell"], (1.0, 0.1))
    assert [(row.kind, row.share) for row in found] == [
        *(("exact", 1.0), ("exact", 0.1)),
        *(("citewell", 1.0), ("citewell", 0.1)),
    ]
    assert all(row.recall == 1 for row in found)
    assert vector_indexes.table(found).count("\n") == 5
