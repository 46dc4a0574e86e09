"""Search text and the way back to the page."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.normalizing import (
    counted_words,
    joined_words,
    normalize,
    search_text_of,
    vocabulary_of,
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
    assert normalize(source).text == expected


def test_a_documents_own_words_decide_on_a_hyphen() -> None:
    vocabulary = vocabulary_of(["an inter-state body", "cooperation", "computer and based"])
    assert normalize("inter-\nstate", vocabulary=vocabulary).text == "inter-state"
    assert normalize("co-\noperation", vocabulary=vocabulary).text == "cooperation"
    assert normalize("computer-\nbased", vocabulary=vocabulary).text == "computer-based"


def test_a_vocabulary_leaves_broken_words_out() -> None:
    assert vocabulary_of(["identi-\nfication of Re-\nfugees, well-known"]) == {"of", "well-known"}


def test_offsets_lead_back_to_the_source() -> None:
    source = "  The identi-\nfication of \ufb01ve"
    normal = normalize(source)
    start = normal.text.index("identification")
    low, high = normal.source_range(start, start + len("identification"))
    assert source[low:high].strip() == "identi-\nfication"


@given(TEXTS)
def test_offsets_never_fall_and_stay_in_the_source(source: str) -> None:
    normal = normalize(source)
    assert len(normal.offsets) == len(normal.text) + 1
    assert list(normal.offsets) == sorted(normal.offsets)
    assert normal.offsets[-1] == len(source)
    assert all(0 <= offset < len(source) for offset in normal.offsets[:-1])


@given(TEXTS)
def test_a_character_that_was_not_changed_stands_at_its_offset(source: str) -> None:
    normal = normalize(source)
    for character, offset in zip(normal.text, normal.offsets, strict=False):
        if character.isascii() and character.isalnum() and source[offset].isascii():
            assert source[offset] == character


@given(TEXTS)
def test_search_text_is_composed_single_spaced_and_stable(source: str) -> None:
    text = normalize(source).text
    assert text == unicodedata.normalize("NFC", text)
    assert text == " ".join(text.split())
    assert search_text_of(source) == text


def test_a_word_of_a_million_letters_takes_no_time() -> None:
    began = time.process_time()
    text = "word" * 250_000 + " com-\npact"
    assert list(joined_words(text)) == ["compact"]
    assert counted_words([text])["word" * 250_000] == 1
    assert time.process_time() - began < 5
