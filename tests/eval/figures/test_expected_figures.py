import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from corpus.errors import InputError
from eval.figures.expected_figures import differences, expected_of, read_expected, write_expected
from eval.figures.machine import machine
from eval.statistics.estimates import Estimate

FILES = sorted((Path(__file__).parents[3] / "eval" / "expected").glob("*.json"))


@dataclass(frozen=True)
class FakeReport:
    estimates: Mapping[str, Estimate]
    settings: Mapping[str, object] = field(default_factory=lambda: {"mode": "dense"})
    data: Mapping[str, object] = field(default_factory=lambda: {"sha256": {"a": "1"}})


REPORT = FakeReport({"nDCG@10": Estimate(0.645, 0.6, 0.7), "R@100": Estimate(None, None, None)})


def test_a_recorded_report_is_as_expected(tmp_path: Path) -> None:
    written = expected_of(REPORT, tolerance=0.01, machine=machine(), command="citewell eval")
    write_expected(written, tmp_path / "figures.json")
    expected = read_expected(tmp_path / "figures.json")
    assert expected == written
    assert list(expected.figures) == ["nDCG@10"]
    assert list(differences(expected, REPORT)) == []


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (FakeReport({"nDCG@10": Estimate(0.656, 0, 1)}), "nDCG@10: found 0.6560"),
        (FakeReport({}), "nDCG@10: found nothing, expected 0.6450 ± 0.01"),
        (FakeReport(REPORT.estimates, settings={"mode": "hybrid"}), "configuration.mode: found"),
        (FakeReport(REPORT.estimates, data={"sha256": {"a": "2"}}), "data.sha256: found"),
    ],
)
def test_what_differs_is_named(found: FakeReport, message: str) -> None:
    expected = expected_of(REPORT, tolerance=0.01, machine="m", command="c")
    (difference,) = differences(expected, found)
    assert str(difference).startswith(message)


def test_a_figure_at_its_tolerance_is_as_expected() -> None:
    expected = expected_of(REPORT, tolerance=0.01, machine="m", command="c")
    assert not list(differences(expected, FakeReport({"nDCG@10": Estimate(0.655, 0, 1)})))


@pytest.mark.parametrize("content", ["{", "[]", '{"figures": {"x": {"value": 1}}}'])
def test_a_file_that_cannot_be_read_is_an_input_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "figures.json").write_text(content)
    with pytest.raises(InputError, match=r"figures\.json"):
        read_expected(tmp_path / "figures.json")
    with pytest.raises(InputError, match="expected a file of figures"):
        read_expected(tmp_path / "none.json")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_figures_in_git_can_be_read_and_name_no_private_place(path: Path) -> None:
    expected = read_expected(path)
    assert expected.figures
    assert f"eval/expected/{path.name}" in expected.command
    assert not any(word.startswith("/") for word in json.dumps(expected.command).split())
