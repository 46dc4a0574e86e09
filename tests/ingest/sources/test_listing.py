"""Paths to sources."""

import json
import os
from pathlib import Path

import pytest

from ingest.sources.listing import find_sources
from ingest.sources.source import Fields, Outcome, Source


def names(*paths: str | Path) -> list[str]:
    return [
        Path(found.source).name if isinstance(found, Source) else f"! {Path(found.source).name}"
        for found in find_sources(paths)
    ]


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("words")


def test_folders_are_searched_in_order_without_hidden_files(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a.pdf", "sub/c.md", ".hidden.txt", ".git/x.txt", "d.html")
    assert names(tmp_path) == ["a.pdf", "b.txt", "d.html", "c.md"]


def test_files_and_patterns_keep_the_order_given(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a.txt", "c.md")
    assert names(tmp_path / "c.md", tmp_path / "*.txt") == ["c.md", "a.txt", "b.txt"]


def test_a_relative_pattern_is_searched_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "x/b.txt", "x/y/a.txt")
    monkeypatch.chdir(tmp_path)
    assert names("x/**/*.txt") == ["b.txt", "a.txt"]


def test_what_cannot_be_found_or_read_is_said(tmp_path: Path) -> None:
    write(tmp_path, "a.xyz", "noextension")
    found = list(find_sources([tmp_path / "nope.pdf", tmp_path / "*.pdf", tmp_path]))
    assert all(isinstance(outcome, Outcome) for outcome in found)
    reasons = [outcome.reason for outcome in found if isinstance(outcome, Outcome)]
    assert "No such file" in str(reasons[0])
    assert "Nothing matches" in str(reasons[1])
    assert "files ending in .xyz" in str(reasons[2])
    assert "without an extension" in str(reasons[3])


@pytest.mark.parametrize("name", ["a'b\".txt", "a\nb.txt", "😀 [x].txt", "ünï.txt", "a*b?.txt"])
def test_odd_names_work(tmp_path: Path, name: str) -> None:
    write(tmp_path, name)
    assert names(tmp_path) == [name]
    assert names(tmp_path / name) == [name]


def test_a_name_that_is_no_unicode_has_a_storable_source(tmp_path: Path) -> None:
    try:
        write(tmp_path, os.fsdecode(b"a\xff.txt"))
    except OSError:
        pytest.skip("this file system has Unicode names only")
    (found,) = find_sources([tmp_path])
    found.source.encode("utf-8")
    assert isinstance(found, Source)
    assert found.read_bytes(100) == b"words"


def test_a_path_with_dots_is_resolved(tmp_path: Path) -> None:
    write(tmp_path, "sub/a.txt")
    (found,) = find_sources([tmp_path / "sub" / ".." / "sub" / "a.txt"])
    assert found.source == (tmp_path.resolve() / "sub" / "a.txt").as_posix()


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    write(tmp_path, "sub/a.txt")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    assert names(tmp_path) == ["a.txt"]


def test_a_link_to_itself_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (found,) = find_sources([tmp_path / "self.txt"])
    assert isinstance(found, Outcome)


def test_a_folder_without_permission_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "locked/a.txt", "z.txt")
    listed = Path.iterdir

    def refuse(path: Path) -> object:
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", refuse)  # root may read every folder
    first, second = find_sources([tmp_path])
    assert isinstance(first, Outcome)
    assert "Permission denied" in str(first.reason)
    assert isinstance(second, Source)


def test_a_manifest_gives_the_fields_of_its_files(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "b.txt")
    entry = {
        "file": "a.txt",
        "title": "A title",
        "publisher": "IOM",
        "date": "2019-05",
        "language": "(image)",
        "collection": "iscm",
        "symbol": "X/1",
        "aliases": ["One", "Two"],
        "metadata": {"region": "Asia", "year": 2019},
        "pages": 3,
        "sha256": "00",
    }
    (tmp_path / "manifest.jsonl").write_text(f"{json.dumps(entry)}\nno json\n[]\n")
    first, second = (found for found in find_sources([tmp_path]) if isinstance(found, Source))
    assert first.fields == Fields(
        title="A title",
        publisher="IOM",
        date="2019-05",
        language=None,
        collection="iscm",
        metadata={"symbol": "X/1", "aliases": "One; Two", "region": "Asia", "year": "2019"},
    )
    assert second.fields == Fields()
