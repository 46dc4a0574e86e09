"""What a sentence gives of a body that two documents may give differently, and when they do."""

from dataclasses import dataclass
from typing import Literal

from service.answering.conflicts.member_names import same_names

Kind = Literal["count", "date", "list"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A number, a founding year, or a whole list of names that a sentence gives of a body.

    `subject` is the body's name, `also` its short one where the sentence gives it in brackets,
    `attribute` the thing counted or listed, or the founding verb. `more`: the number is only known
    to be above `value`. `names` are those of a list, as they are said.
    """

    kind: Kind
    subject: str
    attribute: str
    value: int = 0
    more: bool = False
    names: tuple[str, ...] = ()
    also: str = ""

    @property
    def key(self) -> tuple[Kind, str, str]:
        """What is given, of which body."""
        return self.kind, self.subject.casefold(), self.attribute

    @property
    def shown(self) -> str:
        """The value for reading."""
        if self.kind == "list":
            return f"{', '.join(self.names[:-1])} and {self.names[-1]}"
        return f"over {self.value}" if self.more else str(self.value)

    def differs(self, other: "Fact") -> bool:
        """Return whether both cannot hold of one thing at one time."""
        if (self.kind, self.attribute) != (other.kind, other.attribute) or not self._is_of(other):
            return False
        if self.kind == "list":
            return not same_names(self.names, other.names)
        if self.more and other.more:
            return False
        if self.more or other.more:
            least, exact = (self, other) if self.more else (other, self)
            return exact.value <= least.value
        return self.value != other.value

    def _is_of(self, other: "Fact") -> bool:
        """Return whether both are of one body: one name, or the short one that a sentence gives."""
        one, two = self.subject.casefold(), other.subject.casefold()
        return one == two or one == other.also.casefold() or two == self.also.casefold()
