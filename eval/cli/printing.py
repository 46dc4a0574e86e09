"""How evaluations look in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from eval.statistics.estimates import Estimate
from service.cli.printing import printable

if TYPE_CHECKING:
    from eval.answers.answers import AnswersReport, Group
    from eval.answers.checking import StoreCheck
    from eval.answers.judged_answer import JudgedAnswer
    from eval.retrieval.retrieval_report import RetrievalReport

SHOWN_PROBLEMS = 20
SHOWN_QUERIES = 5


def retrieval_lines(report: RetrievalReport) -> list[str]:
    """Return the measures of a run, and the judged queries that it left out."""
    lines = estimate_lines(report.estimates)
    lines.append(f"{len(report.measured.query_ids)} queries")
    if cut := report.settings.get("documents_cut"):
        lines.append(
            f"{cut} documents are longer than the embedder's window and were read up to there "
            "(--chunked reads all)"
        )
    if unanswered := report.measured.unanswered:
        lines.append(
            f"{len(unanswered)} of them without a document, counted 0: {_first_ids(unanswered)}"
        )
    if unjudged := report.measured.unjudged:
        lines.append(
            f"{len(unjudged)} queries of the run without a judgement, counted nowhere: "
            f"{_first_ids(unjudged)}"
        )
    return lines


def _first_ids(query_ids: Sequence[str]) -> str:
    shown = ", ".join(printable(each) for each in query_ids[:SHOWN_QUERIES])
    rest = len(query_ids) - SHOWN_QUERIES
    return f"{shown} and {rest} more" if rest > 0 else shown


def answers_lines(report: AnswersReport, *, verbose: bool) -> list[str]:
    """Return the measures of the answers; `verbose` puts a line a question before them."""
    questions = [_question_line(each) for each in report.judged] if verbose else []
    header = [f"{'question':<14} s@1 s@3  prec   rec  answer"] if verbose else []
    answerable = sum(each.question.answerable for each in report.judged)
    return [
        *header,
        *questions,
        *estimate_lines(report.estimates),
        *group_lines(report.groups),
        f"{answerable} answerable questions, {len(report.judged) - answerable} unanswerable",
    ]


def group_lines(groups: Mapping[str, Group]) -> list[str]:
    """Return a block for each kind of question: its name and count, then its measures."""
    lines: list[str] = []
    for name, group in groups.items():
        found = {name: each for name, each in group.estimates.items() if each.mean is not None}
        lines += ["", f"{printable(name)}, {len(group.judged)} questions", *estimate_lines(found)]
    return [*lines, ""] if lines else []


def check_lines(check: StoreCheck) -> list[str]:
    """Return how many chunks stand word for word on their pages, and the first that do not."""
    share = "nothing to check" if check.share is None else f"{check.share:.2%}"
    lines = [
        f"{check.exact:,} of {check.chunks:,} chunks of {check.documents:,} documents equal "
        f"their page text: {share}"
    ]
    lines += [
        f"{wrong.doc_id} {wrong.chunk_id}: {wrong.problem}"
        for wrong in check.wrong[:SHOWN_PROBLEMS]
    ]
    return lines


def estimate_lines(estimates: Mapping[str, Estimate]) -> list[str]:
    """Return a line a measure: its name, mean and interval."""
    width = max(map(len, estimates), default=0)
    return [f"{name:<{width}}  {_shown(each)}" for name, each in estimates.items()]


def _shown(estimate: Estimate) -> str:
    if estimate.mean is None or estimate.low is None or estimate.high is None:
        return "nothing to count"
    return f"{estimate.mean:.3f}  [{estimate.low:.3f}, {estimate.high:.3f}]"


def _question_line(judged: JudgedAnswer) -> str:
    name = printable(judged.question.question_id)
    answer = judged.answer
    status = f"{answer.status}: {answer.reason}" if answer.reason else answer.status
    if not judged.question.answerable:
        return f"{name:<14} {'unanswerable':<20}  {status}"
    return (
        f"{name:<14} {judged.success_1:3.0f} {judged.success_3:3.0f} "
        f"{judged.precision:5.2f} {judged.recall:5.2f}  {status}"
    )
