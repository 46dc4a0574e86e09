"""Refusing markup that is nested deeper than anyone writes, before a parser reads it."""

import re

from corpus.errors import ReadError

MOST_LEVELS = 10_000
MESSAGE_TOO_DEEP = "A message whose parts are nested too deep. Save it again."

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements that hold nothing, or whose end is left to the next one.
_NOT_COUNTED = frozenset(
    "area base br col colgroup dd dt embed hr img input li link meta option p source tbody td "
    "tfoot th thead tr track wbr".split()
)


def refuse_deep(markup: str) -> None:
    """Return if no element stands more than 10,000 deep.

    lexbor 2 takes time by the square of the depth: a minute for 200,000 levels.
    Raises: ReadError.
    """
    depth = 0
    for end, name in _TAG.findall(markup):
        if name.lower() in _NOT_COUNTED:
            continue
        depth = max(0, depth - 1) if end else depth + 1
        if depth > MOST_LEVELS:
            raise ReadError(
                f"Markup that is nested more than {MOST_LEVELS} levels deep. "
                "Expected a page that a browser shows; save it again."
            )
