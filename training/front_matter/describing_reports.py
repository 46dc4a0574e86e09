"""Fit `ingest/front_matter/weights.json` again, on described reports and on made ones."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.report_descriptions.described_reports import DescribedReport, files_of, read_described
from ingest.front_matter.candidate import Candidate
from ingest.front_matter.chooser import WEIGHTS, Chooser, shipped_choosers
from ingest.front_matter.dates import date_candidates
from ingest.front_matter.forms import filed_form
from ingest.front_matter.publishers import publisher_candidates
from ingest.front_matter.sheet import Sheet, sheet_of
from ingest.front_matter.subtitles import none_below, subtitle_candidates
from ingest.front_matter.titles import title_candidates
from ingest.front_matter.words import WordLists
from ingest.metadata.reading_front_matter import none_of
from ingest.readers.choosing import reader_for
from training.front_matter.describing import Described, Judge, described, fit_chooser
from training.front_matter.made_covers import COVERS
from training.front_matter.made_reports import MadeReport, laid_out, made_reports

FIELDS = ("title", "publisher", "date")
CHOSEN = (*FIELDS, "subtitle")
RIDGE = 0.3
MADE = 650
SUBTITLED = 1_050
_MADE_WEIGHT = 0.15
_FEW = 0.25  # the weight of a report of a group that one hand has set
_LARGE_GROUPS_OF_ONE_LAYOUT = frozenset({"briefs"})


@dataclass(frozen=True, slots=True)
class _Report:
    """A described report and, by field, its candidates and which are right."""

    report: DescribedReport
    fields: Mapping[str, Described]
    title: str | None


def refit(
    files: Sequence[Path], folders: Sequence[Path], *, seed: int, judge: bool
) -> Iterator[str]:
    """Fit and write the weights; yield lines on how many reports are right.

    With `judge` nothing is written: each group is left out in turn.
    """
    reports = [report for path in files for report in read_described(path)]
    known = [_of_report(report, content) for report, content in files_of(reports, folders)]
    made = _made(seed)
    groups = sorted({each.report.group for each in known})
    for group in groups if judge else []:
        kept = [each for each in known if each.report.group != group]
        choosers = _fitted(kept, made)
        left_out = [each for each in known if each.report.group == group]
        counted = ", ".join(f"{field} {_right(left_out, choosers, field)}" for field in CHOSEN)
        yield f"{group} left out, of {len(left_out)} right: {counted}"
    if not judge:
        choosers = _fitted(known, made)
        stored = {field: dict(choosers[field].weights) for field in CHOSEN}
        WEIGHTS.write_text(_as_json(stored), "utf-8")
        counted = ", ".join(f"{field} {_right(known, choosers, field)}" for field in CHOSEN)
        yield f"{WEIGHTS.name}: of the {len(known)} fitted reports right: {counted}"


def _fitted(known: Sequence[_Report], made: Mapping[str, list[Described]]) -> dict[str, Chooser]:
    return {
        field: Chooser(
            fit_chooser([*made[field], *(each.fields[field] for each in known)], ridge=RIDGE)
        )
        for field in CHOSEN
    }


def _right(reports: Sequence[_Report], choosers: Mapping[str, Chooser], field: str) -> int:
    count = 0
    for each in reports:
        seen = each.fields[field]
        choice = choosers[field].choose(seen.candidates, seen.none)
        value = choice.value if choice else None
        count += (
            each.report.has_subtitle(value, each.title)
            if field == "subtitle"
            else _is_right(each.report, field, value)
        )
    return count


def _is_right(report: DescribedReport, field: str, value: str | None) -> bool:
    if field == "title":
        return report.has_title(value)
    return report.has_publisher(value) if field == "publisher" else report.has_date(value)


def _of_report(report: DescribedReport, content: bytes) -> _Report:
    reading = reader_for(content, report.file).read(content)
    sheet = sheet_of(reading, report.file, WordLists.shipped())
    if filed_form(sheet):
        raise ValueError(f"{report.file} is a filed form, which no weights decide")
    weight = _FEW if report.group in _LARGE_GROUPS_OF_ONE_LAYOUT else 1.0
    fields = {
        field: described(each, none_of(sheet), _judge([report], field), weight)
        for field, each in _candidates(sheet).items()
    }
    title = _title(sheet)
    fields["subtitle"] = _subtitle(sheet, title, report, weight)
    return _Report(report, fields, title)


def _title(sheet: Sheet) -> str | None:
    choice = shipped_choosers()["title"].choose(title_candidates(sheet), none_of(sheet))
    return choice.value if choice else None


def _subtitle(sheet: Sheet, title: str | None, report: DescribedReport, weight: float) -> Described:
    found = subtitle_candidates(sheet, title)
    return described(
        found, none_below(found), lambda value: report.has_subtitle(value, title), weight
    )


def _candidates(sheet: Sheet) -> dict[str, list[Candidate]]:
    found = (title_candidates(sheet), publisher_candidates(sheet), date_candidates(sheet))
    return dict(zip(FIELDS, found, strict=True))


def _made(seed: int) -> dict[str, list[Described]]:
    found: dict[str, list[Described]] = {field: [] for field in FIELDS}
    for made in made_reports(MADE, seed):
        sheet = sheet_of(made.reading, made.name, WordLists.shipped())
        answers = _answers(made)
        for field, each in _candidates(sheet).items():
            found[field].append(
                described(each, none_of(sheet), _judge(answers, field), _MADE_WEIGHT)
            )
    found["subtitle"] = [
        _subtitle(sheet, _title(sheet), _answers(made)[0], _MADE_WEIGHT)
        for made in laid_out(COVERS, SUBTITLED, seed)
        for sheet in (sheet_of(made.reading, made.name, WordLists.shipped()),)
    ]
    return found


def _answers(made: MadeReport) -> list[DescribedReport]:
    """Return a made report as described ones: one for each of its dates."""
    return [
        DescribedReport(
            made.name, "", "made", made.titles, made.publishers, date, subtitles=made.subtitles
        )
        for date in made.dates
    ]


def _judge(reports: Sequence[DescribedReport], field: str) -> Judge:
    """Return what tells whether a value is right for one of the reports."""
    return lambda value: any(_is_right(report, field, value) for report in reports)


def _as_json(weights: Mapping[str, Mapping[str, float]]) -> str:
    parts = []
    for field, of_field in weights.items():
        lines = ",\n".join(f"  {json.dumps(name)}: {value}" for name, value in of_field.items())
        parts.append(f'"{field}": {{\n{lines}\n}}')
    return "{\n" + ",\n".join(parts) + "\n}\n"
