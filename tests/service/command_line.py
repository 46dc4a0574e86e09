"""The `citewell` command as a user runs it: a process of its own, a home, an environment."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.service.fork_server import run

OFFLINE_DOUBLES = {"CITEWELL_EMBEDDER": "hash", "CITEWELL_RERANKER": "overlap"}


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON object on stdout."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Runs commands over one home folder, with the offline doubles unless told otherwise."""

    home: Path
    environment: Mapping[str, str] = field(default_factory=lambda: OFFLINE_DOUBLES)

    def run(self, *words: str, code: int | None = 0, **extra: str) -> Done:
        """Run a command to its end and check its exit code (None: any)."""
        done = Done(*run(words, self._environment(extra)))
        if code is not None:
            assert done.code == code, f"exit {done.code}\n{done.out}\n{done.err}"
        return done

    def start(self, *words: str, **extra: str) -> subprocess.Popen[str]:
        """Start a command in an interpreter of its own and return its process."""
        return subprocess.Popen(
            [sys.executable, "-c", "import citewell; citewell.main()", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="surrogateescape",
            env=self._environment(extra),
            start_new_session=True,
        )

    def _environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("CITEWELL_")}
        return {**kept, "CITEWELL_HOME": str(self.home), **self.environment, **extra}

    def documents(self) -> dict[str, str]:
        """Return the current documents: source to doc_id."""
        listed = self.run("documents", "list", "--json").json
        return {d["source"]: d["doc_id"] for d in listed["documents"]}


def end(process: subprocess.Popen[str], how: signal.Signals) -> None:
    """Send a signal to a process that the test started and wait for it to be gone."""
    process.send_signal(how)
    process.communicate(timeout=60)
