"""Runs and judgements are evaluated without models, indexes, a server or what they depend on."""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
ALONE = """
import sys
from importlib.abc import MetaPathFinder

class Missing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in MISSING:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

MISSING = set(sys.argv[1].split(","))
sys.meta_path.insert(0, Missing())
sys.argv[0:2] = ["citewell"]
import citewell
citewell.main()
"""
QRELS, RUN = ("--qrels", "judged.qrels"), ("bm25.run", "dense.run")
COMMANDS = (
    ("retrieval", "--run", "bm25.run", *QRELS),
    ("compare", *RUN, *QRELS, "--t-test"),
    ("unjudged", "bm25.run", *QRELS),
    ("report", *RUN, *QRELS, "--out", "report.html"),
)


def needed(requirements: list[str]) -> Iterator[str]:
    """Yield the distributions that are installed with these."""
    seen = set[str]()
    rest = [Requirement(each.partition(" #")[0]) for each in requirements]
    while rest:
        requirement = rest.pop()
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if name in seen or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        seen.add(name)
        rest += [Requirement(each) for each in requires(name) or ()]
    yield from seen


@pytest.fixture(scope="module")
def missing() -> str:
    """The top-level modules of all that is installed here and would not be there."""
    printed = subprocess.run(
        [sys.executable, "scripts/slim-requirements", "--evaluation"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    there = {*needed(printed), "citewell"}
    assert len(printed) < 10
    return ",".join(
        top
        for top, owners in packages_distributions().items()
        if not there & {re.sub(r"[-_.]+", "-", each).lower() for each in owners}
    )


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_runs_are_evaluated_alone(missing: str, command: tuple[str, ...], tmp_path: Path) -> None:
    assert {"torch", "faiss", "fastapi", "onnxruntime", "sqlalchemy"} <= set(missing.split(","))
    (tmp_path / "judged.qrels").write_text("a 0 d1 1\na 0 d2 0\nb 0 d2 2\nb 0 d3 0\n", "utf-8")
    for name, ranking in (("bm25.run", ("d1", "d2")), ("dense.run", ("d2", "d1"))):
        lines = [f"{q} Q0 {d} {n} {9 - n} x\n" for q in "ab" for n, d in enumerate(ranking, 1)]
        (tmp_path / name).write_text("".join(lines), "utf-8")
    done = run(tmp_path, missing, "eval", *command)
    assert done.returncode == 0, done.stderr


def test_what_needs_more_says_so(missing: str, tmp_path: Path) -> None:
    done = run(tmp_path, missing, "ask", "Who?")
    assert done.returncode == 1
    assert re.fullmatch(r"citewell: No module named '\w+'; .* scripts/install .*\n", done.stderr)


def run(folder: Path, missing: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", ALONE, missing, *words], cwd=folder, capture_output=True, text=True
    )
