"""What may be asked beside the question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, TypedDict

from corpus.errors import InputError, QuestionError
from index.values.mode import Mode
from service.values.options import Option

MOST_BUDGET_MS = 600_000
Conditions = Sequence[str] | Mapping[str, str | Sequence[str]]

FILTERS = Option(
    "Conditions on documents, which must all match: collection=iscm, date>=2019, publisher!=IOM, "
    "'country in (Chad, Mali)', 'symbol exists'. `=` conditions on one key are alternatives.",
    flags=("--filter", "-f"),
    metavar="K=V",
    example=["collection=default", "date>=2019"],
)


@dataclass(frozen=True, slots=True)
class Request:
    """Options of one question or search.

    The command line, the bodies of HTTP and the clients' keywords are made from the options
    here. `collections` are those that may be searched at all; None is all. `scored`, from a
    receipt, is the number of candidates to read whatever the time.
    """

    passages: Annotated[
        int, Option("Number of passages returned.", flags=("-k", "--passages"), example=10)
    ] = 10
    filters: Annotated[tuple[str, ...], FILTERS] = ()
    mode: Annotated[Mode, Option("Which searches find candidates.")] = "hybrid"
    rerank: Annotated[
        bool,
        Option(
            "Whether the reading model reads and ranks them.",
            switch=("--no-rerank", "Skip the reading model; faster."),
        ),
    ] = True
    collections: tuple[str, ...] | None = None
    as_of: Annotated[
        str | None,
        Option(
            "Answer from the collection as it was then: 2019, 2019-06, 2019-06-30, or a time. "
            "[now].",
            metavar="DATE",
            example="2019-06-30",
        ),
    ] = None
    max_wrong: Annotated[
        float | None,
        Option(
            "Share of answers that may be wrong; a lower share abstains more often. "
            "[CITEWELL_MAX_WRONG, 0.15].",
            metavar="SHARE",
            above=0,
            most=1,
            answers_only=True,
        ),
    ] = None
    generate: Annotated[
        bool,
        Option(
            "Whether the generator, where one is configured, drafts the answer.",
            switch=("--quotes-only", "Do not use the generator, if one is configured."),
            answers_only=True,
        ),
    ] = True
    budget_ms: Annotated[
        float | None,
        Option(
            "Time for retrieval and reading, in milliseconds. [CITEWELL_BUDGET_MS, no limit].",
            metavar="MS",
            least=1,
            most=MOST_BUDGET_MS,
            example=400,
        ),
    ] = None
    scored: int | None = None


class SearchOptions(TypedDict, total=False):
    """The options of a search as the clients' keywords; `Request` says what each is."""

    passages: int
    filters: Conditions
    mode: Mode
    rerank: bool
    as_of: str | None
    budget_ms: float | None


class AskOptions(SearchOptions, total=False):
    """The options of a question as the clients' keywords."""

    max_wrong: float | None
    generate: bool


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
