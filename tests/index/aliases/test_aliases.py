"""Names learned from text and titles, what becomes of a question that uses them, and edits."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InputError, StoreError
from index.aliases.alias import Aliases, AliasPair, meaning_key
from index.aliases.alias_edits import AliasEdits
from index.aliases.alias_learning import definitions, learn_aliases
from index.aliases.long_form import best_long_form
from tests.index.samples import sample_chunks, sample_document


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The International Organization for Migration (IOM) met.",
         [("IOM", "International Organization for Migration")]),
        ("ICMPD (International Centre for Migration Policy Development) hosts it.",
         [("ICMPD", "International Centre for Migration Policy Development")]),
        ("Regional consultative processes (RCPs) are informal.",
         [("RCP", "Regional consultative process")]),
        ("inter-state consultation mechanisms on migration (ISCMs)",
         [("ISCM", "inter-state consultation mechanism on migration")]),
        ("by the Office of Legal Affairs (OLA) in May", [("OLA", "Office of Legal Affairs")]),
        ("the Heat Shock Transcription Factor (HSF)", [("HSF", "Heat Shock Transcription Factor")]),
        ("met in Geneva (Switzerland) and (see annex II) in 2019 (IV)", []),
        ("the agency (NASA)", []),
    ],
)  # fmt: skip
def test_a_parenthesis_defines_a_short_name(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert list(definitions(sentence)) == expected


@pytest.mark.parametrize(
    ("short", "candidate", "long"),
    [
        # The examples of the paper.
        ("HMM", "using a hidden markov model", "hidden markov model"),
        ("GNAT", "the Gcn5-related N-acetyltransferase", "Gcn5-related N-acetyltransferase"),
        ("ABC", "no such letters", None),
    ],
)
def test_the_long_form_holds_the_letters_in_order(
    short: str, candidate: str, long: str | None
) -> None:
    assert best_long_form(short, candidate) == long


@given(st.text("ABCDE", min_size=2, max_size=6), st.text("abcde ", max_size=60))
def test_a_long_form_is_the_end_of_what_it_was_sought_in(short: str, candidate: str) -> None:
    long = best_long_form(short, candidate)
    if long is not None:
        assert candidate.endswith(long)
        letters = iter(long.lower())
        assert all(letter in letters for letter in short.lower())


def learned(*sentences: str) -> Aliases:
    document = sample_document("A report")
    _, chunks = sample_chunks(document, sentences)
    return Aliases(learn_aliases([document], chunks))


def test_either_name_becomes_the_one_that_the_collection_uses_most() -> None:
    aliases = learned(
        "The International Organization for Migration (IOM) met.", "IOM paid. IOM left."
    )
    (pair,) = aliases.certain
    assert (pair.short_uses, pair.long_uses, pair.doc_id) == (
        3,
        1,
        sample_document("A report").doc_id,
    )
    for text in ("What does IOM do?", "What does the International organization for migration do?"):
        asked, used = aliases.canonical(text)
        assert asked.replace("the ", "") == "What does IOM do?"
        assert used == (pair,)
    assert aliases.others("IOM") == ("International Organization for Migration",)
    assert aliases.others("international organization for migration") == ("IOM",)


def test_a_plural_stays_a_plural() -> None:
    aliases = learned("Regional Consultative Processes (RCPs) meet.", "An RCP and other RCPs.")
    assert aliases.canonical("regional consultative processes?")[0] == "RCPs?"
    assert aliases.canonical("RCPs?")[0] == "RCPs?"


@given(st.text(max_size=80))
def test_a_text_without_a_name_of_the_collection_is_unchanged(text: str) -> None:
    aliases = learned("The Xylophone Quality Jury (XQJ) met.")
    if "xqj" not in text.lower() and "xylophone" not in text.lower():
        assert aliases.canonical(text) == (text, ())


def test_common_words_stay_though_they_have_an_acronym() -> None:
    aliases = learned("It is low birth weight (LBW) here.", "LBW and LBW and LBW.")
    for text in ("What is low birth weight?", "What is LBW?"):
        assert aliases.canonical(text) == (text, ())
    assert aliases.others("LBW") == ("low birth weight",)


def test_a_name_said_in_full_stays() -> None:
    aliases = learned("The Xylophone Quality Jury (XQJ) met.", "XQJ, XQJ, XQJ.")
    text = "Who is in the Xylophone Quality Jury (XQJ)?"
    assert aliases.canonical(text)[0] == text


def test_part_of_a_symbol_or_word_is_no_name() -> None:
    aliases = learned("The Xylophone Quality Jury (XQJ) met.")
    for text in ("CW/XQJ/10", "XQJ-2", "xqj", "XQJA"):
        assert aliases.canonical(text) == (text, ())


def test_a_name_with_two_meanings_is_reported_and_left_alone() -> None:
    aliases = learned(
        "The Instituto Costarricense de Turismo (ICT) reports.",
        "Use of information and communications technology (ICT) grew.",
    )
    assert not aliases.certain
    assert len(aliases.meanings("ICT")) == 2
    assert aliases.canonical("Who pays the ICT?") == ("Who pays the ICT?", ())
    assert aliases.others("ICT") == ()


def test_a_misread_letter_is_no_second_meaning() -> None:
    aliases = learned(
        "The High Commissioner for Refugees (HCR) spoke.",
        "The High Commissioner for Refugees (HCR) left.",
        "The High Connissioner for Refugees (HCR) came.",
    )
    (pair,) = aliases.pairs
    assert (pair.long, pair.count) == ("High Commissioner for Refugees", 3)
    assert meaning_key("Organisation for X") == meaning_key("the Organization of X")


def test_titles_and_metadata_name_a_thing() -> None:
    document = sample_document("Almaty Process on Refugee Protection and International Migration")
    titled = Aliases(learn_aliases([document], []))
    assert titled.others("Almaty Process") == (document.title,)
    said = replace(
        document, title="Regional Conference on Migration", metadata={"aliases": "RCM; CRM"}
    )
    aliases = Aliases(learn_aliases([said], []))
    assert set(aliases.others("CRM")) == {"RCM", "Regional Conference on Migration"}


def test_edits_add_and_remove_and_come_back_from_their_file(tmp_path: Path) -> None:
    aliases = learned("The Xylophone Quality Jury (XQJ) met.")
    edits = AliasEdits().adding("WB", "World Bank").removing("XQJ")
    edits.write(tmp_path / "aliases.json")
    read = AliasEdits.read(tmp_path / "aliases.json")
    assert read == edits
    assert [pair.short for pair in read.applied(aliases.pairs).certain] == ["WB"]
    again = read.removing("WB").adding("XQJ", "Xylophone Quality Jury").applied(aliases.pairs)
    assert [(pair.short, pair.origin) for pair in again.certain] == [("XQJ", "user")]
    with pytest.raises(InputError):
        edits.adding("WB", "WB")
    (tmp_path / "aliases.json").write_text("[]", "utf-8")
    with pytest.raises(StoreError, match="no list of aliases"):
        AliasEdits.read(tmp_path / "aliases.json")


def test_aliases_come_back_from_json() -> None:
    aliases = Aliases((AliasPair("IOM", "International Organization for Migration", "user"),))
    assert Aliases.from_json(aliases.to_json()) == aliases
