"""The shape of the house: who imports whom, what loads when, what is documented."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import citewell
from service.answering.answering import AnsweringSettings
from service.settings.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
ROOMS = ("corpus", "ingest", "index", "service", "eval", "training")
HEAVY = frozenset(
    (
        "alembic faiss fastapi numpy onnxruntime pypdf pypdfium2 pydantic "
        "sentence_transformers sqlalchemy tantivy tokenizers torch"
    ).split()
)


def python_files() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def modules_after(code: str) -> set[str]:
    """Run code in a fresh interpreter and return the names of the modules it loaded."""
    script = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.splitlines())


def test_public_names_are_those_that_are_promised() -> None:
    assert citewell.__all__ == sorted(citewell.__all__)
    for name in citewell.__all__:
        assert getattr(citewell, name) is not None


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        citewell.Nothing  # noqa: B018


def test_importing_the_front_door_loads_nothing_heavy() -> None:
    loaded = modules_after("import citewell")
    assert not loaded.intersection(HEAVY)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import citewell\n"
        "sys.argv = ['citewell', '--help']\n"
        "import io, contextlib\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    try: citewell.main()\n"
        "    except SystemExit: pass"
    )
    assert not modules_after(code).intersection(HEAVY)


def test_asking_needs_neither_pdf_nor_http_nor_sentence_transformers() -> None:
    loaded = modules_after("import service.engine.engine, service.answering.answering")
    unwanted = {"pypdf", "pypdfium2", "fastapi", "sentence_transformers", "torch", "alembic"}
    assert not loaded.intersection(unwanted)


def test_reading_needs_no_faiss() -> None:
    loaded = modules_after("import ingest.pipeline.ingesting")
    assert not loaded.intersection({"faiss", "onnxruntime", "tantivy", "sentence_transformers"})


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_room_imports_the_front_door(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"^\s*(from|import) citewell\b", text, re.MULTILINE)


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_says_what_it_is_and_is_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "a file begins with what it holds"
    assert len(text.splitlines()) <= 300, "split it by noun"


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`{PREFIX}{name.upper()}`" in page, name


def test_the_default_share_of_wrong_answers_is_told_as_it_is() -> None:
    default = Settings.model_fields["max_wrong"].default
    assert AnsweringSettings().max_wrong == default
    settings = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert f"| `{PREFIX}MAX_WRONG` | `{default}` |" in settings
    commands = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    assert f"[{PREFIX}MAX_WRONG, {default}]" in " ".join(commands.split())


def test_readme_names_every_room_and_the_files_of_the_main_path() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in (*(f"{room}/" for room in ROOMS), "ingesting.py", "retrieving.py", "answering.py"):
        assert name in readme, name


def test_nothing_names_a_machine_or_a_registry() -> None:
    pattern = re.compile(r"/work/|/tmp/w/|/root/|pypi\.org|files\.pythonhosted|npmjs\.org")
    tracked = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.splitlines()
    named = [
        name
        for name in tracked
        if Path(name).suffix in {".py", ".md", ".toml", ".json", ".jsonl", ".html", ".js", ""}
        and name != "tests/test_house.py"
        and pattern.search((ROOT / name).read_text(encoding="utf-8", errors="replace"))
    ]
    assert named == []
