"""The wheel, installed apart from this checkout: one package, whatever else is called `index`."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from hatch_build import package_files, rewritten

ROOT = Path(__file__).parent.parent
ROOMS = ("corpus", "ingest", "index", "service", "eval")
QUESTION = "Which ISCMs does the Almaty Process plan to cooperate with?"
# Part of the test suite that runs against the wheel: pure functions, the store, HTTP, workers.
UNIT = (
    "tests/contract/test_store.py",
    "tests/eval/retrieval/test_measures.py",
    "tests/index/retrieval/test_fusing.py",
    "tests/ingest/text/test_sentences.py",
    "tests/service/http/test_snapshots.py",
)


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment with the wheel in it, and a folder whose modules have the rooms' names."""

    wheel: Path
    environment: Path
    folder: Path
    home: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Start a program of the environment, in the folder, whose modules come first."""
        return subprocess.Popen(
            [str(self.environment / "bin" / words[0]), *words[1:]],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "CITEWELL_HOME": str(self.home), **self.variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> str:
        """Return what a program prints. It must end well."""
        process = self.start(*words)
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, out + err
        return out


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    base = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(base)]
    subprocess.run(build, check=True, cwd=ROOT, capture_output=True)
    (wheel,) = base.glob("*.whl")
    environment = base / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(environment), "--no-input"]
    subprocess.run([*pip, "install", "-q", "--no-deps", "--no-index", str(wheel)], check=True)
    # The dependencies are those of these tests. A folder that is named in a .pth file has no .pth
    # files read, so the checkout, which is installed there as editable, stays out.
    (site,) = (environment / "lib").glob("python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    folder = base / "folder"
    for name in ("index.py", "corpus.py", "ingest.py", "service/__init__.py", "eval/__init__.py"):
        module = folder / name
        module.parent.mkdir(parents=True, exist_ok=True)
        module.write_text("raise RuntimeError('this is a module of somebody else')\n")
    return Installed(wheel, environment, folder, base / "home", {"PYTHONPATH": str(folder)})


@pytest.fixture(scope="module")
def ingested(installed: Installed) -> Installed:
    brief = ROOT / "corpus" / "reports" / "01-almaty-process.pdf"
    report = json.loads(installed.run("citewell", "ingest", str(brief), "--json"))
    assert [document["status"] for document in report["documents"]] == ["added"]
    return installed


def test_a_wheel_holds_one_package_with_its_data_and_its_types(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in names} == {"citewell"}
    tracked = subprocess.run(
        ["git", "ls-files", *ROOMS], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    kept = {f"citewell/{name}" for name in tracked if (ROOT / name).exists()}
    assert kept - names == set()
    assert {"citewell/py.typed", "citewell/__main__.py"} <= names


def test_every_module_of_the_wheel_is_imported_from_the_package(installed: Installed) -> None:
    out = installed.run(
        "python",
        "-c",
        "import citewell, importlib, pkgutil, sys\n"
        "for found in pkgutil.walk_packages(citewell.__path__, 'citewell.'):\n"
        "    if not found.name.endswith('__main__'):\n"
        "        importlib.import_module(found.name)\n"
        f"print(*(name for name in sys.modules if name.partition('.')[0] in {ROOMS}))\n"
        "print(citewell.__file__)",
    )
    rooms, file = out.splitlines()
    assert rooms == ""
    assert Path(file).is_relative_to(installed.environment)


@pytest.mark.models
def test_the_wheel_answers_by_command_by_client_and_in_a_framework(ingested: Installed) -> None:
    answer = json.loads(ingested.run("citewell", "ask", QUESTION, "--json"))
    assert answer["status"] == "answered"
    assert json.loads(ingested.run("python", "-m", "citewell", "ask", QUESTION, "--json"))
    from_python = ingested.run(
        "python",
        "-c",
        "import citewell\n"
        f"with citewell.Client(home={str(ingested.home)!r}) as client:\n"
        f"    print(client.ask({QUESTION!r}).answer)\n"
        f"    [first] = citewell.LangChainRetriever(client=client, k=1).invoke({QUESTION!r})\n"
        "    print(first.metadata['title'])",
    )
    assert answer["answer"].split()[0] in from_python
    assert "Almaty" in from_python.splitlines()[-1]


@pytest.mark.models
def test_the_wheel_serves_and_its_client_asks(ingested: Installed) -> None:
    process = ingested.start("citewell", "serve", "--port", "0")
    try:
        address = _address_of(process)
        assert "citewell" in httpx2.get(address, headers={"Accept": "text/html"}).text
        out = ingested.run(
            "python",
            "-c",
            f"import citewell\nprint(citewell.Client({address!r}).ask({QUESTION!r}).status)",
        )
        assert out == "answered\n"
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_names_complete_and_help_names_the_package(installed: Installed) -> None:
    out = installed.run(
        "python", "-c", "import citewell\nprint(*dir(citewell))\nhelp(citewell.Client)"
    )
    names, _, text = out.partition("\n")
    assert {"Client", "CitewellError", "read_run", "LangChainRetriever"} <= set(names.split())
    assert "class Client in module citewell.service" in text


def test_a_unit_of_these_tests_passes_against_the_wheel(installed: Installed) -> None:
    modules = _modules()
    for name in _with_what_they_import(UNIT):
        path = installed.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(rewritten((ROOT / name).read_text(encoding="utf-8"), modules))
    shutil.copy(ROOT / "pyproject.toml", installed.folder)
    shutil.copy(ROOT / "tests/slow_tests.txt", installed.folder / "tests")
    out = installed.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *UNIT)
    assert "[100%]" in out


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from index.ports import A", "from citewell.index.ports import A"),
        ("from index import ports, b as c", "from citewell.index import ports, b as c"),
        (
            "if x:\n    from \\\n  index import ports",
            "if x:\n    from \\\n  citewell.index import ports",
        ),
        ("import index.ports as p, os", "import citewell.index.ports as p, os"),
        ("import index", "import citewell.index as index"),
        ("é = 'é'; import index", "é = 'é'; import citewell.index as index"),
        ("from . import index", "from . import index"),
        ("from .index import ports", "from .index import ports"),
        ("from indexes import a", "from indexes import a"),
        ("M = {'a': 'index.ports'}", "M = {'a': 'citewell.index.ports'}"),
        ('"""\n    python -m index.ports --x"""', '"""\n    python -m citewell.index.ports --x"""'),
        ("a = 'index.html'; b = index.ports", "a = 'index.html'; b = index.ports"),
        ("f'{index.ports}'", "f'{index.ports}'"),
    ],
)
def test_what_names_a_room_names_the_package(source: str, expected: str) -> None:
    assert rewritten(source, {"index", "index.ports"}) == expected


@pytest.mark.parametrize("source", ["x = 1\nimport index.ports", "x = 1\nf'index.ports{y}'"])
def test_what_cannot_be_rewritten_stops_the_build(source: str) -> None:
    with pytest.raises(ValueError, match=r"^line 2: found .*index\.ports"):
        rewritten(source, {"index", "index.ports"})


def _address_of(process: "subprocess.Popen[str]") -> str:
    assert process.stderr is not None
    until = time.monotonic() + 120
    for line in process.stderr:
        found = [word for word in line.split() if word.startswith("http://127.0.0.1:")]
        if found:
            return found[0].rstrip("/.,")
        assert time.monotonic() < until, "the server has not said its address"
    raise AssertionError("the server has ended")


def _modules() -> set[str]:
    paths = [Path(name) for name in package_files(ROOT, ROOMS) if "/" in name]
    names = {path.with_suffix("").as_posix().replace("/", ".") for path in paths}
    return names | {name.removesuffix(".__init__") for name in names}


def _with_what_they_import(names: tuple[str, ...]) -> Iterator[str]:
    """Yield the tests, the helpers of tests that they import, and the fixtures above them."""
    waiting, seen = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        path = Path(name)
        if name in seen or not (ROOT / name).exists():
            continue
        seen.add(name)
        yield name
        for folder in list(path.parents)[:-1]:
            waiting += [str(folder / "conftest.py"), str(folder / "__init__.py")]
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            words = line.split()
            if words[:1] in (["from"], ["import"]) and words[1].startswith("tests."):
                waiting.append(words[1].replace(".", "/") + ".py")
