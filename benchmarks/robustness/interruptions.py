"""Does a server that is interrupted at any moment keep what it has promised?

Uploads are sent while the server is killed, stopped, or left without room on the disk at random
moments, and started again: each that got 202 has to end as `done`, or as `failed` with a reason,
none lost, none twice. Deletions are interrupted likewise: each that was begun has to be complete,
without being sent again, and the words of its document in no file.

    python -m benchmarks.robustness.interruptions uploads --count 100 --kills 50
    python -m benchmarks.robustness.interruptions deletions --count 50
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from benchmarks.robustness.interrupted_server import WAYS, InterruptedServer
from corpus.ids import sha256_of
from corpus.stores.sql_store import SqlStore
from index.snapshots.publishing import snapshots_holding
from service.settings.environment import read_settings
from tests.ingest.pdf_files import pdf_of

SECONDS_AN_UPLOAD = 10.0  # to be accepted
# So long must no upload end for those left to count as stalled: a busy machine is slow, not broken.
SECONDS_WITHOUT_AN_END = 120.0
LONGEST_LIFE_S = 4.0  # after its start


def main() -> int:
    """Run a study and print what was found; exit 1 if a promise was broken."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness.interruptions",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=["uploads", "deletions"])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="citewell-interruptions-") as folder:
        if options.what == "uploads":
            found = uploads(Path(folder), options.count, options.kills, options.seed)
        else:
            found = deletions(Path(folder), options.count, options.seed)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 1 if found["broken"] else 0


def a_report(number: int) -> tuple[str, bytes]:
    """Return the name and the bytes of a report; its number is in a word of its own."""
    lines = [f"The Quokka{number}x Forum met in {1900 + n} in Geneva." for n in range(30)]
    if number % 3 == 0:
        return f"report-{number}.pdf", pdf_of([lines, lines[:5]])
    text = f"# Report {number}\n\n" + "\n\n".join(lines)
    return f"report-{number}.md", text.encode()


def uploads(folder: Path, count: int, kills: int, seed: int) -> dict[str, object]:
    """Upload reports to a server that is interrupted; return what became of them."""
    server = InterruptedServer(folder / "home", folder / "log")
    sender = _Sender(server, count)
    chance = random.Random(seed)
    ways: Counter[str] = Counter()
    threads = [threading.Thread(target=sender.send, daemon=True) for _ in range(3)]
    for thread in threads:
        thread.start()
    starting_s = server.wait_until_it_listens()
    for kill in range(kills):
        way = chance.choice(WAYS)
        ways[way] += 1
        sender.allow(count * (kill + 1) // kills)
        server.start()
        # One in five interruptions comes while the server starts.
        if chance.random() < 0.2:
            time.sleep(chance.uniform(0.0, starting_s))
        else:
            server.wait_until_it_listens()
            time.sleep(chance.uniform(0.0, LONGEST_LIFE_S))
        server.interrupt(way)
        sys.stderr.write(f"{kill + 1}/{kills} {way}: {len(sender.accepted)} accepted\n")
    server.start()
    sender.allow(count)
    for thread in threads:
        thread.join(SECONDS_WITHOUT_AN_END + SECONDS_AN_UPLOAD * count)
    broken, ended = _ended(server, sender.accepted)
    server.interrupt("TERM")
    broken += _twice(folder / "home", {n: j for n, j in sender.accepted.items() if ended.get(j)})
    if len(sender.accepted) < count:
        broken.append(f"{count - len(sender.accepted)} uploads were never accepted")
    return {
        "accepted": len(sender.accepted),
        "interruptions": dict(ways),
        "ended": dict(Counter(ended.values())),
        "sent_more_than_once": sender.repeated,
        "broken": broken,
    }


class _Sender:
    """Sends uploads, as many as are allowed so far, each until it is accepted."""

    def __init__(self, server: InterruptedServer, count: int) -> None:
        self._server = server
        self._count = count
        self._allowed = 0
        self._next = 0
        self._lock = threading.Lock()
        self.accepted: dict[int, str] = {}
        self.repeated = 0

    def allow(self, uploads: int) -> None:
        """Let so many uploads be sent in all."""
        self._allowed = uploads

    def send(self) -> None:
        """Send uploads until all are accepted."""
        while True:
            with self._lock:
                if self._next >= self._count:
                    return
                number = self._next if self._next < self._allowed else None
                self._next += number is not None
            if number is None:
                time.sleep(0.05)
            else:
                self._send_one(number)

    def _send_one(self, number: int) -> None:
        name, content = a_report(number)
        until = time.monotonic() + 600
        while time.monotonic() < until:
            response = self._server.request(
                "POST",
                "/v1/documents",
                files={"file": (name, content)},
                headers={"Idempotency-Key": f"upload {number}"},
            )
            if response is not None and response.status_code == 202:
                self.accepted[number] = response.json()["job_id"]
                return
            self.repeated += 1
            time.sleep(0.1)


def _ended(server: InterruptedServer, accepted: dict[int, str]) -> tuple[list[str], dict[str, str]]:
    """Wait until every job has ended; return what is wrong, and how each job ended.

    The wait ends early where the queue stands still.
    """
    ended: dict[str, str] = {}
    began = moved = time.monotonic()
    while len(ended) < len(accepted) and time.monotonic() < moved + SECONDS_WITHOUT_AN_END:
        before = len(ended)
        for job_id in set(accepted.values()) - ended.keys():
            how = _how_it_ended(server, job_id)
            if how is not None:
                ended[job_id] = how
        if len(ended) > before:
            moved = time.monotonic()
        time.sleep(0.2)
    sys.stderr.write(f"{len(ended)} ended, the last after {moved - began:.0f} s\n")
    broken = [f"{job_id} was lost" for job_id, how in ended.items() if how == "LOST"]
    broken += [
        f"{job_id} failed without a reason" for job_id, how in ended.items() if how == "failed: "
    ]
    broken += [f"{job_id} has not ended" for job_id in set(accepted.values()) - ended.keys()]
    return broken, ended


def _how_it_ended(server: InterruptedServer, job_id: str) -> str | None:
    """Return how a job ended, None while it has not, or nothing is known of it."""
    response = server.request("GET", f"/v1/jobs/{job_id}")
    if response is None or response.status_code == 503:
        return None
    if response.status_code == 404:
        return "LOST"
    job = response.json()
    if job["state"] not in ("done", "failed"):
        return None
    return "done" if job["state"] == "done" else f"failed: {job['message']}"


def _twice(home: Path, accepted: dict[int, str]) -> list[str]:
    """Return what is wrong with the documents of the uploads."""
    with SqlStore.open(read_settings({}, home=home).store_url) as store:
        documents = store.documents(current_only=False)
        jobs = {job.job_id: job for job in store.jobs(limit=100_000)}
    held = Counter(document.sha256 for document in documents)
    broken = [f"{jobs.keys() - set(accepted.values())} were not asked for"] * (
        len(jobs) != len(accepted)
    )
    for number, job_id in accepted.items():
        expected = 1 if jobs[job_id].state == "done" else 0
        copies = held[sha256_of(a_report(number)[1])]
        if copies > 1 or copies < expected:
            broken.append(f"upload {number} is there {copies} times, {jobs[job_id].state}")
    left = list((home / "uploads").glob("j*"))
    return broken + [f"{path.name} was left in uploads/" for path in left]


def deletions(folder: Path, count: int, seed: int) -> dict[str, object]:
    """Delete and purge documents on a server that is interrupted; return what became of it."""
    (folder / "reports").mkdir()
    for number in range(count + 2):
        name, content = a_report(number)
        (folder / "reports" / name).write_bytes(content)
    server = InterruptedServer(folder / "home", folder / "log")
    ids = server.ingest(folder / "reports")
    chance, broken, outcomes = random.Random(seed), list[str](), Counter[str]()
    typical_s = 1.0
    for number in range(count):
        doc_id = ids[a_report(number)[0]]
        server.start()
        server.wait_until_ready()
        begun, way = time.monotonic(), chance.choice(WAYS)
        deleting = _Deleting(server, doc_id)
        deleting.start()
        time.sleep(chance.uniform(0.0, 1.5 * typical_s))
        server.interrupt(way)
        deleting.join(60)
        answered = deleting.answered
        if answered:
            typical_s = min(typical_s, time.monotonic() - begun)
        outcomes["answered" if answered else "unanswered"] += 1
        wrong = _deletion(server, folder / "home", number, doc_id, answered=answered, told=outcomes)
        broken += wrong
        sys.stderr.write(f"{number + 1}/{count} {way}: {dict(outcomes)} {wrong}\n")
    server.interrupt("TERM")
    return {"deletions": count, "outcomes": dict(outcomes), "broken": broken}


class _Deleting(threading.Thread):
    """Sends one deletion with a purge, and tells whether its receipt came."""

    def __init__(self, server: InterruptedServer, doc_id: str) -> None:
        super().__init__(daemon=True)
        self._server = server
        self._path = f"/v1/documents/{doc_id}?purge=true"
        self.answered = False

    def run(self) -> None:
        """Send it."""
        response = self._server.request("DELETE", self._path)
        self.answered = response is not None and response.status_code == 200


def _deletion(
    server: InterruptedServer,
    home: Path,
    number: int,
    doc_id: str,
    *,
    answered: bool,
    told: Counter[str],
) -> list[str]:
    """Start the server again and return what is left of a deletion that it does not complete."""
    server.start()
    server.wait_until_ready()
    response = server.request("GET", f"/v1/documents/{doc_id}")
    if response is not None and response.status_code == 200:
        if answered:
            return [f"{doc_id} was deleted, and is there"]
        told["not begun"] += 1
        response = server.request("DELETE", f"/v1/documents/{doc_id}?purge=true")
        if response is None or response.status_code != 200:
            return [f"{doc_id} cannot be deleted: {response and response.text}"]
    until = time.monotonic() + 60
    while time.monotonic() < until:
        left = left_of(home, number, doc_id)
        if not left:
            return []
        time.sleep(0.5)
    return left


def left_of(home: Path, number: int, doc_id: str) -> list[str]:
    """Return where anything of a document is left."""
    settings = read_settings({}, home=home)
    with SqlStore.open(settings.store_url, read_only=True) as store:
        left = [f"{doc_id} is owed" for debt in store.debts() if debt.deletion.doc_id == doc_id]
    left += [f"{doc_id} is in {each}" for each in snapshots_holding(settings.layout, doc_id)]  # type: ignore[arg-type]
    word = f"uokka{number}x ".encode()
    for path in home.rglob("*"):
        if path.is_file() and word in path.read_bytes():
            left.append(f"a word of {doc_id} is in {path.name}")
    return left


if __name__ == "__main__":
    sys.exit(main())
