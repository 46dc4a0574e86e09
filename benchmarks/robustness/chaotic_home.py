"""A shared home at which everything happens at once: edits, backups, exports, roll-backs too."""

import json
import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.robustness.interruptions import a_report
from benchmarks.robustness.shared_home import SharedHome
from corpus.ids import sha256_of
from tests.service.command_line import OFFLINE_DOUBLES, CommandLine

COMMANDS = 1000  # the number of the first thread that runs commands other than ingests
_ONE_IN = 5  # answers of which one is replayed


@dataclass
class Chores:
    """What else was promised: titles by report, what may be there after an edit without a reply,
    and backups with the reports that were stored before each, and those deleted before."""

    titles: dict[int, str] = field(default_factory=dict)
    unsure: dict[int, set[str]] = field(default_factory=dict)
    backups: dict[str, tuple[set[int], set[int]]] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    differing: list[str] = field(default_factory=list)  # what replays differed in
    changes: int = 0  # edits and deletions that were sent


class ChaoticHome(SharedHome):
    """Servers and ingests over one home, and all other commands too."""

    def __init__(self, folder: Path, environment: Mapping[str, str], servers: int) -> None:
        super().__init__(folder, environment, servers)
        self.chores = Chores()
        self.backups = folder / "backups"

    def edit(self, seed: int) -> None:
        """Give reports new titles, one after another, each until that is acknowledged."""
        chance, turn = random.Random(seed), 0
        while not self.stopping.wait(2.0):
            kept = self.record.kept()
            if not kept:
                continue
            turn += 1
            number, title = chance.choice(kept), f"Title {turn} by hand"
            path = f"/v1/documents/{self.record.doc_ids[number]}"
            self.chores.unsure.setdefault(number, set()).add(title)
            while not self.stopping.is_set():
                self.chores.changes += 1
                response = self._any().request("PATCH", path, json={"title": title})
                if response is not None and response.status_code == 200:
                    self.chores.titles[number] = title
                    self.chores.unsure[number] = set()
                    self.chores.done["edits"] += 1
                    break
                if response is not None and response.status_code == 404:
                    break
                time.sleep(0.2)

    def back_up(self) -> None:
        """Back up, one after another; note what each has to hold."""
        while not self.stopping.wait(3.0):
            with self.record.lock:
                stored = set(self.record.doc_ids) - self.record.deleted
                gone = set(self.record.deleted)
            out = self._command(
                COMMANDS, "backup", "create", str(self.backups), "--signing-key", "--json"
            )
            if out is not None:
                self.chores.backups[json.loads(out)["backup_id"]] = stored, gone
                self.chores.done["backups"] += 1

    def export(self) -> None:
        """Export snapshots, one after another, and verify each file."""
        file = self.folder / "bundle.zip"
        while not self.stopping.wait(5.0):
            if self._command(COMMANDS + 1, "snapshots", "export", str(file)) is not None:
                self.chores.done["exports"] += 1
            file.unlink(missing_ok=True)

    def roll_back(self, seed: int) -> None:
        """Let a former snapshot answer, now and then; the next change publishes a new one."""
        chance = random.Random(seed)
        while not self.stopping.wait(10.0):
            response = self._any().request("GET", "/v1/snapshots")
            if response is None or response.status_code != 200:
                continue
            found = [each["snapshot_id"] for each in response.json()["snapshots"]]
            if found:
                path = f"/v1/snapshots/{chance.choice(found)}/rollback"
                response = self._any().request("POST", path)
                if response is not None and response.status_code == 200:
                    self.chores.done["roll-backs"] += 1

    def _command(self, thread: int, *words: str) -> str | None:
        """Run a command that may be killed; return what it printed, None where it failed."""
        cli = CommandLine(self.home, {**OFFLINE_DOUBLES, **self.environment})
        self.ingests[thread] = process = cli.start(*words)
        out, said = process.communicate()
        if process.returncode == 0:
            return out
        self.chores.done[
            f"{words[1]} killed" if process.returncode < 0 else f"{words[1]} failed"
        ] += 1
        if process.returncode > 0 and "Traceback" in said:
            self.record.wrong.append(f"{words[0]} {words[1]}: {said[-500:]}")
        return None

    def _check(self, answer: dict[str, object], gone: set[int]) -> None:
        """Note whether every quote is whole and proved, and whether the answer is replayed."""
        super()._check(answer, gone)
        for citation in answer["citations"]:  # type: ignore[attr-defined]
            if sha256_of(citation["quote"]) != citation["quote_sha256"]:
                self.record.wrong.append(f"the checksum of {citation['quote']!r} is another")
            number = number_in(citation["quote"])
            if citation["document_sha256"] != sha256_of(a_report(number)[1]):
                self.record.wrong.append(f"report {number} is cited with another checksum")
        if sum(self.record.answers.values()) % _ONE_IN == 0:
            self._replay(answer)

    def _replay(self, answer: dict[str, object]) -> None:
        """Ask again by another server, and note whether the same comes out."""
        before = self.chores.changes, len(self.record.deleted)
        response = self._any().request("POST", "/v1/replay", json=answer)
        after = self.chores.changes, len(self.record.deleted)
        if response is None or response.status_code in (404, 503):
            self.chores.done["replays refused"] += 1
        elif response.status_code != 200:
            self.record.wrong.append(f"replay: {response.status_code} {response.text[:200]}")
        elif response.json()["equal"]:
            self.chores.done["replays equal"] += 1
        else:
            changed = "after a change" if before != after else "without a change"
            self.chores.done[f"replays different {changed}"] += 1
            told = response.json()
            self.chores.differing.append(f"{told['differences'][:2]} {told['notes']}")


def number_in(quote: str) -> int:
    """Return the number of the report that a quote is from."""
    text = "".join(quote.split())
    return int(text.partition("Quokka")[2].partition("x")[0])
