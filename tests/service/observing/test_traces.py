"""Spans as a collector receives them over OTLP: which, below which, and no texts unless wanted."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from corpus.errors import SettingsError
from service.engine.engine import Engine
from service.http.app import create_app
from service.observing.opening_traces import open_traces
from service.workload.jobs import JobWorker
from tests.service.small_collection import QUESTION, make_collection, settings_of

collector_pb2 = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")

TRACE = "0af7651916cd43dd8448eb211c80319c"


@dataclass
class Collector:
    """A collector's address, and the bodies that were sent to it."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)

    def spans(self) -> dict[str, Any]:
        """Return the spans by name."""
        found: dict[str, Any] = {}
        for body in self.bodies:
            message = collector_pb2.ExportTraceServiceRequest.FromString(body)
            for resource in message.resource_spans:
                for scope in resource.scope_spans:
                    found |= {span.name: span for span in scope.spans}
        return found


@contextmanager
def collecting() -> Iterator[Collector]:
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    collector.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("texts", [False, True])
def test_a_question_makes_spans_of_its_request_retrieval_and_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts: bool
) -> None:
    settings = settings_of(tmp_path / "home", traces=True, trace_texts=texts)
    make_collection(settings)
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        with Engine.open(settings) as engine:
            app = create_app(engine, JobWorker(engine.store, settings))
            with TestClient(app) as client:
                assert app.state.warming.wait(20)
                headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "X-Request-Id": "a7"}
                client.post("/v1/ask", json={"question": QUESTION}, headers=headers)
        spans = collector.spans()
    snapshot = engine.snapshot_id
    request, answer = spans["POST /v1/ask"], spans["answer"]
    retrieval, read = spans[f"retrieval {snapshot}"], spans["read"]
    assert request.trace_id.hex() == answer.trace_id.hex() == retrieval.trace_id.hex() == TRACE
    assert answer.parent_span_id == request.span_id
    assert retrieval.parent_span_id == read.parent_span_id == answer.span_id
    assert request.start_time_unix_nano <= answer.start_time_unix_nano
    assert retrieval.end_time_unix_nano == read.start_time_unix_nano
    told = {each.key: each.value for each in retrieval.attributes}
    assert told["gen_ai.operation.name"].string_value == "retrieval"
    assert told["gen_ai.data_source.id"].string_value == snapshot
    assert {"http.route", "citewell.request_id"} <= {each.key for each in request.attributes}
    assert ("gen_ai.retrieval.query.text" in told) == texts
    assert (b"Almaty" in b"".join(collector.bodies)) == texts


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "service.observing.traces", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(SettingsError, match=r"pip install 'citewell\[traces\]'"):
        open_traces(texts=False)
