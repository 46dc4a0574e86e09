"""Follow-up questions find what their spelled-out forms find."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answering.conversation import Turn, names_in, spelled_out
from service.collection.publishing import IngestRequest, publish
from service.engine.engine import Engine
from service.settings.environment import read_settings

EXCHANGES = [
    json.loads(line)
    for line in (Path(__file__).parent / "conversations.jsonl").read_text("utf-8").splitlines()
]
REPORTS = Path(__file__).parents[3] / "corpus" / "reports"


def asked(*questions: str) -> str:
    return spelled_out([Turn("user", question) for question in questions])


@pytest.fixture(scope="module")
def briefs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    settings = read_settings({}, home=tmp_path_factory.mktemp("briefs") / "home")
    publish(IngestRequest([str(REPORTS)], "iscm", {}), settings)
    with Engine.open(settings) as engine:
        yield engine


def first_citation(engine: Engine, question: str) -> tuple[str, str] | None:
    citations = engine.ask(question).citations
    return (citations[0].passage_id, citations[0].quote) if citations else None


@pytest.mark.models
def test_follow_ups_cite_what_their_spelled_out_forms_cite(briefs: Engine) -> None:
    assert len(EXCHANGES) == 30
    missed, alone = [], 0
    for exchange in EXCHANGES:
        wanted = first_citation(briefs, exchange["spelled_out"])
        rewritten = asked(*exchange["turns"])
        if first_citation(briefs, rewritten) != wanted:
            missed.append((exchange["turns"], rewritten))
        alone += first_citation(briefs, exchange["turns"][-1]) == wanted
    assert len(EXCHANGES) - len(missed) >= 0.85 * len(EXCHANGES), missed
    assert alone < len(EXCHANGES) - len(missed), "the turns before add nothing"


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (
            ["Who chairs the Bali Process?", "When does it meet?"],
            "When does the Bali Process meet?",
        ),
        (["Since when does the IGC meet?", "Who chairs it?"], "Who chairs the IGC?"),
        (["Who chairs the IGC?", "Thanks. And the GFMD?"], "Who chairs the GFMD?"),
        (["Who chairs MIDSA?", "And MIDWA?"], "Who chairs MIDWA?"),
        (["Who chairs MIDSA?", "and its members?"], "What about MIDSA’s members?"),
        (["What is the IGC?", "Who runs the secretariat?"], "Who runs the secretariat in the IGC?"),
        (["Did the IGC meet?", "When?"], "Did the IGC meet? When?"),
        (["Who chairs the IGC?", "Who chairs the GFMD?"], "Who chairs the GFMD?"),
        (
            ["Who chairs the IGC?", "Does the GFMD publish its minutes?"],
            "Does the GFMD publish its minutes?",
        ),
        (["what is it?"], "what is it?"),
        (
            ["How many people did UNICEF reach in Ukraine in 2024?", "and in haiti?"],
            "How many people did UNICEF reach in haiti in 2024?",
        ),
        (
            ["How many people did UNICEF reach in Ukraine in 2024?", "And in 2023?"],
            "How many people did UNICEF reach in Ukraine in 2023?",
        ),
        (
            ["Who is the new envoy of the UN for Libya?", "When did she start?"],
            "When did she start (Who is the new envoy of the UN for Libya)?",
        ),
    ],
)
def test_what_is_left_out_is_put_back(turns: list[str], expected: str) -> None:
    assert asked(*turns) == expected


def test_a_name_that_only_the_answer_has_is_meant() -> None:
    turns = [
        Turn("user", "which mechanism is for the Pacific?"),
        Turn("assistant", "“The Pacific Immigration Development Community …” [1]"),
        Turn("user", "when was it established?"),
    ]
    turns[0] = Turn("user", "which mechanism has its secretariat in a capital?")
    assert "Pacific Immigration Development Community" in spelled_out(turns)


def test_names_are_found_with_their_articles() -> None:
    assert names_in("Does the Global Forum on Migration and Development meet?") == [
        "the Global Forum on Migration and Development"
    ]
    assert names_in("The Bali Process and the Colombo Process") == [
        "the Bali Process",
        "the Colombo Process",
    ]
    assert names_in("Who is it, and why?") == []


@given(st.lists(st.text(max_size=80), max_size=4))
def test_any_conversation_has_a_question(turns: list[str]) -> None:
    found = asked(*turns)
    assert found if any(turn.strip() for turn in turns[-1:]) else isinstance(found, str)
