"""What is looked up when Prometheus asks: the snapshot that answers, jobs, the store, the build."""

import platform
from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from corpus.errors import CitewellError
from service.engine.engine import Engine
from service.settings.version import installed_version
from service.workload.warming import Warming


class StateMetrics(Collector):
    """Reads the state of a server's collection at each look. May wait for the store."""

    def __init__(self, engine: Engine, warming: Warming) -> None:
        self._engine = engine
        self._warming = warming

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics; without those of the store while it does not answer."""
        yield self._build()
        yield _gauge("citewell_ready", "Whether questions are answered at once.", self._is_ready())
        yield from self._snapshot()
        try:
            jobs = list(self._jobs())
        except CitewellError:
            yield _gauge("citewell_store_up", "Whether the store answers.", 0)
        else:
            yield _gauge("citewell_store_up", "Whether the store answers.", 1)
            yield from jobs

    def _build(self) -> Metric:
        info = InfoMetricFamily("citewell_build", "The version of citewell, and of its models.")
        settings = self._engine.settings
        info.add_metric(
            [],
            {
                "version": installed_version(),
                "python": platform.python_version(),
                "embedder": settings.embedder,
                "reranker": settings.reranker,
            },
        )
        return info

    def _is_ready(self) -> float:
        return float(self._warming.done and self._engine.problem is None)

    def _snapshot(self) -> Iterator[Metric]:
        opened = self._engine.open_snapshot
        if opened is None:
            return
        info = InfoMetricFamily("citewell_snapshot", "The snapshot that answers.")
        info.add_metric([], {"snapshot": opened.snapshot_id})
        yield info
        yield _gauge(
            "citewell_snapshot_created_timestamp_seconds",
            "When the snapshot that answers was built; its age is time() less this.",
            datetime.fromisoformat(opened.created_at).timestamp(),
        )
        yield _gauge("citewell_snapshot_documents", "Documents of that snapshot.", opened.documents)
        yield _gauge("citewell_snapshot_chunks", "Chunks of that snapshot.", opened.chunks)

    def _jobs(self) -> Iterator[Metric]:
        summary = self._engine.store.job_summary()
        states = GaugeMetricFamily("citewell_jobs", "Upload jobs by state.", labels=["state"])
        for state, count in summary.counts.items():
            states.add_metric([state], count)
        yield states
        if summary.progress is not None:
            yield _gauge(
                "citewell_ingest_progress_ratio",
                "How much of the running jobs is done, on average.",
                summary.progress,
            )
        if summary.oldest_queued is not None:
            yield _gauge(
                "citewell_oldest_queued_job_created_timestamp_seconds",
                "When the job that waits longest was sent.",
                datetime.fromisoformat(summary.oldest_queued).timestamp(),
            )


def _gauge(name: str, documentation: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, documentation, value=value)
