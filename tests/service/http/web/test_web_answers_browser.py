"""What an answer says beside its quotes, in a real browser at two widths, by keyboard."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from corpus.stores.sql_store import SqlStore
from service.engine.engine import Engine
from service.http.app import create_app
from service.workload.jobs import JobWorker
from tests.service.http.web.test_browser import assert_fits
from tests.service.small_collection import (
    HERON,
    MEMBERS,
    add_differing,
    make_collection,
    publish_snapshot,
    served,
    settings_of,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = settings_of(tmp_path_factory.mktemp("differing") / "home")
    make_collection(settings)
    with SqlStore.open(settings.store_url) as store:
        add_differing(store)
        publish_snapshot(settings, store)
    with (
        Engine.open(settings) as engine,
        served(create_app(engine, JobWorker(engine.store, settings))) as address,
    ):
        yield address


@pytest.fixture(params=[400, 1400])
def page(browser: "Browser", address: str, request: pytest.FixtureRequest) -> Iterator["Page"]:
    """A page of each width that fails the test on a script error, a foreign request, the policy."""
    errors: list[str] = []
    context = browser.new_context(
        base_url=address,
        viewport={"width": request.param, "height": 844},
        permissions=["clipboard-read", "clipboard-write"],
    )
    tab = context.new_page()
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    tab.on(
        "request",
        lambda asked: None if asked.url.startswith(address) else errors.append(asked.url),
    )
    yield tab
    context.close()
    assert errors == []


def test_documents_that_differ_are_read_and_opened_by_keyboard(page: "Page") -> None:
    page.goto("/")
    page.keyboard.type(MEMBERS)
    page.keyboard.press("Enter")
    section = page.get_by_role("region", name="Sources disagree")
    section.wait_for()
    assert section.get_by_role("listitem").count() == 2
    assert_fits(page)
    section.locator("a[data-marks]").focus()
    page.keyboard.press("Enter")
    assert page.locator("#reader mark").text_content() == HERON[1][1]


def test_a_day_among_the_filters_is_asked_and_back_takes_it_away(page: "Page") -> None:
    page.goto(f"/?q={MEMBERS}")
    page.get_by_text("Filters").click()
    page.get_by_label("As of").fill("2015-06-30")
    page.locator("form.ask").get_by_role("button", name="Ask").click()
    page.get_by_text("As of 30 June 2015").wait_for()
    assert "as_of=2015-06-30" in page.url
    assert_fits(page)
    page.go_back()
    page.get_by_role("region", name="Sources disagree").wait_for()
    assert page.get_by_label("As of").input_value() == ""


def test_a_citation_is_copied_and_said_so(page: "Page", address: str) -> None:
    page.goto(f"/?q={MEMBERS}")
    cited = page.locator("#citation-1")
    cited.get_by_role("button", name="Copy with reference (citation 1)").click()
    page.get_by_role("status").filter(has_text="copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    quote = cited.locator("blockquote").text_content()
    assert copied.startswith(f"“{quote}” Heron ")
    assert "IOM, " in copied
    assert "/pages/1?highlight=" in copied


def test_a_refusal_of_the_server_is_shown_not_taken_for_silence(page: "Page") -> None:
    page.goto("/")
    refusal = '<main id="main"><section class="notice"><h1>Too many requests</h1></section></main>'
    page.route("**/?q=*", lambda route: route.fulfill(body=refusal, content_type="text/html"))
    page.get_by_label("Ask the collection").fill(MEMBERS)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Too many requests").wait_for()
    assert page.get_by_role("status").text_content() == ""


def test_the_question_stands_on_paper_without_what_paper_cannot_do(page: "Page") -> None:
    page.goto(f"/?q={MEMBERS}")
    asked = page.locator(".asked")
    assert not asked.is_visible()
    page.emulate_media(media="print", color_scheme="dark")
    assert asked.text_content() == MEMBERS
    assert asked.is_visible()
    assert not page.get_by_role("button", name="Copy").first.is_visible()
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(255, 255, 255)"


def test_without_a_script_nothing_is_offered_that_needs_one(
    browser: "Browser", address: str
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto(f"/?q={MEMBERS}&as_of=2030-01-01")
    assert page.get_by_role("region", name="Sources disagree").is_visible()
    assert not page.get_by_role("button", name="Copy").first.is_visible()
    context.close()
