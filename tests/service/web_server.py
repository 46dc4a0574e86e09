"""A real web server on this machine, whose files a test changes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from corpus.ids import sha256_of


@dataclass
class Site:
    """Files by path; what was asked for, with the answer's status."""

    files: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)
    base: str = ""


@contextmanager
def serving() -> Iterator[Site]:
    """Serve a site on a free port of this machine."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body, headers = self._answer()
            site.asked.append((self.path, status))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def _answer(self) -> tuple[int, bytes, dict[str, str]]:
            if self.path in site.redirects:
                return 302, b"", {"Location": site.redirects[self.path]}
            if self.path not in site.files:
                return 404, b"", {}
            content = site.files[self.path]
            etag = f'"{sha256_of(content)[:16]}"'
            if self.headers.get("If-None-Match") == etag:
                return 304, b"", {}
            kind = "text/html" if content.startswith(b"<") else "text/plain"
            return 200, content, {"ETag": etag, "Content-Type": kind}

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site.base = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
