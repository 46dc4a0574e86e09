"""Who is told what a server does: measures, traces, audit log. None of them decides anything."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from service.values.answer import Answer, Search


@dataclass(frozen=True, slots=True)
class HandledRequest:
    """One request that has ended. `route` is its template, never its path, nor what was asked.

    `seconds` are until the last byte of the response, a stream's as well.
    """

    method: str
    route: str
    status: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Took:
    """When a question began (nanoseconds since 1970, UTC), and how long it took, in seconds."""

    began_ns: int
    seconds: float


class Watch:
    """Times one question from now on."""

    def __init__(self) -> None:
        self._began_ns = time.time_ns()
        self._began = time.perf_counter()

    def took(self) -> Took:
        """Return the time until now."""
        return Took(self._began_ns, time.perf_counter() - self._began)


@dataclass(frozen=True, slots=True)
class Ingested:
    """An upload's ingest that has ended: documents by what became of them, and its texts."""

    documents: Mapping[str, int]
    pages: int
    texts: int
    embedded: int
    seconds: float


class Observer(Protocol):
    """Told of requests and of what was asked, on the thread that handled it.

    Nothing that is told may be kept longer than the call: answers hold texts.
    """

    def request_began(self, method: str, headers: Mapping[str, str]) -> None:
        """A request has come, in the task that will handle it."""
        ...

    def request_ended(self, request: HandledRequest) -> None:
        """A request has ended, in the task that handled it."""
        ...

    def answered(self, answer: Answer, took: Took) -> None:
        """A question was answered, or an abstention given."""
        ...

    def searched(self, search: Search, took: Took) -> None:
        """A search was answered."""
        ...

    def found(self, terms: Sequence[str]) -> None:
        """Mentions of terms were looked up."""
        ...

    def ingested(self, ingested: Ingested) -> None:
        """An upload's ingest has ended."""
        ...


@dataclass(frozen=True, slots=True)
class Observers:
    """Several observers as one, told in their order; none at all by default."""

    all: Sequence[Observer] = ()

    def request_began(self, method: str, headers: Mapping[str, str]) -> None:
        """Tell each."""
        for each in self.all:
            each.request_began(method, headers)

    def request_ended(self, request: HandledRequest) -> None:
        """Tell each, the last one first."""
        for each in reversed(self.all):
            each.request_ended(request)

    def answered(self, answer: Answer, took: Took) -> None:
        """Tell each."""
        for each in self.all:
            each.answered(answer, took)

    def searched(self, search: Search, took: Took) -> None:
        """Tell each."""
        for each in self.all:
            each.searched(search, took)

    def found(self, terms: Sequence[str]) -> None:
        """Tell each."""
        for each in self.all:
            each.found(terms)

    def ingested(self, ingested: Ingested) -> None:
        """Tell each."""
        for each in self.all:
            each.ingested(ingested)


NOBODY = Observers()
