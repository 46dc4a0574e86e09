"""How good a run is that some system has written. Nothing is searched, no model is loaded."""

from dataclasses import asdict, dataclass, field
from pathlib import Path

from corpus.ids import sha256_of
from eval.data_sets.judged_queries import JudgedQueries
from eval.data_sets.runs import Run, read_trec_run
from eval.retrieval.measures import DEFAULT_MEASURES, checked_measures, measure
from eval.retrieval.retrieval_report import RetrievalReport
from eval.statistics.estimates import DEFAULT_RESAMPLING, Resampling


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What to measure of a run."""

    measures: tuple[str, ...] = DEFAULT_MEASURES
    resampling: Resampling = field(default_factory=lambda: DEFAULT_RESAMPLING)


def measure_run(path: Path, judged: JudgedQueries, request: RunRequest) -> RetrievalReport:
    """Return how good the run of a TREC file is. Nothing is searched.

    Raises: InputError, naming the line of a run that cannot be read.
    """
    run = read_trec_run(path)
    settings: dict[str, object] = {
        "run": path.name,
        "run_sha256": sha256_of(path.read_bytes()),
        "tag": run.tag,
        "resampling": asdict(request.resampling),
    }
    return report_of(run, judged, request, settings, data_of(judged))


def report_of(
    run: Run,
    judged: JudgedQueries,
    request: RunRequest,
    settings: dict[str, object],
    data: dict[str, object],
) -> RetrievalReport:
    """Return the measures of a run, with what made it and what it was judged by."""
    measured = measure(run, judged.qrels, checked_measures(request.measures))
    return RetrievalReport(measured, run, measured.estimates(request.resampling), settings, data)


def data_of(judged: JudgedQueries) -> dict[str, object]:
    """Return what names the judgements: file and checksums."""
    return {"name": judged.files["qrels"].name, "sha256": judged.sha256()}
