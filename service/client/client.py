"""A collection from Python: over HTTP, or in this process without a server, with equal results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.closing import Closing
from corpus.errors import InputError
from service.values.request import Request, filter_texts

if TYPE_CHECKING:
    from index.values.ranking import Mode
    from service.client.backend import Backend, OnProgress, StreamPart
    from service.collection.deleting import DeletionReceipt
    from service.collection.ingest_report import IngestReport
    from service.receipts.replaying import Replay
    from service.values.answer import Answer, Passage, Search
    from service.values.request import Conditions
    from service.values.verification import VerificationReport
    from service.wire.wire import DocumentEntry, PageEntry


class Client(Closing):
    """Asks a collection. Its methods have the names of the commands and return the same values.

    Give `url` (and `key`) for a server, or `home` for a folder on this machine. Requests that a
    server is too busy for are sent again, `retries` times, when it says so. Errors are kinds of
    `citewell.CitewellError`, wherever the collection is. Safe for use from several threads.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        key: str | None = None,
        home: str | Path | None = None,
        timeout_s: float = 60.0,
        retries: int = 4,
    ) -> None:
        if (url is None) == (home is None):
            raise InputError("Client takes either the url of a server or the home of a collection.")
        self._backend: Backend
        if url is not None:
            from service.client.http_backend import HttpBackend

            self._backend = HttpBackend(url, key=key, timeout_s=timeout_s, retries=retries)
        else:
            from service.client.local_backend import LocalBackend

            self._backend = LocalBackend(Path(str(home)))

    def ask(
        self,
        question: str,
        *,
        passages: int = 10,
        filters: Conditions = (),
        mode: Mode = "hybrid",
        rerank: bool = True,
        as_of: str | None = None,
        generate: bool = True,
        budget_ms: float | None = None,
        max_wrong: float | None = None,
    ) -> Answer:
        """Return the answer with its citations, or an abstention. Raises: CitewellError.

        `filters` are conditions (`"date>=2019"`), or keys and values; `as_of` is a date to answer
        as then. `generate`: whether the generator, where one is set, drafts the answer. `budget_ms`
        is the time until which candidates are reranked, `max_wrong` the share of answers that may
        be wrong; None is what the settings say.
        """
        return self._backend.ask(
            question,
            Request(
                passages,
                filter_texts(filters),
                mode,
                rerank,
                as_of=as_of,
                max_wrong=max_wrong,
                generate=generate,
                budget_ms=budget_ms,
            ),
        )

    def stream(
        self,
        question: str,
        *,
        passages: int = 10,
        filters: Conditions = (),
        mode: Mode = "hybrid",
        rerank: bool = True,
        as_of: str | None = None,
        generate: bool = True,
        budget_ms: float | None = None,
        max_wrong: float | None = None,
    ) -> Iterator[StreamPart]:
        """Yield the passages as soon as they are found, each statement, then the whole Answer.

        What may be asked beside the question is as in `ask`.
        """
        return self._backend.stream(
            question,
            Request(
                passages,
                filter_texts(filters),
                mode,
                rerank,
                as_of=as_of,
                max_wrong=max_wrong,
                generate=generate,
                budget_ms=budget_ms,
            ),
        )

    def search(
        self,
        query: str,
        *,
        passages: int = 10,
        filters: Conditions = (),
        mode: Mode = "hybrid",
        rerank: bool = True,
        as_of: str | None = None,
        budget_ms: float | None = None,
    ) -> Search:
        """Return passages, best first; options as in `ask`. Raises: CitewellError."""
        return self._backend.search(
            query,
            Request(
                passages, filter_texts(filters), mode, rerank, as_of=as_of, budget_ms=budget_ms
            ),
        )

    def verify(self, answer: Answer | Mapping[str, object]) -> VerificationReport:
        """Return what became of the citations of an answer. Raises: InputError."""
        return self._backend.verify(answer)

    def replay(self, answer: Answer | Mapping[str, object]) -> Replay:
        """Return whether an answer comes out equal from its snapshot, or what differs.

        Raises: InputError, NotFoundError where nothing is left of the snapshot.
        """
        return self._backend.replay(answer)

    def ingest(
        self,
        path: str | Path,
        *,
        collection: str = "default",
        metadata: Mapping[str, str] | None = None,
        on_progress: OnProgress | None = None,
    ) -> IngestReport:
        """Add a file and return the report when it answers.

        `on_progress` is told what goes on and how much of it is done, 0..1.
        Raises: CitewellError; a file that cannot be read does not raise: it is `rejected`.
        """
        tell = on_progress or (lambda _step, _share: None)
        return self._backend.ingest(Path(path), collection, metadata or {}, tell)

    def documents(self, *, collection: str | None = None) -> list[DocumentEntry]:
        """Return the documents by id."""
        return self._backend.documents(collection)

    def page(self, doc_id: str, number: int) -> PageEntry:
        """Return the text of a page. Raises: NotFoundError."""
        return self._backend.page(doc_id, number)

    def url_of(self, passage: Passage) -> str:
        """Return the absolute address that opens the passage's first page with it marked.

        In process it is one of the server that `CITEWELL_BASE_URL` names.
        """
        from service.rendering.answer_text import passage_url

        return passage_url(self._backend.base_url, passage)

    def delete(self, doc_id: str, *, purge: bool = False) -> DeletionReceipt:
        """Delete a document everywhere and return the receipt. Raises: NotFoundError."""
        return self._backend.delete(doc_id, purge)

    def close(self) -> None:
        """Release the connection or the store."""
        self._backend.close()
