"""The page on security: each promise names its test, and each of these tests exists."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "explanation" / "security.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def rows_of_promises() -> list[str]:
    """Return the rows of the tables under *Promises*, without their heads."""
    promises = PAGE.partition("\n## Promises\n")[2].partition("\n## ")[0]
    rows = [line for line in promises.splitlines() if line.startswith("| ")]
    return [row for row in rows if row != "| promise | test |"]


def test_every_promise_names_a_test() -> None:
    rows = rows_of_promises()
    assert len(rows) >= 30
    assert [row for row in rows if not NAMED.search(row)] == []


def test_every_test_that_a_promise_names_exists() -> None:
    absent = []
    for file, name in NAMED.findall(PAGE):
        path = ROOT / file
        tree = ast.parse(path.read_text("utf-8")) if path.exists() else ast.Module([], [])
        functions = {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}
        if name not in functions:
            absent.append(f"{file}::{name}")
    assert absent == []


def test_it_says_what_is_not_promised_and_how_to_report() -> None:
    for part in ("## Threat model", "## Not promised", "## Reporting"):
        assert f"\n{part}\n" in PAGE
    assert "docs/explanation/security.md" in (ROOT / "README.md").read_text("utf-8")
