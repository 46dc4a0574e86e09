"""The map of the house is true, its folders are small, its packages hold no code of their own."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("corpus", "ingest", "index", "service", "eval", "training", "tests", "benchmarks")
MOST_FILES = 25


def folders() -> list[Path]:
    found = {path.parent for room in ROOMS for path in (ROOT / room).rglob("*.py")}
    return sorted(found)


def inits_of_sub_rooms() -> list[Path]:
    rooms = ("ingest", "index", "service", "eval", "benchmarks")
    return sorted(path for room in rooms for path in (ROOT / room).rglob("__init__.py"))


def test_the_map_is_what_the_files_say() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/write-house-map", "--check"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("folder", folders(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_folder_holds_few_files(folder: Path) -> None:
    assert len(list(folder.glob("*.py"))) <= MOST_FILES, "part it by what its files are about"


@pytest.mark.parametrize("path", inits_of_sub_rooms(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_sub_room_says_what_belongs_there_and_holds_no_code(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "a package says what belongs there"
    assert len(tree.body) == 1, "a package imports nothing"
