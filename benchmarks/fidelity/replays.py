"""Answers asked again: after a restart, after more documents, after a restore from a bundle.

    python -m benchmarks.fidelity.replays --home HOME [--questions 200] [--more 50]

Works on a copy of the home. Prints how many answers are equal at each step, and what differs.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Any

from service.collection.bundling import export_bundle
from service.collection.importing import import_bundle
from service.collection.ingest_report import IngestRequest
from service.collection.publishing import publish
from service.engine.engine import Engine
from service.settings.environment import read_settings
from service.settings.settings import Settings

QUESTIONS = Path(__file__).parents[2] / "eval" / "questions"


def one_in_so_many(count: int, *names: str) -> list[dict[str, Any]]:
    """Return `count` questions of the files with these names, spread over all of them."""
    lines = [
        json.loads(line)
        for name in names
        for line in (QUESTIONS / name).read_text("utf-8").splitlines()
        if line.strip()
    ]
    return lines[:: max(1, len(lines) // count)][:count]


def some_questions(count: int) -> list[str]:
    """Return questions of the train and dev files, one in so many, in both wordings by turns."""
    wordings = ("question", "scoped_question")
    chosen = enumerate(one_in_so_many(count, "train.jsonl", "dev.jsonl"))
    return [str(line.get(wordings[n % 2]) or line["question"]) for n, line in chosen]


def replayed(
    name: str, answers: Sequence[Mapping[str, Any]], settings: Settings
) -> tuple[str, int]:
    """Replay the answers in an engine opened anew; return the step and how many are equal."""
    equal, began = 0, perf_counter()
    with Engine.open(settings) as engine:
        for answer in answers:
            found = engine.replay(answer)
            equal += found.equal
            if not found.equal:
                sys.stderr.write(f"{name}: {answer['question']}: {found.differences[:3]}\n")
    sys.stdout.write(f"{name}: {equal} of {len(answers)} equal ({perf_counter() - began:.0f} s)\n")
    sys.stdout.flush()
    return name, equal


def main() -> int:
    """Run the study; exit 1 unless every answer is equal at every step."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--more", type=int, default=50)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "home"
        shutil.copytree(given.home, copy)
        settings = read_settings(home=copy)
        with Engine.open(settings) as engine:
            answers = [
                json.loads(json.dumps(asdict(engine.ask(question))))
                for question in some_questions(given.questions)
            ]
        answered = sum(answer["status"] == "answered" for answer in answers)
        sys.stdout.write(f"{len(answers)} answers, {answered} answered, the rest abstain\n")
        export_bundle(Path(folder) / "bundle.zip", settings)
        counts = [replayed("restart", answers, settings)]
        for number in range(given.more):
            file = Path(folder) / f"more-{number}.txt"
            file.write_text(f"{answers[number % len(answers)]['question']} Nobody knows {number}.")
            publish(IngestRequest([str(file)], None, {}), settings)
        counts.append(replayed(f"{given.more} more documents", answers, settings))
        restored = read_settings(home=Path(folder) / "restored")
        restored.home.mkdir()
        import_bundle(Path(folder) / "bundle.zip", restored)
        counts.append(replayed("restored from a bundle", answers, restored))
    return 0 if all(equal == len(answers) for _, equal in counts) else 1


if __name__ == "__main__":
    sys.exit(main())
