"""Faults that are planted one at a time: doctor names each, and says what to do."""

import re
import shutil
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from index.models import model_files
from service.access.opening import open_store
from service.backups.backing_up import back_up
from service.collection.deleting import delete_document
from service.collection.ingest_report import IngestRequest
from service.collection.publishing import publish
from service.examining.examining import examine
from service.settings.settings import Settings
from tests.service.command_line import OFFLINE_DOUBLES, CommandLine
from tests.service.small_collection import settings_of

Plant = Callable[[Settings], object]
LATER = (datetime.now(UTC) + timedelta(days=400)).isoformat(timespec="microseconds")
EARLIER = "2020-01-01T00:00:00.000000+00:00"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with two documents, of which one has been deleted, and a backup beside it."""
    folder = tmp_path_factory.mktemp("whole")
    for name in ("north", "quokka"):
        (folder / f"{name}.txt").write_text(f"The {name} council began in 2004.\n" * 50)
    settings = settings_of(folder / "home")
    paths = [str(folder / "north.txt"), str(folder / "quokka.txt")]
    gone = publish(IngestRequest(paths=paths), settings).documents[1].doc_id
    assert gone is not None
    delete_document(gone, settings, purge_older=False)
    back_up(folder / "backups", settings)
    return settings


@pytest.fixture
def home(whole: Settings, tmp_path: Path) -> Settings:
    """A copy of it, to be damaged; its backups are beside it."""
    shutil.copytree(whole.home, tmp_path / "home")
    shutil.copytree(whole.home.parent / "backups", tmp_path / "backups")
    return settings_of(tmp_path / "home")


def problems(settings: Settings, backups: Path | None = None) -> dict[str, str]:
    return {each.check: each.detail for each in examine(settings, backups=backups) if not each.ok}


def sql(statement: str, *values: object, file: str = "store.sqlite") -> Plant:
    """Return what executes a statement in a database of the home."""

    def plant(settings: Settings) -> None:
        with closing(sqlite3.connect(settings.home / file)) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute(statement, values)
            connection.commit()

    return plant


def written(name: str, content: bytes, mode: int = 0o600) -> Plant:
    """Return what writes a file of the home; `*` stands for the snapshot that answers."""

    def plant(settings: Settings) -> None:
        current = settings.layout.current.read_text().strip()
        file = settings.home / name.replace("*", current)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.chmod(mode)

    return plant


def without(name: str) -> Plant:
    """Return what removes a file or folder of the home."""

    def plant(settings: Settings) -> None:
        current = settings.layout.current.read_text().strip()
        place = settings.home / name.replace("*", current)
        shutil.rmtree(place) if place.is_dir() else place.unlink()

    return plant


def short_vectors(settings: Settings) -> None:
    blob = np.zeros(3, dtype="<f4").tobytes()
    change = "UPDATE vectors SET vector = ?, crc32 = ?"
    sql(change, blob, zlib.crc32(blob), file="vectors.sqlite")(settings)


def flipped_vectors(settings: Settings) -> None:
    sql("UPDATE vectors SET crc32 = crc32 + 1", file="vectors.sqlite")(settings)


def flipped_file(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.home / "store.sqlite")) as connection:
        (content,) = connection.execute("SELECT content FROM files").fetchone()
    sql("UPDATE files SET content = ?", content[:-1] + bytes([content[-1] ^ 1]))(settings)


def a_job(settings: Settings, *, upload: bool = True, **changed: str) -> None:
    with open_store(settings) as store:
        store.create_job("j1", "report.pdf")
    if upload:
        written("uploads/j1/report.pdf", b"%PDF")(settings)
    for name, value in changed.items():
        sql(f"UPDATE jobs SET {name} = ?", value)(settings)


def changed_audit_line(settings: Settings) -> None:
    [file] = settings.layout.audit.glob("*.jsonl")
    file.write_bytes(file.read_bytes().replace(b'"ingested"', b'"searched"', 1))


FAULTS: dict[str, tuple[Plant, str, str]] = {
    "a store that is missing": (without("store.sqlite"), "store", "lost its store.*Restore"),
    "a store that is empty": (written("store.sqlite", b""), "store", "lost its store.*Restore"),
    "a store that is no database": (
        written("store.sqlite", b"no database " * 999),
        "store",
        "no SQLite database; name another",
    ),
    "a store of a newer citewell": (
        sql("UPDATE alembic_version SET version_num = '9999'"),
        "store",
        "newer citewell made it; install that one",
    ),
    "a store of an older citewell": (
        sql("UPDATE alembic_version SET version_num = '0006'"),
        "store",
        "revision 0006.*open it once for writing",
    ),
    "a home that is half restored": (
        written("restoring", b""),
        "store",
        "half restored.*begin it again",
    ),
    "a row that has no document": (
        sql("UPDATE pages SET doc_id = 'dx' WHERE number = 1"),
        "store",
        "no row in documents.*restore a backup",
    ),
    "a stored file with a flipped bit": (flipped_file, "files", "not the bytes.*ingest them again"),
    "a stored file that is missing": (sql("DELETE FROM files"), "files", "gone.*ingest them again"),
    "a page whose text was changed": (
        sql("UPDATE pages SET text = replace(text, 'began', 'ended')"),
        "quotes",
        "differ from the page text.*ingest",
    ),
    "a damaged vector": (flipped_vectors, "vectors", "another checksum.*next ingest"),
    "vectors of another dimension": (short_vectors, "vectors", r"\[3\] dimensions.*remove them"),
    "a damaged file of vectors": (
        written("vectors.sqlite", b"no database " * 999),
        "vectors",
        "damaged.*remove it, and ingest",
    ),
    "a damaged file of a snapshot": (
        written("snapshots/*/documents.json", b"[]"),
        "snapshots",
        "documents.json.*made again by",
    ),
    "a missing file of a snapshot": (
        without("snapshots/*/documents.json"),
        "snapshots",
        "cannot be read.*made again by",
    ),
    "a damaged manifest": (written("snapshots/*/manifest.json", b"{"), "snapshots", "manifest"),
    "a file that is not in the manifest": (
        written("snapshots/*/more.npy", b"1"),
        "snapshots",
        "not in the manifest",
    ),
    "a damaged outline of a former snapshot": (
        written("snapshots/past/s0123456789abcdef.zip", b"PK"),
        "snapshots",
        "damaged.*delete it",
    ),
    "a missing snapshot": (
        without("snapshots/*"),
        "answering",
        "which is not there; set it again",
    ),
    "a pointer that is garbage": (
        written("snapshots/CURRENT", b"\xff\0 what"),
        "answering",
        "expected the id of a snapshot.*set it again",
    ),
    "a history that is garbage": (
        written("snapshots/HISTORY", b"\xff\0 what\n"),
        "history",
        "cannot be read.*remove these",
    ),
    "a snapshot that the store has outgrown": (
        sql("DELETE FROM chunks"),
        "answering",
        "not the same ones; publish again",
    ),
    "a job whose upload is gone": (
        lambda settings: a_job(settings, upload=False),
        "jobs",
        "uploads of 1 jobs.*send the files again",
    ),
    "a job that nobody does": (
        lambda settings: a_job(settings, updated_at=EARLIER),
        "jobs",
        "more than an hour.*citewell serve",
    ),
    "a lease that ends in the far future": (
        lambda settings: a_job(settings, state="running", leased_by="s", leased_until=LATER),
        "jobs",
        "long from now: the clock was wrong; set it",
    ),
    "a deletion that is not complete": (
        sql("UPDATE deletions SET owed = 'purge'"),
        "deletions",
        "1 deletions are not complete.*citewell ingest",
    ),
    "a signing key that is garbage": (
        written("signing-key.pem", b"no key"),
        "signing key",
        "no private key.*put the right one back",
    ),
    "a signing key that others may read": (
        lambda settings: (settings.home / "signing-key.pem").chmod(0o644),
        "permissions",
        "other users may use .*chmod go=",
    ),
    "a store that others may read": (
        lambda settings: (settings.home / "store.sqlite").chmod(0o664),
        "permissions",
        "other users may use .*chmod go=",
    ),
    "aliases that are garbage": (
        written("aliases.json", b"{"),
        "aliases",
        "no list of aliases.*delete or mend it",
    ),
    "an audit log that was changed": (changed_audit_line, "audit log", "was changed.*Keep a copy"),
    "an audit log without its head": (without("audit/head.json"), "audit log", "gone.*Keep a copy"),
    "an audit log of another key": (
        without("signing-key.pem"),
        "audit log",
        "not known here.*put the former one back",
    ),
    "a deletion of tomorrow": (
        sql("UPDATE deletions SET deleted_at = ?", LATER),
        "clock",
        "one of the two is wrong; set the clock",
    ),
    "a draft of a snapshot": (
        lambda settings: (settings.home / "snapshots/.building-x").mkdir(),
        "leftovers",
        "interrupted.*citewell ingest",
    ),
    "a draft of a backup": (
        written(".backup-x/store.sqlite", b""),
        "leftovers",
        "interrupted.*citewell ingest",
    ),
    "vectors that were set aside": (
        written("vectors.sqlite.damaged-x", b""),
        "leftovers",
        "deleted text.*remove",
    ),
}


def test_a_whole_home_has_no_fault(home: Settings) -> None:
    assert problems(home, home.home.parent / "backups") == {}
    assert len(FAULTS) >= 20


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_named_with_what_to_do(home: Settings, fault: str) -> None:
    plant, check, said = FAULTS[fault]
    plant(home)
    found = problems(home)
    assert check in found, found
    assert re.search(said, found[check], re.DOTALL), found[check]
    first = next(iter(found))
    if check not in ("answering", "clock"):  # other checks see what these see too
        assert first == check, found


def test_a_backup_that_is_damaged_is_named(home: Settings) -> None:
    folder = home.home.parent / "backups"
    next(path for path in folder.glob("blocks/*/*")).write_bytes(b"")
    assert "back up into a new folder" in problems(home, folder)["backups"]
    (folder / "repository.json").write_bytes(b"{")
    assert "is damaged" in problems(home, folder)["backups"]


@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_weights_that_are_missing_or_damaged_are_named(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    file = tmp_path / "model.onnx"
    if damage == "damaged":
        file.write_bytes(b"no weights")
    planted = model_files.ModelFile(str(file), model_files.SPAN_FINDER_MODEL.sha256)
    monkeypatch.setitem(model_files.BUNDLED, "planted", (planted,))
    assert "put the original file back" in problems(home)["models"]


def test_a_disk_that_is_nearly_full_is_named(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type(shutil.disk_usage(home.home))(10**9, 10**9 - 1000, 1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert "Free some space" in problems(home)["disk"]


def test_tesseract_that_is_missing_is_named_where_pages_need_it(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.examining.answering.ocr_languages", lambda _: None)
    assert "ocr" not in problems(home)
    forced = home.model_copy(update={"ocr": "force"})
    assert "apt install tesseract-ocr" in problems(forced)["ocr"]
    reason = "it shows an image, and Tesseract, which would read it, is not installed"
    sql("UPDATE pages SET grade = 'D', text_source = 'none', reason = ?", reason)(home)
    assert "1 pages are images" in problems(home)["ocr"]


def test_the_command_names_a_setting_that_does_not_exist_and_exits_with_1(home: Settings) -> None:
    cli = CommandLine(home.home, {**OFFLINE_DOUBLES, "CITEWELL_MAX_PASAGES": "3"})
    [found] = cli.run("doctor", "--json", code=1).json["checks"]
    assert (found["check"], found["ok"]) == ("settings", False)
    assert "did you mean CITEWELL_MAX_PASSAGES" in found["detail"]


def test_the_command_reads_the_newest_backup_where_it_is_told(home: Settings) -> None:
    folder = str(home.home.parent / "backups")
    out = CommandLine(home.home).run("doctor", "--backups", folder).out
    assert "ok      backups: 1, the newest of" in out
