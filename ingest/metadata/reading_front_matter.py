"""The description that the first pages give: each value with its origin and a confidence."""

from collections.abc import Mapping

from ingest.front_matter.candidate import Choice, Features
from ingest.front_matter.chooser import shipped_choosers
from ingest.front_matter.dates import date_candidates, iso_date
from ingest.front_matter.forms import FiledForm, filed_form
from ingest.front_matter.publishers import publisher_candidates
from ingest.front_matter.sheet import Sheet, sheet_of
from ingest.front_matter.titles import title_candidates
from ingest.front_matter.words import WordLists
from ingest.metadata.describing import CONFIDENCE, Description
from ingest.readers.document.reader import Reading
from ingest.readers.document.titles import title_from_name

FIRST_PAGE = "first page"


def description_of(reading: Reading, name: str) -> Description:
    """Return title, publisher and date as far as the first pages, or what they confirm, tell them.

    A title that no page prints is left out, but pages from inside a report, without its name, are
    called an untitled excerpt.
    """
    sheet = sheet_of(reading, name, WordLists.shipped())
    form = filed_form(sheet)
    choices = _of_form(form) if form else chosen(sheet)
    values = {field: choice.value for field, choice in choices.items()}
    provenance = {field: choice.origin for field, choice in choices.items()}
    provenance |= {
        f"{field}{CONFIDENCE}": f"{choice.confidence:.2f}" for field, choice in choices.items()
    }
    if "title" not in values and sheet.starts_inside:
        values["title"] = excerpt_name(reading, name)
        provenance["title"] = "name"
    return Description(values, provenance)


def chosen(sheet: Sheet) -> Mapping[str, Choice]:
    """Return the title, publisher and date that are chosen among what stands on a sheet."""
    found = {
        "title": title_candidates(sheet),
        "publisher": publisher_candidates(sheet),
        "date": date_candidates(sheet),
    }
    choosers = shipped_choosers()
    choices = {field: choosers[field].choose(each, none_of(sheet)) for field, each in found.items()}
    return {field: choice for field, choice in choices.items() if choice is not None}


def none_of(sheet: Sheet) -> Features:
    """Return the features of choosing nothing."""
    return {"none": 1.0, "none:inside": float(sheet.starts_inside)}


def excerpt_name(reading: Reading, name: str) -> str:
    """Return what pages out of a report that they do not name are called."""
    label = reading.pages[0].label
    return f"Untitled excerpt of {title_from_name(name)}, from page {label}"


def _of_form(form: FiledForm) -> dict[str, Choice]:
    found = {
        "title": Choice(form.title, FIRST_PAGE, 1.0),
        "publisher": Choice(form.registrant, FIRST_PAGE, 1.0),
    }
    day = iso_date(form.day) if form.day else None
    return found | ({"date": Choice(day, FIRST_PAGE, 1.0)} if day else {})
