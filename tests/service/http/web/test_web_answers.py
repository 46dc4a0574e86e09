"""What an answer says beside its quotes, in the browser: other documents, other times, drafts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from corpus.stores.sql_store import SqlStore
from service.engine.engine import Engine
from service.http.app import create_app
from service.workload.jobs import JobWorker
from tests.service.generator_server import Script, generator_server
from tests.service.http.web.test_web import parsed, text_of
from tests.service.small_collection import (
    HERON,
    MEMBERS,
    QUESTION,
    add_differing,
    make_collection,
    publish_snapshot,
    settings_of,
)


@pytest.fixture(scope="module")
def scripted() -> Iterator[tuple[str, Script]]:
    with generator_server() as (address, script):
        yield address, script


@pytest.fixture(scope="module")
def client(
    tmp_path_factory: pytest.TempPathFactory, scripted: tuple[str, Script]
) -> Iterator[TestClient]:
    home: Path = tmp_path_factory.mktemp("answers") / "home"
    settings = settings_of(home, generator_url=scripted[0], generator_model="small")
    make_collection(settings)
    with SqlStore.open(settings.store_url) as store:
        add_differing(store)
        publish_snapshot(settings, store)
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings))
        with TestClient(app, raise_server_exceptions=False) as client:
            assert app.state.warming.wait(20)
            yield client


def words(text: str) -> str:
    return " ".join(text.split())


def test_documents_that_differ_stand_side_by_side_the_newest_first(client: TestClient) -> None:
    tree = parsed(client, f"/?q={MEMBERS}")
    sides = [words(side.text()) for side in tree.css(".sides > li")]
    assert [re.split(" (?:Show|Citation)", side)[0] for side in sides] == [
        f"14 in a document of 12 May 2021 Heron new page i (1 in the file) {HERON[1][1]}",
        "12 in a document of 1 March 2012 Heron old page i (1 in the file)",
    ]
    assert text_of(tree, "#citation-1 blockquote") == HERON[0][1]
    said = words(text_of(tree, "section[aria-labelledby=conflicts-title]"))
    assert "Heron Forum: the number of members differs." in said
    [link] = [a.attributes["href"] or "" for a in tree.css(".sides a[data-marks]")]
    assert text_of(parsed(client, link), "mark") == HERON[1][1]
    assert tree.css(".sides a[href='#citation-1']")
    assert not parsed(client, f"/?q={QUESTION}").css(".sides")


def test_an_answer_of_another_time_says_so_and_the_form_keeps_it(client: TestClient) -> None:
    tree = parsed(client, f"/?q={MEMBERS}&as_of=2015-06-30&collection=iscm")
    assert "As of 30 June 2015" in text_of(tree, "#result")
    assert not tree.css(".sides")
    [moment] = tree.css("form.ask input[name=as_of]")
    assert (moment.attributes["type"], moment.attributes["value"]) == ("date", "2015-06-30")
    assert "open" in tree.css("details.filters")[0].attributes
    [chosen] = tree.css("form.ask .only input[name=collection]")
    assert (chosen.attributes["value"], "checked" in chosen.attributes) == ("iscm", True)
    assert "As of" not in text_of(parsed(client, f"/?q={MEMBERS}&as_of="), "#result")


def test_what_no_filter_can_be_is_answered_with_its_problem(client: TestClient) -> None:
    tree = parsed(client, f"/?q={MEMBERS}&as_of=soon", status=422)
    assert "soon" in text_of(tree, "[role=alert]")
    [moment] = tree.css("form.ask input[name=as_of]")
    assert (moment.attributes["type"], moment.attributes["value"]) == ("text", "soon")


def test_a_quote_in_the_place_of_a_drafted_sentence_says_why(
    client: TestClient, scripted: tuple[str, Script]
) -> None:
    scripted[1].text = "The Heron Forum has 13 members [1]."
    tree = parsed(client, f"/?q={MEMBERS}")
    assert "not used" in text_of(tree, "#result")  # nothing of the draft was proved
    scripted[1].text = (
        "The Almaty Process plans to cooperate with the Budapest Process, the Prague Process and "
        "the Bali Process on mixed migration [1]. The secretariat has 9 members [2]."
    )
    drafted = parsed(client, f"/?q={QUESTION} Where is its secretariat?")
    assert "Drafted by" in text_of(drafted, "#result")
    [replaced] = drafted.css(".replaced")
    assert "a number that the quotes do not have so" in replaced.text()
    scripted[1].text = ""


def test_an_abstention_says_why_and_shows_three_passages_first(client: TestClient) -> None:
    tree = parsed(client, "/?q=Where does the Zanzibar Compact meet about the Almaty Process?")
    assert "assumes something that the collection does not say" in text_of(
        tree, ".outcome.abstained"
    )
    nearest = tree.css("section[aria-labelledby=nearest-title] > .passages > li")
    assert [each.attributes["value"] for each in nearest] == ["1", "2", "3"]
    assert text_of(tree, "section[aria-labelledby=nearest-title] summary") == "3 more"


def test_the_address_narrows_by_every_facet_and_by_document(client: TestClient) -> None:
    here = f"/?q={MEMBERS}&publisher=IOM&language=en&from=2020&collection=iscm"
    tree = parsed(client, here)
    assert {each.text() for each in tree.css(".citations cite")} == {"Heron new"}
    one = tree.css(".citations cite a")[0].attributes["href"] or ""
    alone = parsed(client, f"/?q={MEMBERS}&document={one.rpartition('/')[2]}")
    assert {each.text() for each in alone.css(".citations cite")} == {"Heron new"}
    assert "Heron new" in text_of(alone, "form.ask .only")
    kept = {each.attributes["name"] for each in tree.css(".follow input[type=hidden]")}
    assert kept == {"q", "publisher", "language", "collection", "from"}


def test_a_follow_up_is_spelled_out_and_leads_to_a_thread(client: TestClient) -> None:
    asked = {"q": "When did the Budapest Process begin?", "follow": "How many members has it?"}
    led = client.get("/", params=asked, follow_redirects=False)
    assert led.status_code == 303
    tree = parsed(client, led.headers["location"])
    assert "Budapest Process" in text_of(tree, "#q")
    assert "You asked “How many members has it?”" in text_of(tree, ".understood")
    assert text_of(tree, ".thread li") == asked["q"]
    [earlier] = tree.css(".thread li a")
    assert text_of(parsed(client, earlier.attributes["href"] or ""), "#q") == asked["q"]


def test_the_two_sides_of_a_comparison_are_columns(client: TestClient) -> None:
    question = "Compare the Almaty Process and the Budapest Process"
    names = [each.text() for each in parsed(client, f"/?q={question}").css(".columns h2")]
    assert names in ([], ["Almaty", "Budapest"])


def test_an_answer_comes_as_events_whose_last_is_the_result(client: TestClient) -> None:
    headers = {"Accept": "text/event-stream, text/html"}
    streamed = client.get("/", params={"q": MEMBERS}, headers=headers)
    assert streamed.headers["content-type"].startswith("text/event-stream")
    names = re.findall(r"^event: (\w+)", streamed.text, re.MULTILINE)
    assert (names[0], names[-1]) == ("reading", "result")
    assert "citation-1" in streamed.text
    wrong = client.get("/", params={"q": "???"}, headers=headers)
    assert "no letter or digit" in wrong.text


def test_the_words_of_an_answer_are_in_the_viewers_language(client: TestClient) -> None:
    for code, said in (("fr", "Citations"), ("es", "Citas"), ("ru", "Цитаты")):
        headers = {"Accept": "text/html", "Accept-Language": code}
        assert f'aria-label="{said}"' in client.get(f"/?q={MEMBERS}", headers=headers).text
