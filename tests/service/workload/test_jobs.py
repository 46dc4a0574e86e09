"""Uploads and the jobs that ingest them."""

import io
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from corpus.errors import BusyError, ModelError, UnreachableError
from corpus.store import Job
from service.access.access import Access
from service.collection.ingest_report import DocumentReport, IngestReport, IngestRequest, Progress
from service.engine.engine import Engine
from service.http.app import create_app
from service.settings.settings import Settings
from service.workload.job_progress import message_of, share_done
from service.workload.jobs import GIVEN_UP, GONE, MOST_ATTEMPTS, JobWorker
from service.workload.upload import Upload, safe_name
from service.workload.upload_folder import UploadFolder
from tests.service.conftest import Served
from tests.service.http.test_asking import events_of
from tests.service.small_collection import make_collection, settings_of

FILE = {"file": ("Almaty.md", b"# Almaty\n\nThe Almaty Process.\n")}
OnProgress = Callable[[Progress], None]
Json = dict[str, object]
ONE_COLLECTION = Access("k1", ("read", "ingest"), ("iscm",))


class Ingesting:
    """An ingest for tests: says what it was asked, waits for `go`, and reports `status`."""

    def __init__(self) -> None:
        self.requests: list[IngestRequest] = []
        self.contents: list[bytes] = []
        self.go = threading.Event()
        self.go.set()
        self.begun = threading.Event()
        self.error: Exception | None = None
        self.reason: str | None = None
        self.stopping: Callable[[], None] = lambda: None

    def __call__(
        self, request: IngestRequest, _settings: Settings, on_progress: OnProgress
    ) -> IngestReport:
        self.requests.append(request)
        self.contents.append(Path(request.paths[0]).read_bytes())
        on_progress(Progress("reading", 0, 1, 0, 0))
        self.begun.set()
        while not self.go.wait(0.01):
            on_progress(Progress("embedding", 1, 1, 5, 10))
        if self.error:
            raise self.error
        self.stopping()
        status = "rejected" if self.reason else "added"
        report = DocumentReport("d1", request.paths[0], status, 1, 1, self.reason)  # type: ignore[arg-type]
        return IngestReport((report,), "s0123456789abcdef", 1)


@contextmanager
def a_server(home: Path, ingesting: Ingesting) -> Iterator[TestClient]:
    settings = settings_of(home, max_upload_bytes=1000)
    make_collection(settings)
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings, ingesting))
        with TestClient(app, raise_server_exceptions=False) as client:
            yield client


@pytest.fixture
def ingesting() -> Ingesting:
    return Ingesting()


@pytest.fixture
def client(tmp_path: Path, ingesting: Ingesting) -> Iterator[TestClient]:
    with a_server(tmp_path / "home", ingesting) as client:
        yield client


def finished(client: TestClient, job_id: object) -> Json:
    """Return the job once it has finished."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        job: Json = client.get(f"/v1/jobs/{job_id}").json()
        if job["state"] in ("done", "failed"):
            return job
        time.sleep(0.02)
    raise AssertionError(f"job {job_id} did not finish within 20 s")


def job_once_ended(engine: Engine, job_id: str) -> Job:
    """Return the job once it has ended, from the store."""
    until = time.monotonic() + 20
    while (job := engine.store.job(job_id)).state not in ("done", "failed"):
        assert time.monotonic() < until, job
        time.sleep(0.02)
    return job


@contextmanager
def sqlite_that_refuses(engine: Engine, event: str) -> Iterator[None]:
    """Let the database refuse an event (`update of state on jobs`), as a full disk would."""
    path = engine.settings.store_url.removeprefix("sqlite:///")

    def execute(statement: str) -> None:
        connection = sqlite3.connect(path, timeout=20)
        connection.execute(statement)
        connection.commit()
        connection.close()

    execute(f"CREATE TRIGGER no BEFORE {event} BEGIN SELECT RAISE(FAIL, 'disk full'); END")
    try:
        yield
    finally:
        execute("DROP TRIGGER no")


def test_an_upload_becomes_a_job_that_ends_with_the_report(
    client: TestClient, ingesting: Ingesting
) -> None:
    response = client.post(
        "/v1/documents",
        files=FILE,
        data={
            "collection": "iscm",
            "title": "Almaty",
            "date": "2019",
            "metadata": '{"region": "Asia"}',
            "password": "secret",
        },
    )
    job = response.json()
    assert response.status_code == 202
    assert response.headers["location"] == f"/v1/jobs/{job['job_id']}"
    assert job["state"] == "queued"

    done = finished(client, job["job_id"])
    [request] = ingesting.requests
    assert done["state"] == "done"
    assert done["progress"] == 1.0
    assert isinstance(done["result"], dict)
    assert done["result"]["documents"][0]["status"] == "added"
    assert ingesting.contents == [FILE["file"][1]]
    assert Path(request.paths[0]).name == "Almaty.md"
    assert request.collection == "iscm"
    assert request.password == "secret"
    assert request.metadata == {"region": "Asia", "title": "Almaty", "date": "2019"}
    assert "secret" not in json.dumps(done)


def test_the_uploaded_file_is_gone_after_its_job(client: TestClient, ingesting: Ingesting) -> None:
    job = client.post("/v1/documents", files=FILE).json()
    finished(client, job["job_id"])
    folder = Path(ingesting.requests[0].paths[0]).parent
    until = time.monotonic() + 5
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert list(folder.parent.iterdir()) == []


def test_jobs_are_listed_newest_first(client: TestClient) -> None:
    ids = [client.post("/v1/documents", files=FILE).json()["job_id"] for _ in range(3)]
    assert len(set(ids)) == 3
    listed = client.get("/v1/jobs").json()["jobs"]
    assert [job["job_id"] for job in listed] == ids[::-1]


def test_a_file_that_cannot_be_read_fails_its_job(client: TestClient, ingesting: Ingesting) -> None:
    ingesting.reason = "It is no document."
    job = finished(client, client.post("/v1/documents", files=FILE).json()["job_id"])
    assert (job["state"], job["message"]) == ("failed", "It is no document.")
    assert job["result"] is not None


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ModelError("The model is missing."), "The model is missing."),
        (RuntimeError("secret"), "The server met an error that it did not expect."),
    ],
)
def test_an_error_fails_its_job_and_the_next_one_runs(
    client: TestClient, ingesting: Ingesting, error: Exception, message: str
) -> None:
    ingesting.error = error
    job = finished(client, client.post("/v1/documents", files=FILE).json()["job_id"])
    assert (job["state"], job["message"]) == ("failed", message)

    ingesting.error = None
    job = finished(client, client.post("/v1/documents", files=FILE).json()["job_id"])
    assert job["state"] == "done"


def test_a_job_is_followed_until_it_is_done(client: TestClient, ingesting: Ingesting) -> None:
    ingesting.go.clear()
    job = client.post("/v1/documents", files=FILE).json()
    threading.Timer(0.8, ingesting.go.set).start()
    events = events_of(client.get(f"/v1/jobs/{job['job_id']}/events").text)

    names = [name for name, _ in events]
    shares = [data["progress"] for _, data in events if isinstance(data, dict)]
    assert names[-1] == "done"
    assert set(names[:-1]) == {"progress"}
    assert shares == sorted(shares)
    assert 0.5 in shares


def test_the_next_server_ends_what_one_that_stopped_had_begun(
    tmp_path: Path, ingesting: Ingesting
) -> None:
    ingesting.go.clear()
    with a_server(tmp_path / "home", ingesting) as client:
        ids = [client.post("/v1/documents", files=FILE).json()["job_id"] for _ in range(2)]
        assert ingesting.begun.wait(10)
    ingesting.go.set()
    with a_server(tmp_path / "home", ingesting) as client:
        jobs = [finished(client, job_id) for job_id in ids]
    assert [job["state"] for job in jobs] == ["done"] * 2
    assert ingesting.contents == [FILE["file"][1]] * 3


def test_an_upload_whose_server_died_is_ingested_by_another(
    tmp_path: Path, ingesting: Ingesting
) -> None:
    settings = settings_of(tmp_path / "home")
    said = Upload("a.md", "iscm", {"region": "Asia"}, password="secret", access=ONE_COLLECTION)
    with Engine.open(settings) as engine:
        dead = JobWorker(engine.store, settings, ingesting)
        job = dead.submit(io.BytesIO(b"content"), said)
        assert engine.store.lease_job("a dead server", 0.3) is not None
        worker = JobWorker(engine.store, settings, ingesting)
        worker.start()
        ended = job_once_ended(engine, job.job_id)
        worker.stop()
    assert ended.state == "done"
    assert ended.attempts == 2
    [request] = ingesting.requests
    assert ingesting.contents == [b"content"]
    assert (request.password, request.access) == ("secret", ONE_COLLECTION)
    assert request.metadata == {"region": "Asia"}
    assert list(settings.layout.uploads.iterdir()) == []


def test_an_upload_whose_store_was_away_for_a_while_is_ingested_again(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home")
    answers: list[UnreachableError | IngestReport] = [
        UnreachableError("away"),
        IngestReport((), None),
    ]

    def away_once(request: IngestRequest, *_: object) -> IngestReport:
        answer = answers.pop(0)
        if isinstance(answer, UnreachableError):
            raise answer
        return answer

    with Engine.open(settings) as engine:
        worker = JobWorker(engine.store, settings, away_once)
        job = worker.submit(io.BytesIO(b"x"), Upload("a.md", "default", {}))
        worker.start()
        ended = job_once_ended(engine, job.job_id)
        worker.stop()
    assert (ended.state, ended.attempts) == ("done", 1)


def test_a_file_that_ends_one_server_after_the_other_is_given_up(
    tmp_path: Path, ingesting: Ingesting
) -> None:
    settings = settings_of(tmp_path / "home")
    with Engine.open(settings) as engine:
        worker = JobWorker(engine.store, settings, ingesting)
        job = worker.submit(io.BytesIO(b"x"), Upload("a.md", "default", {}))
        for _ in range(MOST_ATTEMPTS):
            assert engine.store.lease_job("a server that it killed", -1) is not None
        worker.start()
        ended = job_once_ended(engine, job.job_id)
        worker.stop()
    assert (ended.state, ended.message) == ("failed", GIVEN_UP)
    assert ingesting.requests == []


def test_a_job_whose_file_is_lost_fails_and_says_so(tmp_path: Path, ingesting: Ingesting) -> None:
    settings = settings_of(tmp_path / "home")
    with Engine.open(settings) as engine:
        engine.store.create_job("j1", "upload:a.pdf")
        worker = JobWorker(engine.store, settings, ingesting)
        worker.start()
        ended = job_once_ended(engine, "j1")
        worker.stop()
    assert (ended.state, ended.message) == ("failed", GONE)


def test_a_state_that_cannot_be_written_is_written_when_it_can(
    tmp_path: Path, ingesting: Ingesting
) -> None:
    settings = settings_of(tmp_path / "home")
    with Engine.open(settings) as engine:
        worker = JobWorker(engine.store, settings, ingesting)
        job = worker.submit(io.BytesIO(b"x"), Upload("a.md", "default", {}))
        ingesting.go.clear()
        worker.start()
        assert ingesting.begun.wait(20)
        with sqlite_that_refuses(engine, "update of state on jobs"):
            ingesting.go.set()
            time.sleep(1.5)
            assert engine.store.job(job.job_id).state == "running"
        ended = job_once_ended(engine, job.job_id)
        worker.stop()
    assert ended.state == "done"
    assert len(ingesting.requests) == 1


def test_a_failure_while_the_server_stops_is_no_failure_of_the_file(
    tmp_path: Path, ingesting: Ingesting
) -> None:
    settings = settings_of(tmp_path / "home")
    ingesting.reason = "Reading failed: its process died (exit code -15)."
    with Engine.open(settings) as engine:
        worker = JobWorker(engine.store, settings, ingesting)
        job = worker.submit(io.BytesIO(b"x"), Upload("a.md", "default", {}))
        ingesting.go.clear()
        worker.start()
        assert ingesting.begun.wait(20)
        ingesting.stopping = worker.begin_to_stop
        ingesting.go.set()
        worker.stop()
        left = engine.store.job(job.job_id)
        assert (left.state, left.attempts) == ("queued", 0)
        file, _ = UploadFolder(settings.layout.uploads).read(job.job_id)
        assert file.read_bytes() == b"x"


def test_what_was_never_acknowledged_is_removed_in_time(
    tmp_path: Path, ingesting: Ingesting
) -> None:
    settings = settings_of(tmp_path / "home")
    uploads = settings.layout.uploads
    for name in (".arriving-1", "j0", "server-of-an-older-version"):
        (uploads / name).mkdir(parents=True)
        os.utime(uploads / name, (0, 0))
    (uploads / ".arriving-2").mkdir()
    with Engine.open(settings) as engine:
        worker = JobWorker(engine.store, settings, ingesting)
        worker.start()
        worker.stop()
    assert [path.name for path in uploads.iterdir()] == [".arriving-2"]


def test_an_upload_that_is_sent_again_with_its_key_is_ingested_once(
    client: TestClient, ingesting: Ingesting
) -> None:
    headers = {"Idempotency-Key": "upload 1"}
    first, again = (client.post("/v1/documents", files=FILE, headers=headers) for _ in range(2))
    assert again.status_code == 202
    assert again.headers["location"] == first.headers["location"]
    finished(client, first.json()["job_id"])
    later = client.post("/v1/documents", files=FILE, headers=headers).json()
    assert (later["job_id"], later["state"]) == (first.json()["job_id"], "done")
    assert len(ingesting.requests) == 1
    other = client.post("/v1/documents", files=FILE, headers=headers, data={"title": "Other"})
    assert other.status_code == 422
    assert "upload 1" in other.json()["detail"]


def test_one_sender_that_fills_its_queue_keeps_no_other_waiting(
    tmp_path: Path, ingesting: Ingesting
) -> None:
    settings = settings_of(tmp_path / "home", uploads_waiting=3)
    with Engine.open(settings) as engine:
        worker = JobWorker(engine.store, settings, ingesting)
        for sender in ("a", "a", "a", "b"):
            upload = Upload(f"{sender}.md", "default", {}, access=Access(sender, ("ingest",)))
            worker.submit(io.BytesIO(sender.encode()), upload)
        with pytest.raises(BusyError, match="3 of your uploads"):
            worker.submit(
                io.BytesIO(b"a"), Upload("a.md", "default", {}, access=Access("a", ("ingest",)))
            )
        worker.start()
        for job_id in engine.store.unfinished_jobs():
            job_once_ended(engine, job_id)
        worker.stop()
    assert ingesting.contents == [b"a", b"b", b"a", b"a"]


def test_a_second_server_lets_the_jobs_of_the_first_be(
    tmp_path: Path, ingesting: Ingesting
) -> None:
    settings = settings_of(tmp_path / "home")
    ingesting.go.clear()
    with Engine.open(settings) as engine:
        first, second = (JobWorker(engine.store, settings, ingesting) for _ in range(2))
        first.start()
        job = first.submit(io.BytesIO(b"x"), Upload("a.md", "default", {}))
        assert ingesting.begun.wait(20)
        second.start()
        second.stop()
        ingesting.go.set()
        until = time.monotonic() + 20
        while engine.store.job(job.job_id).state != "done":
            assert time.monotonic() < until
            time.sleep(0.01)
        first.stop()
    assert not list(settings.layout.uploads.iterdir())


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"metadata": "not json"}, "metadata"),
        ({"metadata": "[1]"}, "metadata"),
        ({"metadata": '{"a": 1}'}, "metadata"),
        ({"colour": "red"}, "colour"),
        ({"collection": "x" * 201}, "collection"),
    ],
)
def test_a_wrong_field_is_refused_before_anything_is_kept(
    client: TestClient, data: dict[str, str], wrong: str
) -> None:
    response = client.post("/v1/documents", files=FILE, data=data)
    assert response.status_code == 422
    assert wrong in response.json()["detail"]
    assert client.get("/v1/jobs").json()["jobs"] == []


def test_an_upload_without_a_file_is_refused(client: TestClient) -> None:
    for response in (
        client.post("/v1/documents", data={"collection": "a"}),
        client.post("/v1/documents", json={"file": "a"}),
        client.post("/v1/documents", data={"file": "text"}),
    ):
        assert response.status_code == 422
        assert response.json()["type"] == "/problems/input"


def test_a_file_larger_than_taken_is_refused(client: TestClient) -> None:
    response = client.post("/v1/documents", files={"file": ("a.md", b"x" * 1001)})
    assert response.status_code == 413
    assert "1,001 bytes" in response.json()["detail"]


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("a.pdf", "a.pdf"),
        ("../../a.pdf", "a.pdf"),
        ("C:\\reports\\a.pdf", "a.pdf"),
        ("a\x00\r\nb.pdf", "a___b.pdf"),
        ("", "upload"),
        ("...", "upload"),
        ("Доклад.pdf", "Доклад.pdf"),
    ],
)
def test_a_file_name_is_safe_in_a_folder(given: str, safe: str) -> None:
    assert safe_name(given) == safe


def test_a_long_file_name_keeps_its_ending() -> None:
    name = safe_name("é" * 500 + ".pdf")
    assert name.endswith("é.pdf")
    assert len(name.encode()) <= 200


def test_progress_grows_from_reading_to_done() -> None:
    steps = [
        Progress("waiting", 0, 0, 0, 0),
        Progress("reading", 1, 1, 0, 0),
        Progress("embedding", 1, 1, 30, 60),
        Progress("embedding", 1, 1, 60, 60),
        Progress("building", 1, 1, 60, 60),
        Progress("done", 1, 1, 60, 60),
    ]
    shares = [share_done(step) for step in steps]
    assert shares == pytest.approx([0, 0.1, 0.5, 0.9, 0.9, 1])
    assert message_of(steps[2]) == "embedding: 30 of 60 texts"


def test_a_job_that_is_not_there_is_not_found(served: Served) -> None:
    response = served.client.get("/v1/jobs/j0123456789abcdef0123")
    assert response.status_code == 404
