"""Which edition of a source is that of a date."""

from dataclasses import replace

import pytest

from corpus.document import Document
from corpus.errors import InputError
from corpus.ids import DocId, Fingerprint, sha256_of
from index.snapshots.editions import editions_as_of, end_of

PLAIN = Document(
    doc_id=DocId("d0"),
    sha256=sha256_of(b""),
    source="report.pdf",
    title="Report",
    collection="default",
    media_type="application/pdf",
    reading=Fingerprint("r"),
    pages=1,
)


def edition(doc_id: str, date: str | None, source: str = "report.pdf") -> Document:
    return replace(PLAIN, doc_id=DocId(doc_id), date=date, source=source)


@pytest.mark.parametrize(
    ("when", "end"),
    [
        ("2019", "2019-12-31T23:59:59.999999+00:00"),
        ("2020-02", "2020-02-29T23:59:59.999999+00:00"),
        ("2019-06-30", "2019-06-30T23:59:59.999999+00:00"),
        ("2019-06-30T12:00:00Z", "2019-06-30T12:00:00+00:00"),
        ("2019-06-30T12:00:00", "2019-06-30T12:00:00+00:00"),
    ],
)
def test_a_date_means_its_last_moment(when: str, end: str) -> None:
    assert end_of(when).isoformat() == end


@pytest.mark.parametrize("when", ["", "yesterday", "2019-13", "2019-02-30", "19", "2019-1-1-1T"])
def test_what_is_no_date_is_refused_with_an_example(when: str) -> None:
    with pytest.raises(InputError, match="2019-06-30"):
        end_of(when)


@pytest.mark.parametrize(
    ("dates", "when", "chosen"),
    [
        (("2018", "2021"), "2019", "d1"),
        (("2018", "2021"), "2021", "d2"),
        (("2021", "2018"), "2022", "d1"),  # an older edition that came later is not newer
        (("2018", "2018"), "2019", "d2"),
        ((None, "2021"), "2019", "d1"),
        ((None, "2018"), "2019", "d2"),
        (("2018", None), "2019", "d1"),
        ((None, None), "2019", "d2"),
        (("2018-07", "2021"), "2018-06", None),
        (("not a date", "2021"), "2019", "d1"),
    ],
)
def test_the_newest_edition_of_that_time_answers(
    dates: tuple[str | None, str | None], when: str, chosen: str | None
) -> None:
    first, second = edition("d1", dates[0]), edition("d2", dates[1])
    other = edition("d3", "1990", "other.pdf")
    found = editions_as_of([first, second, other], end_of(when))
    assert [document.doc_id for document in found] == sorted({chosen, "d3"} - {None}, key=str)


def test_a_time_before_every_document_is_refused() -> None:
    with pytest.raises(InputError, match="1950-12-31 or before"):
        editions_as_of([edition("d1", "2018")], end_of("1950"))
