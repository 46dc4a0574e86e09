"""What is in deploy/ fits the code: paths, targets, settings and commands that there are."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from service.settings.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"


def settings_named_in(text: str) -> set[str]:
    return set(re.findall(rf"\b{PREFIX}([A-Z_]+)\b", text))


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", "citewell.service"])
def test_each_setting_that_is_named_is_one(name: str) -> None:
    named = settings_named_in((DEPLOY / name).read_text("utf-8"))
    assert named
    assert {each.lower() for each in named} <= set(Settings.model_fields)


def test_the_image_copies_what_is_there_and_compose_builds_one_of_its_targets() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    assert len(copied) > 8
    assert [each for each in copied if not (ROOT / each).exists()] == []
    targets = set(re.findall(r"^FROM \S+ AS (\S+)$", text, re.MULTILINE))
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    assert compose["services"]["citewell"]["build"]["target"] in targets
    assert {"slim", "full"} <= targets


def test_a_wheel_is_built_from_what_the_image_copies(tmp_path: Path) -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            target = tmp_path / source
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "*.onnx")
                shutil.copytree(ROOT / source, target, ignore=ignored)
            else:
                shutil.copy(ROOT / source, target)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    subprocess.run(build, cwd=tmp_path, check=True, capture_output=True)
    assert list((tmp_path / "dist").glob("citewell-*.whl"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_the_unit_is_valid_and_hardened(tmp_path: Path) -> None:
    unit = tmp_path / "citewell.service"
    text = (DEPLOY / "citewell.service").read_text("utf-8")
    unit.write_text(text.replace("/opt/citewell/bin/citewell", sys.executable))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True
    )
    assert str(unit.name) not in checked.stderr, checked.stderr
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", unit],
        capture_output=True,
        text=True,
    )
    assert judged.returncode == 0, judged.stdout[-300:]


def test_slim_leaves_out_torch_and_nothing_else() -> None:
    printed = subprocess.run(
        [sys.executable, "scripts/slim-requirements", "postgres"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    assert not [each for each in printed if each.startswith(("torch", "sentence-transformers"))]
    assert any(each.startswith("psycopg") for each in printed)
    assert any(each.startswith("faiss-cpu") for each in printed)


def test_the_lock_has_a_hashed_version_within_the_range_of_each_requirement() -> None:
    lock = (DEPLOY / "requirements.lock").read_text("utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==(\S+) .*\\$", lock, re.MULTILINE))
    assert len(re.findall(r"^\w", lock, re.MULTILINE)) == len(locked) > 50
    printed = subprocess.run(
        [sys.executable, "scripts/slim-requirements", "postgres"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    wanted = [Requirement(line.partition(" #")[0]) for line in printed]
    outside = [
        str(each)
        for each in wanted
        if locked.get(canonicalize_name(each.name), "none") not in each.specifier
    ]
    assert outside == []
    assert "--find-links" not in lock
    assert "://" not in lock


@pytest.mark.models
def test_without_torch_a_report_is_ingested_and_asked(tmp_path: Path) -> None:
    (tmp_path / "heron.md").write_text(
        "# Heron\n\nThe Heron Accord was signed in Geneva in 1998.\n"
    )
    code = (
        "import sys\n"
        "for name in ('torch', 'sentence_transformers', 'transformers'):\n"
        "    sys.modules[name] = None\n"  # an import of it fails
        "import citewell\n"
        f"with citewell.Client(home={str(tmp_path / 'home')!r}) as client:\n"
        f"    client.ingest({str(tmp_path / 'heron.md')!r})\n"
        "    print(client.ask('Where was the Heron Accord signed?').citations[0].quote)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert "Geneva" in done.stdout, done.stderr
