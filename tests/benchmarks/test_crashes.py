"""Homes, ingests and servers that are killed, cut off and damaged."""

from collections import Counter
from pathlib import Path

from benchmarks.robustness import crashes, damage, interruptions

REPORTS = str(Path(__file__).parents[2] / "corpus" / "reports")


def test_an_ingest_killed_at_random_moments_ends_with_the_same_snapshot(tmp_path: Path) -> None:
    found = crashes.study([REPORTS], kills=3, seed=7, folder=tmp_path, doubles=True)
    assert found["equal"] == 3


def test_uploads_to_a_server_that_is_interrupted_all_end(tmp_path: Path) -> None:
    found = interruptions.uploads(tmp_path, count=6, kills=4, seed=11)
    assert found["accepted"] == 6
    assert found["broken"] == []


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
