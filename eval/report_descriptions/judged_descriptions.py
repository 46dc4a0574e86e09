"""How often what is read of a report is what a person reads: title, publisher, date, more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eval.report_descriptions.described_reports import DescribedReport
from ingest.metadata.describing import Description
from ingest.metadata.self_describing import self_description
from ingest.readers.choosing import reader_for

FIELDS = ("title", "publisher", "date")
MORE = ("subtitle", "kind", "authors")
"""What is judged of the reports where a person described it."""
_FROM_THE_FILE = frozenset({"file", "name"})


@dataclass(frozen=True, slots=True)
class JudgedDescription:
    """What was found of a report, and which fields are right."""

    report: DescribedReport
    found: Mapping[str, str]
    right: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the judged are right."""

    right: int
    judged: int


def judge(report: DescribedReport, said: Description) -> JudgedDescription:
    """Return which fields of a description are right.

    A title or publisher from the file's name or properties is right where none is printed and it
    is right by the person. The date of a file is not one of publication, so that where none is
    printed, only a date that is taken from the pages is wrong.
    """
    printed = {
        field: value
        for field, value in said.values.items()
        if field in FIELDS and said.provenance.get(field) not in _FROM_THE_FILE
    }
    found = {field: said.values[field] for field in (*FIELDS, *MORE) if field in said.values}
    title = found.get("title") if said.provenance.get("title") != "name" else None
    date = found.get("date") if report.date else printed.get("date")
    return JudgedDescription(
        report,
        found,
        {
            "title": report.has_title(title),
            "publisher": report.has_publisher(found.get("publisher")),
            "date": report.has_date(date),
        }
        | _more(report, found),
    )


def _more(report: DescribedReport, found: Mapping[str, str]) -> dict[str, bool]:
    right = {}
    if report.subtitles is not None:
        right["subtitle"] = report.has_subtitle(found.get("subtitle"), found.get("title"))
    if report.kinds is not None:
        right["kind"] = found.get("kind") in report.kinds
    if report.authors is not None:
        named = found.get("authors")
        right["authors"] = (tuple(named.split("; ")) if named else ()) == report.authors
    return right


def describe(report: DescribedReport, content: bytes) -> JudgedDescription:
    """Read a report and judge what it says of itself."""
    reading = reader_for(content, report.file).read(content)
    return judge(report, self_description(reading, report.file))


def shares_by_group(judged: Iterable[JudgedDescription]) -> dict[str, dict[str, Share]]:
    """Return how many are right by group and field; the last group, `all`, is of all."""
    groups: dict[str, list[JudgedDescription]] = {}
    every = list(judged)
    for each in every:
        groups.setdefault(each.report.group, []).append(each)
    return {name: _shares(of_group) for name, of_group in [*groups.items(), ("all", every)]}


def _shares(judged: Sequence[JudgedDescription]) -> dict[str, Share]:
    shares = {}
    for field in (*FIELDS, *MORE):
        of_field = [each.right[field] for each in judged if field in each.right]
        if of_field:
            shares[field] = Share(sum(of_field), len(of_field))
    return shares
