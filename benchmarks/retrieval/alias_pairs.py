"""Whether a question finds the same whichever name of a thing it uses.

Each pair of `alias_pairs.jsonl` is asked about by its short and by its long name; counted is how
often both answers cite the same first sentence, or, where both abstain, show the same first
passage. Asked of a home with the 74 reports and the 26 briefs.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from service.engine.engine import Engine
from service.settings.environment import read_settings
from service.values.answer import Answer

PAIRS = Path(__file__).with_suffix(".jsonl")


def main() -> int:
    """Measure and print what was found."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.retrieval.alias_pairs", description=__doc__
    )
    parser.add_argument("home", type=Path)
    pairs = [json.loads(line) for line in PAIRS.read_text("utf-8").splitlines()]
    with Engine.open(read_settings(home=parser.parse_args().home), read_only=True) as engine:
        differing = different(engine, pairs)
    same = 1 - len(differing) / len(pairs)
    found = {"pairs": len(pairs), "same": same, "different": differing}
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    return 0 if same >= 0.95 else 1


def different(engine: Engine, pairs: Sequence[Mapping[str, str]]) -> list[str]:
    """Return the short names of the pairs whose two questions begin with another citation."""
    return [
        pair["short"]
        for pair in pairs
        if first_of(engine.ask(pair["question"].format(pair["short"])))
        != first_of(engine.ask(pair["question"].format(pair["long"])))
    ]


def first_of(answer: Answer) -> tuple[object, ...]:
    """Return what an answer shows first: the sentence it cites, or the nearest passage."""
    if answer.citations:
        return answer.citations[0].doc_id, answer.citations[0].spans
    return tuple(passage.passage_id for passage in answer.passages[:1])


if __name__ == "__main__":
    sys.exit(main())
