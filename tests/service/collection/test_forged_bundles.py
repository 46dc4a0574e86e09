"""A bundle may come from anybody: what it says of its files is not believed, nor what it takes."""

import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import InputError
from corpus.ids import sha256_of
from service.citations.receipt_signing import SigningKey
from service.collection.bundle_trust import signature_of
from service.collection.importing import import_bundle
from service.settings.settings import Settings
from tests.service.collection.bundle_files import (
    Members,
    documents_of,
    edit,
    forge,
    members_of,
    write_bundle,
)
from tests.service.command_line import CommandLine

TEXTS = ("The Forum meets in Geneva every year.\n", "The Panel meets in Vienna every month.\n")
QUESTION = "Where does the Panel meet?"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[CommandLine, Path]:
    folder = tmp_path_factory.mktemp("exported")
    for number, text in enumerate(TEXTS):
        (folder / f"{number}.txt").write_text(text)
    cli = CommandLine(folder / "home")
    cli.run("ingest", *(str(folder / f"{number}.txt") for number in range(len(TEXTS))))
    cli.run("snapshots", "export", str(folder / "bundle.zip"))
    return cli, folder / "bundle.zip"


def key_of(cli: CommandLine, file: Path) -> str:
    file.write_text(cli.run("keys", "signing").out)
    return str(file)


@pytest.mark.parametrize("kept_signature", [True, False])
def test_a_page_that_was_changed_in_a_bundle_is_never_cited(
    exported: tuple[CommandLine, Path], tmp_path: Path, *, kept_signature: bool
) -> None:
    members = members_of(exported[1])
    forge(members, "Vienna", "Moscow")
    if not kept_signature:
        del members["signature.json"]
    forged = write_bundle(tmp_path / "forged.zip", members)
    other = CommandLine(tmp_path / "other")
    done = other.run("snapshots", "import", str(forged), "--json", code=1).json
    assert len(done["differing"]) == 1
    assert done["signature"] == ("unknown_key" if kept_signature else "absent")
    answer = other.run("ask", QUESTION, "--json").json
    assert answer["citations"][0]["quote"] == TEXTS[1].strip()
    assert (
        done["snapshot"] == exported[0].run("ask", QUESTION, "--json").json["receipt"]["snapshot"]
    )


def test_a_changed_bundle_is_refused_where_its_key_is_known(
    exported: tuple[CommandLine, Path], tmp_path: Path
) -> None:
    members = members_of(exported[1])
    forge(members, "Vienna", "Moscow")
    forged = str(write_bundle(tmp_path / "forged.zip", members))
    assert "after it was signed" in exported[0].run("snapshots", "import", forged, code=2).err
    other, key = CommandLine(tmp_path / "other"), key_of(exported[0], tmp_path / "key.pem")
    words = ("snapshots", "import", forged, "--public-key", key)
    assert "after it was signed" in other.run(*words, code=2).err
    assert not (other.home / "store.sqlite").exists()
    del members["signature.json"]
    write_bundle(tmp_path / "forged.zip", members)
    assert "has no signature" in other.run(*words, code=2).err


def test_a_citation_is_not_verified_by_the_text_of_a_forged_bundle(
    exported: tuple[CommandLine, Path], tmp_path: Path
) -> None:
    answer = exported[0].run("ask", QUESTION, "--json").out
    (tmp_path / "true.json").write_text(answer)
    forged_answer = json.loads(answer)
    citation = forged_answer["citations"][0]
    citation["quote"] = citation["quote"].replace("Vienna", "Moscow")
    citation["quote_sha256"] = sha256_of(citation["quote"])
    (tmp_path / "false.json").write_text(json.dumps(forged_answer))
    members = members_of(exported[1])
    forge(members, "Vienna", "Moscow")
    forged = str(write_bundle(tmp_path / "forged.zip", members))
    other = CommandLine(tmp_path / "other")
    other.run("verify", str(tmp_path / "true.json"), "--bundle", forged)
    other.run("verify", str(tmp_path / "false.json"), "--bundle", forged, code=1)
    other.run("verify", str(tmp_path / "true.json"), "--bundle", str(exported[1]))


def test_vectors_of_an_unknown_maker_are_made_again(
    exported: tuple[CommandLine, Path], tmp_path: Path
) -> None:
    members = members_of(exported[1])
    vectors = np.load(io.BytesIO(members["vectors.npy"]))
    out = io.BytesIO()
    np.save(out, vectors[::-1])
    members["vectors.npy"] = out.getvalue()
    other = CommandLine(tmp_path / "other")
    forged = write_bundle(tmp_path / "forged.zip", members)
    assert other.run("snapshots", "import", str(forged), "--json").json["vectors"] == 0
    search = ("search", QUESTION, "--mode", "dense", "--json")
    found, true = (each.run(*search).json["passages"] for each in (other, exported[0]))
    assert [each["scores"] for each in found] == [each["scores"] for each in true]


def test_what_was_deleted_here_stays_deleted(tmp_path: Path) -> None:
    for number, text in enumerate(TEXTS):
        (tmp_path / f"{number}.txt").write_text(text)
    cli, bundle = CommandLine(tmp_path / "home"), str(tmp_path / "bundle.zip")
    cli.run("ingest", str(tmp_path / "0.txt"), str(tmp_path / "1.txt"))
    cli.run("snapshots", "export", bundle)
    doc_id = cli.documents()[str(tmp_path / "1.txt")]
    cli.run("documents", "delete", doc_id, "--purge")
    done = cli.run("snapshots", "import", bundle, "--json").json
    assert (done["deleted"], done["documents"]) == ([doc_id], 1)
    assert list(cli.documents()) == [str(tmp_path / "0.txt")]
    assert "stays deleted" in cli.run("snapshots", "import", bundle).out
    for file in (file for file in cli.home.rglob("*") if file.is_file()):
        assert b"Panel meets" not in file.read_bytes(), file
    cli.run("ingest", str(tmp_path / "1.txt"))  # the file itself brings it back
    assert cli.run("snapshots", "import", bundle, "--json").json["deleted"] == []


def test_what_was_deleted_comes_back_by_no_other_name_and_not_as_vectors(tmp_path: Path) -> None:
    """The bytes count, not the id that the bundle gives them; of a believed bundle the vectors."""
    for number, text in enumerate(TEXTS):
        (tmp_path / f"{number}.txt").write_text(text)
    cli, bundle = CommandLine(tmp_path / "home"), tmp_path / "bundle.zip"
    cli.run("ingest", str(tmp_path / "0.txt"), str(tmp_path / "1.txt"))
    cli.run("snapshots", "export", str(bundle))
    doc_id = cli.documents()[str(tmp_path / "1.txt")]
    cli.run("documents", "delete", doc_id, "--purge")
    done = cli.run("snapshots", "import", str(bundle), "--json").json
    assert (done["signature"], done["vectors"]) == ("valid", 1)
    members = members_of(bundle)
    name, renamed = f"documents/{doc_id}", f"documents/d{'1' * 16}"
    edit(members, f"{name}.json", lambda held: held["document"].update(doc_id=f"d{'1' * 16}"))
    for kind in (".json", ".bin"):
        members[renamed + kind] = members.pop(name + kind)
    del members["signature.json"]
    write_bundle(bundle, members)
    done = cli.run("snapshots", "import", str(bundle), "--json").json
    assert (done["deleted"], done["documents"]) == ([f"d{'1' * 16}"], 1)
    assert list(cli.documents()) == [str(tmp_path / "0.txt")]


def _first(change: Callable[[dict[str, object]], object]) -> Callable[[Members], None]:
    return lambda members: edit(members, f"{documents_of(members)[0]}.json", change)


def _numbers(shape: tuple[int, ...], dtype: str = "<f4") -> Callable[[Members], None]:
    def change(members: Members) -> None:
        out = io.BytesIO()
        np.save(out, np.full(shape, 0.5, dtype))
        members["vectors.npy"] = out.getvalue()

    return change


def _not_finite(members: Members) -> None:
    vectors = np.load(io.BytesIO(members["vectors.npy"]))
    vectors[0, 0] = np.nan
    out = io.BytesIO()
    np.save(out, vectors)
    members["vectors.npy"] = out.getvalue()


def _renamed(members: Members) -> None:
    name = documents_of(members)[0]
    for kind in (".json", ".bin"):
        members[f"documents/d{'0' * 16}{kind}"] = members.pop(f"{name}{kind}")


def _outside(members: Members) -> None:
    name = documents_of(members)[0]
    for kind in (".json", ".bin"):
        members[f"documents/../../x{kind}"] = members.pop(f"{name}{kind}")


MALFORMED: dict[str, Callable[[Members], object]] = {
    "a document that is a list": _first(lambda _: []),
    "a document without pages": _first(lambda held: {"document": held["document"]}),
    "a document nested deep": lambda m: m.update(
        {f"{documents_of(m)[0]}.json": b"[" * 200_000 + b"]" * 200_000}
    ),
    "a page that is a number": _first(lambda held: held.update(pages=[7])),
    "a page without quality": _first(lambda held: held["pages"][0].pop("quality")),  # type: ignore[index]
    "a span that ends before it begins": _first(
        lambda held: held["chunks"][0]["spans"][0].update(start=9, end=1)  # type: ignore[index]
    ),
    "bytes of another file": lambda m: m.update({f"{documents_of(m)[0]}.bin": b"other"}),
    "a document without bytes": lambda m: m.pop(f"{documents_of(m)[0]}.bin"),
    "bytes without a document": lambda m: m.pop(f"{documents_of(m)[0]}.json"),
    "a document under another name": _renamed,
    "a document outside its folder": _outside,
    "contents that are a list": lambda m: m.update({"bundle.json": b"[]"}),
    "a snapshot that is a path": lambda m: edit(
        m, "bundle.json", lambda held: held.update(snapshot="../x")
    ),
    "an outline without a manifest": lambda m: m.pop("outline/manifest.json"),
    "an outline that is a list": lambda m: m.update({"outline/manifest.json": b"[]"}),
    "an outline of no ids": lambda m: m.update({"outline/chunk_ids.npy": b"\x93NUMPY\x01\x00"}),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_bundle_is_refused_in_words_and_nothing_imported(
    exported: tuple[CommandLine, Path], tmp_path: Path, name: str
) -> None:
    members = members_of(exported[1])
    del members["signature.json"]
    MALFORMED[name](members)
    bundle = write_bundle(tmp_path / "b.zip", members, fit=members["bundle.json"] != b"[]")
    settings = Settings(home=tmp_path / "other", embedder="hash", reranker="overlap")
    with pytest.raises(InputError, match=r"b\.zip is no bundle"):
        import_bundle(bundle, settings)
    assert not (tmp_path / "other" / "store.sqlite").exists()


@pytest.mark.parametrize(
    "change", [_numbers((2, 3)), _numbers((1, 64)), _numbers((2, 64), "<f8"), _not_finite]
)
def test_vectors_that_do_not_fit_break_no_later_ingest(
    exported: tuple[CommandLine, Path], tmp_path: Path, change: Callable[[Members], None]
) -> None:
    """Signed by the owner of the key: a fault of theirs must not do harm either."""
    home, folder = exported[0].home, tmp_path / "home"
    folder.mkdir()
    shutil.copy(home / "signing-key.pem", folder)
    members = members_of(exported[1])
    change(members)
    bundle = write_bundle(tmp_path / "b.zip", members)
    _sign(bundle, folder / "signing-key.pem")
    cli = CommandLine(folder)
    assert "vectors.npy" in cli.run("snapshots", "import", str(bundle), code=2).err
    assert not (folder / "store.sqlite").exists()
    (tmp_path / "2.txt").write_text(TEXTS[0] + TEXTS[1])
    cli.run("ingest", str(tmp_path / "2.txt"))
    cli.run("doctor")


def _sign(bundle: Path, key: Path) -> None:
    members = members_of(bundle)
    members["signature.json"] = signature_of(members["bundle.json"], SigningKey.open(key))
    write_bundle(bundle, members, fit=False)


def test_two_members_of_one_name_are_refused(
    exported: tuple[CommandLine, Path], tmp_path: Path
) -> None:
    bundle = tmp_path / "b.zip"
    bundle.write_bytes(exported[1].read_bytes())
    with zipfile.ZipFile(bundle, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("keys.json", b"[]")
    error = CommandLine(tmp_path / "other").run("snapshots", "import", str(bundle), code=2).err
    assert "two members of one name" in error


@pytest.mark.parametrize("name", ["documents/d{}.bin", "vectors.npy", "bundle.json", "more"])
def test_a_small_bundle_cannot_fill_the_memory(
    exported: tuple[CommandLine, Path], tmp_path: Path, name: str
) -> None:
    """Half a megabyte that unpacks to 512: refused, and no such memory is ever taken."""
    members = members_of(exported[1])
    name = name.replace("documents/d{}", documents_of(members)[0])
    bundle = tmp_path / "b.zip"
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in members.items():
            if each != name:
                archive.writestr(each, content)
        with archive.open(name, "w") as member:
            for _ in range(512):
                member.write(b" " * 1024**2)
    code = f"""
from pathlib import Path
from corpus.errors import InputError
from service.collection.bundle import BundleFile
try:
    with BundleFile.opened(Path({str(bundle)!r})):
        pass
except InputError as error:
    print(error)
# What a process took at most since it began: ru_maxrss has that of the one it was forked from.
lines = Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    said, most_kib = run.stdout.splitlines()
    assert "times its size" in said
    assert int(most_kib) < 400 * 1024
