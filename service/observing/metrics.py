"""What a server does as counters, gauges and histograms in Prometheus' format, in base units.

Labels have few values, all known beforehand: never a path, a question, a key or a document.
Several processes of one server count together where PROMETHEUS_MULTIPROC_DIR names a folder.
"""

import os
from collections.abc import Iterator, Mapping, Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.core import Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from service.observing.observer import HandledRequest, Ingested, Took
from service.values.answer import Answer, Search

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
INGEST_SECONDS = (0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)
SHARES = tuple(tenth / 10 for tenth in range(1, 11))


class Metrics:
    """An `Observer` that counts. `text` is what Prometheus reads."""

    def __init__(self) -> None:
        # What is shared is read from its files at each look, not from this registry.
        self._shared = bool(os.environ.get(SHARED_FOLDER))
        registry = self._registry = CollectorRegistry()
        if not self._shared:
            ProcessCollector(registry=registry)
            PlatformCollector(registry=registry)
        self._count_requests(registry)
        self._count_answers(registry)
        self._count_ingests(registry)

    def _count_requests(self, registry: CollectorRegistry) -> None:
        told = ("method", "route", "status")
        self._requests = Counter(
            "citewell_http_requests", "Requests that have ended.", told, registry=registry
        )
        self._request_seconds = Histogram(
            "citewell_http_request_duration_seconds",
            "Time of a request to the last byte of its response.",
            told,
            buckets=SECONDS,
            registry=registry,
        )
        self._requests_inside = Gauge(
            "citewell_http_requests_in_progress",
            "Requests that are handled now.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._asking = Gauge(
            "citewell_questions",
            "Questions that are answered now, or wait in the queue.",
            ("state",),
            registry=registry,
            multiprocess_mode="livesum",
        )

    def _count_answers(self, registry: CollectorRegistry) -> None:
        self._answers = Counter(
            "citewell_answers",
            "Questions by outcome: answered, unsure, abstained with its reason.",
            ("outcome", "reason"),
            registry=registry,
        )
        self._searches = Counter(
            "citewell_searches", "Searches that were answered.", registry=registry
        )
        self._finds = Counter(
            "citewell_finds", "Look-ups of every mention of terms.", registry=registry
        )
        self._answer_seconds = Histogram(
            "citewell_answer_duration_seconds",
            "Time to answer a question, without its wait in the queue.",
            buckets=SECONDS,
            registry=registry,
        )
        self._stage_seconds = Histogram(
            "citewell_answer_stage_duration_seconds",
            "Time of one stage of an answer or search.",
            ("stage",),
            buckets=SECONDS,
            registry=registry,
        )
        self._confidence = Histogram(
            "citewell_answer_confidence_ratio",
            "Probability that the quotes answer the question.",
            ("outcome",),
            buckets=SHARES,
            registry=registry,
        )

    def _count_ingests(self, registry: CollectorRegistry) -> None:
        self._documents = Counter(
            "citewell_ingested_documents",
            "Uploaded documents by what became of them; rejected ones too.",
            ("status",),
            registry=registry,
        )
        self._pages = Counter(
            "citewell_ingested_pages", "Pages of uploads that were read.", registry=registry
        )
        self._vectors = Counter(
            "citewell_vector_cache_requests",
            "Texts of uploads whose vector was cached (hit) or was made (miss).",
            ("result",),
            registry=registry,
        )
        self._ingest_seconds = Histogram(
            "citewell_ingest_duration_seconds",
            "Time of an upload's ingest.",
            buckets=INGEST_SECONDS,
            registry=registry,
        )

    def request_began(self, method: str, headers: Mapping[str, str]) -> None:  # noqa: ARG002
        """Count a request that is handled."""
        self._requests_inside.inc()

    def request_ended(self, request: HandledRequest) -> None:
        """Count a request by its route and the class of its status."""
        self._requests_inside.dec()
        told = (request.method, request.route, f"{request.status // 100}xx")
        self._requests.labels(*told).inc()
        self._request_seconds.labels(*told).observe(request.seconds)

    def asking_changed(self, under_way: int, waiting: int) -> None:
        """Note how many questions are answered, and how many wait."""
        self._asking.labels("answering").set(under_way)
        self._asking.labels("waiting").set(waiting)

    def answered(self, answer: Answer, took: Took) -> None:
        """Count an answer by its outcome, with the time of each of its stages."""
        self._answers.labels(answer.status, answer.reason or "").inc()
        self._answer_seconds.observe(took.seconds)
        self._stages(answer.timings_ms)
        if answer.confidence is not None:
            self._confidence.labels(answer.status).observe(answer.confidence)

    def searched(self, search: Search, took: Took) -> None:  # noqa: ARG002
        """Count a search."""
        self._searches.inc()
        self._stages(search.timings_ms)

    def found(self, terms: Sequence[str]) -> None:  # noqa: ARG002
        """Count a look-up of mentions."""
        self._finds.inc()

    def ingested(self, ingested: Ingested) -> None:
        """Count what became of an upload's documents."""
        for status, count in ingested.documents.items():
            self._documents.labels(status).inc(count)
        self._pages.inc(ingested.pages)
        self._vectors.labels("miss").inc(ingested.embedded)
        self._vectors.labels("hit").inc(max(0, ingested.texts - ingested.embedded))
        self._ingest_seconds.observe(ingested.seconds)

    def text(self, accept: str, further: Sequence[Collector] = ()) -> tuple[bytes, str]:
        """Return all metrics in the format that `accept` prefers, and its media type.

        `further` are collectors of what is looked up now.
        """
        registry = CollectorRegistry()
        if self._shared:
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        else:
            registry.register(_Of(self._registry))
        for each in further:
            registry.register(each)
        encode, media_type = choose_encoder(accept)
        return encode(registry), media_type

    def _stages(self, timings_ms: Mapping[str, float]) -> None:
        for stage, milliseconds in timings_ms.items():
            if stage != "total":
                self._stage_seconds.labels(stage).observe(milliseconds / 1000)


class _Of(Collector):
    """What another registry holds."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        """Yield its metrics."""
        return iter(self._registry.collect())
