"""Questions about something else altogether: how many of them a collection claims to answer.

    python -m benchmarks.retrieval.off_topic --home HOME --clapnq FILE --squad FILE [--questions
    150]

Asks answered questions of ClapNQ and SQuAD of a home that holds neither. Prints the share that it
answers, by set, with its interval, why the others are not, and the highest confidences, which are
worth a look: a collection may hold an answer by chance.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from eval.question_sets.questions_clapnq import read_clapnq
from eval.question_sets.questions_squad import read_squad
from eval.statistics.estimates import estimate_mean
from service.engine.engine import Engine
from service.settings.environment import read_settings

SHOWN = 5


def main() -> int:
    """Run the study."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--clapnq", type=Path, required=True)
    parser.add_argument("--squad", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=150)
    given = parser.parse_args()
    sets = {"ClapNQ": read_clapnq(given.clapnq), "SQuAD": read_squad(given.squad)}
    with Engine.open(read_settings(home=given.home)) as engine:
        for name, held in sets.items():
            questions = [each.text for each in held.file.questions if each.answerable]
            some = questions[:: max(1, len(questions) // given.questions)][: given.questions]
            answers = [engine.ask(question) for question in some]
            reasons = Counter(each.reason or "answered" for each in answers)
            share = estimate_mean([float(each.status == "answered") for each in answers])
            sys.stdout.write(
                f"{name}: {reasons['answered']} of {len(some)} answered, {share.mean:.3f} "
                f"[{share.low:.3f}, {share.high:.3f}]; {dict(reasons)}\n"
            )
            surest = sorted(answers, key=lambda each: -(each.confidence or 0.0))[:SHOWN]
            for each in surest:
                sys.stdout.write(f"  {each.confidence or 0.0:.2f} {each.status} {each.question}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
