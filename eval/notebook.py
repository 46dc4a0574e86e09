"""Evaluation from Python: what `from citewell import …` offers to a notebook or a script.

Each function does what the command of its name does, by the same code, and returns a frozen
result. Results have `to_frame()`, which needs pandas (`citewell[notebook]`).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.answers.answering_passages import QuestionFormat, engine_for, read_asked
from eval.answers.answers import AnswersReport, AnswersRequest
from eval.answers.answers import evaluate_answers as evaluated_answers
from eval.comparison import baseline as baselines
from eval.comparison import comparing, gating
from eval.comparison.baseline import Baseline
from eval.comparison.gating import DEFAULT_MINIMUM_EFFECT, DEFAULT_TOLERANCE, Verdict
from eval.data_sets import data_sets, qrels, runs, topics
from eval.data_sets.data_sets import BeirDataset
from eval.data_sets.qrels import Qrel
from eval.data_sets.runs import Run
from eval.data_sets.topics import Query, TopicField
from eval.question_sets.located_questions import with_quotes
from eval.retrieval.measures import DEFAULT_MEASURES, Measured
from eval.retrieval.measures import measure as measured
from eval.retrieval.retrieval import evaluate_retrieval as evaluated_retrieval
from eval.retrieval.retrieval_report import RetrievalReport, RetrievalRequest
from eval.statistics.significance import DEFAULT_SIGNIFICANCE, SignificanceSettings
from service.cli.step_bar import OnStep, StepBar
from service.settings.environment import read_settings
from service.settings.models import Models
from service.settings.settings import Settings


def read_qrels(path: Path | str) -> tuple[Qrel, ...]:
    """Return the judgements of a TREC or BEIR file, packed or not. Raises: InputError."""
    return tuple(qrels.read_qrels(Path(path)))


def read_topics(path: Path | str, *, field: TopicField = "title") -> tuple[Query, ...]:
    """Return the queries of a topics file, packed or not. Raises: InputError."""
    return tuple(topics.read_topics(Path(path), field=field))


def read_beir(folder: Path | str, *, split: str = "test") -> BeirDataset:
    """Return the data set of a BEIR folder with the judgements of a split. Raises: InputError."""
    return data_sets.read_beir(Path(folder), split=split)


def read_baseline(path: Path | str) -> Baseline:
    """Return the baseline of a file. Raises: InputError."""
    return baselines.read_baseline(Path(path))


def write_baseline(recorded: Baseline, path: Path | str) -> None:
    """Write a baseline, a query a line. Raises: InputError."""
    baselines.write_baseline(recorded, Path(path))


def read_run(path: Path | str) -> Run:
    """Return the run of a TREC file, ordered as trec_eval orders it. Raises: InputError."""
    return runs.read_trec_run(Path(path))


def write_run(run: Run, path: Path | str) -> None:
    """Write a TREC run whose scores hold no ties. Raises: InputError."""
    runs.write_trec_run(run, Path(path))


def measure(
    run: Run, judgements: Sequence[Qrel], measures: Sequence[str] = DEFAULT_MEASURES
) -> Measured:
    """Return the values of a run, by ir-measures names. Raises: InputError.

    A judged query without results counts 0. Example: `measure(run, qrels, ["nDCG@10"])`.
    """
    return measured(run, judgements, measures)


def compare(
    compared: Mapping[str, Run],
    judgements: Sequence[Qrel],
    measures: Sequence[str] = DEFAULT_MEASURES,
    *,
    texts: Mapping[str, str] | None = None,
    settings: SignificanceSettings = DEFAULT_SIGNIFICANCE,
) -> comparing.Comparison:
    """Return every pair of the runs, by name, under every measure. Raises: InputError."""
    return comparing.compare(compared, judgements, measures, texts, settings)


def baseline(
    run: Run,
    judgements: Sequence[Qrel],
    measures: Sequence[str] = DEFAULT_MEASURES,
    *,
    tolerance: float = DEFAULT_TOLERANCE,
    minimum_effect: float = DEFAULT_MINIMUM_EFFECT,
) -> Baseline:
    """Return a run as what later ones are held against. Raises: InputError."""
    candidate = gating.candidate_of_run(run, judgements, measures, {})
    return gating.baseline_of(
        candidate, tolerance=tolerance, minimum_effect=minimum_effect, command="from Python"
    )


def gate(
    before: Baseline,
    run: Run,
    judgements: Sequence[Qrel],
    *,
    data: Mapping[str, str] | None = None,
    settings: SignificanceSettings = DEFAULT_SIGNIFICANCE,
) -> Verdict:
    """Return whether a run passes a baseline: `verdict.passed`, `verdict.failures`.

    `data` are the SHA-256 of `corpus`, `queries` and `qrels`, for a baseline that recorded them.
    Raises: InputError.
    """
    candidate = gating.candidate_of_run(run, judgements, tuple(before.values), data or {})
    return gating.gate(before, candidate, settings=settings)


def evaluate_retrieval(
    dataset: BeirDataset,
    request: RetrievalRequest | None = None,
    *,
    settings: Settings | None = None,
    models: Models | None = None,
) -> RetrievalReport:
    """Return how well the product finds a data set's documents, as `citewell eval retrieval`.

    What is embedded is kept in the folder `eval` of the settings' home. Without settings those of
    the environment hold. Raises: InputError, StoreError, SnapshotError, ModelError.
    """
    chosen = settings or read_settings()
    opened = models or Models.open(chosen)
    with StepBar() as bar:
        return evaluated_retrieval(
            dataset, request or RetrievalRequest(), opened, chosen.home / "eval", bar.show
        )


def evaluate_answers(
    *files: Path | str,
    request: AnswersRequest | None = None,
    question_format: QuestionFormat = "questions",
    field: str = "question",
    settings: Settings | None = None,
) -> AnswersReport:
    """Return how well the questions of files are answered, as `citewell eval answers`.

    Raises: InputError, FilterError, SnapshotError, ModelError, StoreError.
    """
    chosen, wanted = settings or read_settings(), request or AnswersRequest()
    asked = read_asked(
        [Path(file) for file in files],
        question_format,
        field=field,
        collection=wanted.collection,
    )
    with StepBar() as bar:
        on_step: OnStep = bar.show
        with engine_for(asked, chosen, chosen.home / "eval", on_step) as engine:
            return evaluated_answers(with_quotes(asked.file, engine.store), engine, wanted, on_step)
