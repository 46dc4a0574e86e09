"""What a check found."""

from collections.abc import Callable
from dataclasses import dataclass

from service.settings.settings import Settings

Check = Callable[[Settings], str]
"""Returns what is in order, in words. Raises: CitewellError that says what is wrong, what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, whether it is in order, and what was found."""

    check: str
    ok: bool
    detail: str
