"""What a term matches in page text, and what it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Page
from corpus.errors import QuestionError
from service.finding.mentions.inflecting import inflections
from service.finding.mentions.scanning import mentions_in
from service.finding.mentions.term import checked_term, term_form


def found(term: str, *texts: str, language: str = "en", exact: bool = False) -> list[str]:
    """Return the mentions in pages of these texts, a mark where one goes over to the next page."""
    pages = {number: Page(number, str(number), text) for number, text in enumerate(texts, start=1)}
    form = term_form(term, language=language, exact=exact)
    return [
        "|".join(pages[span.page].text[span.start : span.end] for span in spans)
        for spans in mentions_in(pages, [form])
    ]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("migration", "Migration, immigration and MIGRATION.", ["Migration", "MIGRATION"]),
        ("policy", "A policy, two policies, a policy’s aim.", ["policy", "policies", "policy’s"]),
        ("policies", "A policy.", ["policy"]),
        ("woman", "Women and a woman.", ["Women", "woman"]),
        ("cooperate", "cooperating, cooperated, cooperation", ["cooperating", "cooperated"]),
        ("economics", "economic economics", ["economics"]),
        ("identification", "identi-\nfication", ["identi-\nfication"]),
        ("identification", "identi\u00adfi\u00adcation", ["identi\u00adfi\u00adcation"]),
        ("identification", "identi\ufb01cation", ["identi\ufb01cation"]),
        ("able", "sustain-\nable, sustainable", []),
        ("known", "well-\nknown, so known as well", ["known", "known"]),
        ("inter-state", "inter-\nState inter state", ["inter-\nState", "inter state"]),
        ("inter-state", "interstate, inter -\nstate", ["interstate", "inter -\nstate"]),
        ("Almaty Process", "the Almaty\nProcess", ["Almaty\nProcess"]),
        ("Almaty Process", "an Almaty  process's aim", ["Almaty  process's"]),
        ("WHO", "those who work at WHO", ["WHO"]),
        ("RCP", "RCPs and an RCP; rcp", ["RCPs", "RCP"]),
        ("Diagnostico", "diagnóstico DIAGNO\u0301STICO", ["diagnóstico", "DIAGNO\u0301STICO"]),
        ("ano", "el año, el ano", ["ano"]),
        ("año", "el año, el ano, el an\u0303o", ["año", "an\u0303o"]),
        ("A/80/10", "A/80/10, A/80/105, A/80/\n10", ["A/80/10", "A/80/\n10"]),
        ("migration", "labour migration12 and migration2019x", ["migration"]),
        ("C++", "C++ and C", ["C++"]),
        ("children's rights", "children’s rights", ["children’s rights"]),
    ],
)  # fmt: skip
def test_a_term_matches_the_forms_it_takes_in_print(
    term: str, text: str, expected: list[str]
) -> None:
    assert found(term, text) == expected


def test_exact_leaves_out_inflections_accents_and_other_hyphens() -> None:
    assert found("policy", "policies, Policy", exact=True) == ["Policy"]
    assert found("resume", "résumé resume", exact=True) == ["resume"]
    assert found("inter-state", "interstate inter-state", exact=True) == ["inter-state"]
    assert found("identification", "identi-\nfication", exact=True) == ["identi-\nfication"]


def test_a_mention_over_two_pages_is_found_between_footer_and_header() -> None:
    first = "They spoke of the Almaty\n\n12 See A/80/10.\n25-00976 3/16\n"
    second = "A/80/11\n\nProcess and of others.\n"
    assert found("Almaty Process", first, second) == ["Almaty|Process"]
    assert found("identification", "by identi-\n3\n", "4\nfication of") == ["identi-|fication"]


def test_a_line_that_goes_on_on_its_own_page_is_not_joined_to_the_next() -> None:
    assert found("human rights", "human\nrights\n", "rights of all\n") == ["human\nrights"]


@pytest.mark.parametrize(
    ("word", "language", "form"),
    [
        ("proceso", "es", "procesos"),
        ("migración", "es", "migraciones"),
        ("luz", "es", "luces"),
        ("nação", "pt", "nações"),
        ("régional", "fr", "régionaux"),
        ("миграция", "ru", "миграции"),
        ("analysis", "en", "analyses"),
        ("processes", "en", "process"),
        ("agency", "en", "agencies"),
    ],
)
def test_words_inflect_by_the_language_of_the_document(word: str, language: str, form: str) -> None:
    assert form in inflections(word, language)


def test_spanish_text_mentions_the_plural_of_a_spanish_term() -> None:
    assert found("migración", "las migra-\nciones", language="es") == ["migra-\nciones"]
    assert found("هجرة", "الهجرة والهجرة", language="ar") == ["الهجرة", "والهجرة"]


@given(st.lists(st.from_regex(r"[a-z]{4,9}", fullmatch=True), min_size=1, max_size=3))
def test_any_words_are_found_where_they_stand_however_lines_break(words: list[str]) -> None:
    text = "0 " + "\n".join(words) + " 0"
    mentions = found(" ".join(words), text)
    assert mentions[:1] == ["\n".join(words)]
    broken = "0 " + " ".join(f"{word[:2]}-\n{word[2:]}" for word in words) + " 0"
    assert len(found(" ".join(words), broken)) == 1


@pytest.mark.parametrize("term", ["", "  ", "…", "x" * 201])
def test_a_term_that_names_nothing_is_refused(term: str) -> None:
    with pytest.raises(QuestionError):
        checked_term(term)
