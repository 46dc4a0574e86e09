"""Texts that ask nothing of the documents."""

import pytest

from service.answering.small_talk import is_small_talk, said_of
from tests.index.samples import sample_document


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "hello",
        "What do you have?",
        "who are you",
        "What documents are in here?",
        "cool, that’s all I needed",
        "Good morning, can you help me?",
        "muchas gracias, hasta luego",
        "Merci beaucoup, au revoir !",
    ],
)
def test_greetings_thanks_and_questions_about_citewell_are_small_talk(text: str) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    [
        "What do you have on Peru?",
        "documents of 2019",
        "Who pays?",
        "secretariat",
        "¿Cuáles son los miembros?",
        "What does the report contain about migration?",
    ],
)
def test_what_names_a_subject_is_none(text: str) -> None:
    assert not is_small_talk(text)


def test_the_collection_is_told_by_its_size_and_first_titles() -> None:
    documents = [sample_document(f"Report {letter}") for letter in "CABDEFG"]
    said = said_of(documents)
    assert "7 documents: “Report A”; “Report B”" in said
    assert "and 2 more" in said
    assert "empty" in said_of([])
    assert "1 document:" in said_of(documents[:1])
