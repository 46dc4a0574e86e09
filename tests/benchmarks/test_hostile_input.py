"""Files and requests that are hostile or damaged."""

from pathlib import Path

import pytest

from benchmarks.robustness import generated, hostile, lost_text
from ingest.workers.limited_workers import WorkerLimits

REPORTS = str(Path(__file__).parents[2] / "corpus" / "reports")


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


def test_generated_requests_of_every_operation_get_what_is_described(tmp_path: Path) -> None:
    found = generated.study(tmp_path / "home", 100, seed=3, a_round=2)
    assert found["wrong"] == 0, found["examples"]
    assert isinstance(found["requests"], int)
    assert found["requests"] >= 100
