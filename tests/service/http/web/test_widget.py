"""The widget on a page of another site, in a real browser, under a strict policy."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest
from fastapi import FastAPI
from starlette.responses import HTMLResponse

from service.access.keys import make_key
from service.http.web.viewer import KEY_COOKIE
from tests.service.live import READABLE, Live, live_server
from tests.service.small_collection import (
    COOPERATION,
    HERON,
    MEMBERS,
    QUESTION,
    add_differing,
    publish_snapshot,
    served,
)

if TYPE_CHECKING:
    from playwright._impl._api_structures import SetCookieParam
    from playwright.sync_api import Browser, Page, Route

ASK = "citewell-ask"


@dataclass(frozen=True, slots=True)
class Embedded:
    """A page of another site with the widget on it, and the server that the widget asks."""

    page: str
    live: Live
    key: str


@contextmanager
def embedding(home: Path, *, listed: bool = True, **values: object) -> Iterator[Embedded]:
    """Serve a page of another origin that holds the widget, with a key of one collection."""
    known: dict[str, str] = {}
    app = FastAPI()

    @app.get("/")
    def host() -> HTMLResponse:
        return HTMLResponse(
            '<!doctype html><html lang="en"><head><title>Host</title>'
            '<meta name="viewport" content="width=device-width"></head><body><main><h1>Host</h1>'
            f'<script src="{known["server"]}/widget.js" data-collection="iscm" '
            f'data-key="{known["key"]}" defer></script></main></body></html>',
            headers={"Content-Security-Policy": policy(known["server"])},
        )

    with served(app) as page:
        origins = page if listed else "https://other.example"
        with live_server(home, widget_origins=origins, **values) as live:
            key, secret = make_key("widget", ["read"], ["iscm"], None)
            live.engine.store.create_key(key)
            known.update(server=live.address, key=secret)
            yield Embedded(page, live, secret)


def policy(server: str) -> str:
    return (
        f"default-src 'none'; script-src {server}; connect-src {server}; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedding(tmp_path_factory.mktemp("widget") / "home") as made:
        add_differing(made.live.engine.store)
        publish_snapshot(made.live.engine.settings, made.live.engine.store)
        yield made


@pytest.fixture(params=[320, 1280])
def page(
    browser: "Browser", embedded: Embedded, request: pytest.FixtureRequest
) -> Iterator["Page"]:
    """A tab of each width that fails the test on a script error or a policy that was broken."""
    errors: list[str] = []
    context = browser.new_context(
        viewport={"width": request.param, "height": 800},
    )
    context.add_cookies([signed_in(embedded)])
    tab = context.new_page()
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on(
        "console",
        lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None,
    )
    yield tab
    assert [each["name"] for each in context.cookies()] == [KEY_COOKIE]
    assert tab.evaluate("localStorage.length + sessionStorage.length") == 0
    context.close()
    assert errors == []


def signed_in(embedded: Embedded) -> "SetCookieParam":
    """Return the cookie of somebody who has signed in, as a browser keeps it."""
    return {
        "name": KEY_COOKIE,
        "value": embedded.live.key,
        "url": embedded.live.address,
        "httpOnly": True,
        "sameSite": "Lax",
    }


def ask(page: "Page", question: str) -> None:
    page.get_by_role("textbox", name="Ask the reports").fill(question)
    page.get_by_role("button", name="Ask").click()


def ask_and_wait(
    page: "Page", embedded: "Embedded", answered: "Callable[[Route], None]", heading: str
) -> str:
    """Ask, with the service's answer changed on its way, and return what the box says then."""
    page.route("**/v1/ask", answered)
    page.goto(embedded.page)
    ask(page, QUESTION)
    page.get_by_role("heading", name=heading).wait_for()
    return page.locator(f"{ASK} .box").inner_text()


def focused(page: "Page") -> str:
    """Return the text of what has the focus, also inside a shadow."""
    return str(
        page.evaluate(
            "(() => { let at = document.activeElement;"
            " while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;"
            " return at.tagName + ' ' + (at.getAttribute('aria-label') ?? at.textContent); })()"
        )
    )


def assert_fits(page: "Page") -> None:
    assert page.viewport_size
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.browser
def test_a_question_is_asked_and_its_page_opened_by_keyboard_alone(
    page: "Page", embedded: Embedded
) -> None:
    page.goto(embedded.page)
    page.locator(ASK).wait_for()
    page.keyboard.press("Tab")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Answer").wait_for()
    page.wait_for_function(
        "document.activeElement.shadowRoot.activeElement.textContent === 'Answer'"
    )
    assert focused(page) == "H2 Answer"
    page.keyboard.press("Tab")
    assert focused(page) == "A Citation 1"
    page.keyboard.press("Enter")
    assert focused(page).startswith("LI [1] Almaty & co page i (1 in the file)")
    page.keyboard.press("Tab")
    assert focused(page).startswith("A Open the page of Almaty & co, page i")
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    assert opened.value.locator("mark").text_content() == COOPERATION
    assert_fits(page)


@pytest.mark.browser
def test_a_screen_reader_finds_names_roles_and_what_is_going_on(
    page: "Page", embedded: Embedded
) -> None:
    page.goto(embedded.page)
    before = page.locator(ASK).aria_snapshot()
    for part in ("search", 'textbox "Ask the reports"', 'button "Ask"', "status"):
        assert part in before, before
    ask(page, QUESTION)
    page.get_by_role("heading", name="Answer").wait_for()
    after = page.locator(ASK).aria_snapshot()
    for part in (
        'heading "Answer" [level=2]',
        'link "Citation 1"',
        'heading "Sources" [level=2]',
        "listitem",
        "blockquote",
        'link "Open the page of Almaty & co, page i (1 in the file), in a new window"',
    ):
        assert part in after, after
    ask(page, " ")
    assert page.get_by_role("status").text_content() == "Write a question first."


@pytest.mark.browser
def test_what_documents_say_stays_text(page: "Page", embedded: Embedded) -> None:
    page.goto(embedded.page)
    ask(page, "Where is the secretariat of the Almaty Process?")
    page.get_by_role("heading", name="Answer").wait_for()
    assert "<em>meets</em>" in (
        page.locator(ASK).get_by_role("blockquote").first.text_content() or ""
    )


def abstaining(route: "Route") -> None:
    """Answer as the server does, but with an abstention: the offline models never abstain."""
    response = route.fetch()
    said = response.json() | {"status": "abstained", "reason": "premise_not_in_collection"}
    said["absent_names"] = ["Xanadu", "Shangri-La"]
    route.fulfill(response=response, json=said | {"statements": [], "citations": []})


@pytest.mark.browser
def test_an_abstention_is_said_with_the_nearest_passages(page: "Page", embedded: Embedded) -> None:
    said = ask_and_wait(page, embedded, abstaining, "No answer found")
    assert "No passage mentions “Xanadu” or “Shangri-La”. The nearest passages:" in said
    assert 1 <= page.locator(ASK).get_by_role("listitem").count() <= 3
    assert_fits(page)


def half_answered(route: "Route") -> None:
    """Answer as the server does, but with a part that no quote answers."""
    response = route.fetch()
    route.fulfill(response=response, json=response.json() | {"unanswered_parts": ["Who pays?"]})


@pytest.mark.browser
def test_a_part_that_no_quote_answers_is_said(page: "Page", embedded: Embedded) -> None:
    said = ask_and_wait(page, embedded, half_answered, "Answer")
    assert "No quote clearly answers: “Who pays?”" in said
    assert_fits(page)


def unsure(route: "Route") -> None:
    """Answer as the server does, but with quotes that may answer."""
    response = route.fetch()
    likely = {"status": "unsure", "reason": "low_confidence", "confidence": 0.414}
    route.fulfill(response=response, json=response.json() | likely)


@pytest.mark.browser
def test_likely_quotes_are_said_to_be_likely(page: "Page", embedded: Embedded) -> None:
    said = ask_and_wait(page, embedded, unsure, "Not sure")
    assert "These quotes may answer (41% likely):" in said
    assert "Budapest Process" in said
    assert "Confidence" not in said
    assert_fits(page)


def sure_of_two_words(route: "Route") -> None:
    """Answer as the server does with models that find the words and say how sure they are."""
    response = route.fetch()
    said = response.json()
    quote = said["citations"][0]["quote"]
    start = quote.index("Budapest Process")
    said["citations"][0]["answer_span"] = {
        "start": start,
        "end": start + len("Budapest Process"),
        "text": "Budapest Process",
    }
    route.fulfill(response=response, json=said | {"confidence": 0.874})


@pytest.mark.browser
def test_the_words_that_answer_are_strong_and_the_confidence_is_said(
    page: "Page", embedded: Embedded
) -> None:
    said = ask_and_wait(page, embedded, sure_of_two_words, "Answer")
    assert page.locator(f"{ASK} blockquote strong").text_content() == "Budapest Process"
    assert page.locator(f"{ASK} blockquote").first.inner_text() == READABLE
    assert "Confidence that this answers the question: 87\u00a0%" in said


@pytest.mark.browser
def test_a_question_that_cannot_be_asked_is_told_why(page: "Page", embedded: Embedded) -> None:
    page.goto(embedded.page)
    ask(page, "???")
    page.get_by_text("has no letter or digit").wait_for()


@pytest.mark.browser
def test_a_site_that_is_not_listed_gets_no_answer(browser: "Browser", tmp_path: Path) -> None:
    with embedding(tmp_path / "home", listed=False) as other:
        page = browser.new_page()
        page.goto(other.page)
        ask(page, QUESTION)
        page.get_by_text("The service cannot be reached").wait_for()
        assert READABLE not in (page.locator(f"{ASK} .box").inner_text())
        page.close()


@pytest.mark.browser
def test_a_busy_service_is_said_with_the_time_to_wait(browser: "Browser", tmp_path: Path) -> None:
    with embedding(tmp_path / "home", key_requests_per_minute=1) as strict:
        page = browser.new_page()
        page.goto(strict.page)
        ask(page, QUESTION)
        page.get_by_role("heading", name="Answer").wait_for()
        ask(page, QUESTION)
        page.get_by_text("The service is busy. Please try again in").wait_for()
        page.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_the_servers_own_page_shows_the_widget_and_its_line(
    browser: "Browser", embedded: Embedded, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
    )
    context.add_cookies([signed_in(embedded)])
    page = context.new_page()
    page.goto(f"{embedded.live.address}/widget")
    assert 'data-collection="iscm"' in page.locator("code").first.inner_text()
    ask(page, QUESTION)
    page.get_by_role("heading", name="Answer").wait_for()
    assert READABLE in page.locator(f"{ASK} .box").inner_text()
    assert_fits(page)
    context.close()


def test_a_page_with_the_widget_may_ask_and_nothing_else(embedded: Embedded) -> None:
    headers = {
        "Origin": embedded.page,
        "Sec-Fetch-Site": "cross-site",
        "Authorization": f"Bearer {embedded.key}",
    }
    address = embedded.live.address
    asked = httpx2.post(f"{address}/v1/ask", json={"question": QUESTION}, headers=headers)
    assert asked.status_code == 200
    assert asked.headers["Access-Control-Allow-Origin"] == embedded.page
    searched = httpx2.post(f"{address}/v1/search", json={"query": QUESTION}, headers=headers)
    assert searched.status_code == 403
    listed = httpx2.get(f"{address}/v1/documents", headers=headers)
    assert "Access-Control-Allow-Origin" not in listed.headers
    assert "set-cookie" not in asked.headers


def test_the_script_needs_no_key_and_any_site_may_load_it(embedded: Embedded) -> None:
    script = httpx2.get(f"{embedded.live.address}/widget.js")
    assert script.status_code == 200
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["Access-Control-Allow-Origin"] == "*"
    assert script.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    for forbidden in ("innerHTML", "document.cookie", "localStorage", "eval(", ".style"):
        assert forbidden not in script.text, forbidden


@pytest.mark.browser
def test_both_sides_are_shown_where_sources_differ_and_as_of_when(
    page: "Page", embedded: Embedded
) -> None:
    page.goto(embedded.page)
    page.locator(ASK).wait_for()
    page.evaluate("document.querySelector('citewell-ask').setAttribute('as-of', '2030-05')")
    ask(page, MEMBERS)
    page.get_by_role("heading", name="Sources disagree").wait_for()
    page.get_by_text("As of May 2030").wait_for()
    page.get_by_text("Heron Forum: the number of members differs.").wait_for()
    new, old = page.get_by_role("listitem").filter(has_text="in a document of").all()
    assert "14 in a document of 12 May 2021" in (new.text_content() or "")
    assert "12 in a document of 1 March 2012" in (old.text_content() or "")
    other = next(side for side in (new, old) if side.locator("blockquote").count())
    assert other.locator("blockquote").text_content() in {text for _, text, _ in HERON}
    assert_fits(page)
    with page.context.expect_page() as opened:
        other.get_by_role("link").click()
    assert opened.value.locator("mark").text_content() == other.locator("blockquote").text_content()
