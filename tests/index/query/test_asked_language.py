"""Which language a question is in."""

import json
from pathlib import Path

import pytest

from index.query.asked_language import asked_language, without_small_words

QUESTIONS = Path(__file__).parents[3] / "eval" / "questions"


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Which ISCMs does the Almaty Process plan to cooperate with?", "en"),
        ("Quels sont les membres du Processus de Rabat ?", "fr"),
        ("Combien d'États participent au Processus de Prague ?", "fr"),
        ("cuáles son los temas de la conferencia", "es"),
        ("¿MIDSA?", "es"),
        ("Сколько государств участвует в процессе?", "ru"),
        ("أين أُطلقت العملية؟", "ar"),
        ("科伦坡进程有哪些成员国？", "zh"),
        ("Quais são os membros do processo?", "pt"),
        ("Welche Staaten sind Mitglieder der Konferenz?", "de"),
        ("次の会議はどこで開かれますか？", ""),
        ("Rabat Process members", "en"),
        ("UN DES LES: what does the annex say?", "en"),
        ("", "en"),
    ],
)
def test_a_question_has_its_language(question: str, language: str) -> None:
    assert asked_language(question) == language


def test_english_questions_are_english_and_the_others_what_they_are() -> None:
    """Seven in twenty thousand are taken otherwise; here, one in a thousand may be."""
    lines = (QUESTIONS / "forms.jsonl").read_text("utf-8").splitlines()
    forms = [each for each in map(json.loads, lines) if "SPANISH" not in each["document"]]
    english = [each["question"] for each in forms]
    assert sum(asked_language(each) != "en" for each in english) <= len(english) / 1000
    lines = (QUESTIONS / "languages" / "questions.jsonl").read_text("utf-8").splitlines()
    told = [(each["language"], asked_language(each["question"])) for each in map(json.loads, lines)]
    assert sum(said != meant for meant, said in told) <= len(told) / 100


def test_small_words_of_another_language_are_left_out() -> None:
    kept = without_small_words("Quels sont les membres du Processus de Rabat ?", "fr").split()
    assert kept == ["membres", "Processus", "Rabat", "?"]
    assert without_small_words("What is the Rabat Process?", "en") == "What is the Rabat Process?"
    assert without_small_words("科伦坡进程", "zh") == "科伦坡进程"
