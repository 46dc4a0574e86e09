"""Search text."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.normalizing import (
    counted_words,
    joined_words,
    search_text_of,
)

ODD = st.text(
    alphabet=st.sampled_from(
        list("ab Z9-\u00ad\u2010\n\t\r\ufb01Ａ\u0301\u0302é\u0327가\u11a8ㅏ\ue000\x07²\u200b")
    )
)
TEXTS = st.one_of(ODD, st.text())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("identi-\nfication", "identification"),
        ("identi-  \n\n fication", "identification"),
        ("Secretary-\nGeneral", "Secretary-General"),
        ("COVID-\n19", "COVID-19"),
        ("2018-\nbased", "2018-based"),
        ("a dash - \nhere", "a dash - here"),
        ("o\ufb03ce \ufb01ve", "office five"),
        ("co\u00adoperation", "cooperation"),
        ("２０１９ Ａ", "2019 A"),
        ("m² and ½", "m² and ½"),
        ("one \n\n two\t three\u00a0four", "one two three four"),
        ("e\u0301te\u0301", "été"),
        ("a\ue000b\x07c", "abc"),
        ("  around  ", "around"),
        ("", ""),
    ],
)
def test_search_text_is_what_a_reader_would_type(source: str, expected: str) -> None:
    assert search_text_of(source) == expected


def test_a_documents_own_words_decide_on_a_hyphen() -> None:
    vocabulary = set(counted_words(["an inter-state body", "cooperation", "computer and based"]))
    assert search_text_of("inter-\nstate", vocabulary=vocabulary) == "inter-state"
    assert search_text_of("co-\noperation", vocabulary=vocabulary) == "cooperation"
    assert search_text_of("computer-\nbased", vocabulary=vocabulary) == "computer-based"


def test_a_vocabulary_leaves_broken_words_out() -> None:
    assert set(counted_words(["identi-\nfication of Re-\nfugees, well-known"])) == {
        "of",
        "well-known",
    }


@given(TEXTS)
def test_search_text_is_composed_single_spaced_and_stable(source: str) -> None:
    text = search_text_of(source)
    assert text == unicodedata.normalize("NFC", text)
    assert text == " ".join(text.split())
    assert search_text_of(text) == text


def test_a_word_of_a_million_letters_takes_no_time() -> None:
    began = time.process_time()
    text = "word" * 250_000 + " com-\npact"
    assert list(joined_words(text)) == ["compact"]
    assert counted_words([text])["word" * 250_000] == 1
    assert time.process_time() - began < 5
