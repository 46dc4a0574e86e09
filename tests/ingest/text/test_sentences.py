"""Where sentences start and end."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.sentences import LONGEST, sentence_spans
from tests.ingest.samples import ALMATY


def sentences(text: str) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Mr. Smith met Dr. J. R. Jones in the U.S.", "The talks went well."],
        ["The U.S. Census Bureau counts.", "It counts again."],
        ["See para. 12 and No. 5 of A/RES/72/1.", "It is 12.5 per cent."],
        ["It was new that year.12", "The next began."],
        ["It ended in 2019.3", "The rest followed."],
        ["He said “yes.”", "Then he left.", "Why?", "Nobody knows!"],
        ["Costs rose, etc.", "The end… came.", "So it was."],
        ["See annex A.", "The table shows it."],
        ["The U.N. Charter applies, e.g. The Hague and others."],
        ["(It was late.)", "[And dark.]", "«Ya.»", "Then it ended."],
        ["El Sr. Pérez llegó a EE.UU. en 2019.", "¿Qué pasó?", "Nada, véase la pág. 5."],
        ["M. Dupont est arrivé.", "Il est parti avec Mme. Durand."],
        ["12. The Committee met.", "13. It left."],
        ["It is so (vol. 3, p. 12).", "It stays so."],
        ["The ratio of A. Smith et al. (2011) is used.", "We use it."],
        ["日本は島国です。", "人口は多い。"],
    ],
)
def test_sentences_on_one_line(parts: list[str]) -> None:
    joined = " ".join(parts)
    assert sentences(joined) == parts


def test_list_items_and_numbered_paragraphs_are_units() -> None:
    text = (
        "12. The Committee decided:\n(a) To meet;\n(b) To report; and\n• To rest\n– To stop.\n"
        "13. The next paragraph goes on\nover two lines."
    )
    assert sentences(text) == [
        "12. The Committee decided:",
        "(a) To meet;",
        "(b) To report; and",
        "• To rest",
        "– To stop.",
        "13. The next paragraph goes on over two lines.",
    ]


def test_a_year_or_reference_at_a_line_start_starts_nothing() -> None:
    text = (
        "The Process was established by all of its founding Member States in the year\n"
        "2013. Since then, as is said in the report of the Secretary-General in paragraph\n"
        "12. There is more."
    )
    assert len(sentences(text)) == 3


def test_a_sentence_goes_on_over_blank_lines_left_by_an_extraction() -> None:
    text = (
        "Furthermore, the Bali \n\nProcess and others are of \n\ninterest for synergies. The \n\n"
        "Almaty Process is the \n\nother one. \n\n \n\nA new paragraph without \n\nend"
    )
    assert sentences(text) == [
        "Furthermore, the Bali Process and others are of interest for synergies.",
        "The Almaty Process is the other one.",
        "A new paragraph without end",
    ]


def test_a_heading_ends_at_a_wider_gap() -> None:
    assert sentences("Scope of the report\n\nThe report covers 2019.\nIt is short.") == [
        "Scope of the report",
        "The report covers 2019.",
        "It is short.",
    ]


def test_a_line_much_shorter_than_its_neighbours_stands_alone() -> None:
    text = (
        "Migration in the region\n"
        "The region has seen a marked rise in the number of people who cross its borders, and\n"
        "this rise is expected to go on."
    )
    assert sentences(text)[0] == "Migration in the region"


@pytest.mark.data
@pytest.mark.skipif(not ALMATY.exists(), reason="../shared/data is absent")
def test_the_first_report_has_clean_sentences() -> None:
    found = sentences(ALMATY.read_text("utf-8"))
    assert (
        "In the future, the Almaty Process considers enhancing its cooperation with ISCMs for "
        "experience sharing, such as the Budapest Process and Prague Process due to common Member "
        "States and a similar thematic focus."
    ) in found
    assert (
        "Furthermore, the Bali Process and Abu Dhabi Dialogue are of interest for possible "
        "synergies."
    ) in found
    assert "However, none of these guidelines are endorsed yet." in found
    assert "4. Effective partnership models by the ISCM" in found


@given(st.text(alphabet=st.sampled_from(list("aA .\n!?(1)-•;“”\u2026I"))))
def test_spans_are_in_order_trimmed_and_leave_only_whitespace_out(text: str) -> None:
    spans = sentence_spans(text)
    position = 0
    for start, end in spans:
        assert start < end
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        assert end - start <= LONGEST
        position = end
    assert not text[position:].strip()


def test_a_sentence_longer_than_any_is_cut_at_a_clause() -> None:
    text = "word " * 150 + "end of the clause; " + "word " * 150
    parts = sentences(text)
    assert all(len(part) <= LONGEST for part in parts)
    assert parts[0].endswith("end of the clause;")


@pytest.mark.parametrize("text", ["word " * 2_000_000, "x" * 10_000_000], ids=["words", "letters"])
def test_ten_megabytes_on_one_line_take_seconds(text: str) -> None:
    started = time.process_time()
    spans = sentence_spans(text)
    assert time.process_time() - started < 8
    assert max(end - start for start, end in spans) <= LONGEST
