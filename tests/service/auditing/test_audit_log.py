"""The audit log: what is in it, and that no line is changed, removed, moved or cut off unseen."""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus.home import Home
from service.access.keys import make_key
from service.auditing.audit_log import AuditLog
from service.auditing.checking import Seen, check_audit, entries_of
from service.auditing.recording import recorder_of
from service.citations.receipt_signing import SigningKey
from service.collection.deleting import delete_document
from service.observing.request_context import RequestContext, in_request
from tests.service.command_line import CommandLine
from tests.service.conftest import Served
from tests.service.small_collection import QUESTION, make_collection, settings_of


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose log has five entries."""
    root = tmp_path_factory.mktemp("five")
    log = AuditLog(Home(root))
    for number in range(1, 6):
        log.record("deleted", {"doc_id": f"d{number}"}, durable=False)
    return root


@pytest.fixture
def home(five: Path, tmp_path: Path) -> Home:
    """A copy of it that a test may change."""
    return Home(Path(shutil.copytree(five, tmp_path / "home")))


def problems(home: Home, seen: Seen | None = None) -> str:
    keys = [SigningKey.open(home.signing_key).public]
    return "; ".join(check_audit(home, keys, seen).problems)


def rewrite(home: Home, change: Callable[[list[bytes]], list[bytes]]) -> None:
    [file] = home.audit.glob("*.jsonl")
    file.write_bytes(b"".join(change(file.read_bytes().splitlines(keepends=True))))


def test_a_log_that_nobody_touched_is_sound(home: Home) -> None:
    assert problems(home) == ""
    assert [entry.about["doc_id"] for entry in entries_of(home)] == ["d1", "d2", "d3", "d4", "d5"]
    [file] = home.audit.glob("*.jsonl")
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda x: [x[0], x[1].replace(b"d2", b"d9"), *x[2:]], "line 3: the entry before it, 2"),
        (lambda x: [*x[:4], x[4].replace(b"d5", b"d9")], "entry 5 was changed"),
        (lambda x: [*x[:2], *x[3:]], "line 3 is entry 4, after 2"),
        (lambda x: x[1:], "line 1 is entry 2, after 0"),
        (lambda x: [x[0], x[2], x[1], *x[3:]], "line 2 is entry 3, after 1"),
        (lambda x: [*x[:3]], "entries 4 to 5 are gone from the end"),
        (lambda x: [*x[:4], x[4][:-20]], "entries 5 to 5 are gone from the end"),
        (lambda x: [*x, x[4], x[4]], "line 6 is entry 5, after 5"),
        (lambda x: [*x[:2], b"garbage\n", *x[2:]], "line 3 is no entry"),
        (lambda x: x[5:], "entries 1 to 5 are gone"),
    ],
)
def test_tampering_shows(
    home: Home, change: Callable[[list[bytes]], list[bytes]], said: str
) -> None:
    rewrite(home, change)
    assert said in problems(home)


def test_a_head_that_was_changed_or_removed_shows(home: Home) -> None:
    head = home.audit / "head.json"
    told = json.loads(head.read_text())
    rewrite(home, lambda lines: lines[:4])
    head.write_text(json.dumps(told | {"number": 4}))
    assert "its signature does not hold" in problems(home)
    head.unlink()
    assert "head.json is gone" in problems(home)
    AuditLog(Home(home.root, None, home.root / "another.pem")).record("deleted", {})
    assert "a key that is not known here" in problems(home)


def test_a_log_written_anew_by_the_holder_of_the_key_is_not_the_one_that_was_noted(
    home: Home,
) -> None:
    keys = [SigningKey.open(home.signing_key).public]
    before = check_audit(home, keys)
    noted = Seen(before.entries, before.sha256)
    assert problems(home, noted) == ""
    shutil.rmtree(home.audit)
    for number in range(1, 4):
        AuditLog(home).record("deleted", {"doc_id": f"d{number}"})
    assert problems(home) == ""
    assert "entry 5, noted elsewhere, is not there" in problems(home, noted)


@pytest.mark.parametrize("left", [b'{"number": 6, "ti', None])
def test_what_a_killed_process_left_is_mended_by_the_next_entry(
    home: Home, left: bytes | None
) -> None:
    before = (home.audit / "head.json").read_bytes()
    if left is None:  # a whole line, and not yet the head
        AuditLog(home).record("deleted", {"doc_id": "d6"})
        (home.audit / "head.json").write_bytes(before)
    else:
        [file] = home.audit.glob("*.jsonl")
        file.write_bytes(file.read_bytes() + left)
    assert problems(home) == ""
    AuditLog(home).record("deleted", {"doc_id": "d7"})
    assert problems(home) == ""
    assert [entry.about["doc_id"] for entry in entries_of(home)][-1] == "d7"


def test_several_writers_make_one_chain(tmp_path: Path) -> None:
    home = Home(tmp_path)
    logs = [AuditLog(home) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        for n in range(40):
            pool.submit(logs[n % 4].record, "edited", {"n": n}, durable=False)
    assert problems(home) == ""
    assert sorted(int(str(entry.about["n"])) for entry in entries_of(home)) == list(range(40))


def test_changes_are_recorded_with_who_made_them(own: Served) -> None:
    settings = own.engine.settings
    key, _ = make_key("boss", ["admin"], None, None)
    with in_request(RequestContext("a1", key.key_id)):
        delete_document(own.ids["colombo"], settings, purge_older=False)
    upload = {"file": ("a.txt", b"The Heron Forum has 12 members.\n")}
    job = own.client.post("/v1/documents", files=upload, headers={"X-Request-Id": "a2"}).json()
    with own.client.stream("GET", f"/v1/jobs/{job['job_id']}/events") as events:
        events.read()
    deleted, *others = entries_of(settings.layout)
    [ingested] = [entry for entry in others if entry.about["status"] == "added"]
    assert (deleted.event, deleted.key_id, deleted.request_id) == ("deleted", key.key_id, "a1")
    assert deleted.about["doc_id"] == own.ids["colombo"]
    assert (ingested.event, ingested.request_id) == ("ingested", "a2")
    own.client.post("/v1/ask", json={"question": QUESTION})
    assert [entry.event for entry in entries_of(settings.layout)].count("asked") == 0


@pytest.mark.parametrize("texts", [False, True])
def test_questions_are_recorded_where_they_are_wanted(tmp_path: Path, texts: bool) -> None:
    from service.engine.engine import Engine
    from service.finding.finding import FindRequest

    settings = settings_of(tmp_path / "home", audit="all", audit_texts=texts)
    make_collection(settings)
    with Engine.open(settings) as engine:
        answer = engine.ask(QUESTION)
        engine.search("Budapest")
        engine.find(FindRequest(("Bali",)))
    asked, searched, found = entries_of(settings.layout)
    assert (asked.event, asked.about["outcome"]) == ("asked", answer.status)
    assert asked.about["answer_id"] == answer.receipt.answer_id
    assert (searched.event, found.event) == ("searched", "found")
    assert asked.user
    log = b"".join(file.read_bytes() for file in settings.layout.audit.iterdir())
    assert (b"Almaty" in log) == (b"Budapest" in log) == (b"Bali" in log) == texts
    assert recorder_of(settings_of(tmp_path)).__class__.__name__ == "Observers"


def test_the_commands_check_and_show_the_log(home: Home) -> None:
    command = CommandLine(home.root)
    lines = command.run("keys", "create", "boss", "-s", "admin")
    assert lines.out.startswith("cw_")
    checked = command.run("audit", "verify", "--json").json
    assert (checked["entries"], checked["problems"]) == (6, [])
    shown = command.run("audit", "show", "--event", "key_created").out
    assert "name=boss" in shown
    assert lines.out.strip() not in shown
    rewrite(home, lambda lines: lines[:-1])
    assert "are gone from the end" in command.run("audit", "verify", code=1).out
