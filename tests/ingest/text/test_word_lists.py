"""How many words of a text its language has."""

import time

import pytest

from ingest.text.word_lists import dictionary_share

ENGLISH = "The report of the secretariat covers all of the activities that were agreed on. " * 3
SPANISH = "El informe de la secretaría trata de todas las actividades que fueron acordadas. " * 3


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (SPANISH, "es")])
def test_a_text_has_the_words_of_its_language(text: str, language: str) -> None:
    share = dictionary_share(text, language)
    assert share is not None
    assert share > 0.95


def test_words_read_wrongly_are_in_no_dictionary() -> None:
    spoilt = ENGLISH.replace("report", "rcporl").replace("activities", "aclivilies")
    share = dictionary_share(spoilt, "en")
    assert share is not None
    assert share == pytest.approx(dictionary_share(ENGLISH, "en") - 2 / 10, abs=0.01)  # type: ignore[operator]


def test_a_word_parted_at_a_line_end_is_known() -> None:
    parted = ENGLISH.replace("secretariat", "secre-\ntariat").replace("agreed", "long-\nlasting")
    assert dictionary_share(parted, "en") == dictionary_share(ENGLISH, "en")


def test_names_and_acronyms_do_not_count() -> None:
    named = ENGLISH.replace("secretariat", "Almaty UNHCR Xyzzy secretariat")
    assert dictionary_share(named, "en") == dictionary_share(ENGLISH, "en")


@pytest.mark.parametrize(
    ("text", "language"), [("Too few words to tell.", "en"), (ENGLISH, "xx"), ("", None)]
)
def test_what_cannot_be_told_is_none(text: str, language: str | None) -> None:
    assert dictionary_share(text, language) is None


def test_a_word_of_a_million_letters_takes_no_time() -> None:
    began = time.process_time()
    dictionary_share(ENGLISH + "word" * 250_000, "en")
    assert time.process_time() - began < 5
