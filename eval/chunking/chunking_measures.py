"""Token-level recall, precision and IoU of retrieved chunks, as published for chunking.

The published figures count characters of the text, which stand for its tokens.

*Source:* Smith and Troynikov 2024, Evaluating chunking strategies for retrieval, Chroma technical
report, and the evaluation that was published with it.
"""

from collections.abc import Iterable, Sequence

Range = tuple[int, int]

MEASURES = ("recall", "precision", "precision_omega", "iou")


def chunking_scores(
    references: Sequence[Range], retrieved: Sequence[Range], elsewhere: int
) -> dict[str, float]:
    """Return recall, precision and IoU of the chunks retrieved for one question.

    `references` are the ranges that answer it, `retrieved` the chunks of the same text, each 1
    character or longer; `elsewhere` is the length of those retrieved from other texts.

    With R the references and C the chunks: recall |R ∩ C| / |R|, precision |R ∩ C| / Σ|chunk|, a
    chunk's length counting again where chunks overlap, and IoU |R ∩ C| / (Σ|chunk| + |R \\ C|).
    Example: reference 0:10, chunks 5:15 and 20:30: recall 0.5, precision 5/20, IoU 5/25.
    """
    found = length_of(union(_intersections(references, retrieved)))
    chunks = length_of(retrieved) + elsewhere
    missed = length_of(missing(references, retrieved))
    return {
        "recall": found / length_of(references),
        "precision": found / chunks if chunks else 0.0,
        "iou": found / (chunks + missed) if chunks + missed else 0.0,
    }


def precision_omega(references: Sequence[Range], chunks: Sequence[Range]) -> float:
    """Return the precision if all that answers a question, and nothing else, were retrieved.

    |R ∩ C| / |C ∪ R| over the chunks C of the text that meet a reference, one that only touches
    it included: the best that a chunker allows. 0 where no chunk meets one.
    """
    meeting = [
        chunk
        for chunk in chunks
        if any(max(chunk[0], start) <= min(chunk[1], end) for start, end in references)
    ]
    found = length_of(union(_intersections(references, meeting)))
    whole = length_of(union([*meeting, *missing(references, meeting)]))
    return found / whole if whole else 0.0


def union(ranges: Iterable[Range]) -> list[Range]:
    """Return the ranges joined where they overlap or touch, in order."""
    joined: list[Range] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def missing(references: Iterable[Range], chunks: Iterable[Range]) -> list[Range]:
    """Return what of each reference is in no chunk."""
    covered = union(chunks)
    left: list[Range] = []
    for start, end in references:
        at = start
        for low, high in covered:
            if high <= at or low >= end:
                continue
            if low > at:
                left.append((at, low))
            at = max(at, high)
        if at < end:
            left.append((at, end))
    return left


def length_of(ranges: Iterable[Range]) -> int:
    """Return the sum of the ranges' lengths."""
    return sum(end - start for start, end in ranges)


def _intersections(first: Iterable[Range], second: Iterable[Range]) -> list[Range]:
    others = list(second)
    pairs = ((max(a, c), min(b, d)) for a, b in first for c, d in others)
    return [(low, high) for low, high in pairs if low < high]
