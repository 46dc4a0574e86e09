"""How titles, publishers and dates are chosen is fitted on described and on made reports."""

from pathlib import Path

import pytest

from eval.report_descriptions.described_reports import read_described
from ingest.front_matter.candidate import Candidate
from ingest.front_matter.chooser import NONE, Chooser
from ingest.metadata.self_describing import self_description
from training.front_matter.describing import described, fit_chooser
from training.front_matter.describing_reports import FIELDS
from training.front_matter.made_covers import COVERS
from training.front_matter.made_reports import laid_out, made_reports

DESCRIBED = Path(__file__).parents[2] / "eval" / "descriptions"


def test_the_right_candidate_is_learned_and_none_where_none_is() -> None:
    large, small = {"large": 1.0, "word": 1.0}, {"word": 1.0}
    with_title = [Candidate("a", "first page", large), Candidate("b", "first page", small)]
    without = [Candidate("b", "first page", small)]
    reports = [described(with_title, NONE, lambda v: v == "a")] * 3
    reports += [described(without, NONE, lambda v: v is None)] * 3
    chooser = Chooser(fit_chooser(reports, ridge=0.1))
    choice = chooser.choose(with_title)
    assert choice is not None
    assert choice.value == "a"
    assert chooser.choose(without) is None


def test_made_reports_are_the_same_for_a_seed() -> None:
    assert made_reports(13, 1) == made_reports(13, 1)
    assert made_reports(13, 1) != made_reports(13, 2)


def test_the_shipped_weights_hold_for_made_reports_of_another_seed() -> None:
    from training.front_matter.describing_reports import _answers, _judge

    made = made_reports(104, seed=2027)
    right = dict.fromkeys(FIELDS, 0)
    for each in made:
        said = self_description(each.reading, each.name)
        for field in FIELDS:
            by_name = said.provenance.get(field) == "name"
            value = None if by_name else said.values.get(field)
            right[field] += _judge(_answers(each), field)(value)
    assert right["title"] > 0.85 * len(made)
    assert right["publisher"] > 0.75 * len(made)
    assert right["date"] > 0.85 * len(made)


def test_the_shipped_weights_find_subtitles_of_made_covers_of_another_seed() -> None:
    from training.front_matter.describing_reports import _answers

    made = laid_out(COVERS, 105, seed=2027)
    right = 0
    for each in made:
        said = self_description(each.reading, each.name).values
        right += _answers(each)[0].has_subtitle(said.get("subtitle"), said.get("title"))
    assert right > 0.9 * len(made)


@pytest.mark.parametrize("name", ["fitted", "filings", "unseen"])
def test_described_reports_are_whole(name: str) -> None:
    reports = read_described(DESCRIBED / f"{name}.jsonl")
    assert len({report.sha256 for report in reports}) == len(reports)
    assert all(report.titles and report.publishers for report in reports)
