"""How an answer is shown where the words that answer, and the confidence, are known."""

from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from service.cli.printing import answer_lines
from service.dialects.anthropic import translation as anthropic
from service.dialects.cohere import translation as cohere
from service.dialects.mcp import translation as mcp
from service.dialects.openai import translation as openai
from service.dialects.slack import translation as slack
from service.dialects.teams import translation as teams
from service.engine.engine import Engine
from service.http.web.ask_pages import AskForm, ask_page
from service.rendering.answer_text import answer_text, quote_parts
from service.values.answer import Answer, AnswerSpan
from tests.service.small_collection import QUESTION, make_collection, settings_of

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
    said = "Confidence that this answers the question: 87\xa0%."
    assert answer_text(marked(answer), BASE).text.endswith(said)
    unknown = replace(answer, confidence=None)
    assert "Confidence" not in answer_text(unknown, BASE).text
    assert answer_text(marked(answer), BASE).marks[0].start == 0


def test_slack_shows_the_words_in_bold(answer: Answer) -> None:
    shown = str(slack.message(marked(answer), BASE, in_channel=False))
    assert f"the *{WORDS}*, the Prague" in shown
    assert r"Confidence that this answers the question: 87\xa0%." in shown
    assert f"*{WORDS}*" not in str(slack.message(answer, BASE, in_channel=False))


def test_teams_shows_the_words_in_bold(answer: Answer) -> None:
    shown = str(teams.message(marked(answer), BASE))
    assert "{'type': 'TextRun', 'text': 'Budapest Process', 'weight': 'Bolder'}" in shown
    assert r"Confidence that this answers the question: 87\xa0%." in shown


def shown(answer: Answer) -> dict[str, str]:
    """Return the answer in every form that is read, by its name."""
    text = answer_text(answer, BASE)
    return {
        "text": text.text,
        "openai": str(
            openai.chat_completion(
                openai.Completion(answer, text, "citewell", None, openai.Usage(0, 0))
            )
        ),
        "cohere": str(cohere.chat(answer, text)["message"]),
        "anthropic": str(anthropic.cited_texts(answer, BASE)),
        "mcp": mcp.ask_text(answer, BASE),
        "slack": str(slack.message(answer, BASE, in_channel=False)),
        "teams": str(teams.message(answer, BASE)),
        "terminal": "\n".join(answer_lines(answer)),
        "web": " ".join(unescape(web_page(answer)).split()),
    }


def web_page(answer: Answer) -> str:
    return bytes(ask_page(AskForm(answer.question), answer=answer).body).decode()


def test_the_parts_of_a_question_that_no_quote_answers_are_said_in_every_form(
    answer: Answer,
) -> None:
    half = replace(answer, unanswered_parts=("how many in 2009?", "Who pays?"))
    said = "No quote clearly answers: “how many in 2009?” “Who pays?”"
    assert [name for name, text in shown(half).items() if said not in text] == []
    assert [name for name, text in shown(answer).items() if "No quote clearly" in text] == []
    assert mcp.ask_result(half)["unanswered_parts"] == half.unanswered_parts


def unsure(answer: Answer) -> Answer:
    return replace(marked(answer), status="unsure", reason="low_confidence", confidence=0.414)


def test_likely_quotes_are_said_to_be_likely_before_they_are_given_in_every_form(
    answer: Answer,
) -> None:
    for name, text in shown(unsure(answer)).items():
        # A page has the first part as its heading.
        said = "Not sure. These quotes may answer (41% likely):"
        said = "These quotes may answer (41% likely)." if name == "web" else said
        assert "Not sure" in text, name
        assert said in text, name
        assert "Budapest Process" in text[text.rindex(said) :], name
    assert [name for name, text in shown(answer).items() if "Not sure" in text] == []


def test_likely_quotes_keep_their_citations_in_every_form(answer: Answer) -> None:
    for name, text in shown(unsure(answer)).items():
        assert urlsplit(answer.citations[0].url).path in text, name
    whole = answer_text(unsure(answer), BASE)
    assert [mark.citation.number for mark in whole.marks] == [c.number for c in answer.citations]
    first = whole.marks[0]
    assert whole.text[first.start : first.end].startswith("“The Almaty Process plans")


def test_no_form_says_how_sure_it_is_of_likely_quotes_twice(answer: Answer) -> None:
    said = "Confidence that this answers the question"
    assert [name for name, text in shown(unsure(answer)).items() if said in text] == []


def test_likely_quotes_without_a_confidence_are_said_to_be_likely_all_the_same(
    answer: Answer,
) -> None:
    unknown = replace(unsure(answer), confidence=None)
    for name, text in shown(unknown).items():
        said = "These quotes may answer." if name == "web" else "Not sure. These quotes may answer:"
        assert said in text, name


def test_the_outcome_is_told_to_programs_too(answer: Answer) -> None:
    told = mcp.ask_result(unsure(answer))
    assert (told["status"], told["reason"]) == ("unsure", "low_confidence")
    assert slack.plain(unsure(answer)).startswith("Not sure. These quotes may answer (41% likely)")


def test_likely_quotes_stand_under_a_title_that_says_so_on_the_page(answer: Answer) -> None:
    assert ">Not sure</h1>" in web_page(unsure(answer))
    assert ">Answer</h1>" in web_page(answer)


def test_a_question_about_a_name_that_no_passage_holds_gets_the_name_back(engine: Engine) -> None:
    found = engine.ask("When did the Almaty Process begin to meet with Xanadu?")
    assert (found.status, found.reason) == ("abstained", "premise_not_in_collection")
    assert found.absent_names == ("Xanadu",)


def test_names_that_no_passage_holds_are_said_in_every_form(answer: Answer) -> None:
    lacking = replace(
        answer,
        status="abstained",
        reason="premise_not_in_collection",
        absent_names=("Xanadu", "the Shangri-La Accord"),
        citations=(),
        statements=(),
        answer="",
    )
    said = "No passage mentions “Xanadu” or “the Shangri-La Accord”."
    for name, text in shown(lacking).items():
        assert said in " ".join(text.split()), name
    assert said not in answer_text(replace(lacking, absent_names=()), BASE).text
