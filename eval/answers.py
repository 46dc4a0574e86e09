"""How good answers are: whether they hold the evidence, and whether they abstain when they should.

Every figure is over questions, not over the questions that were answered: an answerable question
without an answer counts 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from corpus.document import Page
from corpus.ids import DocId, fingerprint_of
from eval.estimates import (
    DEFAULT_RESAMPLING,
    Estimate,
    Resampling,
    estimate_mean,
    estimate_ratio,
)
from eval.judged_answer import AnswerJudge, JudgedAnswer
from eval.questions import QuestionFile
from eval.step_bar import OnStep
from index.ranking import Mode
from service.engine import Engine
from service.request import Request


@dataclass(frozen=True, slots=True)
class AnswersRequest:
    """How to ask: of one collection or of all, and by which search.

    `limit` takes only the first questions: to see that all works, not to report.
    """

    collection: str | None = None
    mode: Mode = "hybrid"
    rerank: bool = True
    limit: int | None = None
    resampling: Resampling = DEFAULT_RESAMPLING

    @property
    def asking(self) -> Request:
        """The request that goes with every question."""
        filters = (f"collection={self.collection}",) if self.collection else ()
        return Request(filters=filters, mode=self.mode, rerank=self.rerank)


@dataclass(frozen=True, slots=True)
class AnswersReport:
    """Every question with its judged answer, the measures over them, and what made them."""

    judged: tuple[JudgedAnswer, ...]
    estimates: Mapping[str, Estimate]
    settings: Mapping[str, object]
    data: Mapping[str, object]

    @property
    def inexact_quotes(self) -> int:
        """Citations whose quote is not the page text at its offsets; has to be 0."""
        return sum(len(each.answer.citations) - each.exact for each in self.judged)

    def as_json(self) -> dict[str, object]:
        """Return `{"questions", "measures": {name: {"mean", "interval"}}, "settings", "data"}`."""
        answerable = sum(each.question.answerable for each in self.judged)
        unanswerable = len(self.judged) - answerable
        return {
            "questions": {"answerable": answerable, "unanswerable": unanswerable},
            "measures": {name: each.as_json() for name, each in self.estimates.items()},
            "settings": dict(self.settings),
            "data": dict(self.data),
        }


def evaluate_answers(
    file: QuestionFile,
    engine: Engine,
    request: AnswersRequest,
    on_step: OnStep = lambda *_: None,
) -> AnswersReport:
    """Return how well the collection of a home answers the questions of a file.

    Raises: InputError, FilterError, SnapshotError, ModelError, StoreError.
    """
    pages: dict[str, Mapping[int, Page]] = {}

    def pages_of(doc_id: str) -> Mapping[int, Page]:
        if doc_id not in pages:
            pages[doc_id] = engine.store.pages(DocId(doc_id))
        return pages[doc_id]

    judge = AnswerJudge(pages_of)
    judged: list[JudgedAnswer] = []
    questions = file.questions[: request.limit]
    for number, question in enumerate(questions, start=1):
        judged.append(judge.judge(question, engine.ask(question.text, request.asking)))
        on_step("questions", number, len(questions))
    return AnswersReport(
        judged=tuple(judged),
        estimates=summarise(judged, request.resampling),
        settings=_settings(judged, request),
        data=_data(file, engine, request.collection),
    )


def summarise(
    judged: Sequence[JudgedAnswer], resampling: Resampling = DEFAULT_RESAMPLING
) -> dict[str, Estimate]:
    """Return each measure over the questions, with its interval.

    `passage_success@1`, `success@1`, `success@3`, `success_any@3`, `citation_precision` and
    `citation_recall` are means over the answerable questions. `quote_exactness` is over all
    citations and has to be 1. `abstention_precision` is the share of abstentions where the
    question is unanswerable, `abstention_recall` that of unanswerable questions with an abstention.
    """
    answerable = [each for each in judged if each.question.answerable]
    wrong = [float(not each.question.answerable) for each in judged]
    abstained = [float(each.abstained) for each in judged]
    both = [a * b for a, b in zip(wrong, abstained, strict=True)]
    exact = [float(each.exact) for each in judged]
    citations = [float(len(each.answer.citations)) for each in judged]
    means = {
        "passage_success@1": [each.passage_1 for each in answerable],
        "success@1": [each.success_1 for each in answerable],
        "success@3": [each.success_3 for each in answerable],
        "success_any@3": [each.any_3 for each in answerable],
        "citation_precision": [each.precision for each in answerable],
        "citation_recall": [each.recall for each in answerable],
    }
    return {name: estimate_mean(values, resampling) for name, values in means.items()} | {
        "quote_exactness": estimate_ratio(exact, citations, resampling),
        "abstention_precision": estimate_ratio(both, abstained, resampling),
        "abstention_recall": estimate_ratio(both, wrong, resampling),
    }


def _settings(judged: Sequence[JudgedAnswer], request: AnswersRequest) -> dict[str, object]:
    """Return what made the answers, as the receipt of the first one says."""
    receipt = judged[0].answer.receipt
    return {
        "snapshot": receipt.snapshot,
        "embedder": receipt.embedder,
        "reranker": receipt.reranker,
        "generator": receipt.generator,
        "parameters": dict(receipt.parameters),
        "limit": request.limit,
        "resampling": asdict(request.resampling),
    }


def _data(file: QuestionFile, engine: Engine, collection: str | None) -> dict[str, object]:
    """Return which questions were asked of which documents, by checksums."""
    documents = engine.store.documents(collection=collection)
    return {
        "name": file.name,
        "field": file.field,
        "sha256": file.sha256,
        "collection": collection,
        "documents": len(documents),
        "documents_fingerprint": fingerprint_of(
            {"sha256": sorted(document.sha256 for document in documents)}
        ),
    }
