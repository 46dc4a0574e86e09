"""What a generator's draft becomes: the quotes' own words, or the quotes."""

import random
from dataclasses import replace

import pytest

from benchmarks.fidelity.drafts import a_draft
from service.answering.generation.fake import CopyingGenerator, ScriptedGenerator
from service.answering.generation.generating import PROBLEM, generated, sentences_of
from service.values.answer import Statement
from tests.service.answering.generated_answers import QUOTES, answer_of, faults_of, json_text
from tests.service.answering.lies import LIES

SHORT = "The Forum plans to cooperate with the Panel and the Board."


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_lie_is_replaced_by_its_quote_or_dropped(lie: str) -> None:
    before = answer_of()
    for draft in (lie, f"{SHORT} [1] {lie}", f"{lie}\n\n{QUOTES[1]} [2]"):
        answer = generated(before, ScriptedGenerator(draft))
        assert faults_of(answer, before) == []
        assert "Zanzibar" not in json_text(answer)
        said = {s.text for s in answer.statements if s.generated}
        assert said <= {QUOTES[0], QUOTES[1]}
        assert all(s.text in QUOTES for s in answer.statements if not s.generated)


def test_a_draft_that_lies_alone_falls_back_to_the_quotes() -> None:
    before = answer_of()
    answer = generated(before, ScriptedGenerator(LIES["another number"]))
    assert answer.statements == before.statements
    assert answer.receipt.generator == "extractive/1"
    assert answer.generation is not None
    assert (answer.generation.fallback, answer.generation.refusals) == (
        True,
        {"number": 1, "order": 1},
    )


def test_a_sentence_that_is_not_proved_is_replaced_by_its_quote_and_counted() -> None:
    answer = generated(answer_of(), ScriptedGenerator(f"{SHORT} [1]\n{LIES['another year']}"))
    assert [s.text for s in answer.statements] == [QUOTES[0], QUOTES[1]]
    assert [s.generated for s in answer.statements] == [True, False]
    assert answer.answer == f"{QUOTES[0]} [1] {QUOTES[1]} [2]"
    assert answer.generation is not None
    assert (answer.generation.kept, answer.generation.replaced) == (1, 1)
    assert answer.receipt.generator == "scripted"


def test_invented_citations_are_removed_and_the_proving_one_is_given() -> None:
    for markers in ("[9]", "[2]", "", "[1, 9]", "[2][3][9]"):
        answer = generated(answer_of(), ScriptedGenerator(f"{SHORT} {markers}"))
        assert answer.statements == (Statement(QUOTES[0], (1,), generated=True),)
        assert answer.generation is not None
        wrong = {"": 0, "[9]": 1, "[2]": 1, "[1, 9]": 1, "[2][3][9]": 3}[markers]
        assert answer.generation.citations_removed == wrong


def test_the_order_is_the_drafts_and_nothing_is_said_twice() -> None:
    quotes = ("The Rabat Process meets in Lisbon; it has a website.", "IOM pays in Swiss francs.")
    short = "The Rabat Process meets in Lisbon."
    draft = f"- {quotes[1]} [2]\n- {short} [1]\n- {short} [1]\n- {quotes[0]} [1]"
    answer = generated(answer_of(quotes), ScriptedGenerator(draft))
    assert [s.citations for s in answer.statements] == [(2,), (1,)]
    assert answer.generation is not None
    assert answer.generation.dropped == 2  # both say the quote that is there
    assert answer.citations == answer_of(quotes).citations


def test_a_generator_that_breaks_off_leaves_what_it_had_proved() -> None:
    draft = f"{SHORT} [1] {QUOTES[1]} [2] The rest of"
    answer = generated(answer_of(), ScriptedGenerator(draft, fails=True))
    assert answer.generation is not None
    assert answer.generation.problem == PROBLEM
    assert QUOTES[0] in answer.answer


def test_statements_are_told_as_soon_as_they_are_proved() -> None:
    told: list[Statement] = []
    answer = generated(answer_of(), CopyingGenerator(), told.append)
    assert tuple(told) == answer.statements
    assert [s.citations for s in told] == [(1,), (2,), (3,), (4,)]


def test_an_abstention_is_not_given_to_a_generator() -> None:
    silent = replace(answer_of(), status="abstained", reason="no_evidence", citations=())
    assert generated(silent, CopyingGenerator()) is silent


def test_a_draft_without_end_is_cut() -> None:
    answer = generated(answer_of(), ScriptedGenerator(f"{QUOTES[0]} [1]\n" * 5000, piece=500))
    assert len(answer.statements) == 1


@pytest.mark.parametrize(
    ("draft", "sentences"),
    [
        ("It meets. [1] It votes [2].", ["It meets [1].", "It votes [2]."]),
        ("1. It meets [1].\n2. It votes [2].", ["It meets [1].", "It votes [2]."]),
        ("", []),
        ("\n\n", []),
        ("It meets in St. Gallen [1].", ["It meets in St. Gallen [1]."]),
    ],
)
def test_a_draft_is_read_sentence_by_sentence(draft: str, sentences: list[str]) -> None:
    assert sentences_of(draft) == sentences


def test_a_thousand_drafts_say_nothing_that_is_not_in_the_quotes() -> None:
    """As `python -m benchmarks.fidelity.drafts`, which goes through 10,000."""
    rng = random.Random(1)
    before = answer_of()
    for _ in range(1000):
        draft = a_draft(rng, QUOTES)
        answer = generated(before, ScriptedGenerator(draft, piece=rng.randint(1, 50)))
        assert faults_of(answer, before) == [], draft
        assert "zanzibar" not in json_text(answer).casefold(), draft
