"""How an answer is shown where the words that answer, and the confidence, are known."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service.answer import Answer, AnswerSpan
from service.dialects import anthropic, mcp, slack, teams
from service.dialects.places import answer_text, quote_parts
from service.engine import Engine
from service.printing import answer_lines
from tests.service.http.collection import QUESTION, make_collection, settings_of

BASE = "http://127.0.0.1:8000"
WORDS = "Budapest Process"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    home: Path = tmp_path_factory.mktemp("dialects") / "home"
    settings = settings_of(home)
    make_collection(settings)
    with Engine.open(settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def answer(engine: Engine) -> Answer:
    return engine.ask(QUESTION)


def marked(answer: Answer) -> Answer:
    """Return the answer with the words that answer in its first quote, and a confidence."""
    first = answer.citations[0]
    start = first.quote.index(WORDS)
    span = AnswerSpan(start, start + len(WORDS), WORDS)
    citations = (replace(first, answer_span=span), *answer.citations[1:])
    return replace(answer, citations=citations, confidence=0.874)


def test_the_parts_of_a_quote_joined_are_the_quote_on_one_line(answer: Answer) -> None:
    for each in (answer.citations[0], marked(answer).citations[0]):
        assert "".join(quote_parts(each)) == " ".join(each.quote.split())
    assert quote_parts(marked(answer).citations[0])[1] == WORDS


def test_the_confidence_is_said_after_the_places(answer: Answer) -> None:
    said = "Confidence that this answers the question: 87 %."
    assert answer_text(marked(answer), BASE).text.endswith(said)
    unknown = replace(answer, confidence=None)
    assert "Confidence" not in answer_text(unknown, BASE).text
    assert answer_text(marked(answer), BASE).marks[0].start == 0


def test_slack_shows_the_words_in_bold(answer: Answer) -> None:
    shown = str(slack.message(marked(answer), BASE, in_channel=False))
    assert f"the *{WORDS}*, the Prague" in shown
    assert "Confidence that this answers the question: 87 %." in shown
    assert f"*{WORDS}*" not in str(slack.message(answer, BASE, in_channel=False))


def test_teams_shows_the_words_in_bold(answer: Answer) -> None:
    shown = str(teams.message(marked(answer), BASE))
    assert "{'type': 'TextRun', 'text': 'Budapest Process', 'weight': 'Bolder'}" in shown
    assert "Confidence that this answers the question: 87 %." in shown


def test_the_parts_of_a_question_that_no_quote_tells_are_said_in_every_form(
    answer: Answer,
) -> None:
    half = replace(answer, untold=("how many in 2009?", "Who pays?"))
    said = "Not clearly told: “how many in 2009?” “Who pays?”"

    def shown(given: Answer) -> tuple[str, ...]:
        return (
            answer_text(given, BASE).text,
            str(slack.message(given, BASE, in_channel=False)),
            str(teams.message(given, BASE)),
            "\n".join(answer_lines(given)),
            str(anthropic.cited_texts(given, BASE)),
        )

    assert all(said in each for each in shown(half))
    assert not any("Not clearly told" in each for each in shown(answer))
    assert mcp.ask_result(half)["untold"] == half.untold


def test_a_question_about_a_name_that_no_passage_holds_gets_the_name_back(engine: Engine) -> None:
    found = engine.ask("When did the Almaty Process begin to meet with Xanadu?")
    assert (found.status, found.reason) == ("abstained", "premise_not_in_collection")
    assert found.absent == ("Xanadu",)


def test_names_that_no_passage_holds_are_said_in_every_form(answer: Answer) -> None:
    lacking = replace(
        answer,
        status="abstained",
        reason="premise_not_in_collection",
        absent=("Xanadu", "the Shangri-La Accord"),
        citations=(),
        statements=(),
        answer="",
    )
    said = "No passage mentions “Xanadu” or “the Shangri-La Accord”."
    blocks = str(anthropic.cited_texts(lacking, BASE))
    shown = (
        answer_text(lacking, BASE).text,
        str(slack.message(lacking, BASE, in_channel=False)),
        str(teams.message(lacking, BASE)),
        " ".join(answer_lines(lacking)),
        blocks,
    )
    for each in shown:
        assert said in each
    assert said not in answer_text(replace(lacking, absent=()), BASE).text
