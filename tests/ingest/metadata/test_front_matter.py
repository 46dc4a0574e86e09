"""Titles, publishers and dates from what first pages print."""

import pytest

from corpus.document import Page
from corpus.stores.memory_store import MemoryStore
from ingest.front_matter.candidate import Candidate
from ingest.front_matter.chooser import Chooser
from ingest.front_matter.dates import iso_date
from ingest.front_matter.publishers import plausible_publisher
from ingest.front_matter.sheet import without_page_number
from ingest.front_matter.titles import joined
from ingest.front_matter.words import WordLists
from ingest.metadata.describing import CONFIDENCE, PASSED_OVER, Description
from ingest.metadata.self_describing import is_only_beginning, self_description
from ingest.pipeline.ingesting import ingest
from ingest.pipeline.settings import IngestSettings
from ingest.readers.document.reader import Reading, ShownLine
from ingest.sources.source import Fields, Source
from tests.ingest.pdf_files import pdf_of
from tests.ingest.samples import WINDOW_TOKENS, tokenizer_json

Laid = tuple[str, float, bool]


def sheet(*lines: Laid, label: str = "1", **said: str) -> Reading:
    """Return the reading of one page whose lines have a text, a size and a weight."""
    shown, top = [], 0.06
    for text, size, bold in lines:
        bottom = top + size / 842
        width = min(0.8, len(text) * size * 0.0009)
        shown.append(ShownLine(1, text, size, bold, 0.12, top, 0.12 + width, bottom))
        top = bottom + size / 4000
    text = "\n".join(text for text, *_ in lines) + "\n"
    return Reading((Page(1, label, text),), shown=tuple(shown), **said)  # type: ignore[arg-type]


BODY: list[Laid] = [
    ("Summary", 11, False),
    (
        "The programme was reviewed in provinces, where most households were reached.",
        9.2,
        False,
    ),
    (
        "Offices continued to support access to training despite limited funds.",
        9.2,
        False,
    ),
    ("It recommends changes in the annual budget, as described in the annex.", 9.2, False),
] * 2
MASTHEAD: list[Laid] = [
    ("United Nations A/77/123", 13, False),
    ("General Assembly Distr.: General", 18, True),
    ("4 May 2022", 9.2, False),
    ("Original: English", 9.2, False),
    ("Seventy-seventh session", 9.2, True),
    ("Item 12 of the provisional agenda", 9.2, False),
    ("Review of water supply in dry regions and of the", 12.6, True),
    ("measures taken by small towns", 12.6, True),
    ("Report of the Secretary-General", 10.8, True),
    *BODY,
]


def test_the_printed_title_is_taken_not_the_masthead() -> None:
    said = self_description(sheet(*MASTHEAD, publisher="jdoe", date="2022-06-30"), "A_77_123.pdf")
    assert said.values["title"].startswith(
        "Review of water supply in dry regions and of the measures taken by small towns"
    )
    assert said.values["publisher"] == "United Nations"
    assert said.values["date"] == "2022-05-04"
    assert {said.provenance[name] for name in ("title", "publisher", "date")} == {"first page"}
    assert 0 < float(said.provenance[f"title{CONFIDENCE}"]) <= 1


def test_a_filed_form_is_named_by_its_registrant_form_and_period() -> None:
    lines: list[Laid] = [
        ("UNITED STATES", 18, True),
        ("SECURITIES AND EXCHANGE COMMISSION", 18, True),
        ("FORM 10-Q", 18, True),
        ("For the quarterly period ended June 30, 2021", 9, False),
        ("Commission file number 1-2345", 9, False),
        ("Fernhill Mills, Inc.", 14, True),
        ("(Exact name of registrant as specified in its charter)", 8, False),
    ]
    said = self_description(sheet(*lines, publisher="Agent Online", date="2021-08-02"), "q.pdf")
    assert said.values["title"] == (
        "Fernhill Mills, Inc.: Form 10-Q for the quarterly period ended June 30, 2021"
    )
    assert said.values["publisher"] == "Fernhill Mills, Inc."
    assert (said.values["date"], said.provenance["date"]) == ("2021-08-02", "file")


def test_pages_from_inside_a_report_without_its_name_are_an_untitled_excerpt() -> None:
    lines: list[Laid] = [("of most households that the programme reached in 2019.", 10, False)]
    lines += [(text, 10, False) for text, *_ in BODY[1:4]] * 3
    said = self_description(sheet(*lines, ("24", 9, False), label="24"), "roads_part.pdf")
    assert said.values["title"] == "Untitled excerpt of roads part, from page 24"
    assert said.provenance["title"] == "name"


@pytest.mark.parametrize(
    ("author", "plausible"),
    [
        ("BOTERO Andres", False),
        ("Holmes, Jon", False),
        ("python-docx", False),
        ("anonymous", False),
        ("EDGAR Online, a division of a printer", False),
        ("jdoe", False),
        ("World Bank Group", True),
        ("IOM", True),
        ("Ministry of Rural Affairs", True),
    ],
)
def test_a_person_or_a_program_is_no_publisher(author: str, plausible: bool) -> None:
    assert plausible_publisher(author, WordLists.shipped()) is plausible


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Distr.: General 4 May 2022", "2022-05-04"),
        ("June 30, 2021", "2021-06-30"),
        ("Junio de 2019", "2019-06"),
        ("le 1er juillet 2020", "2020-07-01"),
        ("25 July 19 84", "1984-07-25"),
        ("02/08/2023", "2023-02-08"),
        ("New York, 2025", "2025"),
        ("31 February 2020 is no day", None),
        ("A/79/2024/7", None),
    ],
)
def test_dates_are_read_as_printed(text: str, date: str | None) -> None:
    assert iso_date(text) == date


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Projections of Education 31", "Projections of Education"),
        ("52 Reference Tables", "Reference Tables"),
        ("Campus Attacks Page 5", "Campus Attacks"),
        ("U.S. Census Bureau 5", "U.S. Census Bureau"),
        ("Highlights 2011", "Highlights 2011"),
    ],
)
def test_a_running_line_loses_its_page_number(line: str, text: str) -> None:
    assert without_page_number(line) == text


def test_a_title_in_two_sizes_is_joined_by_a_colon() -> None:
    lines = sheet(("Honduras", 36, True), ("Opening the way for all", 24, False)).shown
    assert joined(lines) == "Honduras: Opening the way for all"


def test_the_confidence_is_that_of_all_candidates_of_the_value() -> None:
    same = [Candidate("a", "first page", {"x": 1.0}), Candidate("a", "file", {"x": 0.0})]
    other = Candidate("b", "first page", {})
    choice = Chooser({"x": 1.0}).choose([*same, other], {})
    assert choice is not None
    e = 2.718281828459045
    assert (choice.value, choice.origin) == ("a", "first page")
    assert choice.confidence == pytest.approx((e + 1) / (e + 3))


LISTED = "Acme 4 May Chapter one begins here with words that the page has at its beginning too"


def test_a_listed_title_that_is_how_the_page_begins_is_passed_over() -> None:
    begins: list[Laid] = [("Acme 4 May", 9, False), ("Chapter one", 20, True)]
    begins += [("begins here with", 9, False)]
    begins += [("words that the page has at its beginning too", 9, False)]
    reading = sheet(*begins)
    said = Description({"title": "Chapter one"}, {"title": "first page"})
    assert is_only_beginning(LISTED, reading, said)
    assert is_only_beginning("zyxwvutsrqponm ZYXWVUTSRQ " * 6, reading, said)
    assert not is_only_beginning("Chapter one", reading, said)
    assert not is_only_beginning("Yearbook of all the matters that are elsewhere", reading, said)
    assert not is_only_beginning(LISTED, reading, Description({"title": LISTED}, {}))


@pytest.mark.models
def test_a_passed_over_title_is_kept_in_mind_so_that_nothing_is_read_twice() -> None:
    text = ["Acme Council 4 May 2020", "Item 7 of the agenda", "Report on rural roads and bridges"]
    content = pdf_of([[*text, "The programme was reviewed in four provinces."]])
    listed = " ".join(text) + " The programme was reviewed in four provinces of the north and of"
    listed += " the south, where most of the households were reached"
    source = Source("/x/a.pdf", "a.pdf", content=content, fields=Fields(title=listed))
    store = MemoryStore()

    def run() -> str:
        found = ingest([source], store, IngestSettings(), tokenizer_json=tokenizer_json(),
                       window_tokens=WINDOW_TOKENS)  # fmt: skip
        return next(iter(found)).status

    assert run() == "added"
    document = store.documents()[0]
    assert document.title != listed
    assert document.provenance[PASSED_OVER] == listed
    assert run() == "unchanged"
