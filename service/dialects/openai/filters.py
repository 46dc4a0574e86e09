"""OpenAI's attribute filters as conditions of ours."""

from corpus.errors import InputError
from service.dialects.openai.wire import Comparison, CompoundFilter

_SIGNS = {"eq": "=", "in": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def conditions(found: Comparison | CompoundFilter | None) -> tuple[str, ...]:
    """Return a filter as `key=value` texts.

    All of them hold, and equal keys are alternatives: so `and` may name a key once for equality,
    and `or` is for the values of one key.
    Raises: InputError for what cannot be said so.

    >>> conditions(Comparison(type="gte", key="date", value="2019"))
    ('date>=2019',)
    """
    if found is None:
        return ()
    if isinstance(found, Comparison):
        return _compared(found)
    if found.type == "or":
        return _alternatives(found)
    parts = [conditions(each) for each in found.filters]
    equal = [{text.partition("=")[0] for text in part if _is_equality(text)} for part in parts]
    if sum(map(len, equal)) != len(set().union(*equal)):
        raise InputError("filters: `and` names one key twice; use `in` for alternatives.")
    return tuple(text for part in parts for text in part)


def _compared(found: Comparison) -> tuple[str, ...]:
    sign = _SIGNS.get(found.type)
    if sign is None:
        raise InputError(f"filters: {found.type} is not supported; use eq, in, gt, gte, lt or lte.")
    values = found.value if isinstance(found.value, list) else [found.value]
    if found.type != "in" and isinstance(found.value, list):
        raise InputError(f"filters: {found.type} takes one value; found a list.")
    if not values:
        raise InputError("filters: `in` has no value.")
    return tuple(f"{found.key}{sign}{_text(value)}" for value in values)


def _alternatives(found: CompoundFilter) -> tuple[str, ...]:
    texts = [text for each in found.filters for text in conditions(each)]
    keys = {text.partition("=")[0] for text in texts}
    if len(keys) > 1 or not all(map(_is_equality, texts)):
        raise InputError("filters: `or` is for values of one key; ask once for each key.")
    return tuple(texts)


def _is_equality(text: str) -> bool:
    return not {">", "<"} & set(text.partition("=")[0])


def _text(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else value
