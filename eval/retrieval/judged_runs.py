"""How good a run is, or a collection's ranking for judged queries: reports without a data set.

`retrieval.py` measures the product on a corpus that it enters itself; here the run is there
already, whatever system wrote it, or the collection is.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from corpus.errors import InputError
from corpus.ids import sha256_of
from eval.data_sets.judged_queries import JudgedQueries
from eval.data_sets.runs import Run, ScoredDocument, read_trec_run
from eval.retrieval.measures import DEFAULT_MEASURES, checked_measures, measure
from eval.retrieval.ranked_collection import RankedCollection
from eval.retrieval.retrieval import RetrievalReport, RetrievalRequest, searching_settings
from eval.statistics.estimates import DEFAULT_RESAMPLING, Resampling
from service.cli.step_bar import OnStep
from service.settings.models import Models


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
    return _report(run, judged, request, settings, _data(judged))


def measure_collection(
    collection: RankedCollection,
    judged: JudgedQueries,
    request: RetrievalRequest,
    models: Models,
    on_step: OnStep = lambda *_: None,
) -> RetrievalReport:
    """Return how well a collection's documents, pages or passages are ranked for the topics.

    All topics are searched, so that the run can be pooled; those without a judgement are in no
    mean. `cutting` and `chunk_tokens` of the request are of no effect: the collection is there.

    Raises: InputError for topics without text or a depth that is not allowed.
    """
    if not judged.texts:
        raise InputError("Found no topics; expected --topics FILE with the queries' texts.")
    if not 1 <= request.depth <= 1000:
        raise InputError(f"Found a depth of {request.depth}; expected 1 to 1000.")
    measures = checked_measures(request.measures)
    run = Run(dict(_rankings(collection, judged, request, on_step)))
    if request.limit is not None:
        judged = judged.only(run.rankings)
    settings = {
        **searching_settings(request, models, collection.manifest, collection.retriever),
        "unit": collection.naming.unit,
        "ids": collection.naming.ids,
    }
    data = {**_data(judged), **collection.data()}
    return _report(run, judged, RunRequest(measures, request.resampling), settings, data)


def _rankings(
    collection: RankedCollection,
    judged: JudgedQueries,
    request: RetrievalRequest,
    on_step: OnStep,
) -> Iterator[tuple[str, tuple[ScoredDocument, ...]]]:
    topics = list(judged.texts.items())[: request.limit]
    for number, (query_id, text) in enumerate(topics, start=1):
        yield (
            query_id,
            collection.ranking(text, depth=request.depth, mode=request.mode, rerank=request.rerank),
        )
        on_step("queries", number, len(topics))


def _report(
    run: Run,
    judged: JudgedQueries,
    request: RunRequest,
    settings: dict[str, object],
    data: dict[str, object],
) -> RetrievalReport:
    measured = measure(run, judged.qrels, checked_measures(request.measures))
    return RetrievalReport(measured, run, measured.estimates(request.resampling), settings, data)


def _data(judged: JudgedQueries) -> dict[str, object]:
    return {"name": judged.files["qrels"].name, "sha256": judged.sha256()}
