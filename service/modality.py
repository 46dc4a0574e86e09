"""Whether a text speaks of a plan, a deed or a recommendation, and whether it denies."""

import re
from dataclasses import dataclass

_PLANNED = re.compile(
    r"\b(?:will|shall|would|plans?|planned|planning|intends?|intended|aims?|aimed|"
    r"expects?|expected|envisag\w+|envision\w*|foresee\w*|foreseen|forthcoming|upcoming|future|"
    r"consider(?:s|ed|ing)?|seeks?|propos\w+|draft|target\w*|to be|yet to|anticipat\w+|"
    r"scheduled|pending)\b",
    re.IGNORECASE,
)
_RECOMMENDED = re.compile(
    r"\b(?:should|ought|must|recommend\w*|urg(?:e[sd]?|ing)|encourag\w+|calls? (?:up)?on|"
    r"called (?:up)?on|invit\w+|suggest\w*|advis\w+|needs? to|request\w*)\b",
    re.IGNORECASE,
)
_DONE_ASKED = re.compile(
    r"\b(?:did|was|were|has|have|had)\b|\b(?:adopted|endorsed|completed|launched|established|"
    r"implemented|signed|approved|achieved|spent|received|held)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:no|not|none|never|neither|nor|without|lacks?|lacked|lacking|absence|cannot|unable|"
    r"yet to|fail(?:s|ed)?)\b|n['’]t\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Modality:
    """How a text speaks of its subject: as planned, as recommended, and whether it denies."""

    planned: bool
    recommended: bool
    denied: bool


def modality_of(text: str) -> Modality:
    """Return how a text speaks.

    >>> modality_of("It plans to cooperate, but none is endorsed yet.")
    Modality(planned=True, recommended=False, denied=True)
    """
    return Modality(*(each.search(text) is not None for each in (_PLANNED, _RECOMMENDED, _DENIED)))


def asks_for_a_deed(asked: str) -> bool:
    """Return whether a question asks what was done, not what is planned or recommended."""
    said = modality_of(asked)
    return _DONE_ASKED.search(asked) is not None and not said.planned and not said.recommended
