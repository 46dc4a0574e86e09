"""How many quotes an answer has."""

from eval.answers.judged_answers import JudgedAnswers
from eval.statistics.estimates import Estimate, estimate_mean


def of_citations(given: JudgedAnswers) -> dict[str, Estimate]:
    """Return the mean number of citations a question."""
    counts = [float(len(each.answer.citations)) for each in given.judged]
    return {"citations": estimate_mean(counts, given.resampling)}
