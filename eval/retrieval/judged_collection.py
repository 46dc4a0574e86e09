"""How good a collection's ranking is for judged queries.

`retrieval.py` measures the product on a corpus that it enters itself; here the collection is
there already.
"""

from collections.abc import Iterator

from corpus.errors import InputError
from eval.data_sets.judged_queries import JudgedQueries
from eval.data_sets.runs import Run, ScoredDocument
from eval.retrieval.judged_runs import RunRequest, data_of, report_of
from eval.retrieval.measures import checked_measures
from eval.retrieval.ranked_collection import RankedCollection
from eval.retrieval.retrieval import searching_settings
from eval.retrieval.retrieval_report import RetrievalReport, RetrievalRequest
from service.cli.step_bar import OnStep
from service.settings.models import Models


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
    data = {**data_of(judged), **collection.data()}
    return report_of(run, judged, RunRequest(measures, request.resampling), settings, data)


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
