"""Reading the facts that a sentence gives: how many, since when, who. Only forms without doubt.

A number counts only where it is said of the whole body: "the Bali Process has 45 members", "a page
counts 45 members of the Bali Process", "each of the 45 members of the Bali Process". "Three members
of the Bali Process met" and "in 2009 it had 43 members" give none. A list counts where it is said
to be whole. "The Committee" may be any, and gives none.
"""

import re
from collections.abc import Iterator

from service.answering.conflicts.fact import Fact, Kind
from service.answering.conflicts.member_names import names_listed

# Every repetition is bounded: a passage of capitals must not take long.
_WORD = r"[A-Z0-9][\w’'+-]{1,40}+"
_NAME = rf"\b{_WORD}(?: (?:(?:of|on|for|and|de|in) (?:the )?)?{_WORD}){{0,7}}+"
_BODY = rf"(?P<name>{_NAME})(?:\s\((?P<also>[^)]{{1,40}})\))?"
_STATES = r"(?:[Mm]ember|[Pp]articipating)\s(?:[Ss]tates|[Cc]ountries|[Gg]overnments)|[Mm]embers"
_OBSERVERS = r"[Oo]bservers?\s(?:[Ss]tates|[Cc]ountries|[Gg]overnments)|[Oo]bservers"
_UNITS = {
    "members": _STATES,
    "observers": _OBSERVERS,
    "countries": r"[Ss]tates|countries|governments",
    "organizations": r"(?:member\s)?organi[sz]ations",
}
_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBER = (
    rf"(?:\d{{1,4}}|(?:{'|'.join(_TENS)})-(?:{'|'.join(_WORDS[:9])})|{'|'.join(_WORDS[::-1])}|"
    rf"{'|'.join(_TENS)})"
)
_COUNT = rf"(?:a\stotal\sof\s)?(?:(?P<more>over|more\sthan|at\sleast)\s)?(?P<value>{_NUMBER})"
_FOUNDED = {
    "established": r"established|founded|created|set\sup",
    "launched": r"launched",
    "began": r"began|started|dates\s(?:from|to|back\sto)",
}
_CONSISTS = r"(?:comprises?|consists?\sof|(?:is|are)\s(?:composed|made\sup)\sof)"
_HAS = rf"(?:(?:now|currently)\s)?(?:has|have|brings?\stogether|includes?|unites?|{_CONSISTS})"
_OF_ALL = (
    r"(?:counts?|lists?|names?|gives?|shows?|(?:each|none|one|some|most|many|all)(?:\sof)?\sthe|"
    rf"{_NUMBER}\sof\sthe)"
)
# What follows a name and makes of all the members some of them.
_WHOLE = r"(?!\s(?:that|which|who|where|whose|present|attending|surveyed|with|were|to)\b)"
_LIST = r"(?P<list>[^.:;()]{8,2000})(?=\s*[.;(]|\s*$)"

# A thing of the body's own: what is counted in most documents anew, or is no thing, is left out.
_THINGS = r"(?P<what>[a-z]{3,30}(?:\s[a-z]{3,30})?s)(?=\s*(?:[.,;:(]|$))"
_NO_THINGS = re.compile(
    r"\b(?:years|months|weeks|days|hours|minutes|times|pages|persons|people|meetings|sessions|ways|"
    r"steps|aspects|issues|reasons|points|examples|parts|sides|cents|millions|billions|thousands)$"
)
# A sentence that says two values compares them itself: "counts 3 (source 2), another counts 4".
_SECOND = re.compile(
    rf"\b(?:counts?|lists?|names?|gives?|has|have)\s{_COUNT}(?:\s(?P<unit>{_STATES}))?"
    r"(?=\s*(?:[.,;()]|and\b|$))"
)
_REGION = re.compile(
    r"(?:(?:and|africa|asia|europe|americas?|caribbean|pacific|world|region|(?:sub-)?saharan|middle|"
    r"latin|central|(?:north|south|east|west)(?:ern)?)\s?)+",
    re.IGNORECASE,
)
# Names that every document gives to another body.
_ANY = frozenset(
    "advisory agency alliance assembly association bureau board centre center commission committee "
    "community conference consultation convention council department dialogue division executive "
    "expert experts force forum foundation friends fund general government group initiative "
    "institute international joint meeting ministry national network office organisation "
    "organization panel parties partnership process programme project regional secretariat state "
    "states steering study subcommittee support task team technical treaty unit union working of "
    "on for and the".split()
)
_Form = tuple[Kind, str, re.Pattern[str]]


def facts_of(sentence: str) -> list[Fact]:
    """Return the facts that a sentence gives, one a body and kind.

    >>> [fact.shown for fact in facts_of("The Northern Forum has over forty-six member States.")]
    ['over 46']
    """
    line = " ".join(sentence.split())
    found: dict[tuple[Kind, str, str], Fact] = {}
    for form in _FORMS:
        for fact in _read(line, form):
            if found.setdefault(fact.key, fact) != fact:
                return []  # it compares two values itself
    return [fact for fact in found.values() if fact.kind != "count" or _alone(fact, line)]


def _alone(fact: Fact, line: str) -> bool:
    """Return whether the sentence gives no other number of the same."""
    for match in (*_SECOND.finditer(line), *_LOOSE.finditer(line)):
        of_members = match.groupdict().get("unit") is not None
        if _value(match["value"]) != fact.value and (fact.attribute == "members" or not of_members):
            return False
    return True


def _read(line: str, form: _Form) -> Iterator[Fact]:
    kind, what, pattern = form
    for match in pattern.finditer(line):
        name = _body(line, match)
        if name is None:
            continue
        given = match.groupdict()
        thing = what or given["what"]
        also = given["also"] or ""
        if kind == "list":
            names = names_listed(match["list"])
            if names:
                yield Fact(kind, name, thing, names=names, also=also)
        elif what or not (_NO_THINGS.search(thing) or _UNIT.fullmatch(thing)):
            more = bool(given["more"]) and kind == "count"
            yield Fact(kind, name, thing, _value(match["value"]), more, also=also)


def _body(line: str, match: re.Match[str]) -> str | None:
    """Return the body's name; None where it may be part of a longer one, or any body's."""
    name = re.sub(r"^(?:(?:The|An?|In|\d{1,3})\s)+", "", match["name"])
    start = match.start("name")
    if re.search(r"(?:,|\band)\s$", line[:start]) and name == match["name"]:
        return None  # Trafficking in Persons and Related Crime
    if start == 0 and name == match["name"] and name.istitle() and " " not in name:
        return None  # just the sentence's first word
    if name[:4].isdigit() or set(name.casefold().split()) <= _ANY or _REGION.fullmatch(name):
        return None  # of a year, of any body, or of the countries that there are
    return name if any(character.isalpha() for character in name) else None


def _counts() -> Iterator[_Form]:
    for what, unit in _UNITS.items():
        counted = rf"{_COUNT}\s(?:{unit})\b(?! of staff)"
        yield "count", what, re.compile(rf"{_BODY}\s{_HAS}\s{counted}")
        of = rf"\s(?:of|in)\s(?:the\s)?{_BODY}{_WHOLE}"
        yield "count", what, re.compile(rf"\b(?i:{_OF_ALL})\s{counted}{of}")
    yield "count", "", re.compile(rf"{_BODY}\s(?:has|have|{_CONSISTS})\s{_COUNT}\s{_THINGS}")


def _dates() -> Iterator[_Form]:
    year = r"(?:\sin)?\s(?:[A-Z][a-z]+\s)?(?P<more>\b)(?P<value>(?:19|20)\d\d)\b"
    for what, verb in _FOUNDED.items():
        yield "date", what, re.compile(rf"{_BODY}\s(?:was\s|were\s)?(?:{verb}){year}")


def _lists() -> Iterator[_Form]:
    for what, unit in {"members": _STATES, "observers": _OBSERVERS}.items():
        counted = rf"{_NUMBER}\s(?:{unit})"
        of = rf"\sof\s(?:the\s)?{_BODY}"
        yield "list", what, re.compile(rf"{_BODY}\s{_HAS}\s{counted}:\s{_LIST}")
        yield "list", what, re.compile(rf"\b{counted}{of}:\s{_LIST}")
        yield "list", what, re.compile(rf"\b[Tt]he\s(?:{unit}){of}\sare:?\s{_LIST}")
    yield "list", "members", re.compile(rf"{_BODY}\s{_CONSISTS}\s{_LIST}")


_FORMS = (*_counts(), *_dates(), *_lists())
_UNIT = re.compile("|".join(_UNITS.values()))
# Any number of members or the like, of some of them too.
_LOOSE = re.compile(rf"\b(?P<value>{_NUMBER})\s(?:{_UNIT.pattern})\s(?:of|in)\s(?:the\s)?{_NAME}")


def _value(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, _, ones = text.partition("-")
    if text in _WORDS:
        return _WORDS.index(text) + 1
    return (_TENS.index(tens) + 2) * 10 + (_WORDS.index(ones) + 1 if ones else 0)
