"""The messages by language and name, and how a number or a value goes into one.

`en/ask.toml` holds the messages named `ask.…`. English is said where nothing else is asked for;
every language has every message, which a test checks.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
DEFAULT = "en"
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "ru": "Русский",
}
Forms = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages of one language by name: a text, or its forms by number (`one`, `other`)."""

    language: str
    by_name: Mapping[str, str | Forms]

    def say(self, name: str, /, *, count: int | None = None, **values: object) -> str:
        """Return a message with its values; `count` chooses the form and is a value itself.

        >>> messages_of("en").say("shell.skip")
        'Skip to the content'
        """
        text = self.by_name[name]
        if not isinstance(text, str):
            text = text[form_of(count or 0, self.language)]
        shown = values if count is None else {"count": grouped(count), **values}
        return text.format_map(shown) if shown else text


def form_of(count: int, language: str) -> str:
    """Return which form of a message goes with a number.

    >>> [form_of(n, "ru") for n in (1, 3, 5, 11, 21, 112)]
    ['one', 'few', 'many', 'many', 'one', 'many']

    *Source:* Unicode CLDR, language plural rules, cardinal numbers.
    """
    if language == "ru":
        tens, ones = count % 100, count % 10
        if ones == 1 and tens != 11:
            return "one"
        return "few" if 2 <= ones <= 4 and not 12 <= tens <= 14 else "many"
    return "one" if count == 1 or (count == 0 and language == "fr") else "other"


def grouped(count: int) -> str:
    """Return a number in groups of three digits, with a narrow space where it is long.

    >>> grouped(1234), grouped(12345)
    ('1234', '12\u202f345')
    """
    return str(count) if abs(count) < 10_000 else f"{count:,}".replace(",", "\u202f")


@cache
def messages_of(language: str) -> Messages:
    """Return the messages of one of `LANGUAGES`."""
    found: dict[str, str | Forms] = {}
    for file in sorted((FOLDER / language).glob("*.toml")):
        area = tomllib.loads(file.read_text("utf-8"))
        found |= {f"{file.stem}.{name}": text for name, text in area.items()}
    return Messages(language, found)


def preferred(accepted: str, available: Sequence[str] = tuple(LANGUAGES)) -> str:
    """Return the language of an Accept-Language header that is there and liked best.

    >>> preferred("de-DE, fr;q=0.8, en;q=0.5"), preferred("zh"), preferred("")
    ('fr', 'en', 'en')
    """
    liked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted.split(",")):
        tag, _, weight = part.partition(";q=")
        code = tag.strip().split("-")[0].lower()
        if code in available:
            liked.append((-_weight(weight), place, code))
    return min(liked)[2] if liked else DEFAULT


def _weight(text: str) -> float:
    try:
        return float(text) if text.strip() else 1.0
    except ValueError:
        return 0.0
