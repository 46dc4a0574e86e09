"""What other documents say, and as of when, is seen in each dialect with its citation."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus.stores.sql_store import SqlStore
from service.dialects.anthropic import translation as anthropic
from service.dialects.cohere import translation as cohere
from service.dialects.mcp import translation as mcp
from service.dialects.openai import translation as openai
from service.dialects.slack import translation as slack
from service.dialects.teams import translation as teams
from service.engine.engine import Engine
from service.rendering.answer_text import answer_text
from service.values.answer import Answer, Citation
from service.values.request import Request
from tests.service.small_collection import (
    MEMBERS,
    add_differing,
    make_collection,
    publish_snapshot,
    settings_of,
)

BASE = "http://127.0.0.1:8000"
DIFFER = "Heron Forum: the number of members differs: 14 (12 May 2021) [{}]; 12 (1 March 2012) [{}]"


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answer]:
    home: Path = tmp_path_factory.mktemp("differing") / "home"
    settings = settings_of(home)
    make_collection(settings)
    with SqlStore.open(settings.store_url) as store:
        add_differing(store)
        publish_snapshot(settings, store)
    with Engine.open(settings) as engine:
        yield engine.ask(MEMBERS, Request(as_of="2030-05"))


def other(answer: Answer) -> Citation:
    """Return the side of the conflict that the answer does not cite."""
    numbers = {citation.number for citation in answer.citations}
    [conflict] = answer.conflicts
    [found] = [s.citation for s in conflict.sides if s.citation.number not in numbers]
    return found


def differ(answer: Answer) -> str:
    [conflict] = answer.conflicts
    return DIFFER.format(*(side.citation.number for side in conflict.sides))


def spoken(answer: Answer) -> openai.Completion:
    return openai.Completion(
        answer, answer_text(answer, BASE), "citewell", None, openai.Usage(0, 0)
    )


def test_a_text_says_both_and_marks_the_other_quote(answer: Answer) -> None:
    text, side = answer_text(answer, BASE), other(answer)
    assert text.text.startswith("As of May 2030:\n\n")
    assert f"Sources disagree. {differ(answer)}.\n\n" in text.text
    quoted = f"“{side.quote}” [{side.number}]"
    assert f"Other documents say: {quoted}\n\n" in text.text
    assert f"[{side.number}] {side.title}, page 1 (printed i): {side.url}" in text.text
    last = text.marks[-1]
    assert (text.text[last.start : last.end], last.citation) == (quoted, side)
    for mark in text.marks:
        assert text.text[mark.start : mark.end].startswith("“")


def test_openai_and_cohere_cite_the_other_side(answer: Answer) -> None:
    side, said = other(answer), spoken(answer)
    message: Any = openai.chat_completion(said)
    [choice] = message["choices"]
    urls = [each["url_citation"]["url"] for each in choice["message"]["annotations"]]
    assert side.url in urls
    assert "".join(openai.pieces(said.text)) == said.text.text
    response: Any = openai.response(said, results=False)
    files = [each["file_id"] for each in response["output"][1]["content"][0]["annotations"][::2]]
    assert side.doc_id in files
    chat: Any = cohere.chat(answer, said.text)
    cited = [source["id"] for each in chat["message"]["citations"] for source in each["sources"]]
    assert side.passage_id in cited


def test_anthropic_has_a_block_for_each(answer: Answer) -> None:
    blocks: Any = anthropic.cited_texts(answer, BASE)
    side = other(answer)
    assert [block["text"] for block in blocks if block["citations"] is None] == [
        "As of May 2030: ",
        f"Sources disagree. {differ(answer)}. ",
    ]
    assert blocks[-1]["text"] == f"Other documents say: “{side.quote}” [{side.number}] "
    [location] = blocks[-1]["citations"]
    assert (location["source"], location["cited_text"]) == (side.url, side.quote)
    index = location["search_result_index"]
    assert answer.passages[index].passage_id == side.passage_id


def test_mcp_has_it_in_its_text_and_its_object(answer: Answer) -> None:
    assert "Other documents say: “" in mcp.ask_text(answer, BASE)
    result: Any = mcp.ask_result(answer)
    assert result["as_of"] == "May 2030"
    assert [side["value"] for side in result["conflicts"][0]["sides"]] == ["14", "12"]
    assert {"conflicts", "as_of"} <= mcp.ASK_OUTPUT["properties"].keys()  # type: ignore[attr-defined]


@pytest.mark.parametrize("dialect", ["slack", "teams"])
def test_a_chat_shows_the_other_quote_with_its_page(answer: Answer, dialect: str) -> None:
    message = (
        slack.message(answer, BASE, in_channel=False)
        if dialect == "slack"
        else teams.message(answer, BASE)
    )
    shown = json.dumps(message, ensure_ascii=False)
    side = other(answer)
    for said in ("As of May 2030", differ(answer), "Other documents say:", side.quote, side.url):
        assert said in shown, said


def test_the_document_of_the_answer_is_not_called_another(answer: Answer) -> None:
    [conflict] = answer.conflicts
    own = answer.citations[0].doc_id
    sides = tuple(replace(s, citation=replace(s.citation, doc_id=own)) for s in conflict.sides)
    within = replace(answer, conflicts=(replace(conflict, sides=sides),))
    text = answer_text(within, BASE).text
    assert "The same document also says: “" in text
    assert "Other documents" not in text


def test_an_answer_of_now_without_a_conflict_says_neither(answer: Answer) -> None:
    receipt = replace(answer.receipt, parameters={})
    plain = answer_text(replace(answer, conflicts=(), receipt=receipt), BASE).text
    assert "As of" not in plain
    assert "differ" not in plain
    assert "Other documents" not in plain
