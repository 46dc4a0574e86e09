"""What the reader of a PDF page knows of how well it read it."""

from dataclasses import replace

from corpus.document import PageQuality
from ingest.layout.run import LaidLine
from ingest.quality.page_figures import quality_of
from ingest.readers.pdf.page import PageText

FEWEST_LETTERS = 20

_FEWEST_LINES = 3
_SHARED = 0.5  # of the height of the lower of two columns that stand side by side


def quality_of_page(found: PageText) -> PageQuality:
    """Return the quality of a page, as far as it is known before its words are looked up.

    A page that shows an image, has next to no text and could not be read from the image is
    unreadable, whatever is stamped on it.
    """
    read = found.confidence is not None
    quality = quality_of(found.text, "ocr" if read else "layer", reason=found.doubt)
    if found.doubt and len(found.text) < FEWEST_LETTERS:
        quality = replace(quality, grade="D")
    return replace(
        quality,
        scanned=found.layer and not read,
        ocr_confidence=None if found.confidence is None else round(found.confidence / 100, 4),
        columns=_columns(found) if found.text.strip() else None,
        cut=found.left_out,
    )


def _columns(found: PageText) -> int:
    """Return how many columns of lines stand side by side, at most."""
    lines: dict[int, list[LaidLine]] = {}
    for line in found.lines:
        if line.laid.kind == "text":
            lines.setdefault(line.laid.column, []).append(line.laid)
    columns = [column for column in lines.values() if len(column) >= _FEWEST_LINES]
    if len(columns) < 2:
        return 1
    boxes = list(map(_box, columns))
    return max(_beside(box, boxes) for box in boxes)


def _box(column: list[LaidLine]) -> tuple[float, float, float, float]:
    return (
        min(line.left for line in column),
        min(line.top for line in column),
        max(line.right for line in column),
        max(line.bottom for line in column),
    )


def _beside(
    box: tuple[float, float, float, float], boxes: list[tuple[float, float, float, float]]
) -> int:
    """Return how many of the boxes, itself one of them, stand at the height of a box."""
    count, left, right = 1, box[0], box[2]
    for other in sorted(boxes):
        shared = min(box[3], other[3]) - max(box[1], other[1])
        lower = min(box[3] - box[1], other[3] - other[1])
        if shared > _SHARED * lower and (other[2] <= left or other[0] >= right):
            count += 1
            left, right = min(left, other[0]), max(right, other[2])
    return count
