"""Names of members in a row: reading a whole list of them, and telling whether two are the same."""

import re
import unicodedata
from collections.abc import Sequence

FEWEST = 3
_MOST = 200
_OPEN_ENDED = re.compile(
    r"\b(?:including|include[sd]?|such as|among|amongst|e\.g|etc|others?|notably|for example|"
    r"namely the|mainly|mostly|some of|as well as|plus|except|excluding|but|not|former|or)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:the\s)?[^\W\d_a-z][\w’'.-]*(?:\s(?:of|and|the|de|da|du|la|d’|[^\W\d_a-z][\w’'.-]*))*"
)
# Other names of one State: its former, short and long ones that no word of the other gives away.
_OTHER_NAMES = {
    "turkey": "turkiye",
    "vietnam": "viet nam",
    "kyrgyz republic": "kyrgyzstan",
    "kyrgyz": "kyrgyzstan",
    "slovak republic": "slovakia",
    "czech republic": "czechia",
    "swaziland": "eswatini",
    "cape verde": "cabo verde",
    "burma": "myanmar",
    "ivory coast": "cote d ivoire",
    "holland": "netherlands",
    "zaire": "democratic republic of congo",
    "drc": "democratic republic of congo",
    "east timor": "timor leste",
    "lao pdr": "laos",
    "lao people s democratic republic": "laos",
    "russian federation": "russia",
    "syrian arab republic": "syria",
    "brunei darussalam": "brunei",
    "uk": "united kingdom",
    "usa": "united states",
    "us": "united states",
    "uae": "united arab emirates",
    "hellenic republic": "greece",
    "libyan arab jamahiriya": "libya",
    "libya arab jamahiriya": "libya",
    "occupied palestinian territory": "palestine",
    "palestinian authority": "palestine",
    "holy see": "vatican",
    "korea": "republic of korea",
    "south korea": "republic of korea",
}


def names_listed(text: str) -> tuple[str, ...]:
    """Return the names that a text is a whole list of; empty where it is, or may be, no such list.

    >>> names_listed("Kazakhstan, the Philippines and Viet Nam")
    ('Kazakhstan', 'the Philippines', 'Viet Nam')
    >>> names_listed("Kazakhstan, Tajikistan and others")
    ()
    """
    if _OPEN_ENDED.search(text):
        return ()
    parts = [part.strip() for part in text.split(",")]
    last = parts.pop()
    first, joined, rest = last.removeprefix("and ").rpartition(" and ")
    parts += [first, rest] if joined else [last.removeprefix("and ")]
    if len(parts) < FEWEST or len(parts) > _MOST:
        return ()
    return tuple(parts) if all(_NAME.fullmatch(part) for part in parts) else ()


def same_names(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether two lists may be of the same members, whatever order and forms of names.

    A name is another's form if its words are among the other's: the United States, and the United
    States of America. Lists that have less than half in common are taken to be of different things.

    >>> same_names(["Turkey", "the Philippines", "Bolivia"], ["Bolivia", "Philippines", "Türkiye"])
    True
    """
    missing = len(names_missing(one, other)), len(names_missing(other, one))
    return missing == (0, 0) or 2 * (len(one) - missing[0]) < max(len(one), len(other))


def names_missing(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """Return the names of one list that the other has in no form.

    >>> names_missing(["Chad", "the Niger", "Türkiye"], ["Niger", "Turkey", "Togo"])
    ('Chad',)
    """
    left, right = list(one), [_known_as(name) for name in other]
    for match in (set.__eq__, _within):
        for name in list(left):
            known = _known_as(name)
            found = next((each for each in right if match(known, each)), None)
            if found is not None:
                left.remove(name)
                right.remove(found)
    return tuple(left)


def _within(one: set[str], other: set[str]) -> bool:
    return one <= other or other <= one


def _known_as(name: str) -> set[str]:
    """Return the words of a name in the form that all its forms share."""
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", name.casefold())
        if not unicodedata.combining(character)
    )
    words = re.findall(r"\w+", plain)
    bare = " ".join(word for word in words if word != "the")
    return set(_OTHER_NAMES.get(bare, bare).split()) - {"of", "and"}
