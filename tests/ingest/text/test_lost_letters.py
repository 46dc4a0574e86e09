"""Words that have lost the f of a ligature are repaired in search text, and nothing else is."""

from ingest.chunking.chunking import ChunkingSettings, chunk
from ingest.chunking.token_counting import TokenizerCounter, WordCounter
from ingest.text.lost_letters import lost_letters
from tests.ingest.samples import DOC_ID, assert_exact, reading_of, tokenizer_json

KNOWN = frozenset({"identified", "deficiency", "office", "final", "fiber", "official"})


def test_an_f_before_i_or_l_comes_back() -> None:
    words = {"identiied": 3, "oice": 1, "inal": 2, "deiciencies": 1, "the": 40}
    assert lost_letters(words, KNOWN) == {
        "identiied": "identified",
        "oice": "office",
        "inal": "final",
        "deiciencies": "deficiencies",
    }


def test_one_such_word_is_a_name() -> None:
    assert lost_letters({"iber": 3, "the": 40}, KNOWN) == {}


def test_a_document_whose_ligatures_are_whole_is_left_alone() -> None:
    words = {"oficial": 14, "iber": 2, "beneficios": 800, "financiera": 400}
    assert lost_letters(words, KNOWN) == {}


def test_search_text_is_repaired_and_the_quote_is_not() -> None:
    reading = reading_of("The Oice identiied deiciencies. It was inal and oficial.\n")
    chunks = chunk(DOC_ID, "T", reading, ChunkingSettings(), WordCounter(KNOWN))
    assert_exact(chunks, reading)
    assert chunks[0].text.startswith("The Oice identiied deiciencies.")
    assert chunks[0].search_text == (
        "The Office identified deficiencies. It was final and official."
    )


def test_a_broken_word_that_the_model_knows_is_joined() -> None:
    text = "It is a trans-\nparent and cross-\nborder plan; parent and trans are words here.\n"
    chunks = chunk(DOC_ID, "T", reading_of(text), ChunkingSettings(), WordCounter())
    assert "trans-parent" in chunks[0].search_text
    known = WordCounter(frozenset({"transparent"}))
    chunks = chunk(DOC_ID, "T", reading_of(text), ChunkingSettings(), known)
    assert "transparent" in chunks[0].search_text


def test_the_default_tokenizer_knows_whole_words() -> None:
    words = TokenizerCounter(tokenizer_json()).words
    assert {"identified", "office", "financial"} <= words
    assert not {"identiied", "##ing", "ing"} & words
