"""A server that speaks chat completions and says what a test scripts."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(slots=True)
class Script:
    """What the server says next, how, and what it was asked."""

    text: str = ""
    how: str = "stream"  # stream, whole, error, html, broken, endless, cut, empty, odd
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def generator_server() -> Iterator[tuple[str, Script]]:
    """Yield the address of a scripted server, `…/v1`, and its script."""
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            script.asked.append(json.loads(self.rfile.read(length)))
            script.headers.append(dict(self.headers))
            _answer(self, script)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", script
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _answer(handler: BaseHTTPRequestHandler, script: Script) -> None:
    if script.how == "error":
        _send(handler, 500, "text/plain", b"Zanzibar is on fire")
    elif script.how == "html":
        _send(handler, 200, "text/html", b"<html>Zanzibar</html>")
    elif script.how == "whole":
        message = {"choices": [{"message": {"content": script.text}}]}
        _send(handler, 200, "application/json", json.dumps(message).encode())
    elif script.how == "empty":
        _send(handler, 200, "application/json", b'{"choices": []}')
    elif script.how == "odd":
        _send(handler, 200, "application/json", b'{"choices": [{"message": {"content": [1]}}]}')
    else:
        _stream(handler, script)


def _send(handler: BaseHTTPRequestHandler, status: int, kind: str, body: bytes) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def _stream(handler: BaseHTTPRequestHandler, script: Script) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.end_headers()
    try:
        for start in range(0, len(script.text), 11):
            _event(handler, {"delta": {"content": script.text[start : start + 11]}})
        if script.how == "broken":
            handler.wfile.write(b"data: {not json\n\n")
        while script.how == "endless":
            _event(handler, {"delta": {"content": " Zanzibar"}})
            time.sleep(0.02)
        if script.how != "cut":
            handler.wfile.write(b"data: [DONE]\n\n")
    except OSError:
        pass  # the client has heard enough


def _event(handler: BaseHTTPRequestHandler, choice: dict[str, Any]) -> None:
    handler.wfile.write(f"data: {json.dumps({'choices': [choice]})}\n\n".encode())
    handler.wfile.flush()
