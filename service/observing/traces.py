"""Spans of requests and answers, sent over OTLP as the standard `OTEL_…` variables say.

Names are those of OpenTelemetry's semantic conventions: HTTP for a request, GenAI for retrieval
and generation. Texts are sent only where the operator has said so.
"""

import json
import os
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from service.observing.observer import HandledRequest, Ingested, Took
from service.observing.request_context import current_request
from service.settings.version import installed_version
from service.values.answer import Answer, Passage, Receipt, Search

_RETRIEVAL = ("understand", "summarise", "search", "fuse")
_NS_PER_MS = 1_000_000


class Traces:
    """An `Observer` that sends spans: a request's, below it an answer's, below it its stages'.

    `texts` says whether spans hold questions, answers and quotes.
    """

    def __init__(self, *, texts: bool = False) -> None:
        self._texts = texts
        named = os.environ.get("OTEL_SERVICE_NAME", "citewell")
        about = {SERVICE_NAME: named, SERVICE_VERSION: installed_version()}
        self._provider = TracerProvider(resource=Resource.create(about))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("citewell", installed_version())

    def close(self) -> None:
        """Send what has not been sent."""
        self._provider.shutdown()

    def request_began(self, method: str, headers: Mapping[str, str]) -> None:
        """Begin a request's span; below that of the client, where it sends a `traceparent`."""
        sent = {"traceparent": headers.get("traceparent", "")}
        parent = TraceContextTextMapPropagator().extract(sent)
        span = self._tracer.start_span(method, parent, SpanKind.SERVER)
        context.attach(trace.set_span_in_context(span))

    def request_ended(self, request: HandledRequest) -> None:
        """End the request's span."""
        span = trace.get_current_span()
        span.update_name(f"{request.method} {request.route}")
        told: dict[str, str | int] = {
            "http.request.method": request.method,
            "http.route": request.route,
            "http.response.status_code": request.status,
        }
        if (asked := current_request()) is not None:
            told["citewell.request_id"] = asked.request_id
        span.set_attributes(told)
        if request.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            span.set_status(StatusCode.ERROR)
        span.end()

    def answered(self, answer: Answer, took: Took) -> None:
        """Send the span of an answer, and below it one for each of its stages."""
        told: dict[str, str | int | float] = {
            "citewell.outcome": answer.status,
            "citewell.answer_id": answer.receipt.answer_id,
            "citewell.citations": len(answer.citations),
        }
        if answer.reason is not None:
            told["citewell.reason"] = answer.reason
        if answer.confidence is not None:
            told["citewell.confidence"] = answer.confidence
        if self._texts:
            told["citewell.answer"] = answer.answer
        span = self._tracer.start_span("answer", start_time=took.began_ns, attributes=told)
        stages = _Stages(answer.timings_ms, took.began_ns)
        self._retrieval(span, answer.question, answer.receipt, answer.passages, stages)
        self._stage(span, "read", stages.of("read"))
        self._stage(span, "answer.compose", stages.of("answer"))
        self._generation(span, answer, stages)
        span.end(_end(took))

    def searched(self, search: Search, took: Took) -> None:
        """Send the span of a search, and of its retrieval."""
        span = self._tracer.start_span("search", start_time=took.began_ns)
        stages = _Stages(search.timings_ms, took.began_ns)
        self._retrieval(span, search.query, search.receipt, search.passages, stages)
        self._stage(span, "read", stages.of("read"))
        span.end(_end(took))

    def found(self, terms: Sequence[str]) -> None:
        """Mentions have no stages: their request's span says it all."""

    def ingested(self, ingested: Ingested) -> None:
        """Send the span of an upload's ingest, which ends now."""
        now = time.time_ns()
        told = {f"citewell.documents.{name}": count for name, count in ingested.documents.items()}
        span = self._tracer.start_span(
            "ingest",
            start_time=now - int(ingested.seconds * 1e9),
            attributes=told | {"citewell.pages": ingested.pages},
        )
        span.end(now)

    def _retrieval(
        self,
        parent: Span,
        query: str,
        receipt: Receipt,
        passages: Sequence[Passage],
        stages: "_Stages",
    ) -> None:
        found = [{"id": p.passage_id, "score": p.scores.fused or 0.0} for p in passages]
        told: dict[str, str | int] = {
            "gen_ai.operation.name": "retrieval",
            "gen_ai.data_source.id": receipt.snapshot,
            "gen_ai.provider.name": "citewell",
            "gen_ai.request.model": receipt.embedder,
            "gen_ai.retrieval.documents": json.dumps(found),
        }
        if self._texts:
            told["gen_ai.retrieval.query.text"] = query
        self._stage(parent, f"retrieval {receipt.snapshot}", stages.of(*_RETRIEVAL), told)

    def _generation(self, parent: Span, answer: Answer, stages: "_Stages") -> None:
        if answer.generation is None:
            return
        kind, _, model = answer.generation.generator.partition(":")
        told: dict[str, str | int] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": kind,
            "gen_ai.request.model": model,
            "citewell.sentences.kept": answer.generation.kept,
            "citewell.sentences.dropped": answer.generation.dropped,
        }
        self._stage(parent, f"chat {model}", stages.of("generate"), told)

    def _stage(
        self,
        parent: Span,
        name: str,
        times: tuple[int, int],
        told: Mapping[str, str | int] | None = None,
    ) -> None:
        began, ended = times
        above = trace.set_span_in_context(parent)
        span = self._tracer.start_span(name, above, start_time=began, attributes=told)
        span.end(ended)


class _Stages:
    """The stages of an answer, one after the other from its beginning, in nanoseconds."""

    def __init__(self, timings_ms: Mapping[str, float], began_ns: int) -> None:
        self._timings_ms = timings_ms
        self._until = began_ns

    def of(self, *names: str) -> tuple[int, int]:
        """Return when these stages began and ended; they begin where the last ones ended."""
        began = self._until
        self._until += int(sum(self._timings_ms.get(name, 0.0) for name in names) * _NS_PER_MS)
        return began, self._until


def _end(took: Took) -> int:
    return took.began_ns + int(took.seconds * 1e9)
