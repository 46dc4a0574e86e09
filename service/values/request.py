"""What may be asked beside the question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.errors import InputError, QuestionError
from index.values.ranking import Mode

MOST_BUDGET_MS = 600_000
Conditions = Sequence[str] | Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Request:
    """Options of one question or search.

    `passages` is the number of passages returned. `filters` are conditions such as `key=value` or
    `date>=2019`; all must match, and `=` conditions on one key are alternatives. `collections` are
    those that may be searched at all; None is all. `as_of` is a date (`2019`, `2019-06`,
    `2019-06-30`) or a time to answer from; None is now. `max_wrong` is the share of answers that
    may be wrong; None is that of the settings. `generate` says whether a configured generator
    drafts the answer. `budget_ms` is the time for retrieval and reranking; None is no limit.
    `scored`, from a receipt, is the number of candidates to rerank whatever the time.
    """

    passages: int = 10
    filters: tuple[str, ...] = ()
    mode: Mode = "hybrid"
    rerank: bool = True
    collections: tuple[str, ...] | None = None
    as_of: str | None = None
    max_wrong: float | None = None
    generate: bool = True
    budget_ms: float | None = None
    scored: int | None = None


DEFAULT_REQUEST = Request()


def filter_texts(filters: Conditions) -> tuple[str, ...]:
    """Return filters as `key=value` texts.

    >>> filter_texts({"collection": "default", "date": ["2018", "2019"]})
    ('collection=default', 'date=2018', 'date=2019')
    >>> filter_texts({"date>=": "2019"})
    ('date>=2019',)
    """
    if not isinstance(filters, Mapping):
        return tuple(filters)
    return tuple(
        f"{key}{value}" if key.endswith(("=", "<", ">")) else f"{key}={value}"
        for key, values in filters.items()
        for value in ([values] if isinstance(values, str) else values)
    )


def checked_question(text: str, *, max_characters: int) -> str:
    """Return the question without surrounding space.

    Raises: QuestionError if it is longer than `max_characters` or has no letter or digit.
    """
    question = text.strip()
    if len(question) > max_characters:
        raise QuestionError(
            f"The question has {len(question):,} characters; at most {max_characters:,} are read. "
            "Ask one question in a sentence or two."
        )
    if not question:
        raise QuestionError("The question is empty; write it in plain words.")
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise QuestionError("The question holds half of a surrogate pair; send it as UTF-8 text.")
    if not any(character.isalnum() for character in question):
        raise QuestionError(
            f"The question {question[:40]!r} has no letter or digit; write it in plain words."
        )
    return question


def checked_max_wrong(share: float | None) -> float | None:
    """Return the share of answers that may be wrong. Raises: InputError if it is not in (0, 1]."""
    if share is not None and not 0 < share <= 1:
        raise InputError(
            f"Found {share:g} as the share of answers that may be wrong; expected above 0 and up "
            "to 1, such as 0.05. 1 answers whatever the confidence."
        )
    return share


def checked_budget(budget_ms: float | None) -> None:
    """Raises: InputError if there is a budget and it is not in 1..`MOST_BUDGET_MS`."""
    if budget_ms is not None and not 1 <= budget_ms <= MOST_BUDGET_MS:
        raise InputError(
            f"Found a budget of {budget_ms} ms; expected a number from 1 to {MOST_BUDGET_MS}."
        )


def checked_passages(count: int, *, most: int) -> int:
    """Return the number of passages. Raises: InputError if it is not in 1..`most`."""
    if not 1 <= count <= most:
        raise InputError(f"Found {count} passages asked for; expected a number from 1 to {most}.")
    return count
