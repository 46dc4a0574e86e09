"""The keywords of a client's methods as `help` and editors show them."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from service.values.options import options_of
from service.values.request import Conditions, Request

M = TypeVar("M", bound=Callable[..., Any])


def keywords_of_request(*, answering: bool = False) -> Callable[[M], M]:
    """Return what shows the options of `Request`, with their defaults, for a method's `**options`.

    `answering`: those that only an answer has a use for, too.
    """
    keywords = [
        inspect.Parameter(
            option.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=option.default,
            annotation=Conditions if option.name == "filters" else option.kind,
        )
        for option in options_of(Request, answering=answering)
    ]

    def shown(method: M) -> M:
        signature = inspect.signature(method)
        own = [each for each in signature.parameters.values() if each.kind != each.VAR_KEYWORD]
        method.__signature__ = signature.replace(parameters=[*own, *keywords])  # type: ignore[attr-defined]
        return method

    return shown
