"""Cover sheets of filed forms: whose form it is, which one, and what period it covers.

On such a sheet the largest letters are those of the authority that the form is filed with. What
tells the parts is data, in `forms.json`: the sheets of annual, quarterly and current reports.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from ingest.front_matter.sheet import Sheet
from ingest.front_matter.words import letters_in
from ingest.readers.document.reader import ShownLine

_FORM_LINES = 14
_LINES = 40


@dataclass(frozen=True, slots=True)
class FiledForm:
    """A form's registrant, its name, and its period or day as printed."""

    registrant: str
    form: str
    period: str | None = None
    day: str | None = None

    @property
    def title(self) -> str:
        """The title of the form, such as `Acme Inc.: Form 10-K for the fiscal year ended …`."""
        title = f"{self.registrant}: Form {self.form}"
        if self.period:
            return f"{title} for the {self.period}"
        return f"{title}, {self.day}" if self.day else title


def filed_form(sheet: Sheet) -> FiledForm | None:
    """Return the form that the first page is the cover sheet of, None if it is of none."""
    patterns = _patterns()
    lines = sheet.of_page(1)[:_LINES]
    form = next(filter(None, (patterns["form"].match(_line(x)) for x in lines[:_FORM_LINES])), None)
    registrant = _registrant(lines)
    if form is None or registrant is None:
        return None
    texts = [_line(line) for line in lines]
    periods = filter(None, map(patterns["period"].match, texts))
    return FiledForm(
        registrant,
        form["form"].upper(),
        next((match["period"].rstrip(" .") for match in periods), None),
        _day(texts),
    )


def _registrant(lines: Sequence[ShownLine]) -> str | None:
    patterns = _patterns()
    for above, line in pairwise(lines):
        if patterns["name_above"].match(_line(line)):
            return _line(above)
    for line, below in pairwise(lines):
        if patterns["name_below"].match(_line(line)) and letters_in(below.text) > 1:
            return _line(below)
    return None


def _day(texts: Sequence[str]) -> str | None:
    patterns = _patterns()
    for at, text in enumerate(texts):
        if patterns["dated"].match(text):
            found = (patterns["day"].match(each) for each in texts[at : at + 2])
            return next((match["day"] for match in found if match), None)
    return None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    stored = json.loads(Path(__file__).with_name("forms.json").read_text("utf-8"))
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in stored.items()}


def _line(line: ShownLine) -> str:
    return " ".join(line.text.split())
