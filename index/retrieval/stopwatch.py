"""Milliseconds by step."""

from time import perf_counter


class Stopwatch:
    """Counts from its making; `lap` names the time since the last lap."""

    def __init__(self) -> None:
        self._start = self._last = perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """End a step."""
        now = perf_counter()
        self._laps[name] = 1000 * (now - self._last)
        self._last = now

    def laps_ms(self) -> dict[str, float]:
        """Return each step's milliseconds and their `total`."""
        return {**self._laps, "total": 1000 * (self._last - self._start)}
