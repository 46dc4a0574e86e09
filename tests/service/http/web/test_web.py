"""The pages for the browser, as HTML."""

import re
from dataclasses import replace
from html import escape

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from corpus.errors import AccessError
from service.citations.page import Highlights
from service.http.web.pages import excerpt_parts, problem_page, quote_parts
from service.values.answer import AnswerSpan
from service.values.find import Mention
from service.wire.problems import problem_of_error
from tests.service.answering.generated_answers import answer_of
from tests.service.conftest import Served
from tests.service.small_collection import ALMATY, COOPERATION, QUESTION

HTML = {"Accept": "text/html"}


def parsed(client: TestClient, path: str, status: int = 200) -> LexborHTMLParser:
    response = client.get(path, headers=HTML)
    assert response.status_code == status
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return LexborHTMLParser(response.text)


def text_of(tree: LexborHTMLParser, selector: str) -> str:
    [found] = tree.css(selector)
    return found.text()


def test_the_front_page_has_a_form_that_asks_without_a_script(client: TestClient) -> None:
    tree = parsed(client, "/")
    [form] = tree.css("form.ask")
    [field] = tree.css("form.ask [name=q]")
    assert (form.attributes["action"], form.attributes["method"]) == ("/", "get")
    assert tree.css(f"label[for={field.attributes['id']}]")
    assert tree.css("[aria-live=polite]")


def test_an_answer_is_shown_with_its_citations_and_links(served: Served) -> None:
    tree = parsed(served.client, f"/?q={QUESTION}")
    [link] = [
        a.attributes["href"] or ""
        for a in tree.css("#citation-1 a")
        if "/pages/" in (a.attributes["href"] or "")
    ]
    assert " ".join(COOPERATION.split()) in " ".join(text_of(tree, ".statements").split())
    assert text_of(tree, "#citation-1 blockquote") == COOPERATION
    quotes = [each.text() for each in tree.css(".statements *") if each.text() == COOPERATION]
    assert len(quotes) == 1  # each quote once, not as an answer and again as its proof
    assert "Almaty & co" in text_of(tree, "#citation-1 cite")
    assert "page i (1 in the file)" in text_of(tree, "#citation-1 .source")

    page = parsed(served.client, link)
    assert text_of(page, "mark") == COOPERATION


def test_a_question_and_a_document_are_escaped(served: Served) -> None:
    attack = "</textarea><script>alert(1)</script> Almaty secretariat"
    response = served.client.get("/", params={"q": attack})
    assert "<script>alert" not in response.text
    assert escape(attack, quote=False).split()[0] in response.text

    page = served.client.get(f"/documents/{served.ids['almaty']}/pages/2").text
    assert "<em>meets" not in page
    assert "&lt;em&gt;meets" in page


def test_a_question_that_cannot_be_asked_is_answered_with_its_problem(client: TestClient) -> None:
    tree = parsed(client, "/?q=%3F%3F%3F", status=422)
    assert "no letter or digit" in text_of(tree, "[role=alert]")


def test_an_empty_collection_is_answered_with_what_to_do(empty: Served) -> None:
    tree = parsed(empty.client, "/?q=Who", status=503)
    assert "citewell ingest" in text_of(tree, "[role=alert]")


def test_the_text_of_a_page_is_whole_with_the_marks_in_it(served: Served) -> None:
    start = ALMATY[0].index("Budapest")
    path = f"/documents/{served.ids['almaty']}/pages/1?highlight=0-12&highlight={start}-{start + 8}"
    tree = parsed(served.client, path)
    assert text_of(tree, ".text") == ALMATY[0]
    assert [mark.text() for mark in tree.css("mark")] == ["Partnerships", "Budapest"]


def test_a_page_of_a_pdf_shows_its_picture_and_others_do_not(served: Served) -> None:
    pdf = f"/documents/{served.ids['colombo']}/pages/1?highlight=0-11"
    [image] = parsed(served.client, pdf).css("img")
    assert image.attributes["src"] == (
        f"/v1/documents/{served.ids['colombo']}/pages/1.png?highlight=0-11"
    )
    assert image.attributes["alt"]
    assert not parsed(served.client, f"/documents/{served.ids['almaty']}/pages/1").css("img")


def test_pages_lead_to_the_ones_beside_them_and_to_the_file(served: Served) -> None:
    base = f"/documents/{served.ids['almaty']}/pages"
    first, second = (parsed(served.client, f"{base}/{number}") for number in (1, 2))
    assert [a.attributes["href"] for a in first.css(".turns a")] == [f"{base}/2"]
    assert [a.attributes["href"] for a in second.css(".turns a")] == [f"{base}/1"]
    assert first.css(f"a[href='/v1/documents/{served.ids['almaty']}/file']")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/documents/d0000000000000000/pages/1", 404),
        ("/documents/{}/pages/9", 404),
        ("/documents/{}/pages/x", 422),
        ("/documents/{}/pages/1?highlight=9-1", 422),
        ("/nothing", 404),
    ],
)
def test_what_goes_wrong_is_a_page_too(served: Served, path: str, status: int) -> None:
    tree = parsed(served.client, path.format(served.ids["almaty"]), status)
    assert text_of(tree, "h1")


def test_no_page_asks_anything_of_another_site(served: Served) -> None:
    paths = ("/", f"/?q={QUESTION}", f"/documents/{served.ids['colombo']}/pages/1", "/docs")
    for path in paths:
        for asked in parsed(served.client, path).css("script, link, img"):
            address = asked.attributes.get("src") or asked.attributes.get("href") or ""
            assert re.match("/[^/]", address), (path, address)
            assert served.client.get(address).status_code == 200, address


def test_touching_highlights_become_one() -> None:
    assert list(Highlights(((0, 2), (3, 4))).pieces("abcde")) == [
        ("ab", True),
        ("c", False),
        ("d", True),
        ("e", False),
    ]


def test_the_excerpt_is_parted_where_the_mention_stands() -> None:
    excerpt = "… the Forum and the Panel met; the Forum agreed …"
    mention = Mention("Forum", "Forum", excerpt, answer_of().citations[0])
    before, form, after = excerpt_parts(mention)
    assert (before, form, after) == ("… the Forum and the Panel met; the ", "Forum", " agreed …")
    assert "".join(excerpt_parts(replace(mention, form="Forums"))) == excerpt


def test_the_words_that_answer_part_their_quote() -> None:
    citation = answer_of(["The Forum\nhas 46 members."]).citations[0]
    assert quote_parts(citation) == (citation.quote, "", "")
    span = AnswerSpan(14, 16, "46")
    assert quote_parts(replace(citation, answer_span=span)) == (
        "The Forum\nhas ",
        "46",
        " members.",
    )


def test_a_page_that_needs_a_key_asks_for_it() -> None:
    error = AccessError("This server answers those who have a key.")
    page = problem_page(problem_of_error(error, instance="/"))
    assert page.status_code == 401
    tree = LexborHTMLParser(bytes(page.body).decode())
    assert tree.css("form[action='/sign-in'][method=post] input[type=password][name=key]")
