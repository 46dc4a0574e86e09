"""A collection from Python: over HTTP, or in this process without a server, with equal results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from corpus.closing import Closing
from corpus.errors import InputError
from service.client.keywords import keywords_of_request
from service.values.request import AskOptions, Request, SearchOptions, filter_texts

if TYPE_CHECKING:
    from index.retrieval.explaining import Explanation
    from index.snapshots.publishing import SnapshotSummary
    from service.client.backend import Backend, OnProgress, StreamPart
    from service.collection.deleting import DeletionReceipt
    from service.collection.ingest_report import IngestReport
    from service.collection.reading_quality import QualityReport
    from service.receipts.replaying import Replay
    from service.values.answer import Answer, Passage, Search
    from service.values.find import Find
    from service.values.request import Conditions
    from service.values.verification import CitedReference, VerificationReport
    from service.wire.wire import DocumentEntry, PageEntry, ShownDocument


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

    @keywords_of_request(answering=True)
    def ask(self, question: str, **options: Unpack[AskOptions]) -> Answer:
        """Return the answer with its citations, or an abstention. Raises: CitewellError.

        `filters` are conditions (`"date>=2019"`), or keys and values; `as_of` is a date to answer
        as then. `generate`: whether the generator, where one is set, drafts the answer. `budget_ms`
        is the time until which passages are read, `max_wrong` the share of answers that may be
        wrong; None is what the settings say.
        """
        return self._backend.ask(question, _request(options))

    @keywords_of_request(answering=True)
    def stream(self, question: str, **options: Unpack[AskOptions]) -> Iterator[StreamPart]:
        """Yield the passages as soon as they are found, each statement, then the whole Answer.

        Options are as in `ask`. Raises: CitewellError.
        """
        return self._backend.stream(question, _request(options))

    @keywords_of_request()
    def search(self, query: str, **options: Unpack[SearchOptions]) -> Search:
        """Return passages, best first; options as in `ask`. Raises: CitewellError."""
        return self._backend.search(query, _request(options))

    def find(
        self,
        *terms: str,
        filters: Conditions = (),
        exact: bool = False,
        semantic: bool = False,
    ) -> Find:
        """Return every mention of the terms, and how much of the text could be searched.

        `exact` matches only the words as written: no inflections, no other names. `semantic` adds
        passages on the subject that do not name it. Raises: CitewellError.
        """
        return self._backend.find(terms, filter_texts(filters), exact, semantic)

    @keywords_of_request()
    def explain(
        self, question: str, passage_id: str, **options: Unpack[SearchOptions]
    ) -> Explanation:
        """Return why a passage ranks where it does for a question, or was not found.

        Raises: NotFoundError for a passage that there is not; CitewellError.
        """
        return self._backend.explain(question, passage_id, _request(options))

    def verify(self, answer: Answer | Mapping[str, object]) -> VerificationReport:
        """Return what became of the citations of an answer. Raises: InputError."""
        return self._backend.verify(answer)

    def cite(
        self,
        answer: Answer | Mapping[str, object],
        number: int = 1,
        *,
        style: str = "chicago",
    ) -> CitedReference:
        """Return a citation of an answer checked again, with its reference in a style.

        `style` is `chicago`, `apa` or `un`; `csl-json`, `ris` or `bibtex` for reference managers.
        Raises: InputError, NotFoundError for a quote that stands nowhere any more.
        """
        return self._backend.cite(answer, number, style)

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

    def document(self, doc_id: str) -> ShownDocument:
        """Return one document, an older edition too, and what belongs to it.

        Raises: NotFoundError.
        """
        return self._backend.document(doc_id)

    def edit(self, doc_id: str, changes: Mapping[str, str | None]) -> ShownDocument:
        """Keep values said by hand and return the document: `{"title": "…", "region": "…"}`.

        Title, publisher, date, language and collection are the document's; other names are its
        metadata. They outlast later ingests; None takes one back. Raises: CitewellError.
        """
        return self._backend.edit(doc_id, changes)

    def quality(self, *, collection: str | None = None) -> QualityReport:
        """Return how many pages were read how well, and the doubtful documents."""
        return self._backend.quality(collection)

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

    def snapshots(self) -> list[SnapshotSummary]:
        """Return the snapshots on disk, the newest first."""
        return self._backend.snapshots()

    def roll_back(self, snapshot_id: str) -> None:
        """Let an older snapshot answer from now on. Raises: NotFoundError, SnapshotError."""
        self._backend.roll_back(snapshot_id)

    def close(self) -> None:
        """Release the connection or the store."""
        self._backend.close()


def _request(options: AskOptions | SearchOptions) -> Request:
    given: dict[str, Any] = {**options, "filters": filter_texts(options.get("filters", ()))}
    return Request(**given)
