"""Several servers and ingests of one home and one store, and what was asked of them."""

import json
import random
import re
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.robustness.interrupted_server import InterruptedServer
from benchmarks.robustness.interruptions import a_report
from tests.service.command_line import OFFLINE_DOUBLES, CommandLine

MOST_WAITING = 10  # so that what waits at the end is soon done
UNHURRIED = {
    "CITEWELL_ADDRESS_REQUESTS_PER_MINUTE": "1000000",
    "CITEWELL_UPLOADS_WAITING": "1000000",
    "CITEWELL_READING_WORKERS": "1",
    "CITEWELL_CHANGE_WAIT_S": "60",
}


@dataclass
class Record:
    """What was promised: each report by its number."""

    uploads: dict[int, str] = field(default_factory=dict)  # job ids
    ingested: set[int] = field(default_factory=set)
    ended: dict[int, str] = field(default_factory=dict)
    doc_ids: dict[int, str] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    number: int = 0

    def next_number(self) -> int:
        """Return the number of a report that nobody has sent."""
        with self.lock:
            self.number += 1
            return self.number

    def kept(self) -> list[int]:
        """Return the reports that are stored, and that nobody deletes."""
        with self.lock:
            return sorted(self.doc_ids.keys() - self.deleted)


class SharedHome:
    """Servers and ingests over one home. What they do is written down in `record`."""

    def __init__(self, folder: Path, environment: Mapping[str, str], servers: int) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.environment = {**UNHURRIED, **environment}
        self.record = Record()
        self.stopping = threading.Event()
        self.ingests: dict[int, subprocess.Popen[str]] = {}
        self.servers = [
            InterruptedServer(self.home, folder / f"server-{number}.log", self.environment)
            for number in range(servers)
        ]

    def start(self) -> None:
        """Start the servers that do not run."""
        for server in self.servers:
            server.start()
        for server in self.servers:
            server.wait_until_it_listens()

    def end(self) -> None:
        """Stop every server that runs."""
        for server in self.servers:
            server.interrupt("TERM")

    def upload(self) -> None:
        """Send reports while few wait, one after another, each until it is accepted."""
        while not self.stopping.wait(1.0):
            if len(self.record.uploads) - len(self.record.ended) > MOST_WAITING:
                continue
            number = self.record.next_number()
            name, content = a_report(number)
            while number not in self.record.uploads:
                response = self._any().request(
                    "POST",
                    "/v1/documents",
                    files={"file": (name, content)},
                    headers={"Idempotency-Key": f"upload {number}"},
                )
                if response is not None and response.status_code == 202:
                    self.record.uploads[number] = response.json()["job_id"]
                else:
                    time.sleep(0.2)

    def ingest(self, which: int) -> None:
        """Ingest reports by the command line, one after another, each until that succeeds."""
        while not self.stopping.is_set():
            number = self.record.next_number()
            name, content = a_report(number)
            file = self.folder / f"{which}-{name}"
            file.write_bytes(content)
            while True:
                cli = CommandLine(self.home, {**OFFLINE_DOUBLES, **self.environment})
                self.ingests[which] = process = cli.start("ingest", str(file), "--json")
                out, _ = process.communicate()
                if process.returncode == 0:
                    break
                time.sleep(0.2)
            with self.record.lock:
                self.record.ingested.add(number)
                self.record.doc_ids[number] = _doc_id_in(out)
            self.stopping.wait(1.0)

    def watch(self) -> None:
        """Note how jobs end."""
        while not self.stopping.wait(0.5):
            self.look()

    def look(self) -> int:
        """Note which jobs have ended; return how many have not."""
        for number in list(self.record.uploads.keys() - self.record.ended.keys()):
            response = self._any().request("GET", f"/v1/jobs/{self.record.uploads[number]}")
            if response is None or response.status_code >= 500:
                continue
            job = response.json()
            if response.status_code == 404:
                self.record.ended[number] = "LOST"
            elif job["state"] in ("done", "failed"):
                with self.record.lock:
                    self.record.ended[number] = job["state"]
                    if job["state"] == "done":
                        self.record.doc_ids[number] = job["result"]["documents"][0]["doc_id"]
                    else:
                        self.record.ended[number] += f": {job['message']}"
        return len(self.record.uploads.keys() - self.record.ended.keys())

    def ask(self, seed: int) -> None:
        """Ask for reports; what an answer quotes has to stand in them, word for word."""
        chance = random.Random(seed)
        while not self.stopping.wait(0.2):
            kept = self.record.kept()
            if not kept:
                continue
            number, gone = chance.choice(kept), set(self.record.deleted)
            question = f"Where did the Quokka{number}x Forum meet in 1905?"
            response = self._any().request("POST", "/v1/ask", json={"question": question})
            if response is None or response.status_code == 503:
                self.record.answers["refused"] += 1
            elif response.status_code != 200:
                self.record.wrong.append(f"{response.status_code}: {response.text[:200]}")
            else:
                self._check(response.json(), gone)

    def _check(self, answer: dict[str, object], gone: set[int]) -> None:
        """Note whether every quote is of a report, and of none whose deletion was acknowledged."""
        citations: list[dict[str, str]] = answer["citations"]  # type: ignore[assignment]
        self.record.answers[str(answer["status"])] += 1
        for citation in citations:
            quote = "".join(citation["quote"].split())  # a page may break a line in a word
            found = re.search(r"Quokka(\d+)x", quote)
            number = int(found[1]) if found else 0
            if quote not in {"".join(line.split()) for line in lines_of(number)}:
                self.record.wrong.append(f"no report says {quote!r}")
            if number in gone:
                self.record.wrong.append(f"report {number} was deleted, and is quoted: {quote!r}")

    def delete(self, seed: int) -> None:
        """Delete reports, one after another, each until that is acknowledged."""
        chance = random.Random(seed)
        while not self.stopping.wait(3.0):
            kept = self.record.kept()
            if len(kept) < 3:
                continue
            number = chance.choice(kept)
            path = f"/v1/documents/{self.record.doc_ids[number]}?purge=true"
            while not self.stopping.is_set():
                response = self._any().request("DELETE", path)
                if response is not None and response.status_code in (200, 404):
                    with self.record.lock:
                        self.record.deleted.add(number)
                    break
                time.sleep(0.2)

    def _any(self) -> InterruptedServer:
        return random.choice(self.servers)


def noting_errors(act: Callable[[], object], broken: list[str], name: str) -> Callable[[], None]:
    """Return an act that notes the exception it ends with: a thread that dies says nothing."""

    def noted() -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - whatever it was, it is found
            broken.append(f"{name} died: {error!r}")

    return noted


def lines_of(number: int) -> list[str]:
    """Return the sentences of a report."""
    return [f"The Quokka{number}x Forum met in {1900 + n} in Geneva." for n in range(30)]


def _doc_id_in(out: str) -> str:
    (document,) = (each for each in json.loads(out)["documents"] if each["status"] != "removed")
    return str(document["doc_id"])
