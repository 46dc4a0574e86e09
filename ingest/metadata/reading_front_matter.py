"""The description that the first pages give: each value with its origin and a confidence."""

from collections.abc import Mapping

from ingest.front_matter.authors import authors_of
from ingest.front_matter.candidate import Choice, Features
from ingest.front_matter.chooser import shipped_choosers
from ingest.front_matter.dates import date_candidates, iso_date
from ingest.front_matter.forms import FiledForm, filed_form
from ingest.front_matter.kinds import FIRST_PAGE, kind_of
from ingest.front_matter.publishers import publisher_candidates
from ingest.front_matter.sheet import Sheet, sheet_of
from ingest.front_matter.subtitles import none_below, subtitle_candidates
from ingest.front_matter.titles import title_candidates
from ingest.front_matter.words import WordLists
from ingest.metadata.describing import CONFIDENCE, UNTITLED, Description
from ingest.readers.document.reader import Reading
from ingest.readers.document.titles import title_from_name


def description_of(reading: Reading, name: str, symbol: str | None = None) -> Description:
    """Return title, publisher, date and more as far as the first pages, or what they confirm, tell.

    A title that no page prints is left out, but pages from inside a report, without its name, are
    called an untitled excerpt.
    """
    sheet = sheet_of(reading, name, WordLists.shipped())
    form = filed_form(sheet)
    choices = _of_form(form) if form else {**chosen(sheet)}
    if not form:
        choices |= _more(sheet, choices, symbol)
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


def chosen_subtitle(sheet: Sheet, title: str | None) -> Choice | None:
    """Return the subtitle that is printed below a title; None for none."""
    candidates = subtitle_candidates(sheet, title)
    if not candidates:
        return None
    return shipped_choosers()["subtitle"].choose(candidates, none_below(candidates))


def _more(sheet: Sheet, choices: Mapping[str, Choice], symbol: str | None) -> dict[str, Choice]:
    """Return subtitle, kind and authors."""
    title = choices["title"].value if "title" in choices else None
    subtitle = chosen_subtitle(sheet, title)
    more = {
        "subtitle": subtitle,
        "kind": kind_of(sheet, title, subtitle.value if subtitle else None, symbol),
        "authors": authors_of(sheet),
    }
    return {name: choice for name, choice in more.items() if choice is not None}


def none_of(sheet: Sheet) -> Features:
    """Return the features of choosing nothing."""
    return {"none": 1.0, "none:inside": float(sheet.starts_inside)}


def excerpt_name(reading: Reading, name: str) -> str:
    """Return what pages out of a report that they do not name are called."""
    label = reading.pages[0].label
    return f"{UNTITLED} {title_from_name(name)}, from page {label}"


def _of_form(form: FiledForm) -> dict[str, Choice]:
    found = {
        "title": Choice(form.title, FIRST_PAGE, 1.0),
        "publisher": Choice(form.registrant, FIRST_PAGE, 1.0),
        "kind": Choice("filing", FIRST_PAGE, 1.0),
    }
    day = iso_date(form.day) if form.day else None
    return found | ({"date": Choice(day, FIRST_PAGE, 1.0)} if day else {})
