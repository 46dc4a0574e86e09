"""How an evaluation of chunkers looks in a terminal."""

from eval.chunking.chunking_evaluation import ChunkerResult, ChunkingReport
from eval.statistics.estimates import Estimate
from service.cli.printing import printable

_HEADS = {"recall": "recall", "precision": "precision", "precision_omega": "prec.Ω", "iou": "IoU"}
_COLUMN = 14


def chunking_lines(report: ChunkingReport) -> list[str]:
    """Return a table in per cent: mean ± deviation over questions, below it the interval."""
    width = max(len("chunker"), *(len(result.chunker) for result in report.results))
    heads = "".join(f"{head:>{_COLUMN}}" for head in _HEADS.values())
    lines = [f"{'chunker':<{width}}  {'chunks':>6}{heads}"]
    for result in report.results:
        lines += [_means(result, width), _intervals(result, width)]
    lines.append(
        f"{len(report.questions)} questions on {_texts(report)}, {report.settings['top_k']} chunks "
        "retrieved; per cent, mean ± deviation over questions and 95 % interval of the mean"
    )
    lines += [
        f"{result.chunker}: {result.cut} of {result.chunks} chunks are longer than the embedder's "
        "window and were read up to there"
        for result in report.results
        if result.cut
    ]
    return [printable(line) for line in lines]


def _means(result: ChunkerResult, width: int) -> str:
    cells = (
        f"{100 * (each.mean or 0):.1f} ± {100 * result.deviation(name):.1f}"
        for name, each in result.estimates.items()
    )
    shown = "".join(f"{cell:>{_COLUMN}}" for cell in cells)
    return f"{result.chunker:<{width}}  {result.chunks:>6}{shown}"


def _intervals(result: ChunkerResult, width: int) -> str:
    shown = "".join(f"{_interval(each):>{_COLUMN}}" for each in result.estimates.values())
    return f"{'':<{width}}  {'':>6}{shown}"


def _interval(each: Estimate) -> str:
    return (
        ""
        if each.low is None or each.high is None
        else f"[{100 * each.low:.1f}, {100 * each.high:.1f}]"
    )


def _texts(report: ChunkingReport) -> str:
    number = len({question.corpus_id for question in report.questions})
    return f"{number} text" if number == 1 else f"{number} texts"
