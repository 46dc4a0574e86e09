"""Bad input: the message says what to do, the rest is done, and nothing stored is lost."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.stores.sql_store import SqlStore
from tests.ingest.pdf_files import encrypted, pdf_of, scanned_pdf
from tests.service.command_line import CommandLine, end

GOOD = "The Forum plans to cooperate with the Northern Process and the Southern Dialogue.\n"
QUESTION = "Which mechanisms does the Forum plan to cooperate with?"


@pytest.fixture
def cli(tmp_path: Path) -> Iterator[CommandLine]:
    """A home with one document that must still answer when the test is over."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "good.txt").write_text(GOOD, encoding="utf-8")
    command_line = CommandLine(tmp_path / "home")
    command_line.run("ingest", str(tmp_path / "reports" / "good.txt"))
    yield command_line
    assert str(tmp_path / "reports" / "good.txt") in command_line.documents()
    answer = command_line.run("ask", QUESTION, "--json").json
    assert "Northern Process" in answer["citations"][0]["quote"]
    command_line.run("doctor")


def rejected(cli: CommandLine, path: Path, *words: str) -> str:
    """Ingest a bad file beside a good one; return why it was rejected."""
    beside = path.parent / "beside.txt"
    beside.write_text(f"A sentence beside {path.suffix} that is read all the same.\n")
    done = cli.run("ingest", str(path), str(beside), "--json", *words, code=3)
    bad, good = done.json["documents"]
    assert bad["status"] == "rejected"
    assert good["status"] == "added"
    return str(bad["reason"])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.pdf", b"", "empty"),
        ("empty.txt", b"", "empty"),
        ("cut.pdf", pdf_of([["Line one."] * 40] * 3)[:900], "PDF"),
        ("garbage.pdf", bytes(range(256)) * 40, "PDF"),
        ("locked.pdf", encrypted(pdf_of([["Hidden."]]), user="s3cret", owner="x"), "password"),
        ("program.txt", b"\x7fELF\x02\x01\x01" + bytes(200), ""),
        ("sheet.xlsx", b"PK\x03\x04" + bytes(100), "Excel"),
    ],
)
def test_a_file_that_cannot_be_read_is_rejected_with_the_reason(
    cli: CommandLine, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    reason = rejected(cli, path)
    assert message.lower() in reason.lower()
    assert len(reason) > 20


def test_an_encrypted_file_is_read_with_its_password_and_refused_with_another(
    cli: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "locked.pdf"
    path.write_bytes(
        encrypted(pdf_of([["The hidden budget is nine francs."]]), user="a", owner="b")
    )
    assert "password" in rejected(cli, path, "--password", "wrong")
    cli.run("ingest", str(path), "--password", "a")
    answer = cli.run("ask", "How large is the hidden budget?", "--json").json
    assert "nine francs" in answer["citations"][0]["quote"]


def test_a_pdf_without_text_is_kept_and_said_to_have_none(cli: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(scanned_pdf(2))
    document = cli.run("ingest", str(path), "--json").json["documents"][0]
    assert (document["status"], document["pages"], document["chunks"]) == ("added", 2, 0)
    assert "no text" in document["reason"].lower()


@pytest.mark.parametrize(
    "content",
    [
        "Le Forum coopère avec le Dialogue européen.\n".encode("latin-1"),
        "Größe of the Forum.\n".encode() + "Taille coopérée.\n".encode("latin-1"),
        "\ufeffThe Forum cooperates.\n".encode("utf-16-le"),
    ],
    ids=["latin-1", "mixed", "utf-16"],
)
def test_text_in_another_encoding_is_read(cli: CommandLine, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "encoded.txt"
    path.write_bytes(content)
    document = cli.run("ingest", str(path), "--json").json["documents"][0]
    assert (document["status"], document["chunks"]) == ("added", 1)


def test_a_single_line_of_10_megabytes_is_read(cli: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "line.txt"
    path.write_text("migration governance without a full stop " * 250_000, encoding="utf-8")
    document = cli.run("ingest", str(path), "--json").json["documents"][0]
    assert document["status"] == "added"
    assert document["chunks"] > 1000


def test_strange_names_are_kept_as_they_are(cli: CommandLine, tmp_path: Path) -> None:
    names = ["quo'te\".txt", "new\nline.txt", "emoji 🧭.txt"]
    for number, name in enumerate(names):
        (tmp_path / name).write_text(f"Sentence number {number} of a strange file.\n")
    (tmp_path / "sub").mkdir()
    up = f"{tmp_path}/sub/../up.txt"
    (tmp_path / "up.txt").write_text("A sentence reached by going up.\n")
    done = cli.run("ingest", *(str(tmp_path / name) for name in names), up, "--json")
    assert [d["status"] for d in done.json["documents"]] == ["added"] * 4
    assert done.json["documents"][3]["source"] == str(tmp_path / "up.txt")
    listed = cli.run("documents", "list").out
    assert "\nline.txt" not in listed


def test_a_path_that_does_not_exist_is_rejected(cli: CommandLine, tmp_path: Path) -> None:
    assert "no such" in rejected(cli, tmp_path / "nowhere.pdf").lower()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_without_permission_is_rejected(cli: CommandLine, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o000)
    assert "permission" in rejected(cli, locked).lower()


def test_equal_bytes_are_kept_once_and_the_second_names_the_first(
    cli: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "twin.txt").write_text(GOOD, encoding="utf-8")
    document = cli.run("ingest", str(tmp_path / "twin.txt"), "--json").json["documents"][0]
    assert document["status"] == "unchanged"
    assert "good.txt" in document["reason"]


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("x" * 100_000, "100,000 characters"),
        ("🙂🙃", "no letter or digit"),
    ],
    ids=["empty", "blank", "long", "emoji"],
)
def test_a_question_that_cannot_be_asked_is_bad_usage(
    cli: CommandLine, question: str, message: str
) -> None:
    done = cli.run("ask", question, code=2)
    assert message in done.err


def test_no_passages_asked_for_is_bad_usage(cli: CommandLine) -> None:
    assert "from 1 to" in cli.run("ask", QUESTION, "-k", "0", code=2).err
    assert "from 1 to" in cli.run("search", QUESTION, "-k", "-3", code=2).err


def test_an_unknown_filter_names_the_known_ones(cli: CommandLine) -> None:
    error = cli.run("ask", QUESTION, "--filter", "colour=red", code=2).err
    assert "colour" in error
    assert "collection" in error


def test_an_unknown_setting_names_the_nearest(cli: CommandLine) -> None:
    assert "CITEWELL_HOME" in cli.run("ask", QUESTION, code=2, CITEWELL_HOMME="x").err
    assert "CITEWELL_X is not a setting" in cli.run("ask", QUESTION, code=2, CITEWELL_X="1").err


def test_an_error_in_json_is_one_object_on_stdout(cli: CommandLine) -> None:
    error = cli.run("ask", "", "--json", code=2).json["error"]
    assert error["title"] == "QuestionError"


def test_asking_an_empty_home_says_how_to_begin(tmp_path: Path) -> None:
    empty = CommandLine(tmp_path / "empty")
    assert "citewell ingest" in empty.run("ask", QUESTION, code=1).err


def test_a_flipped_byte_in_any_snapshot_file_is_refused(cli: CommandLine) -> None:
    current = (cli.home / "snapshots" / "CURRENT").read_text().strip()
    for path in sorted((cli.home / "snapshots" / current).rglob("*")):
        if not path.is_file() or path.suffix == ".lock" or not path.stat().st_size:
            continue
        whole = path.read_bytes()
        middle = len(whole) // 2
        path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        done = cli.run("ask", QUESTION, code=1)
        assert "damaged" in done.err, path
        path.write_bytes(whole)


def test_a_snapshot_of_another_embedder_is_refused_with_both_fingerprints(
    cli: CommandLine,
) -> None:
    error = cli.run("ask", QUESTION, code=1, CITEWELL_EMBEDDER="default").err
    assert len(set(re.findall(r"\b[0-9a-f]{16}\b", error))) >= 2


def test_a_home_that_cannot_be_written_answers_and_refuses_to_ingest(
    cli: CommandLine, tmp_path: Path
) -> None:
    mounted = tmp_path / "read-only"
    mounted.mkdir()
    if not _mount("--bind", str(cli.home), str(mounted)):
        pytest.skip("mounting is not permitted here")
    try:
        _mount("-o", "remount,bind,ro", str(mounted))
        fixed = CommandLine(mounted)
        answer = fixed.run("ask", QUESTION, "--json").json
        assert "Northern Process" in answer["citations"][0]["quote"]
        assert "read-only" in fixed.run("ingest", str(tmp_path / "reports"), code=1).err.lower()
    finally:
        subprocess.run(["umount", str(mounted)], check=True)


def test_a_full_disk_leaves_what_answered_before(cli: CommandLine, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if not _mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", str(small)):
        pytest.skip("mounting is not permitted here")
    try:
        shutil.copytree(cli.home, small / "home")
        full = CommandLine(small / "home")
        big = tmp_path / "big.txt"
        words = (f"Sentence {n} about the migration of birds number {n * 7}." for n in range(9000))
        big.write_text("\n".join(words), encoding="utf-8")
        done = full.run("ingest", str(big), code=1)
        assert "full" in done.err.lower() or "no space" in done.err.lower()
        answer = full.run("ask", QUESTION, "--json").json
        assert "Northern Process" in answer["citations"][0]["quote"]
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_two_ingests_at_once_are_both_done(cli: CommandLine, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        for number in range(5):
            text = f"The {name} report number {number} is about a forum of its own.\n"
            (tmp_path / name / f"{number}.txt").write_text(text)
    running = [cli.start("ingest", str(tmp_path / name), "--json") for name in ("one", "two")]
    results = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0], results
    assert len(cli.documents()) == 11


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_ingest_that_is_stopped_goes_on_from_there(
    cli: CommandLine, tmp_path: Path, how: signal.Signals
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(200):
        text = "".join(f"Report {number} says sentence {n} of its own.\n" for n in range(40))
        (folder / f"{number:03}.txt").write_text(text)
    process = cli.start("ingest", str(folder))
    _wait_for_documents(cli, process, 10)
    end(process, how)
    if how is signal.SIGINT:
        assert process.returncode == 130
    cli.run("ask", QUESTION)
    cli.run("ingest", str(folder))
    whole = CommandLine(tmp_path / "whole")
    whole.run("ingest", str(tmp_path / "reports" / "good.txt"))
    whole.run("ingest", str(folder))
    assert _current(cli) == _current(whole)


def _wait_for_documents(cli: CommandLine, process: subprocess.Popen[str], count: int) -> None:
    """Wait until a running ingest has stored so many documents."""
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None, "the ingest ended before it could be stopped"
        assert time.monotonic() < deadline, "the ingest stored nothing"
        with SqlStore.open(f"sqlite:///{cli.home / 'store.sqlite'}", read_only=True) as store:
            if len(store.documents()) >= count:
                return
        time.sleep(0.02)


def _current(cli: CommandLine) -> str:
    return (cli.home / "snapshots" / "CURRENT").read_text().strip()


def _mount(*words: str) -> bool:
    return subprocess.run(["mount", *words], capture_output=True, check=False).returncode == 0
