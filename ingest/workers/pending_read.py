"""A file that a worker process reads, and what it comes to: a result, or the reason for none."""

import concurrent.futures
from typing import Generic, TypeAlias, TypeVar

from ingest.workers.limited_workers import WorkerLimits, failure

_ADVICE = "Expected less; raise the limit, split the file or export it again."

Result = TypeVar("Result")
# What waits for its turn, and then for its end.
Begun: TypeAlias = concurrent.futures.Future[concurrent.futures.Future[Result]]


class PendingRead(Generic[Result]):
    """A file that is being read."""

    def __init__(self, begun: Begun[Result], limits: WorkerLimits) -> None:
        self._begun = begun
        self._limits = limits

    def result(self) -> Result:
        """Wait and return what was read.

        Raises: ReadError and below; also when a limit was passed or the process died.
        """
        try:
            return self._begun.result().result()
        except Exception as error:  # a reader's own errors, whatever they are
            raise failure(error, "Reading", self._limits, advice=_ADVICE) from error
