"""Loading models and snapshot before the first question."""

import logging
import threading

from corpus.errors import CitewellError
from service.engine.engine import Engine

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_TRIES = 2.0


class Warming:
    """Warms an engine on a thread of its own, again and again until it is warm.

    An empty collection cannot be warmed: the thread waits for the first snapshot.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._warm = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.reason = "The models are being loaded."

    @property
    def done(self) -> bool:
        """Whether the engine answers without loading anything."""
        return self._warm.is_set()

    def start(self) -> None:
        """Begin to warm and return at once."""
        self._thread = threading.Thread(target=self._run, name="citewell-warming", daemon=True)
        self._thread.start()

    def stop(self, *, timeout_s: float = 10.0) -> None:
        """End the thread; a model that is being loaded is waited for."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def wait(self, timeout_s: float) -> bool:
        """Return whether the engine is warm, waiting for it at most so long."""
        return self._warm.wait(timeout_s)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._engine.warm()
            except CitewellError as error:
                self._tell(str(error))
                self._stopping.wait(SECONDS_BETWEEN_TRIES)
            else:
                self._warm.set()
                return

    def _tell(self, reason: str) -> None:
        if reason != self.reason:
            logger.warning("not ready: %s", reason)
        self.reason = reason
