"""A snapshot as one file: the same again elsewhere, and a flipped byte refused."""

import json
import zipfile
from pathlib import Path

import pytest

from corpus.ids import sha256_of
from tests.service.command_line import CommandLine

TEXTS = ("The Forum meets in Geneva every year.\n", "The Panel meets in Vienna every month.\n")


@pytest.fixture
def exported(tmp_path: Path) -> tuple[CommandLine, Path]:
    for number, text in enumerate(TEXTS):
        (tmp_path / f"{number}.txt").write_text(text)
    cli = CommandLine(tmp_path / "home")
    cli.run("ingest", *(str(tmp_path / f"{number}.txt") for number in range(len(TEXTS))))
    cli.run("snapshots", "export", str(tmp_path / "bundle.zip"))
    return cli, tmp_path / "bundle.zip"


def snapshot_of(cli: CommandLine) -> str:
    return str(cli.run("snapshots", "list", "--json").json["snapshots"][0]["snapshot_id"])


def test_an_import_into_an_empty_home_gives_the_same_snapshot_and_embeds_nothing(
    exported: tuple[CommandLine, Path], tmp_path: Path
) -> None:
    cli, bundle = exported
    other = CommandLine(tmp_path / "other")
    (tmp_path / "key.pem").write_text(cli.run("keys", "signing").out)
    key = str(tmp_path / "key.pem")
    done = other.run("snapshots", "import", str(bundle), "--public-key", key, "--json").json
    assert done["snapshot"] == snapshot_of(cli)
    assert (done["documents"], done["vectors"], done["signature"]) == (2, 2, "valid")
    answer = other.run("ask", "Where does the Panel meet?", "--json").json
    assert answer["citations"][0]["quote"] == TEXTS[1].strip()
    other.run("doctor")


def test_an_import_joins_what_is_there(exported: tuple[CommandLine, Path], tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("The Board meets in Rome now and then.\n")
    other = CommandLine(tmp_path / "other")
    other.run("ingest", str(tmp_path / "own.txt"))
    other.run("snapshots", "import", str(exported[1]))
    assert len(other.documents()) == 3


def test_a_flipped_byte_is_refused_and_nothing_imported(
    exported: tuple[CommandLine, Path], tmp_path: Path
) -> None:
    content = bytearray(exported[1].read_bytes())
    content[len(content) // 3] ^= 1
    exported[1].write_bytes(content)
    other = CommandLine(tmp_path / "other")
    assert "bundle.zip" in other.run("snapshots", "import", str(exported[1]), code=2).err
    assert not (other.home / "store.sqlite").exists()


def test_what_is_no_bundle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_text("no bundle")
    other = CommandLine(tmp_path / "other")
    error = other.run("snapshots", "import", str(tmp_path / "bundle.zip"), code=2).err
    assert "is no bundle" in error


def test_a_bundle_of_the_former_release_is_imported_in_the_new_words(
    exported: tuple[CommandLine, Path], tmp_path: Path
) -> None:
    with zipfile.ZipFile(exported[1]) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    contents = json.loads(members["bundle.json"])
    for name in [name for name in members if name.startswith("documents/d") and "json" in name]:
        held = json.loads(members[name])
        del held["document"]["partial"]
        for page in held["pages"]:
            page["quality"] = {
                "grade": "good", "source": "text", "characters": 38, "reason": None
            }  # fmt: skip
        members[name] = json.dumps(held).encode()
        contents["sha256"][name] = sha256_of(members[name])
    members["bundle.json"] = json.dumps(contents).encode()
    with zipfile.ZipFile(tmp_path / "former.zip", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    other = CommandLine(tmp_path / "other")
    other.run("snapshots", "import", str(tmp_path / "former.zip"))
    (default,) = other.run("documents", "quality", "--json").json["collections"]
    assert default["grades"] == {"A": 2, "B": 0, "C": 0, "D": 0}
    assert default["sources"]["layer"] == 2
