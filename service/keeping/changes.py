"""A kept answer beside the one that the collection gives now."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.citations.quote_text import as_one_line
from service.receipts.verifying import saved_answer
from service.values.answer import Answer, Citation


@dataclass(frozen=True, slots=True)
class Changes:
    """The outcome then and now; quotes that are new, in both, and not given any more.

    The words decide: a quote is the same in another edition or place.
    """

    status_was: str
    answer: Answer
    new: tuple[Citation, ...]
    same: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def none(self) -> bool:
        """Whether the outcome and the quotes are the same."""
        return self.status_was == self.answer.status and not self.new and not self.left


def changes_between(kept: Mapping[str, object], now: Answer) -> Changes:
    """Return what has changed in the answer to a question since it was kept."""
    was = {as_one_line(each.quote) for each in saved_answer(kept).proofs}
    new = tuple(each for each in now.citations if as_one_line(each.quote) not in was)
    current = {as_one_line(each.quote) for each in now.citations}
    current |= {as_one_line(side.citation.quote) for each in now.conflicts for side in each.sides}
    return Changes(
        str(kept["status"]),
        now,
        new,
        tuple(sorted(was & current)),
        tuple(sorted(was - current)),
    )
