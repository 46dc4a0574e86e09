"""The pages in a real browser: asking, following a citation, every width, no other site."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from corpus.ids import DocId
from service.engine.engine import Engine
from service.http.app import create_app
from service.workload.jobs import JobWorker
from tests.service.small_collection import (
    COOPERATION,
    QUESTION,
    make_collection,
    served,
    settings_of,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Site:
    """A real server's address, and the ids of the documents by name."""

    address: str
    ids: dict[str, DocId]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    settings = settings_of(tmp_path_factory.mktemp("browsed") / "home")
    ids = make_collection(settings)
    with Engine.open(settings) as engine:
        app = create_app(engine, JobWorker(engine.store, settings))
        with served(app) as address:
            yield Site(address, ids)


@pytest.fixture(params=[390, 1280])
def page(browser: "Browser", site: Site, request: pytest.FixtureRequest) -> Iterator["Page"]:
    """A page of each width that fails the test on a script error or a foreign request."""
    errors: list[str] = []
    tab = browser.new_page(base_url=site.address, viewport={"width": request.param, "height": 844})
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((site.address, "data:"))
            else errors.append(f"asked for {asked.url}")
        ),
    )
    tab.on(
        "console",
        lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None,
    )
    yield tab
    tab.close()
    assert errors == []


def assert_fits(page: "Page") -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert page.viewport_size
    assert width <= page.viewport_size["width"]


def test_a_question_is_answered_and_its_citation_shows_the_page(page: "Page") -> None:
    page.goto("/")
    page.get_by_label("Ask the collection").fill(QUESTION)
    page.locator("form.ask").get_by_role("button", name="Ask").click()
    page.get_by_role("heading", name="Answer").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Answer"
    assert "/?q=Which" in page.url
    assert_fits(page)

    page.get_by_role("link", name="Show on the page (citation 1)").click()
    reader = page.get_by_role("complementary", name="Almaty & co")
    assert reader.locator("mark").text_content() == COOPERATION
    assert_fits(page)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.marks")
    assert not reader.is_visible()


def test_enter_asks_and_back_returns_to_the_question_before(page: "Page") -> None:
    page.goto("/?q=Budapest")
    page.get_by_label("Ask the collection").fill("???")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    page.go_back()
    page.locator(".outcome").wait_for()
    assert page.get_by_label("Ask the collection").input_value() == "Budapest"


def test_a_picture_of_the_page_is_drawn(page: "Page", site: Site) -> None:
    page.goto(f"/documents/{site.ids['colombo']}/pages/1?highlight=0-11")
    picture = page.get_by_role("img")
    picture.evaluate("image => image.decode()")
    assert picture.evaluate("image => image.naturalWidth") > 500
    assert_fits(page)


def test_the_api_is_documented_without_a_network(page: "Page") -> None:
    page.goto("/docs")
    page.get_by_text("/v1/ask").first.wait_for()


def test_the_form_works_without_a_script(browser: "Browser", site: Site) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=site.address)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Ask the collection").fill(QUESTION)
    page.locator("form.ask").get_by_role("button", name="Ask").click()
    page.get_by_role("heading", name="Answer").wait_for()
    page.get_by_role("link", name="Show on the page (citation 1)").click()
    assert page.locator("mark").text_content() == COOPERATION
    context.close()
