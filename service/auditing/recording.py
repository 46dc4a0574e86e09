"""What is recorded: changes, and questions where the operator wants them too."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from corpus.ids import sha256_of
from service.auditing.audit_log import AuditLog
from service.auditing.entry import Event
from service.observing.observer import NOBODY, HandledRequest, Ingested, Observer, Took
from service.settings.settings import Settings
from service.values.answer import Answer, Receipt, Search


class Audit(Protocol):
    """Where what happened is recorded."""

    def record(self, event: Event, about: Mapping[str, object], *, durable: bool = True) -> None:
        """Add what happened just now."""
        ...


class Unrecorded:
    """No audit log."""

    def record(self, event: Event, about: Mapping[str, object], *, durable: bool = True) -> None:
        """Do nothing."""


def open_audit(settings: Settings) -> Audit:
    """Return where changes of this home are recorded, as the settings say."""
    return Unrecorded() if settings.audit == "off" else AuditLog(settings.layout)


def recorder_of(settings: Settings) -> Observer:
    """Return who is told of questions before a server adds its own: the audit log, or nobody."""
    if settings.audit != "all":
        return NOBODY
    return AuditedQuestions(open_audit(settings), texts=settings.audit_texts)


class AuditedQuestions:
    """An `Observer` that records who asked what: a text's SHA-256, or the text with `texts`."""

    def __init__(self, audit: Audit, *, texts: bool) -> None:
        self._audit = audit
        self._texts = texts

    def request_began(self, method: str, headers: Mapping[str, str]) -> None:
        """Requests are in the server's log."""

    def request_ended(self, request: HandledRequest) -> None:
        """Requests are in the server's log."""

    def answered(self, answer: Answer, took: Took) -> None:  # noqa: ARG002
        """Record a question and its outcome."""
        about = self._about(answer.question, answer.receipt) | {"outcome": answer.status}
        self._audit.record("asked", about, durable=False)

    def searched(self, search: Search, took: Took) -> None:  # noqa: ARG002
        """Record a search."""
        self._audit.record("searched", self._about(search.query, search.receipt), durable=False)

    def found(self, terms: Sequence[str]) -> None:
        """Record which mentions were looked up."""
        told: dict[str, object] = {"terms_sha256": [sha256_of(term) for term in terms]}
        if self._texts:
            told["terms"] = list(terms)
        self._audit.record("found", told, durable=False)

    def ingested(self, ingested: Ingested) -> None:
        """Documents are recorded where they are stored."""

    def _about(self, text: str, receipt: Receipt) -> dict[str, object]:
        told: dict[str, object] = {"question_sha256": sha256_of(text)}
        if self._texts:
            told["question"] = text
        return told | {"answer_id": receipt.answer_id, "snapshot": receipt.snapshot}
