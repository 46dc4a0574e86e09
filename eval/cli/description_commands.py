"""The command that judges descriptions. Importing this file loads nothing but Typer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.commanding import Json, reported

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eval.report_descriptions.judged_descriptions import JudgedDescription, Share


def descriptions(
    described: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Reports described by hand.")
    ],
    folder: Annotated[
        list[Path],
        typer.Option("--folder", help="Folder of the reports, searched recursively; repeatable."),
    ],
    wrong: Annotated[bool, typer.Option("--wrong", help="List the wrong values.")] = False,
    as_json: Json = False,
) -> None:
    """Measure whether titles, publishers, dates and more are found as they are printed."""
    with reported(as_json=as_json):
        from dataclasses import asdict

        from eval.report_descriptions.described_reports import files_of, read_described
        from eval.report_descriptions.judged_descriptions import describe, shares_by_group
        from service.cli.printing import print_json, print_lines

        reports = [report for path in described for report in read_described(path)]
        judged = [describe(report, content) for report, content in files_of(reports, folder)]
        shares = shares_by_group(judged)
        if as_json:
            print_json(
                {
                    "reports": len(judged),
                    "groups": {
                        name: {field: asdict(each) for field, each in fields.items()}
                        for name, fields in shares.items()
                    },
                    "wrong": [_entry(each) for each in judged if not all(each.right.values())],
                }
            )
            return
        columns = list(shares["all"])
        print_lines([f"{'':12}" + "".join(f"{name:>12}" for name in columns)])
        print_lines(
            f"{name:12}" + "".join(f"{_share(fields.get(column)):>12}" for column in columns)
            for name, fields in shares.items()
        )
        if wrong:
            print_lines(_wrong_lines(judged))


def _share(share: Share | None) -> str:
    return f"{share.right} of {share.judged}" if share else ""


def _wrong_lines(judged: Sequence[JudgedDescription]) -> Iterator[str]:
    for each in judged:
        for field, right in each.right.items():
            if not right:
                yield f"{each.report.file}: {field}: {each.found.get(field, 'none')}"


def _entry(judged: JudgedDescription) -> dict[str, object]:
    wrong = [field for field, right in judged.right.items() if not right]
    return {"file": judged.report.file, "fields": wrong, "found": dict(judged.found)}
