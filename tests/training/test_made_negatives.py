"""Made examples do not answer, and what is held out is never trained on."""

import json
import random
from pathlib import Path

import pytest

from corpus.ids import sha256_of
from tests.training.pool_files import PASSAGES, write_pool
from training.made_negatives import (
    changed,
    holds_answer,
    near_passages,
    off_topic,
    swapped,
    without_answer,
)
from training.reader_pool import Pool, PoolQuestion, read_pool


@pytest.fixture
def pool(tmp_path: Path) -> Pool:
    return read_pool(write_pool(tmp_path))


@pytest.fixture
def questions(pool: Pool) -> tuple[PoolQuestion, ...]:
    return (*pool.train, *pool.held_out)


def test_spans_stand_where_they_say(questions: tuple[PoolQuestion, ...]) -> None:
    for question in questions:
        if question.answers:
            start, end = question.span
            assert (start, PASSAGES[question.passage_id][start:end]) in question.answers


def test_all_questions_of_a_passage_are_on_one_side(pool: Pool) -> None:
    trained = {question.passage_id for question in pool.train}
    assert not trained & {question.passage_id for question in pool.held_out}


def test_the_answer_given_most_often_is_the_span_and_the_shortest_of_those() -> None:
    answers = ((25, "in 2013"), (28, "2013"), (25, "in 2013"))
    assert PoolQuestion("q", "p", answers, "s").span == (25, 32)
    assert PoolQuestion("q", "p", answers[:2], "s").span == (28, 32)


def test_without_its_sentence_a_passage_holds_no_answer(
    questions: tuple[PoolQuestion, ...],
) -> None:
    question = next(q for q in questions if q.question.startswith("When did the Almaty Process b"))
    example = without_answer(question, PASSAGES["p1"])
    assert example is not None
    assert not example.answerable
    assert "2013" not in example.passage
    assert "fourteen member States" in example.passage


def test_a_passage_that_says_it_everywhere_is_not_cut(questions: tuple[PoolQuestion, ...]) -> None:
    question = next(q for q in questions if "cats" in q.question)
    assert without_answer(question, PASSAGES["p3"]) is None


def test_an_answer_is_found_as_whole_words_whatever_the_case() -> None:
    question = PoolQuestion("q", "p", ((0, "Fifty"),), "s")
    assert holds_answer("It joins fifty States.", question)
    assert not holds_answer("It joins fiftyfold.", question)


def test_the_near_passage_is_another_that_shares_words_and_lacks_the_answer(
    pool: Pool, questions: tuple[PoolQuestion, ...]
) -> None:
    found = {example.question: example.passage for example in near_passages(pool, questions)}
    assert found["When did the Almaty Process begin?"] == PASSAGES["p2"]
    assert found["How many States does the Prague Process join?"] == PASSAGES["p1"]


def test_changed_questions_keep_their_passage_and_say_their_kind(
    pool: Pool, questions: tuple[PoolQuestion, ...]
) -> None:
    examples = changed(pool, questions, random.Random(1))
    kinds = {example.kind for example in examples}
    assert kinds <= {"changed number", "changed opposite", "changed name"}
    assert all(not example.answerable for example in examples)
    asked = {question.question for question in questions}
    assert not asked & {example.question for example in examples}


def test_a_swapped_name_is_of_another_question_and_not_in_the_passage(
    pool: Pool, questions: tuple[PoolQuestion, ...]
) -> None:
    for seed in range(5):
        for example in swapped(pool, questions, random.Random(seed)):
            new = set(example.question.split()) - {
                word for question in questions for word in question.question.split()
            }
            assert not new  # names come from other questions
            assert example.kind == "swapped entity"


def test_a_passage_off_the_topic_lacks_the_answer(
    pool: Pool, questions: tuple[PoolQuestion, ...]
) -> None:
    by_text = {question.question: question for question in questions}
    found = [each for seed in range(5) for each in off_topic(pool, questions, random.Random(seed))]
    assert found
    for example in found:
        assert not example.answerable
        assert not holds_answer(example.passage, by_text[example.question])


def test_written_questions_are_trained_on_except_those_on_held_out_passages(tmp_path: Path) -> None:
    folder = write_pool(tmp_path)
    plain = read_pool(folder)
    out = {question.passage_id for question in plain.held_out}
    rows = [
        {"passage_sha256": sha256_of(text), "questions": [f"What of {passage_id}?"]}
        for passage_id, text in plain.passages.items()
    ]
    written = folder / "written.jsonl"
    unknown = {"passage_sha256": "0" * 64, "questions": ["What of another pool?"]}
    written.write_text("".join(json.dumps(row) + "\n" for row in [*rows, unknown]))
    pool = read_pool(folder, written)
    assert (pool.train, pool.held_out) == (plain.train, plain.held_out)
    assert {each.passage_id for each in pool.written} == set(plain.passages) - out
    assert all(each.answers == () for each in pool.written)


def test_questions_of_both_kinds_are_trained_on_with_the_place_of_the_answer(
    tmp_path: Path,
) -> None:
    folder = write_pool(tmp_path)
    plain = read_pool(folder)
    out = {question.passage_id for question in plain.held_out}
    rows = [
        {
            "passage_sha256": sha256_of(text),
            "absent": [f"who painted {passage_id}", f"why was {passage_id} built"],
            "present": [{"question": f"what is {passage_id}", "answer": text[10:30]}],
        }
        for passage_id, text in plain.passages.items()
    ]
    searches = folder / "searches.jsonl"
    searches.write_text("".join(json.dumps(row) + "\n" for row in rows))
    pool = read_pool(folder, both_kinds={"search": searches})
    assert (pool.train, pool.held_out) == (plain.train, plain.held_out)
    assert {each.passage_id for each in pool.written} == set(plain.passages) - out
    assert {each.source for each in pool.written} == {"search"}
    answered = [each for each in pool.written if each.answers]
    assert 2 * len(answered) == len(pool.written) - len(answered)
    for each in answered:
        start, end = each.span
        assert pool.passages[each.passage_id][start:end] == each.answers[0][1]
