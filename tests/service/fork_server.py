"""Commands run in forks of one process that has imported what they use: a tenth of the start.

`python -c "from tests.service.fork_server import serve; serve(ADDRESS)"` listens at a Unix socket.
Each connection asks for one command; its fork has its own session, environment and folder. A
second fork waits for it, so that any number run at once.
"""

import atexit
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

PRELOADED = (
    "eval.cli.application",
    "service.cli.commands",
    "service.cli.ingest_bar",
    "service.cli.printing",
    "service.collection.bundling",
    "service.collection.deleting",
    "service.collection.editing",
    "service.examining.examining",
    "service.collection.importing",
    "service.collection.publishing",
    "service.engine.engine",
)


def run(
    words: Sequence[str], environment: Mapping[str, str], timeout_s: float = 300
) -> tuple[int, str, str]:
    """Run a command; return its exit code, or minus the signal that ended it, stdout and stderr."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as connection:
        out, err = Path(folder) / "out", Path(folder) / "err"
        request = {
            "words": list(words),
            "environment": dict(environment),
            "folder": str(Path.cwd()),
            "out": str(out),
            "err": str(err),
        }
        connection.settimeout(timeout_s)
        connection.connect(_address())
        connection.sendall(json.dumps(request).encode() + b"\n")
        with connection.makefile() as said:
            code = int(said.readline())
        texts = [path.read_text("utf-8", errors="surrogateescape") for path in (out, err)]
    return code, texts[0], texts[1]


@cache
def _address() -> str:
    """Start the server of this process, and return where it listens."""
    folder = tempfile.TemporaryDirectory()
    address = str(Path(folder.name) / "commands")
    code = f"from tests.service.fork_server import serve; serve({address!r})"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CITEWELL_")}
    server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=kept)
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"

    def end() -> None:
        server.terminate()
        server.communicate()
        folder.cleanup()

    atexit.register(end)
    return address


def serve(address: str) -> None:
    """Answer requests until a signal ends the process."""
    for name in PRELOADED:
        __import__(name)
    gc.freeze()  # no collection copies the pages that are shared
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who waits for a command is not waited for
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            connection, _ = listening.accept()
            if os.fork():
                connection.close()
                continue
            listening.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            with connection.makefile() as asked:
                request = json.loads(asked.readline())
            command = os.fork()
            if command == 0:
                connection.close()
                _become(request)
                _end(_code_of_command())
            _, status = os.waitpid(command, 0)
            connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
            os._exit(0)


def _become(request: Mapping[str, Any]) -> None:
    """Take on the session, folder, environment, output and words of a command."""
    os.setsid()
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for name, number in (("out", 1), ("err", 2)):
        opened = os.open(request[name], flags)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["-c", *request["words"]]


def _code_of_command() -> int:
    import citewell

    try:
        citewell.main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - shown as the interpreter shows it
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


def _end(code: int) -> NoReturn:
    """End as an interpreter does, but for taking its modules apart, which takes 0.3 s."""
    threading._shutdown()  # type: ignore[attr-defined] # waits for threads
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
