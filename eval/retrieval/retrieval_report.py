"""What is measured of a ranking, and what comes out: values, whoever searched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.data_sets.cutting import Cutting
from eval.data_sets.runs import Run
from eval.retrieval.measures import DEFAULT_MEASURES, Measured
from eval.statistics.estimates import DEFAULT_RESAMPLING, Estimate, Resampling
from index.values.mode import Mode
from ingest.chunking.chunking import ChunkingSettings

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class RetrievalRequest:
    """What to measure, and what may differ from the defaults.

    `depth` is how many documents are ranked for each query; a document stands where its best
    chunk does. `limit` takes only the first queries: to see that all works, not to report.
    """

    measures: tuple[str, ...] = DEFAULT_MEASURES
    mode: Mode = "hybrid"
    rerank: bool = True
    cutting: Cutting = "whole"
    chunk_tokens: int = ChunkingSettings().chunk_tokens
    depth: int = 100
    limit: int | None = None
    resampling: Resampling = DEFAULT_RESAMPLING


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """The measures of one run, the run itself, and what made it."""

    measured: Measured
    run: Run
    estimates: Mapping[str, Estimate]
    settings: Mapping[str, object]
    data: Mapping[str, object]

    def as_json(self) -> dict[str, object]:
        """Return `{"measures": {name: {"mean", "interval"}}, "queries", "settings", "data"}`.

        `unanswered` and `unjudged` list query ids: the former count 0, the latter nowhere.
        """
        return {
            "measures": {name: each.as_json() for name, each in self.estimates.items()},
            "queries": len(self.measured.query_ids),
            "unanswered": list(self.measured.unanswered),
            "unjudged": list(self.measured.unjudged),
            "settings": dict(self.settings),
            "data": dict(self.data),
        }

    def to_frame(self) -> DataFrame:
        """Return a pandas table with a row a measure: mean, low, high. Raises: InputError."""
        from eval.statistics.frames import frame_of_estimates

        return frame_of_estimates(self.estimates)

    def per_query(self) -> DataFrame:
        """Return a pandas table with a row a judged query. Raises: InputError without pandas."""
        return self.measured.per_query()
