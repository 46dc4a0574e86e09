"""Words by the language they are in: stems, stop words, accents."""

from pathlib import Path

import numpy as np
import pytest

from index.indexes.analysing import analyse, indexed_as, language_of, supported, words_of
from index.indexes.lexical_index import LexicalRow, TantivyIndex, write_lexical_index

ALL = ("ar", "en", "es", "fr", "pt", "ru")
TEXTS = {
    "ar": "تقرير عن الهجرة الدولية في آسيا",
    "en": "A report on the migrations of workers",
    "es": "Informe sobre la educación y las migraciones de los niños",
    "fr": "Rapport sur l'évaluation des réfugiés déplacés",
    "pt": "Relatório sobre a educação e as migrações das crianças",
    "ru": "Доклад о ещё не решённых вопросах миграции",
}


def _index(folder: Path, texts: dict[str, str]) -> TantivyIndex:
    rows = (LexicalRow("", text, n, language) for n, (language, text) in enumerate(texts.items()))
    write_lexical_index(folder, rows)
    return TantivyIndex.open(folder, np.arange(len(texts), dtype=np.int32), languages=list(texts))


@pytest.mark.parametrize(
    ("language", "query"),
    [
        ("ar", "الهجرة إلى اسيا"),
        ("ar", "هِجْرَة"),
        ("en", "migration of a worker"),
        ("es", "¿Qué dice de la migración de un niño?"),
        ("es", "migracion ninos"),
        ("es", "EDUCACION"),
        ("fr", "refugie deplace"),
        ("fr", "Quelles évaluations du réfugié ?"),
        ("pt", "migracao crianca"),
        ("pt", "A educação de uma criança"),
        ("ru", "нерешенные вопросы"),
        ("ru", "о миграциях"),
    ],
)
def test_inflected_and_accentless_words_find_the_text_of_their_language_first(
    tmp_path: Path, language: str, query: str
) -> None:
    rows, _ = _index(tmp_path, TEXTS).search(query, 6)
    assert list(TEXTS)[rows[0]] == language


def test_a_name_is_found_in_texts_of_every_language(tmp_path: Path) -> None:
    texts = {"en": "The Almaty Process", "es": "El proceso de Almaty", "fr": "À Almaty"}
    for query in ("the process of Almaty", "el proceso de Almaty", "Almaty"):
        assert sorted(_index(tmp_path, texts).search(query, 9)[0].tolist()) == [0, 1, 2]
        for path in tmp_path.iterdir():
            path.unlink()


def test_stop_words_of_a_question_in_another_language_find_nothing(tmp_path: Path) -> None:
    texts = {"en": "Los Angeles and La Paz", "es": "Los informes de la comisión"}
    rows, _ = _index(tmp_path, texts).search("¿Qué dicen los informes de la comisión?", 9)
    assert rows.tolist() == [1]


def test_english_alone_is_searched_as_it_is_analysed() -> None:
    query = "Évaluations of the migrations, migration"
    forms = [form for _, each in words_of(query, ["en"]) for form in each]
    assert forms == analyse(query) == ["evalu", "of", "the", "migrat", "migrat"]
    assert indexed_as(query, "en") == query


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("What are the goals of the report?", "en"),
        ("What does the report say of de la Torre?", "en"),
        ("¿Cuáles son los objetivos del informe?", "es"),
        ("Quels sont les objectifs du rapport ?", "fr"),
        ("Quais são os objetivos do relatório?", "pt"),
        ("Каковы цели доклада?", "ru"),
        ("ما هي أهداف التقرير؟", "ar"),
        ("objetivos migracion", "en"),
    ],
)
def test_the_language_of_a_question_is_that_of_its_small_words(query: str, language: str) -> None:
    assert language_of(query, ALL) == language


def test_a_language_without_a_stemmer_here_is_analysed_as_english() -> None:
    assert [supported(each) for each in ("es", "ES-mx", "de", "", None)] == [
        *("es", "es"),
        *("en", "en", "en"),
    ]
