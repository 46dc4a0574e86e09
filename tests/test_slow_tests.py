"""The list of slow tests: what it says is there, and how it is made."""

import ast
from pathlib import Path

from tests.conftest import SLOW
from tests.slow_tests import slow_tests

ROOT = Path(__file__).parents[1]


def test_every_slow_test_exists() -> None:
    absent = []
    for listed in SLOW:
        file, _, name = listed.partition("::")
        path = ROOT / file
        tree = ast.parse(path.read_text("utf-8")) if path.exists() else ast.Module([], [])
        named = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
        # A contract's tests are inherited: their class is what stands in the file.
        if not path.exists() or (name and name.partition("::")[0] not in named):
            absent.append(listed)
    assert absent == []


def test_a_second_in_all_is_slow_and_a_shared_fixture_makes_the_file_slow() -> None:
    durations = """
    0.70s call     tests/test_a.py::test_cases[one]
    0.60s call     tests/test_a.py::test_cases[two]
    0.10s call     tests/test_a.py::test_quick
    3.00s setup    tests/test_b.py::test_first
    0.10s call     tests/test_b.py::test_second
    """
    assert slow_tests(durations.splitlines()) == ["tests/test_a.py::test_cases", "tests/test_b.py"]
