"""Pages drawn and taken out in worker processes: a hostile page stops nothing but itself."""

import hashlib
import importlib
import threading
import time
from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec

from corpus.closing import Closing
from corpus.errors import ReadError
from ingest.pages.excerpting import Excerpt, excerpt
from ingest.pages.joining import Part, joined
from ingest.pages.marking import Marks
from ingest.pages.rendering import render_page
from ingest.workers.limited_workers import LimitedWorkers, WorkerLimits, failure, is_limit

P = ParamSpec("P")

DRAWING_LIMITS = WorkerLimits(timeout_s=15, memory_bytes=1024**3, workers=2)

_ADVICE = "Ask for the page's text, or for the file."
# What the first page would wait for otherwise.
_LOADED_AT_START = (
    "ingest.readers.pdf.pdf",
    "PIL.ImageChops",
    "PIL.ImageDraw",
    "PIL.PngImagePlugin",
)
_SECONDS_REFUSED = 600.0
_MOST_REFUSED = 1000


class DrawingWorkers(Closing):
    """Draws pages under limits. Safe to call from several threads; a context manager.

    A page that took too much is not tried again for ten minutes: its error comes at once.
    """

    def __init__(self, limits: WorkerLimits = DRAWING_LIMITS) -> None:
        self._workers = LimitedWorkers(limits, _prepare)
        self._refused: dict[str, tuple[float, str]] = {}  # until when, and why; oldest first
        self._lock = threading.Lock()

    def image(self, content: bytes, number: int, marks: Marks, *, scale: float = 2.0) -> bytes:
        """Return a page as PNG, the marks on it. Raises: as `render_page`; ReadError at a limit."""
        act = f"Drawing page {number}"
        return self._drawn(act, render_page, content, number, marks, scale=scale)

    def excerpt(self, content: bytes, pages: Sequence[Excerpt], title: str) -> bytes:
        """Return a PDF of these pages. Raises: as `excerpt`; ReadError at a limit."""
        numbers = " and ".join(str(page.number) for page in pages)
        return self._drawn(f"Taking out page {numbers}", excerpt, content, pages, title)

    def joined(self, parts: Sequence[Part], title: str) -> bytes:
        """Return the parts, one at least, as one PDF. Raises: ReadError, also at a limit."""
        return self._drawn("Joining pages", joined, parts[0].content, parts, title)

    def close(self) -> None:
        """End the worker processes."""
        self._workers.close()

    def _drawn(
        self,
        act: str,
        draw: Callable[Concatenate[bytes, P], bytes],
        content: bytes,
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> bytes:
        key = f"{act} of {hashlib.sha256(content).hexdigest()}"
        until, reason = self._refused.get(key, (0.0, ""))
        if time.monotonic() < until:
            raise ReadError(reason)
        try:
            return self._workers.begin(draw, content, *args, **kwargs).result()
        except Exception as error:  # whatever a damaged file makes a parser raise
            reported = failure(error, act, self._workers.limits, advice=_ADVICE)
            if is_limit(error):
                self._refuse(key, str(reported))
            raise reported from error

    def _refuse(self, key: str, reason: str) -> None:
        with self._lock:
            self._refused.pop(key, None)
            self._refused[key] = (time.monotonic() + _SECONDS_REFUSED, reason)
            while len(self._refused) > _MOST_REFUSED:
                del self._refused[next(iter(self._refused))]


def _prepare() -> None:
    for name in _LOADED_AT_START:
        importlib.import_module(name)
