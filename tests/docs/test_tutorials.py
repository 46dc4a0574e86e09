"""The tutorial on evaluation, run from top to bottom."""

import re
import shlex
from pathlib import Path

import pytest

from tests.docs.pages import blocks
from tests.service.command_line import CommandLine

EVALUATION = "docs/tutorials/evaluate-your-retriever.md"


def test_the_evaluation_tutorial_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    [made] = [b for b in blocks("python") if b.page == EVALUATION]
    exec(compile(made.text, EVALUATION, "exec"), {})
    lines = [
        line
        for block in blocks("")
        if block.page == EVALUATION
        for line in block.text.splitlines()
        if re.match("citewell ", line)
    ]
    assert len(lines) == 6
    cli = CommandLine(tmp_path / "home")
    done = [cli.run(*shlex.split(line)[1:], code=None) for line in lines]
    assert [each.code for each in done] == [0, 0, 0, 0, 1, 0]
    assert "counted 0: q5" in done[1].out
    assert "lost queries: had results, now none: q5" in done[4].err
    assert (tmp_path / "report.html").exists()
