"""What kind of thing a question asks for, where its words say so, and whether a text holds one."""

import re
from typing import Literal

AnswerType = Literal["number", "date", "any"]

_NUMBER_ASKED = re.compile(
    r"\bhow (?:many|much|large|big|high|long|old|far|often)\b|"
    r"\b(?:what|which) (?:\w+ ){0,3}?(?:number|share|percentage|percent|proportion|amount|budget|"
    r"total|sum|rate|cost|figure|value|population)\b",
    re.IGNORECASE,
)
_DATE_ASKED = re.compile(
    r"^\W*(?:since |until |by |from )?when\b|\b(?:since|until|by|from) when\b|"
    r"\b(?:what|which) (?:\w+ ){0,2}?(?:years?|dates?|months?|days?|decade)\b|"
    r"\bhow (?:recently|soon)\b",
    re.IGNORECASE,
)
_NUMBER_HELD = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|third|quarter|none|no|once|"
    r"twice|both|single|annually|monthly|weekly|daily|every|each)\b",
    re.IGNORECASE,
)
_DATE_HELD = re.compile(
    r"\b(?:1[6-9]|20|21)\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|"
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|"
    r"spring|summer|autumn|century|annually|yearly|monthly|weekly|today|monday|tuesday|wednesday|"
    r"thursday|friday|saturday|sunday|days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)


def type_asked(asked: str) -> AnswerType:
    """Return what a question asks for; `any` where its words do not tell.

    >>> type_asked("Since when has it worked?"), type_asked("How many States answered?")
    ('date', 'number')
    """
    if _DATE_ASKED.search(asked):
        return "date"
    return "number" if _NUMBER_ASKED.search(asked) else "any"


def holds_type(text: str, wanted: AnswerType) -> bool:
    """Return whether a text holds a thing of the kind; every text holds `any`.

    >>> holds_type("It has worked since 2008.", "date"), holds_type("It works.", "number")
    (True, False)
    """
    if wanted == "any":
        return True
    held = _DATE_HELD if wanted == "date" else _NUMBER_HELD
    return held.search(text) is not None
