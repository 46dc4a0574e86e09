"""Archives and messages: their files become documents, and nothing leaves its place."""

from pathlib import Path

import pytest

from corpus.errors import PasswordError, ReadError
from ingest.sources.unpacking import UnpackingLimits, is_container, unpack
from tests.ingest.office_files import docx_file, eml_file, msg_file, zip_of

LIMITS = UnpackingLimits()


def unpacked(content: bytes, name: str, folder: Path) -> dict[str, bytes | str | None]:
    members = unpack(content, name, folder, LIMITS)
    return {m.name: m.path.read_bytes() if m.path else m.reason for m in members}


def test_the_files_of_an_archive_have_their_folders_in_their_names(tmp_path: Path) -> None:
    content = zip_of({"a.txt": b"A", "folder/b.docx": docx_file(), "folder/": b""})
    assert unpacked(content, "x.zip", tmp_path) == {"a.txt": b"A", "folder/b.docx": docx_file()}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/a.txt", "etc/a.txt"),
        ("/etc/a.txt", "etc/a.txt"),
        ("..\\..\\a.txt", "a.txt"),
        ("C:\\a.txt", "C:/a.txt"),
    ],
)
def test_no_name_leads_outside(name: str, kept: str, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    assert unpacked(zip_of([(name, b"A")]), "x.zip", inside) == {kept: b"A"}
    assert [path.name for path in inside.iterdir()] == ["00000"]
    assert list(tmp_path.iterdir()) == [inside]


def test_hidden_files_are_passed_over_and_unknown_ones_say_why(tmp_path: Path) -> None:
    members = {"__MACOSX/a.txt": b"A", ".b.txt": b"B", "c.exe": b"C", "manifest.jsonl": b"{}"}
    found = unpacked(zip_of(members), "x.zip", tmp_path)
    assert list(found) == ["c.exe"]
    assert "No reader for files ending in .exe" in str(found["c.exe"])


def test_a_second_file_of_one_name_says_so(tmp_path: Path) -> None:
    content = zip_of([("a.txt", b"A"), ("x/../a.txt", b"B"), ("./a.txt", b"C")])
    members = unpack(content, "x.zip", tmp_path, LIMITS)
    assert [m.name for m in members] == ["a.txt", "x/a.txt", "a.txt"]
    assert "second file of this name" in str(members[2].reason)


ATTACHED = {"Report.docx": docx_file()[:3000], "b.txt": b"B"}


@pytest.mark.parametrize(
    ("content", "name"),
    [(eml_file(ATTACHED), "x.eml"), (msg_file(ATTACHED), "x.msg")],
    ids=["eml", "msg"],
)
def test_attachments_are_files_of_a_message(content: bytes, name: str, tmp_path: Path) -> None:
    assert unpacked(content, name, tmp_path) == ATTACHED


def test_bombs_crowds_and_depths_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="unpacks to"):
        unpack(zip_of({"a.txt": b"A", "b.txt": bytes(64 * 1024**2)}), "x.zip", tmp_path, LIMITS)
    with pytest.raises(ReadError, match="More than 3 files"):
        crowd = zip_of({f"{n}.txt": b"A" for n in range(4)})
        unpack(crowd, "x.zip", tmp_path, UnpackingLimits(members=3))
    with pytest.raises(ReadError, match="too deep"):
        unpack(zip_of({"a.txt": b"A"}), "x.zip", tmp_path, UnpackingLimits(depth=0))
    with pytest.raises(ReadError, match="damaged"):
        unpack(b"PK\x03\x04 cut", "x.zip", tmp_path, LIMITS)


def test_an_encrypted_archive_asks_for_its_password(tmp_path: Path) -> None:
    content = bytearray(zip_of({"a.txt": b"A"}))
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(PasswordError):
        unpack(bytes(content), "x.zip", tmp_path, LIMITS)


def test_containers_are_told_by_their_names() -> None:
    assert is_container("A.ZIP")
    assert is_container("a.eml")
    assert not is_container("a.docx")


def test_parts_that_lie_before_the_start_of_their_archive_are_damaged(tmp_path: Path) -> None:
    archive = bytearray(zip_of({"a.txt": b"Words.", "b.txt": b"More words."}))
    directory = archive.rindex(b"PK\x05\x06")
    archive[directory + 16 : directory + 20] = (2**31).to_bytes(4, "little")
    found = unpack(bytes(archive), "x.zip", tmp_path, UnpackingLimits())
    assert [(member.reason or "")[:7] for member in found] == ["Damaged", "Damaged"]


@pytest.mark.parametrize("levels", [400, 2_000])
def test_messages_in_messages_too_deep_say_so(levels: int, tmp_path: Path) -> None:
    head = b"From: a@b.example\r\nContent-Type: message/rfc822\r\n\r\n"
    with pytest.raises(ReadError, match="nested too deep"):
        unpack(head * levels + b"Subject: x\r\n\r\nWords.", "x.eml", tmp_path, UnpackingLimits())
