"""Honest drafts over sentences of the bundled briefs: how much of them is kept.

    python -m benchmarks.fidelity.honest_drafts [--drafts 1000] [--seed 1]

The quotes of a draft are three places of one brief, of one to three sentences each. The draft says
one sentence of each, in their order or (every other draft) in another, whole or without its
connective, a part in brackets or what follows a semicolon. Prints how many sentences were written,
kept, replaced by their quote and left out, and why.
"""

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Sequence

from corpus.briefs import bundled_reports
from ingest.readers.choosing import reader_for
from ingest.text.sentences import sentence_spans
from service.answering.generation.fake import ScriptedGenerator
from service.answering.generation.generating import generated
from service.citations.quote_text import as_one_line
from tests.service.answering.generated_answers import answer_of

_CONNECTIVE = re.compile(r"^(?:However|Also|Furthermore|Moreover|Finally|Therefore), (\w)")
_BRACKET = re.compile(r" \([^()\d]*\)")
_REST = re.compile(r"; .*$")


def sentences_of_briefs() -> list[list[str]]:
    """Return the whole sentences of each bundled brief, in order."""
    briefs = []
    for path in bundled_reports():
        content = path.read_bytes()
        pages = reader_for(content, path.name).read(content).pages
        found = [
            as_one_line(page.text[start:end])
            for page in pages
            for start, end in sentence_spans(page.text)
        ]
        whole = [each for each in found if each[-1:] in ".!?" and len(each.split()) > 4]
        briefs.append([" ".join(each.split()) for each in whole])
    return briefs


def an_honest_draft(
    rng: random.Random, sentences: Sequence[str], *, in_order: bool
) -> tuple[list[str], str]:
    """Return three quotes, and a draft that says a sentence of each."""
    places = sorted(rng.sample(range(0, len(sentences) - 3, 3), 3))
    runs = [sentences[place : place + rng.randint(1, 3)] for place in places]
    said = [(_shortened(rng, rng.choice(run)), n) for n, run in enumerate(runs, start=1)]
    if not in_order:
        rng.shuffle(said)
    return [" ".join(run) for run in runs], "\n".join(f"{text} [{n}]" for text, n in said)


def _shortened(rng: random.Random, sentence: str) -> str:
    if rng.random() < 0.5:
        return sentence
    short = _CONNECTIVE.sub(lambda found: found[1].upper(), sentence)
    return _REST.sub(".", _BRACKET.sub("", short))


def main() -> int:
    """Run the study."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--drafts", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng, briefs = random.Random(given.seed), sentences_of_briefs()
    for in_order in (True, False):
        counts: Counter[str] = Counter()
        for _ in range(given.drafts // 2):
            quotes, draft = an_honest_draft(rng, rng.choice(briefs), in_order=in_order)
            account = generated(answer_of(quotes), ScriptedGenerator(draft)).generation
            assert account is not None
            counts.update(written=3, kept=account.kept, replaced=account.replaced)
            counts.update(dropped=account.dropped)
            counts.update({f"refused: {name}": n for name, n in account.refusals.items()})
        sys.stdout.write(f"{'in' if in_order else 'out of'} order: {json.dumps(counts)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
