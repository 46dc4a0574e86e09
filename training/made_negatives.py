"""Made "not here" examples: the answer taken out, a near passage, a changed question."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence

from eval.question_sets.nearest_texts import NearestTexts
from eval.question_sets.question_passages import holds_item
from ingest.text.sentences import sentence_spans
from training.changed_questions import changes, names_in, swapped_name
from training.examples import Example
from training.reader_pool import Pool, PoolQuestion

_SHORTEST = 200  # characters left after the answer's sentence is taken out
_NEAR = 12
# Its questions fit every privacy policy, so that a near passage answers as well.
_ANY_PASSAGE_ANSWERS = frozenset({"policyqa"})


def without_answer(question: PoolQuestion, passage: str) -> Example | None:
    """Return the passage without the sentences that its answers stand in.

    None where the rest is short or still holds an answer's words.
    """
    spans = [(start, start + len(text)) for start, text in question.answers]
    kept = [
        passage[low:high]
        for low, high in sentence_spans(passage)
        if not any(low < end and start < high for start, end in spans)
    ]
    rest = " ".join(kept)
    if len(rest) < _SHORTEST or holds_answer(rest, question):
        return None
    return Example(question.question, rest, None, None, "sentence removed")


def holds_answer(text: str, question: PoolQuestion) -> bool:
    """Return whether the words of one of the answers stand in the text, whatever the case."""
    return holds_item(text, (answer.strip() for _, answer in question.answers))


def near_passages(
    pool: Pool, questions: Sequence[PoolQuestion], kind: str = "near passage"
) -> Iterator[Example]:
    """Yield for each question the nearest passage by its words that lacks the answer.

    Passages are those of the same source that questions of the same side are on.
    """
    by_source: dict[str, dict[str, None]] = defaultdict(dict)
    for question in questions:
        by_source[question.source][question.passage_id] = None
    ids = {source: list(found) for source, found in by_source.items()}
    nearest = {
        source: NearestTexts([pool.passages[each] for each in found])
        for source, found in ids.items()
        if source not in _ANY_PASSAGE_ANSWERS
    }
    for question in questions:
        if not question.answers or question.source not in nearest:
            continue
        for row in nearest[question.source].nearest(question.question, _NEAR):
            other = ids[question.source][row]
            text = pool.passages[other]
            if other != question.passage_id and not holds_answer(text, question):
                yield Example(question.question, text, None, None, kind)
                break


def off_topic(pool: Pool, questions: Sequence[PoolQuestion], draw: random.Random) -> list[Example]:
    """Return each answerable question on a passage drawn from all: about something else."""
    passages = sorted({question.passage_id for question in questions})
    found: list[Example] = []
    for question in questions:
        text = pool.passages[draw.choice(passages)]
        if question.answers and not holds_answer(text, question):
            found.append(Example(question.question, text, None, None, "off topic"))
    return found


def changed(pool: Pool, questions: Sequence[PoolQuestion], draw: random.Random) -> list[Example]:
    """Return each answerable question changed in every way it allows, on its own passage."""
    found: list[Example] = []
    for question in questions:
        passage = pool.passages[question.passage_id]
        answers = tuple(text for _, text in question.answers)
        if not answers:
            continue
        for kind, text in changes(question.question, passage, answers, draw):
            found.append(Example(text, passage, None, None, f"changed {kind}"))
    return found


def swapped(pool: Pool, questions: Sequence[PoolQuestion], draw: random.Random) -> list[Example]:
    """Return questions with a name of another passage's question of the same source in them."""
    names: dict[str, list[str]] = defaultdict(list)
    for question in questions:
        names[question.source].extend(names_in(question.question))
    found: list[Example] = []
    for question in questions:
        if not question.answers or not names[question.source]:
            continue
        passage = pool.passages[question.passage_id]
        others = [
            o for o in draw.sample(names[question.source], k=min(8, len(names))) if o not in passage
        ]
        answers = tuple(text for _, text in question.answers)
        text = swapped_name(question.question, others, answers, draw)
        if text is not None and text != question.question:
            found.append(Example(text, passage, None, None, "swapped entity"))
    return found
