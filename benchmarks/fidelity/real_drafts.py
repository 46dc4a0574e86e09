"""Drafts of a small real language model over the answers of a home.

    python -m benchmarks.fidelity.real_drafts --home HOME [--questions 100]

Starts llama.cpp's server with SmolLM2-135M-Instruct. Prints what became of its sentences, how long
they took, and the faults, judged by code that shares nothing with the code that proves. Exit 1 if
there is one.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.fidelity.replays import some_questions
from service.answering.generation.generating import generated
from service.answering.generation.openai_compatible import OpenAICompatible
from service.engine.engine import Engine
from service.settings.environment import read_settings
from tests.llama_server import llama_server, why_not
from tests.service.answering.generated_answers import faults_of


def main() -> int:
    """Run the study."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=100)
    given = parser.parse_args()
    if why_not() is not None:
        sys.stderr.write(f"{why_not()}\n")
        return 1
    counts: Counter[str] = Counter()
    seconds: list[float] = []
    faults: list[str] = []
    with Engine.open(read_settings(home=given.home)) as engine, llama_server() as address:
        generator = OpenAICompatible(address, "smollm2", timeout_s=60)
        for question in some_questions(given.questions):
            before = engine.ask(question)
            counts[before.status] += 1
            if before.status == "abstained":
                continue
            began = perf_counter()
            answer = generated(before, generator)
            seconds.append(perf_counter() - began)
            faults += faults_of(answer, before)
            if told := answer.generation:
                counts.update(kept=told.kept, replaced=told.replaced, dropped=told.dropped)
                counts.update(citations_removed=told.citations_removed)
                counts.update(fallback=told.fallback, failed=told.problem is not None)
                counts.update({f"refused for {name}": n for name, n in told.refusals.items()})
    for name, count in counts.most_common():
        sys.stdout.write(f"{count:6,} {name}\n")
    if seconds:
        sys.stdout.write(f"a draft: {median(seconds):.1f} s (median)\n")
    sys.stdout.write(f"{len(faults)} faults\n")
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
