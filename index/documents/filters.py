"""Which documents a search may look into: conditions on their fields, applied inside the search."""

import difflib
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from corpus.errors import FilterError
from index.documents.indexed_document import IndexedDocument
from index.values.ports import RowMask

Operator = Literal["=", "!=", ">=", "<=", ">", "<", "in", "not in", "exists", "not exists"]

# `year` is that of the date.
FIELDS = ("collection", "date", "doc_id", "language", "publisher", "title", "year")

# Keys whose values are not a few words that can be listed.
_OPEN = frozenset({"date", "doc_id", "year"})
_MOST_LISTED = 8

_LIST = re.compile(r"\s*(?P<key>.+?)\s+(?P<operator>in|not\s+in)\s*\((?P<value>.*)\)\s*")
_EXISTS = re.compile(r"\s*(?P<key>.+?)\s+(?P<operator>exists|not\s+exists)\s*")
_COMPARISON = re.compile(
    r"\s*(?P<key>[^=<>!]+?)\s*(?P<operator>!=|>=|<=|=|>|<)\s*(?P<value>.*?)\s*"
)
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
_ORDERS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, as `date>=2019`, `language=en` or `country in (Chad, Mali)`.

    `values` is empty for `exists` and `not exists`, and one value for all but `in` and `not in`.
    """

    key: str
    operator: Operator
    values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.operator.endswith("exists"):
            return
        if not self.values or not all(self.values):
            raise FilterError(f"the filter on {self.key!r} has no value; write {self.key}=VALUE")
        for value in self.values:
            if self.key == "date" and not _DATE.fullmatch(value):
                raise FilterError(
                    f"not a date: {value!r}; write a year, month or day: 2019, 2019-05, 2019-05-31"
                )
            ordered = _DATE.fullmatch(value) or _NUMBER.fullmatch(value)
            if self.operator in _ORDERS and not ordered:
                raise FilterError(
                    f"only dates and numbers have an order, found {value!r}; "
                    f"write {self.key}={value}"
                )

    def __str__(self) -> str:
        match self.operator:
            case "exists" | "not exists":
                return f"{self.key} {self.operator}"
            case "in" | "not in":
                return f"{self.key} {self.operator} ({', '.join(self.values)})"
            case _:
                return f"{self.key}{self.operator}{self.values[0]}"

    def holds(self, document: IndexedDocument) -> bool:
        """Tell whether a document meets the condition.

        One without a value for the key meets `!=`, `not in` and `not exists` alone.
        """
        found = _value(document, self.key)
        match self.operator:
            case "exists":
                return found is not None
            case "not exists":
                return found is None
            case "=" | "in":
                return found is not None and any(_equal(self.key, v, found) for v in self.values)
            case "!=" | "not in":
                return found is None or not any(_equal(self.key, v, found) for v in self.values)
            case _:
                return found is not None and _ordered(found, self.operator, self.values[0])


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on documents that must all hold; several `=` of one key mean any of them.

    Equality ignores case; `language=en` holds for `en-GB` too. A date means all of its year or
    month: `date=2019` is within 2019, `date>2019` from 2020 on. A document whose own date is
    only a year counts from its first day in a range. Other values are ordered as numbers where
    both are numbers, else as dates where both are dates; a value that is neither is in no range.
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
        Raises: FilterError for a key, or a value that is to be equal, that no document has.
        """
        seen = range(len(documents)) if permitted is None else np.flatnonzero(permitted).tolist()
        known = set(FIELDS).union(*(documents[each].metadata for each in seen))
        for condition in self.conditions:
            if condition.key not in known:
                raise FilterError(
                    f"no document has a field {condition.key!r}; known: {', '.join(sorted(known))}"
                )
        self._require_values([documents[each] for each in seen])
        mask = np.zeros(len(documents), dtype=np.bool_)
        for each in seen:
            mask[each] = self._holds(documents[each])
        return mask

    def _require_values(self, documents: Sequence[IndexedDocument]) -> None:
        """Return unless a key is to equal values that no document has: they are misspelt, surely.

        Dates may be of any time, and ids of any document.
        """
        wanted: dict[str, list[Condition]] = {}
        for condition in self.conditions:
            if condition.operator in ("=", "in") and condition.key not in _OPEN:
                # Several `=` of one key are alternatives; each `in` holds by itself.
                group = condition.key if condition.operator == "=" else str(condition)
                wanted.setdefault(group, []).append(condition)
        for conditions in wanted.values():
            if documents and not any(c.holds(each) for c in conditions for each in documents):
                key = conditions[0].key
                values = [value for c in conditions for value in c.values]
                known = {found for each in documents if (found := _value(each, key))}
                raise FilterError(
                    f"no document has {key}={' or '.join(values)}; known: {_listed(known, values)}"
                )

    def _holds(self, document: IndexedDocument) -> bool:
        alternatives: dict[str, bool] = {}
        for each in self.conditions:
            holds = each.holds(document)
            if each.operator == "=":
                alternatives[each.key] = alternatives.get(each.key, False) or holds
            elif not holds:
                return False
        return all(alternatives.values())


def _listed(known: Iterable[str], wanted: Sequence[str]) -> str:
    """Return known values: all of a few, else those most like what was wanted, and how many more.

    >>> _listed(["fr", "en"], ["de"])
    'en, fr'
    """
    names = sorted(known)
    if len(names) > _MOST_LISTED:
        like = [n for w in wanted for n in difflib.get_close_matches(w, names, _MOST_LISTED, 0.0)]
        names, more = list(dict.fromkeys(like))[:_MOST_LISTED], len(names) - _MOST_LISTED
        return f"{', '.join(names)} and {more} more"
    return ", ".join(names)


def _parse(text: str) -> Condition:
    for form in (_EXISTS, _LIST, _COMPARISON):
        match = form.fullmatch(text)
        if match is None or (form is not _COMPARISON and re.search("[=<>]", match["key"])):
            continue
        found = " ".join(match["operator"].split())
        operator_: Operator
        for operator_ in get_args(Operator):
            if operator_ == found:
                return Condition(match["key"], operator_, _values(form, match))
    raise FilterError(
        f"not a filter: {text!r}; write key=value, key!=value, date>=2019, key in (a, b) or "
        "key exists"
    )


def _values(form: re.Pattern[str], match: re.Match[str]) -> tuple[str, ...]:
    if form is _EXISTS:
        return ()
    if form is _LIST:
        return tuple(each.strip() for each in match["value"].split(","))
    return (match["value"],)


def _value(document: IndexedDocument, key: str) -> str | None:
    """Return what a document has for a key; None for nothing."""
    if key == "year":
        return document.date[:4] if document.date else None
    found: str | None = getattr(document, key) if key in FIELDS else document.metadata.get(key)
    return found or None


def _equal(key: str, value: str, found: str) -> bool:
    if key == "date":
        return _first_day(value) <= _first_day(found) and _last_day(found) <= _last_day(value)
    have, want = found.casefold(), value.casefold()
    return have == want or (key == "language" and have.startswith(f"{want}-"))


def _ordered(found: str, order: str, value: str) -> bool:
    # A year is ordered the same either way, but beside a month or day only as a date.
    if _NUMBER.fullmatch(found) and _NUMBER.fullmatch(value):
        return _ORDERS[order](float(found), float(value))
    if not (_DATE.fullmatch(found) and _DATE.fullmatch(value)):
        return False
    day = _first_day(found)
    match order:
        case ">=":
            return day >= _first_day(value)
        case ">":
            return day > _last_day(value)
        case "<=":
            return day <= _last_day(value)
        case _:
            return day < _first_day(value)


def _first_day(date: str) -> str:
    return date + "-01-01"[: 10 - len(date)] if len(date) == 4 else date + "-01"[: 10 - len(date)]


def _last_day(date: str) -> str:
    """Return the last day of a year or month; every month has 31, which keeps the order."""
    return date + "-12-31" if len(date) == 4 else date + "-31"[: 10 - len(date)]
