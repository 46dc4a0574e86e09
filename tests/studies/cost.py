"""What a question costs with a span finder and without: processor time, asked in turn.

    python -m tests.studies.cost --home HOME [--questions 25]

Asks every so many dev questions, naming their report, with models loaded and one thread. Without a
span finder the cross-encoder scores the sentences of six passages.
"""

import argparse
import sys
from pathlib import Path
from statistics import median
from time import process_time

from service.engine import Engine
from service.models import Models
from service.request import Request
from service.settings import read_settings
from tests.studies.replays import one_in_so_many

Row = tuple[float, float, bool]


def asked(engine: Engine, question: str) -> tuple[float, bool]:
    """Return milliseconds of processor time, and whether the question is in parts."""
    began = process_time()
    answer = engine.ask(question, Request())
    return 1e3 * (process_time() - began), bool(answer.understood.parts)


def told(name: str, rows: list[Row]) -> str:
    """Return medians and the ratio of the sums."""
    with_it, without = [row[0] for row in rows], [row[1] for row in rows]
    return (
        f"{name} ({len(rows)}): {median(with_it):.0f} ms with, {median(without):.0f} ms without "
        f"(medians); in sum {sum(with_it) / sum(without) - 1:+.1%}"
    )


def main() -> int:
    """Run the study. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="the reports and the briefs")
    parser.add_argument("--questions", type=int, default=25)
    given = parser.parse_args()
    chosen = one_in_so_many(given.questions, "dev.jsonl")
    questions = [str(each["scoped_question"]) for each in chosen]
    settings = read_settings(home=given.home, threads=1)
    models = Models.open(settings)
    rows: list[Row] = []
    with (
        Engine.open(settings, models=models, read_only=True) as first,
        Engine.open(settings, models=models.for_search, read_only=True) as second,
    ):
        for engine in (first, second):
            asked(engine, questions[0])
        for question in questions:
            (with_it, in_parts), (without, _) = asked(first, question), asked(second, question)
            rows.append((with_it, without, in_parts))
    of_each = {
        "all": rows,
        "one thing": [row for row in rows if not row[2]],
        "in parts": [row for row in rows if row[2]],
    }
    for name, some in of_each.items():
        if some:
            sys.stdout.write(told(name, some) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
