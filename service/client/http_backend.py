"""A client's calls over HTTP: typed, sent again when the server is busy, errors as our own."""

import json
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from pydantic import TypeAdapter

from corpus.errors import (
    BusyError,
    CitewellError,
    InputError,
    RateError,
    StoreError,
)
from index.retrieval.explaining import Explanation
from index.snapshots.publishing import SnapshotSummary
from service.client.backend import OnProgress, StreamPart
from service.client.local_backend import plain
from service.collection.deleting import DeletionReceipt
from service.collection.ingest_report import IngestReport
from service.collection.reading_quality import QualityReport
from service.receipts.replaying import Replay
from service.settings.version import installed_version
from service.values.answer import Answer, Passage, Search, Statement
from service.values.find import Find
from service.values.options import options_of
from service.values.request import Request
from service.values.verification import CitedReference, VerificationReport
from service.wire.problems import KINDS
from service.wire.state import JobEntry, SnapshotList
from service.wire.wire import DocumentEntry, DocumentList, EditBody, PageEntry, ShownDocument

T = TypeVar("T")

BUSY = frozenset({429, 503})
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
SECONDS_BETWEEN_LOOKS = 0.2
_STREAMED: Mapping[str, TypeAdapter[Any]] = {
    "passages": TypeAdapter(tuple[Passage, ...]),
    "statement": TypeAdapter(Statement),
    "answer": TypeAdapter(Answer),
}


class HttpBackend:
    """A server's collection."""

    def __init__(self, url: str, *, key: str | None, timeout_s: float, retries: int) -> None:
        headers = {"User-Agent": f"citewell/{installed_version()}"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        base = url.rstrip("/")
        self._http = httpx2.Client(base_url=base, headers=headers, timeout=timeout_s)
        self._retries = retries

    @property
    def base_url(self) -> str:
        """The server's address."""
        return str(self._http.base_url)

    def ask(self, question: str, request: Request) -> Answer:
        """Return the answer."""
        return self._post(
            "/v1/ask", {"question": question} | _options(request, answering=True), Answer
        )

    def stream(self, question: str, request: Request) -> Iterator[StreamPart]:
        """Yield the passages, each statement, the answer, as the server sends them."""
        body = {"question": question, "stream": True} | _options(request, answering=True)
        with self._sent("POST", "/v1/ask", json=body) as response:
            for name, data in _events(response.iter_lines()):
                if name == "error":
                    raise error_of(json.loads(data), None)
                yield _STREAMED[name].validate_json(data)

    def search(self, query: str, request: Request) -> Search:
        """Return passages."""
        return self._post("/v1/search", {"query": query} | _options(request), Search)

    def find(
        self, terms: Sequence[str], filters: tuple[str, ...], exact: bool, semantic: bool
    ) -> Find:
        """Return every mention of the terms."""
        body = {"terms": terms, "filters": filters, "exact": exact, "semantic": semantic}
        return self._post("/v1/find", body, Find)

    def explain(self, question: str, passage_id: str, request: Request) -> Explanation:
        """Return why a passage ranks where it does."""
        body = {"question": question, "passage_id": passage_id} | _options(request)
        return self._post("/v1/explain", body, Explanation)

    def verify(self, answer: Answer | Mapping[str, object]) -> VerificationReport:
        """Return one verdict a citation."""
        return self._post("/v1/verify", plain(answer), VerificationReport)

    def cite(
        self, answer: Answer | Mapping[str, object], number: int, style: str
    ) -> CitedReference:
        """Return the reference to a citation."""
        body = {"answer": plain(answer), "number": number, "style": style}
        return self._post("/v1/cite", body, CitedReference)

    def replay(self, answer: Answer | Mapping[str, object]) -> Replay:
        """Return whether an answer comes out equal."""
        return self._post("/v1/replay", plain(answer), Replay)

    def ingest(
        self, path: Path, collection: str, metadata: Mapping[str, str], tell: OnProgress
    ) -> IngestReport:
        """Upload a file, and follow its job to the end."""
        if not path.is_file():
            raise InputError(f"Found no file {path}; expected one to ingest.")
        data = {"collection": collection, "metadata": json.dumps(dict(metadata))}
        content = path.read_bytes()
        tell("uploading", 0.0)
        files, once = {"file": (path.name, content)}, {"Idempotency-Key": secrets.token_hex(16)}
        sent = self._call("POST", "/v1/documents", files=files, data=data, headers=once)
        job = _read(JobEntry, sent)
        while job.state not in ("done", "failed"):
            tell(job.message or job.state, job.progress)
            time.sleep(SECONDS_BETWEEN_LOOKS)
            job = _read(JobEntry, self._call("GET", f"/v1/jobs/{job.job_id}"))
        tell(job.state, job.progress)
        if job.result is None:
            raise StoreError(f"The file was not ingested: {job.message}")
        return job.result

    def documents(self, collection: str | None) -> list[DocumentEntry]:
        """Return the documents by id, page after page."""
        found: list[DocumentEntry] = []
        query: dict[str, str] = {"limit": "1000"} | (
            {"collection": collection} if collection else {}
        )
        while True:
            page = _read(DocumentList, self._call("GET", "/v1/documents", params=query))
            found += page.documents
            if page.next is None:
                return found
            query["cursor"] = page.next

    def document(self, doc_id: str) -> ShownDocument:
        """Return one document."""
        return _read(ShownDocument, self._call("GET", f"/v1/documents/{doc_id}"))

    def edit(self, doc_id: str, changes: Mapping[str, str | None]) -> ShownDocument:
        """Keep values said by hand."""
        fields = EditBody.model_fields.keys() - {"metadata"}
        body: dict[str, object] = {name: changes[name] for name in changes if name in fields}
        body["metadata"] = {name: changes[name] for name in changes if name not in fields}
        return _read(ShownDocument, self._call("PATCH", f"/v1/documents/{doc_id}", json=body))

    def quality(self, collection: str | None) -> QualityReport:
        """Return how well pages were read."""
        query = {"collection": collection} if collection else {}
        return _read(QualityReport, self._call("GET", "/v1/quality", params=query))

    def page(self, doc_id: str, number: int) -> PageEntry:
        """Return a page."""
        return _read(PageEntry, self._call("GET", f"/v1/documents/{doc_id}/pages/{number}"))

    def delete(self, doc_id: str, purge: bool) -> DeletionReceipt:
        """Delete a document."""
        query = {"purge": str(purge).lower()}
        return _read(DeletionReceipt, self._call("DELETE", f"/v1/documents/{doc_id}", params=query))

    def snapshots(self) -> list[SnapshotSummary]:
        """Return the snapshots, the newest first."""
        return list(_read(SnapshotList, self._call("GET", "/v1/snapshots")).snapshots)

    def roll_back(self, snapshot_id: str) -> None:
        """Let an older snapshot answer."""
        self._call("POST", f"/v1/snapshots/{snapshot_id}/rollback")

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _post(self, path: str, body: Mapping[str, object], kind: type[T]) -> T:
        return _read(kind, self._call("POST", path, json=body))

    def _call(self, method: str, path: str, **given: Any) -> httpx2.Response:
        with self._sent(method, path, **given) as response:
            response.read()
            return response

    @contextmanager
    def _sent(self, method: str, path: str, **given: Any) -> Iterator[httpx2.Response]:
        """Yield the response, its body still to come; busy servers are asked again later."""
        tries = 0
        while True:
            try:
                with self._http.stream(method, path, **given) as response:
                    if response.is_success:
                        yield response
                        return
                    response.read()
                    wait_s = _wait_s(response, tries)
                    if tries >= self._retries or wait_s is None:
                        raise error_of(_problem(response), wait_s)
            except httpx2.ConnectError as error:
                if tries >= self._retries:
                    raise StoreError(f"No server answers at {self._http.base_url}.") from error
                wait_s = FIRST_WAIT_S * (1 << tries)
            except httpx2.TransportError as error:
                raise StoreError(f"The server at {self._http.base_url}: {error!r}.") from error
            tries += 1
            time.sleep(wait_s)


def error_of(problem: Mapping[str, Any], wait_s: float | None) -> CitewellError:
    """Return the error that a problem stands for."""
    name, detail = str(problem.get("type", "")).rpartition("/")[2], str(problem.get("detail"))
    kind = next((cls for cls, kind in KINDS if kind.name == name), CitewellError)
    if issubclass(kind, BusyError):
        return (RateError if kind is RateError else BusyError)(detail, retry_after_s=wait_s or 1.0)
    return kind(detail)


def _wait_s(response: httpx2.Response, tries: int) -> float | None:
    """Return how long to wait; None where asking again would not help."""
    said = str(response.headers.get("Retry-After", ""))
    if response.status_code not in BUSY or not said.isdecimal():
        return None
    return min(LONGEST_WAIT_S, max(float(said), FIRST_WAIT_S * (1 << tries)))


def _problem(response: httpx2.Response) -> Mapping[str, Any]:
    try:
        found = response.json()
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    return {"detail": f"The server said {response.status_code}: {response.text[:200]}"}


def _read(kind: type[T], response: httpx2.Response) -> T:
    return TypeAdapter(kind).validate_json(response.content)


def _options(request: Request, *, answering: bool = False) -> dict[str, object]:
    """Return the options of a search, or of a question, as the server takes them."""
    shown = options_of(Request, answering=answering)
    return {option.name: getattr(request, option.name) for option in shown}


def _events(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    name, data = "", []
    for line in lines:
        if line.startswith("event:"):
            name = line[6:].strip()
        elif line.startswith("data:"):
            data.append(line[5:].strip())
        elif not line and name:
            yield name, "\n".join(data)
            name, data = "", []
