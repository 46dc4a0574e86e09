"""Ingesting from manifests, addresses and sitemaps, and removing what has left them."""

import json
import signal
import time
from pathlib import Path

from tests.service.command_line import CommandLine, end
from tests.service.web_server import serving


def statuses(report: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {d["source"].rsplit("/", 1)[-1]: d["status"] for d in report["documents"]}


def test_a_sitemap_is_ingested_and_asked_again_only_for_changes(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "home")
    with serving() as site:
        listed = "".join(f"<url><loc>{site.base}/{n}.txt</loc></url>" for n in "ab")
        site.files = {
            "/sitemap.xml": f"<urlset>{listed}</urlset>".encode(),
            "/a.txt": b"Almaty is a city.",
            "/b.txt": b"Budapest is a city.",
        }
        words = ("ingest", f"{site.base}/sitemap.xml", "--allow-private", "--prune", "--json")
        assert statuses(cli.run(*words).json) == {"a.txt": "added", "b.txt": "added"}
        site.asked.clear()
        again = cli.run(*words).json
        assert statuses(again) == {"a.txt": "unchanged", "b.txt": "unchanged"}
        assert [status for path, status in site.asked if path != "/sitemap.xml"] == [304, 304]
        site.files["/sitemap.xml"] = (
            f"<urlset><url><loc>{site.base}/a.txt</loc></url></urlset>".encode()
        )
        assert statuses(cli.run(*words).json) == {"a.txt": "unchanged", "b.txt": "removed"}
        refused = cli.run("ingest", f"{site.base}/a.txt", "--json", code=3).json
        assert "not a public address" in refused["documents"][0]["reason"]
    assert [source.rsplit("/", 1)[-1] for source in cli.documents()] == ["a.txt"]


def test_a_manifest_lists_files_with_what_is_known_of_them(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Almaty is a city.")
    lines = [
        {"file": "a.txt", "title": "On Almaty", "region": "Asia"},
        {"file": "b.txt"},
        {"title": "Nothing"},
    ]
    manifest = tmp_path / "list.jsonl"
    manifest.write_text("\n".join(map(json.dumps, lines)))
    cli = CommandLine(tmp_path / "home")
    report = cli.run("ingest", str(manifest), "--json", code=3).json
    assert [d["status"] for d in report["documents"]] == ["added", "rejected", "rejected"]
    assert "line 2 of list.jsonl" in report["documents"][1]["reason"]
    (listed,) = cli.run("documents", "list", "--json").json["documents"]
    assert (listed["title"], listed["metadata"]) == ("On Almaty", {"region": "Asia"})
    assert listed["provenance"]["title"] == "manifest"


def test_prune_removes_what_left_its_folder_and_nothing_else(tmp_path: Path) -> None:
    kept, other = tmp_path / "kept", tmp_path / "other"
    for folder in (kept, other):
        folder.mkdir()
        (folder / f"{folder.name}.txt").write_text(f"{folder.name} is a folder.")
    (kept / "gone.txt").write_text("This file will go.")
    (kept / "broken.txt").write_text("This file will break.")
    cli = CommandLine(tmp_path / "home")
    cli.run("ingest", str(kept), str(other))
    (kept / "gone.txt").unlink()
    (kept / "broken.txt").write_bytes(bytes(range(256)) * 40)
    (other / "other.txt").unlink()
    report = cli.run("ingest", str(kept), "--prune", "--json", code=3).json
    assert statuses(report) == {
        "kept.txt": "unchanged",
        "broken.txt": "rejected",
        "gone.txt": "removed",
    }
    names = {source.rsplit("/", 1)[-1] for source in cli.documents()}
    assert names == {"kept.txt", "broken.txt", "other.txt"}


def test_watching_ingests_what_changes(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text("Almaty is a city.")
    cli = CommandLine(tmp_path / "home")
    process = cli.start("ingest", str(folder), "--watch")
    try:
        deadline = time.monotonic() + 120
        while not (cli.home / "snapshots" / "CURRENT").exists() and time.monotonic() < deadline:
            time.sleep(0.2)
        number = 0
        while len(cli.documents()) < 2 and time.monotonic() < deadline:
            number += 1  # again and again: the first may come before the watch has begun
            (folder / "b.txt").write_text(f"Budapest is a city, written {number} times.")
            time.sleep(3)
        assert len(cli.documents()) == 2
    finally:
        end(process, signal.SIGINT)
