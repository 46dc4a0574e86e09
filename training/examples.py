"""What the span finder is trained on: a question, a passage, and the answer's place or none."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

_ON_REPORTS = re.compile(r"\b(?:own|judged|part|other report)\b")


@dataclass(frozen=True, slots=True)
class Example:
    """One question on one passage.

    `start` and `end` are half-open code points of `passage`; both None where it does not answer.
    `kind` is what the mixture is measured in: `answer.SOURCE`, or the kind of "not here".
    """

    question: str
    passage: str
    start: int | None
    end: int | None
    kind: str

    @property
    def answerable(self) -> bool:
        """Whether the passage answers."""
        return self.start is not None

    @property
    def on_a_report(self) -> bool:
        """Whether the passage is of our reports, not of the public pool."""
        return _ON_REPORTS.search(self.kind) is not None


def write_examples(path: Path, examples: Iterable[Example]) -> None:
    """Write one JSON object a line."""
    with path.open("w", encoding="utf-8") as file:
        for example in examples:
            file.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")


def read_examples(path: Path) -> Iterator[Example]:
    """Yield what `write_examples` wrote."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield Example(**json.loads(line))
