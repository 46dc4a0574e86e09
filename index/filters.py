"""Which documents a search may look into: conditions on their fields, applied inside the search."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from corpus.errors import FilterError
from index.indexed_document import IndexedDocument
from index.ports import RowMask

Operator = Literal["=", ">=", "<=", ">", "<"]

FIELDS = ("collection", "date", "doc_id", "language", "publisher", "title")

_CONDITION = re.compile(r"\s*(?P<key>[^=<>]+?)\s*(?P<operator>>=|<=|=|>|<)\s*(?P<value>.*?)\s*")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, as `date>=2019` or `language=en`. Only `date` is compared by order."""

    key: str
    operator: Operator
    value: str

    def __post_init__(self) -> None:
        if self.operator not in get_args(Operator):
            raise FilterError(f"no such comparison: {self.operator!r}; use = >= <= > <")
        if not self.value:
            raise FilterError(f"the filter on {self.key!r} has no value; write {self.key}=VALUE")
        if self.key == "date" and not _DATE.fullmatch(self.value):
            raise FilterError(
                f"not a date: {self.value!r}; write a year, month or day: 2019, 2019-05, 2019-05-31"
            )
        if self.key != "date" and self.operator != "=":
            raise FilterError(f"only dates have an order; write {self.key}={self.value}")

    def __str__(self) -> str:
        return f"{self.key}{self.operator}{self.value}"


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on documents: several values of one key mean any of them, several keys all.

    Equality ignores case; `language=en` holds for `en-GB` too. A date means all of its year or
    month: `date=2019` is within 2019, `date>2019` from 2020 on. A document whose own date is
    only a year counts from its first day in a range. Ranges of dates must all hold.
    """

    conditions: tuple[Condition, ...] = ()

    @classmethod
    def parse(cls, pairs: Iterable[str]) -> "Filters":
        """Return filters from `key=value` texts. Raises FilterError."""
        return cls(tuple(_parse(pair) for pair in pairs))

    @classmethod
    def of(cls, values: Mapping[str, str | Sequence[str]]) -> "Filters":
        """Return filters from values by key; the key may end in a comparison, as `date>=`.

        Raises: FilterError.
        """
        pairs: list[str] = []
        for key, value in values.items():
            joint = "" if key.rstrip().endswith(("=", "<", ">")) else "="
            for each in (value,) if isinstance(value, str) else value:
                pairs.append(f"{key}{joint}{each}")
        return cls.parse(pairs)

    def __bool__(self) -> bool:
        return bool(self.conditions)

    def mask(
        self, documents: Sequence[IndexedDocument], permitted: RowMask | None = None
    ) -> RowMask:
        """Return (documents,), True where all conditions hold.

        `permitted` is (documents,): the others are as if they were not there.
        Raises: FilterError for a key that no document has.
        """
        seen = range(len(documents)) if permitted is None else np.flatnonzero(permitted).tolist()
        known = set(FIELDS).union(*(documents[each].metadata for each in seen))
        for condition in self.conditions:
            if condition.key not in known:
                raise FilterError(
                    f"no document has a field {condition.key!r}; known: {', '.join(sorted(known))}"
                )
        mask = np.zeros(len(documents), dtype=np.bool_)
        for each in seen:
            mask[each] = self._holds(documents[each])
        return mask

    def _holds(self, document: IndexedDocument) -> bool:
        ranges = [each for each in self.conditions if each.operator != "="]
        if not all(_in_range(each, document.date) for each in ranges):
            return False
        equals: dict[str, list[str]] = {}
        for each in self.conditions:
            if each.operator == "=":
                equals.setdefault(each.key, []).append(each.value)
        return all(
            any(_equal(key, value, document) for value in values) for key, values in equals.items()
        )


def _parse(pair: str) -> Condition:
    match = _CONDITION.fullmatch(pair)
    if match is None:
        raise FilterError(f"not a filter: {pair!r}; write key=value, or date>=2019")
    operator: Operator
    for operator in get_args(Operator):
        if operator == match["operator"]:
            return Condition(match["key"], operator, match["value"])
    raise FilterError(f"no such comparison: {match['operator']!r}; use = >= <= > <")


def _equal(key: str, value: str, document: IndexedDocument) -> bool:
    if key == "date":
        return (
            document.date is not None
            and _first_day(value) <= _first_day(document.date)
            and _last_day(document.date) <= _last_day(value)
        )
    found = getattr(document, key) if key in FIELDS else document.metadata.get(key)
    if found is None:
        return False
    have, want = str(found).casefold(), value.casefold()
    return have == want or (key == "language" and have.startswith(f"{want}-"))


def _in_range(condition: Condition, date: str | None) -> bool:
    if date is None:
        return False
    day = _first_day(date)
    match condition.operator:
        case ">=":
            return day >= _first_day(condition.value)
        case ">":
            return day > _last_day(condition.value)
        case "<=":
            return day <= _last_day(condition.value)
        case "<":
            return day < _first_day(condition.value)
        case _:
            return True


def _first_day(date: str) -> str:
    return date + "-01-01"[: 10 - len(date)] if len(date) == 4 else date + "-01"[: 10 - len(date)]


def _last_day(date: str) -> str:
    """Return the last day of a year or month; every month has 31, which keeps the order."""
    return date + "-12-31" if len(date) == 4 else date + "-31"[: 10 - len(date)]
