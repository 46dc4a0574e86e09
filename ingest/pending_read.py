"""A file that a worker process reads, and what it comes to: a result, or the reason for none."""

import concurrent.futures
from dataclasses import dataclass
from typing import Generic, TypeVar

import pebble

from corpus.errors import CitewellError, ReadError


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one file may take: seconds, bytes of address space, and how many are read at once."""

    timeout_s: float = 600
    memory_bytes: int = 2 * 1024**3
    workers: int = 1


Result = TypeVar("Result")


class PendingRead(Generic[Result]):
    """A file that is being read."""

    def __init__(
        self,
        begun: "concurrent.futures.Future[pebble.ProcessFuture[Result]]",
        limits: ReadingLimits,
    ) -> None:
        self._begun = begun
        self._limits = limits

    def result(self) -> Result:
        """Wait and return what was read.

        Raises: ReadError and below; also when a limit was passed or the process died.
        """
        limits = self._limits
        try:
            return self._begun.result().result()
        except CitewellError:
            raise
        except concurrent.futures.TimeoutError as error:
            raise ReadError(
                f"Reading took longer than the limit of {limits.timeout_s:g} s. "
                "Expected less; raise timeout_s or export the file again."
            ) from error
        except MemoryError as error:
            raise ReadError(_memory_reason(limits)) from error
        except pebble.ProcessExpired as error:
            raise ReadError(
                f"The reading process died (exit code {error.exitcode}), on a damaged file or at "
                f"its limit of {limits.memory_bytes} bytes. Export the file again or raise "
                "memory_bytes."
            ) from error
        except Exception as error:
            raise ReadError(
                f"The file could not be read ({type(error).__name__}: {error}). "
                "Expected a file that a viewer opens; export it again."
            ) from error


def _memory_reason(limits: ReadingLimits) -> str:
    return (
        f"Reading took more memory than the limit of {limits.memory_bytes} bytes. "
        "Expected less; raise memory_bytes or split the file."
    )
