"""How good answers are: whether they hold the evidence, and whether they abstain when they should.

Every figure is over questions, not over the questions that were answered: an answerable question
without an answer counts 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Literal

from corpus.document import Page
from corpus.ids import DocId, fingerprint_of
from eval.answers.answer_measures import Curves, curves_of, summarise
from eval.answers.answer_scores import scores_of
from eval.answers.judged_answer import AnswerJudge, JudgedAnswer
from eval.answers.judged_answers import DEFAULT_COVERAGES
from eval.question_sets.questions import QuestionFile
from eval.statistics.estimates import DEFAULT_RESAMPLING, Estimate, Resampling
from index.values.mode import Mode
from service.answering.conversation import Turn
from service.cli.step_bar import OnStep
from service.engine.engine import Engine
from service.values.request import Request

if TYPE_CHECKING:
    from pandas import DataFrame

NO_KIND = "(none)"


@dataclass(frozen=True, slots=True)
class AnswersRequest:
    """How to ask: of one collection or of all, and by which search.

    `limit` takes only the first questions: to see that all works, not to report. `coverages` are
    those of each `selective_error@X`; `by` measures each kind of question apart too. `max_wrong` is
    the share of answers that may be wrong; None is that of the settings.
    """

    collection: str | None = None
    mode: Mode = "hybrid"
    rerank: bool = True
    limit: int | None = None
    resampling: Resampling = DEFAULT_RESAMPLING
    coverages: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_COVERAGES))
    by: Literal["kind"] | None = None
    max_wrong: float | None = None

    @property
    def asking(self) -> Request:
        """The request that goes with every question."""
        filters = (f"collection={self.collection}",) if self.collection else ()
        return Request(
            filters=filters, mode=self.mode, rerank=self.rerank, max_wrong=self.max_wrong
        )


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one kind, and the measures over them."""

    judged: tuple[JudgedAnswer, ...]
    estimates: Mapping[str, Estimate]

    def as_json(self) -> dict[str, object]:
        """Return `{"questions", "measures"}` without measures that have nothing to count."""
        return {
            "questions": _counts(self.judged),
            "measures": {
                name: each.as_json()
                for name, each in self.estimates.items()
                if each.mean is not None
            },
        }


@dataclass(frozen=True, slots=True)
class AnswersReport:
    """Every question with its judged answer, the measures over them, and what made them.

    `groups` are the kinds of question, by name, where they were asked for.
    """

    judged: tuple[JudgedAnswer, ...]
    estimates: Mapping[str, Estimate]
    settings: Mapping[str, object]
    data: Mapping[str, object]
    curves: Curves = field(default_factory=Curves)
    groups: Mapping[str, Group] = field(default_factory=dict)

    @property
    def inexact_quotes(self) -> int:
        """Citations whose quote is not the page text at its offsets; has to be 0."""
        return sum(len(each.answer.citations) - each.exact for each in self.judged)

    def as_json(self) -> dict[str, object]:
        """Return `{"questions", "measures": {name: {"mean", "interval"}}, "settings", "data"}`.

        With scores `risk_coverage` is there too, with confidences `reliability`, and `by_kind`
        where it was asked for.
        """
        by_kind = {name: group.as_json() for name, group in self.groups.items()}
        return {
            "questions": _counts(self.judged),
            "measures": {name: each.as_json() for name, each in self.estimates.items()},
            **self.curves.as_json(),
            **({"by_kind": by_kind} if by_kind else {}),
            "settings": dict(self.settings),
            "data": dict(self.data),
        }

    def to_frame(self) -> DataFrame:
        """Return a pandas table with a row a measure: mean, low, high. Raises: InputError."""
        from eval.statistics.frames import frame_of_estimates

        return frame_of_estimates(self.estimates)

    def per_question(self) -> DataFrame:
        """Return a pandas table with a row a question. Raises: InputError without pandas."""
        from eval.statistics.frames import frame_of

        columns = (
            "question kind answerable status answer success_1 success_3 citation_precision "
            "citation_recall item_recall right"
        ).split()
        rows = [
            (
                *(each.question.text, each.question.kind, each.question.answerable),
                *(each.answer.status, each.answer.answer, each.success_1, each.success_3),
                *(each.precision, each.recall, each.item_recall, each.right),
            )
            for each in self.judged
        ]
        ids = [each.question.question_id for each in self.judged]
        return frame_of(rows, columns, index=ids, index_name="question_id")


def evaluate_answers(
    file: QuestionFile,
    engine: Engine,
    request: AnswersRequest,
    on_step: OnStep = lambda *_: None,
) -> AnswersReport:
    """Return how well the collection of a home answers the questions of a file.

    Raises: InputError, FilterError, SnapshotError, ModelError, StoreError.
    """
    judged = judged_answers(file, engine, request, on_step)
    summaries = {
        kind: Group(each, summarise(each, request.resampling, request.coverages))
        for kind, each in (_by_kind(judged) if request.by else {}).items()
    }
    return AnswersReport(
        judged=judged,
        estimates=summarise(judged, request.resampling, request.coverages),
        settings=settings_of(judged, request),
        data=data_of(file, judged, engine, request.collection),
        curves=curves_of(judged),
        groups=summaries,
    )


def judged_answers(
    file: QuestionFile,
    engine: Engine,
    request: AnswersRequest,
    on_step: OnStep = lambda *_: None,
) -> tuple[JudgedAnswer, ...]:
    """Ask the questions and return each answer, judged. Raises as `evaluate_answers`."""
    return tuple(judged for judged, _ in considered_answers(file, engine, request, on_step))


def considered_answers(
    file: QuestionFile,
    engine: Engine,
    request: AnswersRequest,
    on_step: OnStep = lambda *_: None,
) -> tuple[tuple[JudgedAnswer, float | None], ...]:
    """Return each answer, judged, with the margin of its best quote. Otherwise as above."""
    pages: dict[str, Mapping[int, Page]] = {}

    def pages_of(doc_id: str) -> Mapping[int, Page]:
        if doc_id not in pages:
            pages[doc_id] = engine.store.pages(DocId(doc_id))
        return pages[doc_id]

    judge = AnswerJudge(pages_of)
    found: list[tuple[JudgedAnswer, float | None]] = []
    questions = file.questions[: request.limit]
    for number, question in enumerate(questions, start=1):
        turns = [Turn("user", text) for text in (*question.turns, question.text)]
        text = engine.spelled_out(turns) if question.turns else question.text
        considered = engine.consider(text, request.asking)
        found.append((judge.judge(question, considered.answer), considered.margin))
        on_step("questions", number, len(questions))
    return tuple(found)


def _by_kind(judged: Sequence[JudgedAnswer]) -> dict[str, tuple[JudgedAnswer, ...]]:
    """Return the questions of each kind, kinds in order; those without one are `(none)`."""
    kinds = sorted({each.question.kind or NO_KIND for each in judged})
    return {
        kind: tuple(each for each in judged if (each.question.kind or NO_KIND) == kind)
        for kind in kinds
    }


def _counts(judged: Sequence[JudgedAnswer]) -> dict[str, int]:
    answerable = sum(each.question.answerable for each in judged)
    return {"answerable": answerable, "unanswerable": len(judged) - answerable}


def settings_of(judged: Sequence[JudgedAnswer], request: AnswersRequest) -> dict[str, object]:
    """Return what made the answers, as the receipt of the first one says."""
    receipt = judged[0].answer.receipt
    scores = scores_of(judged)
    return {
        "snapshot": receipt.snapshot,
        "embedder": receipt.embedder,
        "reranker": receipt.reranker,
        "generator": receipt.generator,
        "parameters": dict(receipt.parameters),
        "score": scores.name if scores else None,
        "limit": request.limit,
        "resampling": asdict(request.resampling),
    }


def data_of(
    file: QuestionFile, judged: Sequence[JudgedAnswer], engine: Engine, collection: str | None
) -> dict[str, object]:
    """Return which questions were asked of which documents, by checksums.

    `items_not_in_evidence` are those that `item_recall` leaves out: `yes` is in no quote.
    """
    documents = engine.store.documents(collection=collection)
    return {
        "name": file.name,
        "field": file.field,
        "sha256": file.sha256,
        "items": sum(each.items for each in judged),
        "items_not_in_evidence": sum(len(e.question.answers) - e.items for e in judged),
        "collection": collection,
        "documents": len(documents),
        "documents_fingerprint": fingerprint_of(
            {"sha256": sorted(document.sha256 for document in documents)}
        ),
    }
