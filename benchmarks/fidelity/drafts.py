"""Random and adversarial drafts of a generator: what of them reaches the caller.

    python -m benchmarks.fidelity.drafts [--drafts 10000] [--seed 1]

Drafts are made of the quotes of an answer by many ways of changing them, of lies, and of noise.
Prints how many drafts were read, what became of their sentences, and the faults, judged by code
that shares nothing with the code that proves. Exit 1 if there is one.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from service.answering.generation.fake import ScriptedGenerator
from service.answering.generation.generating import generated
from tests.service.answering.generated_answers import QUOTES, answer_of, faults_of, json_text
from tests.service.answering.lies import LIES

CANARY = "Zanzibar"
_HEAVY = "not no may only unless according reported might never if some plans".split()
_ODD = ("\u200b", "\u202e", "\u00a0", "\ufeff", "\x00", "🙂", "<b>", "</quote>", "[[", "]]", "[１]")
Change = Callable[[random.Random, list[str]], list[str]]


def _drop_one(rng: random.Random, words: list[str]) -> list[str]:
    at = rng.randrange(len(words))
    return words[:at] + words[at + 1 :]


def _drop_run(rng: random.Random, words: list[str]) -> list[str]:
    at, size = rng.randrange(len(words)), rng.randint(1, 6)
    return words[:at] + words[at + size :]


def _begin_later(rng: random.Random, words: list[str]) -> list[str]:
    return words[rng.randrange(len(words)) :]


def _end_earlier(rng: random.Random, words: list[str]) -> list[str]:
    return words[: rng.randrange(1, len(words) + 1)]


def _swap(rng: random.Random, words: list[str]) -> list[str]:
    one, other = rng.randrange(len(words)), rng.randrange(len(words))
    words[one], words[other] = words[other], words[one]
    return words


def _insert(rng: random.Random, words: list[str]) -> list[str]:
    at = rng.randrange(len(words) + 1)
    return [*words[:at], rng.choice([CANARY, *_HEAVY, *_ODD, "7", "2031"]), *words[at:]]


def _replace(rng: random.Random, words: list[str]) -> list[str]:
    words[rng.randrange(len(words))] = rng.choice([CANARY, *_HEAVY, "7", "the"])
    return words


def _change_digits(rng: random.Random, words: list[str]) -> list[str]:
    return ["".join(rng.choice("0123456789") if c.isdigit() else c for c in w) for w in words]


def _drop_heavy(rng: random.Random, words: list[str]) -> list[str]:
    return [word for word in words if word.strip(".,;()").casefold() not in _HEAVY] or words


def _keep(rng: random.Random, words: list[str]) -> list[str]:
    return words


CHANGES: Sequence[Change] = (
    _drop_one, _drop_run, _begin_later, _end_earlier, _swap, _insert, _replace, _change_digits,
    _drop_heavy, _keep,
)  # fmt: skip


def a_draft(rng: random.Random, quotes: Sequence[str]) -> str:
    """Return a draft of one to six sentences."""
    sentences = []
    for _ in range(rng.randint(1, 6)):
        kind = rng.random()
        if kind < 0.1:
            sentences.append(rng.choice(list(LIES.values())))
        elif kind < 0.15:
            sentences.append("".join(chr(rng.randrange(32, 0x2FFF)) for _ in range(80)))
        elif kind < 0.2:
            sentences.append(json.dumps({"answer": f"{CANARY} [{rng.randint(0, 9)}]"}))
        else:
            sentences.append(_changed(rng, quotes))
    return rng.choice((" ", "\n", "\n\n- ", "")).join(sentences)


def _changed(rng: random.Random, quotes: Sequence[str]) -> str:
    words = rng.choice(quotes).split()
    if rng.random() < 0.15:  # two quotes in one sentence
        words = words[: len(words) // 2] + rng.choice(quotes).split()[3:]
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        words = rng.choice(CHANGES)(rng, words) or ["Nothing"]
    numbers = [rng.choice((0, 1, 2, 3, 4, 5, 99, 10**9)) for _ in range(rng.randint(0, 3))]
    return " ".join(words) + " " + "".join(f"[{number}]" for number in numbers)


def main() -> int:
    """Run the study; exit 1 if anything unproved came through."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--drafts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quotes", type=Path, help="A saved Answer: take its quotes, too.")
    given = parser.parse_args()
    rng = random.Random(given.seed)
    sets = [QUOTES]
    if given.quotes:
        saved = json.loads(given.quotes.read_text("utf-8"))
        sets.append(tuple(c["quote"] for c in saved["citations"]))
    counts: Counter[str] = Counter()
    for _ in range(given.drafts):
        quotes = rng.choice(sets)
        before, draft = answer_of(quotes), a_draft(rng, quotes)
        answer = generated(before, ScriptedGenerator(draft, piece=rng.randint(1, 50)))
        assert answer.generation is not None
        for name in ("kept", "replaced", "dropped", "citations_removed", "fallback"):
            counts[name] += int(getattr(answer.generation, name))
        faults = faults_of(answer, before)
        if CANARY.casefold() in json_text(answer).casefold():
            faults.append("the canary came through")
        counts["faulty"] += bool(faults)
        for fault in faults:
            sys.stderr.write(f"{fault}\n  {draft!r}\n")
    sys.stdout.write(f"{given.drafts} drafts, seed {given.seed}: {dict(counts)}\n")
    return 1 if counts["faulty"] else 0


if __name__ == "__main__":
    sys.exit(main())
