"""A server of its own process group that is interrupted, and started again."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2

from tests.service.command_line import OFFLINE_DOUBLES, CommandLine

# Each as it happens: the machine kills it, a service manager stops it, or all of its group, and the
# disk is full for a while.
WAYS = ("KILL", "TERM", "TERM group", "KILL group", "disk full")
_ADDRESS = re.compile(r"citewell: (http://[\d.:]+)/ answers")
_SECONDS_TO_END = 60.0


class InterruptedServer:
    """`citewell serve` over one home with the offline doubles; its log is kept in a file."""

    def __init__(self, home: Path, log: Path, environment: Mapping[str, str] | None = None) -> None:
        self._home = home
        self._environment = environment or {}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._began_at = 0  # of its log

    def ingest(self, folder: Path) -> dict[str, str]:
        """Ingest a folder and return the ids of its documents by file name."""
        CommandLine(self._home).run("ingest", str(folder))
        listed = CommandLine(self._home).run("documents", "list", "--json").json["documents"]
        return {Path(each["source"]).name: each["doc_id"] for each in listed}

    def start(self) -> None:
        """Start the server and return at once."""
        if self._process is not None and self._process.poll() is None:
            return
        self._began_at = self._log.stat().st_size if self._log.exists() else 0
        kept = {k: v for k, v in os.environ.items() if not k.startswith("CITEWELL_")}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    "import citewell; citewell.main()",
                    *("serve", "--port", "0"),
                ],
                stdout=log,
                stderr=log,
                env={
                    **kept,
                    **OFFLINE_DOUBLES,
                    **self._environment,
                    "CITEWELL_HOME": str(self._home),
                },
                start_new_session=True,
            )

    def interrupt(self, way: str) -> None:
        """Interrupt the server in one of WAYS; it has ended then, unless the disk was full."""
        process = self._process
        assert process is not None
        if way == "disk full":
            self._fill_disk(process.pid)
            return
        number = signal.SIGKILL if way.startswith("KILL") else signal.SIGTERM
        with suppress(ProcessLookupError):
            if way.endswith("group"):
                os.killpg(process.pid, number)
            else:
                process.send_signal(number)
        process.wait(_SECONDS_TO_END)

    def _fill_disk(self, pid: int, seconds: float = 1.5) -> None:
        """Let no file of the process grow beyond 64 KB for a while, as if the disk were full."""
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (65_536, resource.RLIM_INFINITY))
            time.sleep(seconds)
            resource.prlimit(
                pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            )

    def request(self, method: str, path: str, **given: Any) -> httpx2.Response | None:
        """Send a request and return its response; None where there is no server, or it ended."""
        address = self._address()
        if address is None:
            return None
        try:
            return httpx2.request(method, f"{address}{path}", timeout=30, **given)
        except (httpx2.TransportError, OSError):
            return None

    def wait_until_it_listens(self, seconds: float = 60.0) -> float:
        """Start it if it does not run; return after how many seconds it listens."""
        self.start()
        began = time.monotonic()
        while self._address() is None:
            assert time.monotonic() < began + seconds, f"it does not listen; see {self._log}"
            time.sleep(0.02)
        return time.monotonic() - began

    def wait_until_ready(self, seconds: float = 60.0) -> Mapping[str, object]:
        """Return what the server says of itself once it is ready."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            response = self.request("GET", "/health/ready")
            if response is not None and response.status_code == 200:
                found: Mapping[str, object] = json.loads(response.text)
                return found
            time.sleep(0.05)
        raise AssertionError(f"the server is not ready after {seconds:g} s; see {self._log}")

    def _address(self) -> str | None:
        """Return where the server of now listens, once it does."""
        if not self._log.exists():
            return None
        with self._log.open("rb") as log:
            log.seek(self._began_at)
            found = _ADDRESS.search(log.read().decode("utf-8", "replace"))
        return found and found[1]
