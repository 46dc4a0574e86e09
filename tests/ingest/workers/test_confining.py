"""A worker that a file has taken over reaches neither the network nor the home."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import landlockpy
import pytest
import seccompy

from corpus.errors import ReadError
from ingest.workers.confining import Confinement
from ingest.workers.limited_workers import (
    LimitedWorkers,
    WorkerLimits,
    failure,
    worker_confinement,
)
from tests.ingest.workers import attempting

pytestmark = pytest.mark.skipif(
    landlockpy.abi_version() < 6 or not seccompy.supported(), reason="needs Landlock and seccomp"
)

LIMITS = WorkerLimits(timeout_s=20)


@pytest.fixture(scope="module")
def workers() -> Iterator[LimitedWorkers]:
    os.environ["CITEWELL_TEST_SECRET"] = "only for the server"
    with LimitedWorkers(LIMITS, attempting.ready) as started:
        yield started
    del os.environ["CITEWELL_TEST_SECRET"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in ("signing-key.pem", "store.sqlite"):
        (tmp_path / name).write_bytes(b"secret")
    return tmp_path


def refused(workers: LimitedWorkers, attempt: Callable[[bytes], object], content: object) -> None:
    """See that an attempt is refused by the system, and not for another reason."""
    given = content if isinstance(content, bytes) else os.fsencode(str(content))
    future = workers.begin(attempt, given)
    with pytest.raises(Exception, match=r"PermissionError|not permitted") as raised:
        future.result()
    assert "PermissionError" in str(failure(raised.value, "Reading", LIMITS, advice=""))


@pytest.mark.parametrize("name", ["signing-key.pem", "store.sqlite"])
@pytest.mark.parametrize(
    "attempt",
    [
        attempting.read,
        attempting.read_in_a_thread,
        attempting.write,
        attempting.write_beside_and_rename,
        attempting.remove,
        attempting.open_to_all,
        attempting.link_into_own_folder,
    ],
)
def test_what_is_in_the_home_is_out_of_reach(
    workers: LimitedWorkers, home: Path, name: str, attempt: Callable[[bytes], object]
) -> None:
    mode = (home / name).stat().st_mode
    refused(workers, attempt, home / name)
    assert (home / name).read_bytes() == b"secret"
    assert (home / name).stat().st_mode == mode


def test_the_home_can_neither_be_listed_nor_written_in(workers: LimitedWorkers, home: Path) -> None:
    refused(workers, attempting.listed, home)
    refused(workers, attempting.write, home / "planted")
    assert not (home / "planted").exists()


def test_no_hard_link_leads_to_the_home(workers: LimitedWorkers, home: Path) -> None:
    with pytest.raises(Exception, match=r"PermissionError|cross-device"):
        workers.begin(attempting.hard_link_into_own_folder, bytes(home / "store.sqlite")).result()


@pytest.mark.parametrize(
    ("family", "attempt"),
    [
        (socket.AF_INET, attempting.connect),
        (socket.AF_INET6, attempting.connect),
        (socket.AF_INET, attempting.send_datagram),
    ],
)
def test_no_address_can_be_reached(
    workers: LimitedWorkers, family: int, attempt: Callable[[bytes], object]
) -> None:
    with socket.socket(family) as listening:
        listening.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
        listening.listen()
        host, port = listening.getsockname()[:2]
        refused(workers, attempt, f"{host} {port}")


def test_no_local_socket_can_be_reached(workers: LimitedWorkers, tmp_path: Path) -> None:
    for address in (str(tmp_path / "socket"), "\0citewell-test"):
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(address)
            listening.listen()
            refused(workers, attempting.connect_locally, os.fsencode(address))


def test_the_parent_and_other_programs_are_out_of_reach(workers: LimitedWorkers) -> None:
    refused(workers, attempting.end_parent, b"")
    refused(workers, attempting.run_shell, b"")
    refused(workers, attempting.read, f"/proc/{os.getpid()}/environ")
    refused(workers, attempting.read, "/etc/passwd")


def test_passwords_in_the_environment_stay_with_the_server(workers: LimitedWorkers) -> None:
    found = workers.begin(attempting.variables, b"").result()
    assert "CITEWELL_TEST_SECRET" not in found
    assert found["PATH"] == os.environ["PATH"]


def test_what_is_installed_can_be_read_and_the_own_folder_written(workers: LimitedWorkers) -> None:
    assert workers.begin(attempting.own_folder, b"draft").result() == b"draft"
    module = landlockpy.__file__
    assert workers.begin(attempting.read, os.fsencode(module)).result()


@pytest.mark.parametrize("attempt", [attempting.command, attempting.constructed])
def test_what_a_worker_sends_back_is_never_run(
    workers: LimitedWorkers, tmp_path: Path, attempt: Callable[[bytes], object]
) -> None:
    made = tmp_path / "made"
    with pytest.raises(ReadError, match="sent no result"):
        try:
            workers.begin(attempt, os.fsencode(made)).result()
        except Exception as error:
            raise failure(error, "Reading", LIMITS, advice="") from error
    assert not made.exists()
    assert workers.begin(attempting.own_folder, b"next").result() == b"next"


def test_a_confinement_says_what_is_in_force() -> None:
    found = worker_confinement()
    assert found.files
    assert found.network
    assert "no network, no file but installed programs and a folder of its own" in str(found)
    lacking = Confinement(missing=("this system has no Landlock", "this system has no seccomp"))
    assert str(lacking) == (
        "limits of time and memory only (this system has no Landlock; this system has no seccomp)"
    )
